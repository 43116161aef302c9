from datetime import UTC, datetime, timedelta
from itertools import product

import pytest

from monitoring_tasks.domain.evaluations import Cause, Mode, Severity
from monitoring_tasks.domain.policies import ResponseMode
from monitoring_tasks.respond.plan import Step, age_in_days, make_plan
from tests.builders import DAY, NOW, make_contract, make_decision, make_unit

OUTSIDE = {Step.INCIDENT, Step.PROPOSE, Step.ROLL_BACK}
ALLOWED = {
    ResponseMode.OBSERVE: Step.INCIDENT,
    ResponseMode.DRY_RUN: Step.INCIDENT,
    ResponseMode.APPROVE: Step.PROPOSE,
    ResponseMode.AUTO: Step.ROLL_BACK,
}


@pytest.mark.parametrize(
    ("mode", "response", "age"), list(product(Mode, ResponseMode, [1, 3, 4, 30]))
)
def test_nothing_outside_is_touched_but_live_on_a_recent_day(
    mode: Mode, response: ResponseMode, age: int
) -> None:
    """As far as the contract allows, in live mode, while the day is recent."""
    plan = make_plan(
        make_decision(),
        make_unit(mode=mode),
        make_contract(response={"mode": response}),
        now=NOW + timedelta(days=age - 1),
    )
    acts = mode is Mode.LIVE and age <= 3
    assert plan.step is (ALLOWED[response] if acts else Step.RECORD)
    assert (plan.step in OUTSIDE) is acts
    assert "roll back to version 1" in plan.text


@pytest.mark.parametrize("mode", list(Mode))
@pytest.mark.parametrize(
    "parts",
    [
        pytest.param({"severity": None}, id="nothing grave"),
        pytest.param({"cause": None}, id="no cause"),
        pytest.param({"severity": Severity.P3}, id="only P3"),
    ],
)
def test_nothing_is_done_when_nobody_must_act(
    mode: Mode, parts: dict[str, object]
) -> None:
    """A decision nobody must act on is only written down."""
    contract = make_contract(response={"mode": "auto"})
    plan = make_plan(make_decision(**parts), make_unit(mode=mode), contract, now=NOW)
    assert plan.step is Step.NOTHING


@pytest.mark.parametrize("response", list(ResponseMode))
@pytest.mark.parametrize("cause", sorted(set(Cause) - {Cause.MODEL}))
def test_trouble_that_is_not_the_models_is_an_incident(
    response: ResponseMode, cause: Cause
) -> None:
    """Without a version to put back a person is told, whatever the contract allows."""
    plan = make_plan(
        make_decision(cause=cause, rollback_to=None),
        make_unit(),
        make_contract(response={"mode": response}),
        now=NOW,
    )
    assert (plan.step, f"the cause is {cause}" in plan.text) == (Step.INCIDENT, True)


def test_proposal_gives_the_command_to_run() -> None:
    """A person who agrees has one line to copy."""
    contract = make_contract(response={"mode": "approve"})
    plan = make_plan(make_decision(), make_unit(), contract, now=NOW)
    assert "daywatch rollback flights --to 1 --reason" in plan.text


@pytest.mark.parametrize(
    ("zone", "age"), [("UTC", 1), ("America/New_York", 0), ("Asia/Tokyo", 1)]
)
def test_age_is_counted_by_the_models_calendar(zone: str, age: int) -> None:
    """At two in the night UTC it is still the day itself in New York."""
    now = datetime(2013, 9, 3, 2, tzinfo=UTC)
    assert age_in_days(DAY, make_contract(timezone=zone), now=now) == age
