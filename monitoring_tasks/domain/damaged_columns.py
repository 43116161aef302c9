"""Rows and columns that came out damaged on a day, as checks show it. Pure."""

from collections.abc import Iterable

from monitoring_tasks.domain.findings import REFERENCE_GATE, Check

NO_DAMAGE = frozenset({"presence", "rows"})
"""Gates about how many rows there are; few rows are not damaged ones."""


def corruption_in(checks: Iterable[Check]) -> tuple[Check, ...]:
    """Return in what rows look damaged: what failed, but for what the days before had.

    What a suite or a built-in gate warns of counts by itself: somebody wrote down how
    it ought to be. What is unlike the reference counts where it is new.
    """
    return tuple(c for c in checks if c.status == "failed" and _is_damage(c))


def _is_damage(check: Check) -> bool:
    if check.gate == REFERENCE_GATE:
        return check.is_new
    return check.severity == "warning" and check.gate not in NO_DAMAGE


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
