"""Statements about rows or labels that fail for days. Pure."""

from collections.abc import Sequence
from datetime import date

from monitoring_tasks.contract.persistence import PersistenceRule
from monitoring_tasks.decide.persistence import bad_run
from monitoring_tasks.decide.symptoms import LastingCorruption
from monitoring_tasks.domain.findings import Check

FailedOn = Sequence[tuple[date, frozenset[tuple[str, str]]]]
"""Earlier days that could be checked, oldest first, and the statements that failed."""


def lasting_failures(
    checks: Sequence[Check], failed: FailedOn, rule: PersistenceRule, *, day: date
) -> tuple[LastingCorruption, ...]:
    """Return today's failed statements that failed on enough of the latest days.

    Or others about the same column did: a fault that grows is first told by a part of
    its values, then by all of them.

    Args:
        checks: The statements that fail today.
        failed: Earlier days, and the statements that failed on each.
        rule: How many of how many days.
        day: Today.
    """
    lasting = []
    for check in checks:
        before = [(past, _has_failed(check, about)) for past, about in failed]
        run = bad_run(before, rule, day=day)
        if run.days >= rule.bad_days:
            lasting.append(
                LastingCorruption(check=check, days=run.days, onset=run.onset)
            )
    return tuple(lasting)


def _has_failed(check: Check, about: frozenset[tuple[str, str]]) -> bool:
    if not check.column:
        return check.about in about
    return any(column == check.column for _, column in about)
