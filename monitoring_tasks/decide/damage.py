"""Rows that look damaged in part, for days: a warning that lasts is an incident. Pure.

One such day is told of and no more: a day may be odd once.
"""

from collections.abc import Sequence

from monitoring_tasks.decide.symptoms import Diagnosis, Symptoms
from monitoring_tasks.domain.contract import Contract
from monitoring_tasks.domain.evaluations import Cause, PastDay
from monitoring_tasks.domain.findings import Check, damage_in
from monitoring_tasks.domain.policies import Persistence


def lasting_damage(
    checks: Sequence[Check], history: Sequence[PastDay], rule: Persistence
) -> tuple[Check, ...]:
    """Give the statements of today's rows that failed on enough of the latest days.

    The same statement about the same column, against the reference and against days
    that were not damaged. Days without any rows are passed over; whichever version
    served them, the rows are the same.

    Args:
        checks: What was checked about today's rows.
        history: Earlier days, oldest first.
        rule: How many of how many days.
    """
    with_rows = [past for past in history if past.version]
    latest = with_rows[len(with_rows) - rule.of_days + 1 :] if rule.of_days > 1 else []
    return tuple(
        check
        for check in damage_in(checks)
        if 1 + sum(check.about in past.damaged for past in latest) >= rule.bad_days
    )


def damaged(symptoms: Symptoms, contract: Contract) -> Diagnosis | None:
    """Data: part of the rows look damaged, for days; a rollback cannot mend that."""
    if not symptoms.damage:
        return None
    rule = contract.policy.persistence
    first, *others = symptoms.damage
    where = f" on column '{first.column}'" if first.column else ""
    more = f" (and {len(others)} more)" if others else ""
    return Diagnosis(
        cause=Cause.DATA,
        reason=(
            f"{first.name}{where} fails on {rule.bad_days} of {rule.of_days} days or "
            f"more: {first.observed}{more}"
        ),
        evidence=tuple(f"check/{c.gate}/{c.name}/{c.column}" for c in symptoms.damage),
    )
