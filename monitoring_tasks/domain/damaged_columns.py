"""Columns that came out damaged on a day, whichever statement shows it. Pure."""

from collections.abc import Iterable

from monitoring_tasks.domain.findings import REFERENCE_GATE, Check, corruption_in


def damaged_columns(checks: Iterable[Check]) -> frozenset[str]:
    """Return the columns that are unlike the reference and the days before.

    A fault that grows is first one of a part of the values, then of all of them, and is
    told by other statements. What a suite warns of is a matter of each statement: an
    owner's warning may have stood for years.

    Args:
        checks: What was checked about the rows of a day.
    """
    return frozenset(
        check.column
        for check in corruption_in(checks)
        if check.gate == REFERENCE_GATE and check.column
    )
