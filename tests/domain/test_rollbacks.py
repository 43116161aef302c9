import pytest

from monitoring_tasks.domain.rollbacks import refusals
from tests.builders import make_guard


def test_refusals_are_the_guards_that_did_not_hold() -> None:
    """Every guard that failed is told, in order."""
    bad, good = make_guard("a", passed=False), make_guard("b")
    assert refusals([bad, good, bad]) == [bad, bad]


def test_refusals_are_none_when_all_guards_hold() -> None:
    """Nothing stands in the way when every guard holds."""
    assert refusals([make_guard()]) == []


def test_refusals_of_no_guards_at_all_are_a_bug() -> None:
    """An empty list of guards holds nothing."""
    with pytest.raises(ValueError, match="without guards"):
        refusals([])
