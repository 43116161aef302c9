"""A comparison as it is kept, and read back."""

from monitoring_tasks.domain.comparisons import Comparison, DecisionChange
from monitoring_tasks.store.records import as_json
from tests.builders import make_comparison


def test_comparison_is_read_back_with_where_decisions_changed() -> None:
    """And one from before that was counted has none."""
    change = DecisionChange(segment="origin=JFK", share=0.5, rows=30)
    comparison = make_comparison(changes=(change,))
    plain = as_json(comparison)
    assert Comparison.from_json(plain) == comparison
    plain.pop("changes")
    assert Comparison.from_json(plain).changes == ()
