"""How old a day may be for anyone to be paged about it, at its edge."""

from datetime import timedelta

import pytest

from monitoring_tasks.domain.decisions import FROM_LABELS
from monitoring_tasks.domain.label_delay import DelayOrigin, LabelDelay
from monitoring_tasks.domain.units import Mode
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


@pytest.mark.parametrize("delay", [0, 3, 10, 40])
def test_what_labels_tell_ages_from_when_they_could_be_known(delay: int) -> None:
    """Three days after labels that take so long an alias moves; on the fourth not."""
    contract = make_contract(policy={"labels": {"delay_days": delay}})
    told = make_decision(evidence={FROM_LABELS: True})
    steps = [
        make_plan(decision, make_unit(), contract, now=NOW + timedelta(days=age - 1))
        for decision in (told, make_decision())
        for age in (delay + 3, delay + 4)
    ]
    by_labels, by_estimates = steps[:2], steps[2:]
    assert [plan.step for plan in by_labels] == [Step.ROLL_BACK, Step.RECORD]
    assert f"{delay + 4} days old, {delay + 3} at most" in by_labels[1].text
    is_young = Step.RECORD if delay else Step.ROLL_BACK
    assert [plan.step for plan in by_estimates] == [is_young, Step.RECORD]


@pytest.mark.parametrize("mode", [m for m in Mode if m is not Mode.LIVE])
def test_no_label_makes_a_look_that_is_not_live_act(mode: Mode) -> None:
    """A backfill or a replay of an old day only writes down what it would do."""
    contract = make_contract(policy={"labels": {"delay_days": 10}})
    told = make_decision(evidence={FROM_LABELS: True})
    unit = make_unit(mode=mode)
    plan = make_plan(told, unit, contract, now=NOW + timedelta(days=9))
    assert plan.step is Step.RECORD


def test_unstated_delay_tells_people_and_moves_no_alias() -> None:
    """How labels usually came opens an incident; an alias needs the contract's word."""
    told = make_decision(evidence={FROM_LABELS: True})
    usual = LabelDelay(days=10, origin=DelayOrigin.USUAL)
    plans = [
        make_plan(
            told,
            make_unit(),
            make_contract(),
            now=NOW + timedelta(days=age - 1),
            delay=usual,
        )
        for age in (3, 4, 13, 14)
    ]
    assert [plan.step for plan in plans] == [
        Step.ROLL_BACK, Step.INCIDENT, Step.INCIDENT, Step.RECORD,
    ]  # fmt: skip
    assert "state policy.labels.delay_days" in plans[1].text
