"""Fairness: rates and gaps of groups, counted by hand."""

import pytest

from monitoring_tasks.domain.findings import Measurement
from monitoring_tasks.domain.profiles import BinaryOutcome, DayProfile
from monitoring_tasks.estimate.fairness import measure_fairness
from tests.estimate.counted import make_profile


def group(name: str, cells: dict[tuple[int, int], int]) -> DayProfile:
    """Make a group from (predicted, label) -> rows."""
    counts = {(5000, *key): rows for key, rows in cells.items()}
    sums = {key: rows * 0.5 for key, rows in counts.items()}
    outcome = BinaryOutcome(cells=counts, score_sums=sums)
    return make_profile(outcome=outcome, segment=f"sex={name}")


WOMEN = group("F", {(1, 1): 20, (0, 1): 20, (1, 0): 10, (0, 0): 50, (1, -1): 100})
MEN = group("M", {(1, 1): 45, (0, 1): 5, (1, 0): 10, (0, 0): 40})
UNKNOWN = group("unknown", {(0, 0): 100, (0, 1): 100})
FEW = group("X", {(1, 1): 3})


def measured(*groups: DayProfile) -> dict[tuple[str, str], Measurement]:
    """Measure, by metric and segment."""
    found = measure_fairness(list(groups), "sex", min_rows=50, confidence=0.95)
    return {(m.metric, m.segment): m for m in found}


@pytest.mark.parametrize(
    ("rate", "value", "rows"),
    [
        ("selection_rate", 130 / 200, 200),
        ("tpr", 20 / 40, 40),
        ("fpr", 10 / 60, 60),
        ("precision", 20 / 30, 30),
    ],
)
def test_rates_are_counted_on_the_rows_they_are_about(
    rate: str, value: float, rows: int
) -> None:
    """Selection counts unlabelled rows too, the other rates only labelled ones."""
    number = measured(WOMEN, MEN)[(rate, "sex=F")]
    assert number.value == pytest.approx(value)
    assert number.rows == rows


def test_gaps_lie_between_the_highest_and_the_lowest_known_group() -> None:
    """`unknown` has the lowest rates of all and is reported, not compared."""
    found = measured(WOMEN, MEN, UNKNOWN, FEW)
    gap = found[("equal_opportunity_gap", "all")]
    assert gap.value == pytest.approx(45 / 50 - 20 / 40)
    assert gap.lower is not None
    assert gap.lower > 0.2
    assert gap.reason == "sex=M over sex=F"
    assert found[("demographic_parity_gap", "all")].value == pytest.approx(0.65 - 0.55)
    assert found[("tpr", "sex=unknown")].value == 0


def test_a_small_group_has_no_value_and_is_not_compared() -> None:
    """Three rows say nothing about a group."""
    found = measured(WOMEN, FEW)
    assert found[("tpr", "sex=X")].value is None
    assert "fewer than 50" in found[("tpr", "sex=X")].reason
    assert found[("equal_opportunity_gap", "all")].value is None


def test_no_group_at_all_still_answers() -> None:
    """The absence of groups is written down."""
    found = measured(make_profile(segment="region=east"))
    assert set(found) == {
        ("demographic_parity_gap", "all"),
        ("equal_opportunity_gap", "all"),
    }
    assert all(m.value is None and m.reason for m in found.values())
