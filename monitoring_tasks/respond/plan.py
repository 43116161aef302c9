"""From a decision to what may be done about it. Pure.

Daywatch acts only in `live` mode, on a recent day, as far as the contract lets it;
everything else records what it would have done.
"""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.domain.decisions import (
    FIRST_GUESS,
    FROM_LABELS,
    Cause,
    Decision,
    Severity,
)
from monitoring_tasks.domain.label_delay import UNKNOWN_DELAY, LabelDelay
from monitoring_tasks.domain.units import Mode, Unit
from monitoring_tasks.domain.windows import day_of

ADVICE = {
    Cause.DATA: "have the data fixed at its source and the day delivered again",
    Cause.INTEGRATION: "fix the delivery, the join or the scoring job",
    Cause.COMMON_CAUSE: "look upstream of all these models first",
    Cause.MODEL: "fix or retrain the version",
    Cause.COVARIATE_DRIFT: "retrain or recalibrate on recent rows",
    Cause.CONCEPT_DRIFT: "retrain on recent labels; no older version knows them",
    Cause.LABEL_QUALITY: "have the labels checked before anything rests on them",
    Cause.SEGMENT: "look at that part of the rows; fix its inputs or retrain for it",
    Cause.UNDETERMINED: "a person should look",
}
"""What helps instead of another version."""


class Step(StrEnum):
    """The most that may be done."""

    NOTHING = "nothing"
    RECORD = "record"
    INCIDENT = "incident"
    ROLL_BACK = "roll_back"


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What may be done, and why not more.

    Attributes:
        step: The most that may be done.
        text: One sentence.
    """

    step: Step
    text: str


def make_plan(
    decision: Decision,
    unit: Unit,
    contract: Contract,
    *,
    now: datetime,
    delay: LabelDelay = UNKNOWN_DELAY,
) -> Plan:
    """Return how far Daywatch may go about a decision.

    Args:
        decision: What the day means.
        unit: The day, and in which mode it is looked at.
        contract: How far the owners let Daywatch go.
        now: The present instant; the day's age is counted up to it.
        delay: How long labels take. A breach that labels tell ages from when they
            could be known; only a delay the contract states lets an alias move.
    """
    if not _needs_incident(decision):
        return Plan(step=Step.NOTHING, text="no action needed")
    remedy = (
        f"roll back to version {decision.rollback_to}"
        if decision.rollback_to
        else "open an incident"
    )
    if unit.mode is not Mode.LIVE:
        return Plan(step=Step.RECORD, text=f"would {remedy}; mode is {unit.mode}")
    age = age_in_days(unit.day, contract, now=now)
    is_told_by_labels = bool(decision.evidence.get(FROM_LABELS))
    late = (delay.days or 0) if is_told_by_labels else 0
    oldest = oldest_day(contract, is_told_by_labels=is_told_by_labels)
    why = f"the day is {age} days old, {oldest} at most"
    # An incident is worth opening for as long as labels usually take; an alias moves
    # only within what the contract states.
    if age < 0 or age > max(oldest, contract.policy.max_action_age_days + late):
        why = why if age > 0 else "the day has not come yet"
        return Plan(step=Step.RECORD, text=f"would {remedy}; {why}")
    if decision.rollback_to is not None and age > oldest:
        text = (
            f"incident, no rollback: {why}; labels usually take {late} days: "
            "state policy.labels.delay_days"
        )
        return Plan(step=Step.INCIDENT, text=text)
    if decision.rollback_to is None:
        return Plan(step=Step.INCIDENT, text=_no_rollback(decision, contract))
    return Plan(step=Step.ROLL_BACK, text=remedy)


def oldest_day(contract: Contract, *, is_told_by_labels: bool) -> int:
    """Return how many days old a day may be for its alias to be moved.

    What labels say could not be known before they came: the days the contract lets
    them take do not count.

    Args:
        contract: The model's.
        is_told_by_labels: Whether labels say what is wrong with the day.
    """
    late = contract.policy.label_wait_days if is_told_by_labels else 0
    return contract.policy.max_action_age_days + late


def age_in_days(day: date, contract: Contract, *, now: datetime) -> int:
    """Return the whole calendar days from `day` to the model's own today.

    Args:
        day: The model's own calendar day.
        contract: The model's.
        now: The present instant.
    """
    return (day_of(now, contract.timezone) - day).days


def is_recent(day: date, contract: Contract, *, now: datetime) -> bool:
    """Whether a day is young enough for what it shows to be news.

    Args:
        day: The model's own calendar day.
        contract: The model's.
        now: The present instant.
    """
    return (
        0 <= age_in_days(day, contract, now=now) <= contract.policy.max_action_age_days
    )


def _needs_incident(decision: Decision) -> bool:
    if decision.severity is None or decision.cause is None:
        return False
    return decision.severity is not Severity.P3


def _no_rollback(decision: Decision, contract: Contract) -> str:
    """Say why no version is put back, and what a person can do instead."""
    cause = decision.cause or Cause.UNDETERMINED
    why = "no version is proven better"
    if decision.evidence.get(FIRST_GUESS):
        why = "a second bad day has to confirm the first"
    elif cause is not Cause.MODEL:
        why = f"the cause is {cause}, not the model"
    text = f"incident, no rollback: {why}; {ADVICE[cause]}"
    if decision.severity is not Severity.P0:
        return text
    fallback = contract.response.fallback
    instead = f" or serve version {fallback}, its fallback," if fallback else ""
    return f"{text}; consider suspending the model{instead} until then"
