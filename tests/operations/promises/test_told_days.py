"""A lasting change is told as soon as the rule of persistence lets it be."""

import math

import pytest

from monitoring_tasks.contract.persistence import PersistenceRule
from monitoring_tasks.operations.promises.told_days import ToldDays, smallest

RULE = ToldDays(PersistenceRule(bad_days=2, of_days=3), recovery_days=3)


def test_two_of_three_days_cannot_be_told_on_the_first() -> None:
    """No chance is enough."""
    assert RULE.needed(1) == math.inf


def test_two_days_have_to_be_past_the_limit_both() -> None:
    """Each with the root of .8."""
    assert RULE.needed(2) == pytest.approx(math.sqrt(0.8), abs=0.02)


def test_more_days_need_less() -> None:
    """A weak change has more chances; days that go together have fewer."""
    needed = [RULE.needed(days) for days in (2, 7, 28)]
    assert needed == sorted(needed, reverse=True)
    assert RULE.needed(28, correlation=0.8) > RULE.needed(28)


def test_rule_of_one_day_alarms_as_often_as_days_are_past_the_limit() -> None:
    """Nearly: days that follow one another are one alarm."""
    each = ToldDays(PersistenceRule(bad_days=1, of_days=1), recovery_days=1)
    assert each.days_a_year(0.01) == pytest.approx(3.65)
    assert each.alarms_a_year(0.01) == pytest.approx(3.65, rel=0.1)


def test_persistence_keeps_chance_from_being_told() -> None:
    """Two of three days: about 365 (2 q^2) times a year where days are independent."""
    assert RULE.alarms_a_year(0.02) == pytest.approx(365 * 2 * 0.02**2, rel=0.35)
    assert RULE.alarms_a_year(0.02, correlation=0.8) > 2 * RULE.alarms_a_year(0.02)


@pytest.mark.parametrize(
    ("needed", "expected"),
    [pytest.param(0.5, 0.5, id="in reach"), pytest.param(1.5, None, id="never")],
)
def test_smallest_size_is_where_the_chance_is_enough(
    needed: float, expected: float | None
) -> None:
    """None where the largest is not told so often."""
    found = smallest(lambda size: size, needed, largest=1.0)
    assert found == (None if expected is None else pytest.approx(expected))
