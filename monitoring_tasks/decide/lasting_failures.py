"""Statements about rows or labels that fail for days. Pure."""

from collections.abc import Callable, Sequence
from datetime import date

from monitoring_tasks.contract.persistence import PersistenceRule
from monitoring_tasks.decide.persistence import bad_run
from monitoring_tasks.decide.symptoms import LastingCorruption
from monitoring_tasks.domain.decisions import PastDay
from monitoring_tasks.domain.findings import Check


def lasting_failures(
    checks: Sequence[Check],
    before: Sequence[PastDay],
    rule: PersistenceRule,
    *,
    day: date,
    has_failed: Callable[[PastDay, Check], bool],
) -> tuple[LastingCorruption, ...]:
    """Return today's failed statements that failed on enough of the latest days.

    Args:
        checks: The statements that fail today.
        before: Earlier days that could be checked, oldest first.
        rule: How many of how many days.
        day: Today.
        has_failed: Whether a statement failed on an earlier day.
    """
    lasting = []
    for check in checks:
        failed = [(past.day, has_failed(past, check)) for past in before]
        run = bad_run(failed, rule, day=day)
        if run.days >= rule.bad_days:
            lasting.append(
                LastingCorruption(check=check, days=run.days, onset=run.onset)
            )
    return tuple(lasting)
