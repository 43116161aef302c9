from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import product

import pytest

from monitoring_tasks.domain.autonomy import ResponseMode
from monitoring_tasks.domain.decisions import Cause, Severity
from monitoring_tasks.domain.units import Mode
from monitoring_tasks.respond.plan import ADVICE, Step, age_in_days, make_plan
from tests.builders import DAY, NOW, make_contract, make_decision, make_unit

OUTSIDE = {Step.INCIDENT, Step.ROLL_BACK}


@pytest.mark.parametrize(
    ("mode", "response", "age"), list(product(Mode, ResponseMode, [1, 3, 4, 30]))
)
def test_nothing_outside_is_touched_but_live_on_a_recent_day(
    mode: Mode, response: ResponseMode, age: int
) -> None:
    """In live mode, while the day is recent; how far is for the guards to say."""
    plan = make_plan(
        make_decision(),
        make_unit(mode=mode),
        make_contract(response={"mode": response}),
        now=NOW + timedelta(days=age - 1),
    )
    acts = mode is Mode.LIVE and age <= 3
    assert plan.step is (Step.ROLL_BACK if acts else Step.RECORD)
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


def test_every_cause_comes_with_advice() -> None:
    """Whoever is told that nothing is moved is told what may help instead."""
    assert set(ADVICE) == set(Cause)


def test_gravest_trouble_without_a_better_version_asks_to_suspend() -> None:
    """Suspending is the third way beside keeping a version and putting one back."""
    decision = make_decision(
        cause=Cause.CONCEPT_DRIFT, rollback_to=None, severity=Severity.P0
    )
    contract = make_contract(response={"fallback": "7"})
    text = make_plan(decision, make_unit(), contract, now=NOW).text
    assert "retrain on recent labels" in text
    assert "suspending the model or serve version 7, its fallback" in text
    mild = make_decision(cause=Cause.CONCEPT_DRIFT, rollback_to=None)
    assert "suspend" not in make_plan(mild, make_unit(), contract, now=NOW).text


def test_model_nobody_outdoes_is_to_be_fixed() -> None:
    """A person may call the cause the model; without a better version none is moved."""
    decision = make_decision(rollback_to=None)
    text = make_plan(decision, make_unit(), make_contract(), now=NOW).text
    assert text.startswith("incident, no rollback: no version is proven better; fix")


def test_first_guess_at_a_version_waits_for_the_second_day() -> None:
    """Whoever reads the incident knows that it may still be put back by itself."""
    guess = {"is_first_guess": True}
    decision = make_decision(rollback_to=None, confirmed=False, evidence=guess)
    plan = make_plan(decision, make_unit(), make_contract(), now=NOW)
    assert plan.step is Step.INCIDENT
    assert "a second bad day has to confirm the first" in plan.text
    gravest = replace(decision, severity=Severity.P0)
    text = make_plan(gravest, make_unit(), make_contract(), now=NOW).text
    assert "consider suspending the model" in text


@pytest.mark.parametrize(
    ("zone", "age"), [("UTC", 1), ("America/New_York", 0), ("Asia/Tokyo", 1)]
)
def test_age_is_counted_by_the_models_calendar(zone: str, age: int) -> None:
    """At two in the night UTC it is still the day itself in New York."""
    now = datetime(2013, 9, 3, 2, tzinfo=UTC)
    assert age_in_days(DAY, make_contract(timezone=zone), now=now) == age
