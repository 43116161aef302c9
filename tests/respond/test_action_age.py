"""How old a day may be for anyone to be paged about it, at its edge."""

from datetime import timedelta

import pytest

from monitoring_tasks.respond.plan import Step, make_plan
from tests.builders import NOW, make_contract, make_decision, make_unit


@pytest.mark.parametrize(
    ("oldest", "age", "acts"),
    [
        (0, 0, True),
        (0, 1, False),
        (1, 0, True),
        (1, 1, True),
        (1, 2, False),
        (5, 4, True),
        (5, 5, True),
        (5, 6, False),
    ],
)
def test_max_action_age_days_is_the_oldest_day_that_is_acted_on(
    oldest: int, age: int, *, acts: bool
) -> None:
    """As many days old is young enough; a day more is only written down."""
    contract = make_contract(policy={"max_action_age_days": oldest})
    # At `NOW` the day is one day old.
    now = NOW + timedelta(days=age - 1)
    plan = make_plan(make_decision(), make_unit(), contract, now=now)
    assert plan.step is (Step.ROLL_BACK if acts else Step.RECORD)
    told = f"the day is {age} days old, {oldest} at most"
    assert (told in plan.text) is not acts
