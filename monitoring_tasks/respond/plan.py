"""From a decision to what may be done about it. Pure.

Daywatch acts only in `live` mode, on a recent day, as far as the contract lets it;
everything else records what it would have done.
"""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from monitoring_tasks.domain.contract import Contract
from monitoring_tasks.domain.evaluations import Decision, Mode, Severity, Unit
from monitoring_tasks.domain.policies import ResponseMode
from monitoring_tasks.domain.windows import day_of


class Step(StrEnum):
    """The most that may be done."""

    NOTHING = "nothing"
    RECORD = "record"
    INCIDENT = "incident"
    PROPOSE = "propose"
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
    decision: Decision, unit: Unit, contract: Contract, *, now: datetime
) -> Plan:
    """Say how far Daywatch may go about a decision.

    Args:
        decision: What the day means.
        unit: The day, and in which mode it is looked at.
        contract: How far the owners let Daywatch go.
        now: The present instant; the day's age is counted from it.
    """
    if not _needs_incident(decision):
        return Plan(step=Step.NOTHING, text="nobody needs to act")
    wish = (
        f"roll back to version {decision.rollback_to}"
        if decision.rollback_to
        else "open an incident"
    )
    if unit.mode is not Mode.LIVE:
        return Plan(step=Step.RECORD, text=f"would {wish}; mode is {unit.mode}")
    age = age_in_days(unit.day, contract, now=now)
    if age < 0:
        text = f"would {wish}; the day has not come yet"
        return Plan(step=Step.RECORD, text=text)
    oldest = contract.policy.max_action_age_days
    if age > oldest:
        return Plan(
            step=Step.RECORD,
            text=f"would {wish}; the day is {age} days old, {oldest} at most",
        )
    if decision.rollback_to is None:
        return Plan(step=Step.INCIDENT, text=_no_rollback(decision))
    return _by_contract(decision, contract, wish)


def _by_contract(decision: Decision, contract: Contract, wish: str) -> Plan:
    """Say how far the owners let Daywatch go when a rollback is the remedy."""
    match contract.response.mode:
        case ResponseMode.AUTO:
            return Plan(step=Step.ROLL_BACK, text=wish)
        case ResponseMode.APPROVE:
            command = (
                f"daywatch rollback {contract.model} --to {decision.rollback_to} "
                "--reason '...'"
            )
            return Plan(step=Step.PROPOSE, text=f"{wish}: a person runs `{command}`")
        case ResponseMode.DRY_RUN | ResponseMode.OBSERVE:
            return Plan(
                step=Step.INCIDENT,
                text=f"would {wish}; the contract says {contract.response.mode}",
            )


def age_in_days(day: date, contract: Contract, *, now: datetime) -> int:
    """Count whole calendar days from `day` to the model's own today."""
    return (day_of(now, contract.timezone) - day).days


def _needs_incident(decision: Decision) -> bool:
    if decision.severity is None or decision.cause is None:
        return False
    return decision.severity is not Severity.P3


def _no_rollback(decision: Decision) -> str:
    return f"incident, no rollback: the cause is {decision.cause}, not the model"
