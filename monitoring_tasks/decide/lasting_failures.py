"""Statements about rows or labels that fail for days. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from monitoring_tasks.contract.persistence import PersistenceRule
from monitoring_tasks.decide.persistence import bad_run
from monitoring_tasks.decide.symptoms import LastingCorruption
from monitoring_tasks.domain.findings import REFERENCE_GATE, Check


@dataclass(frozen=True, slots=True, kw_only=True)
class EarlierDay:
    """What failed on an earlier day that could be checked.

    Attributes:
        day: The calendar day.
        failed: Its statements, each with what it is about.
        columns: Columns that came out damaged, whichever statement shows it.
    """

    day: date
    failed: frozenset[tuple[str, str]]
    columns: frozenset[str] = frozenset()

    def has(self, check: Check) -> bool:
        """Whether a statement failed, or another one of the same fault.

        What is new about a column is one fault: it may grow from a part of the values
        to all of them.
        """
        is_of_column = check.gate == REFERENCE_GATE and check.is_new
        return check.about in self.failed or (
            is_of_column and check.column in self.columns
        )


def lasting_failures(
    checks: Sequence[Check],
    before: Sequence[EarlierDay],
    rule: PersistenceRule,
    *,
    day: date,
) -> tuple[LastingCorruption, ...]:
    """Return today's failed statements that failed on enough of the latest days.

    Args:
        checks: The statements that fail today.
        before: Earlier days, oldest first.
        rule: How many of how many days.
        day: Today.
    """
    lasting = []
    for check in checks:
        failed = [(past.day, past.has(check)) for past in before]
        run = bad_run(failed, rule, day=day)
        if run.days >= rule.bad_days:
            lasting.append(
                LastingCorruption(check=check, days=run.days, onset=run.onset)
            )
    return tuple(lasting)
