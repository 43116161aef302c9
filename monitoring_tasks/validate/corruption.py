"""Patterns of corrupted data: what a day has that days like the baseline never have.

Pure: a day's summary against a baseline. Every statement asks for significance
and for size; each pattern has a module of its own.
"""

from collections.abc import Sequence

from monitoring_tasks.domain.findings import Check
from monitoring_tasks.validate.batch_test import BatchTest
from monitoring_tasks.validate.category_shifts import CategoryShifts
from monitoring_tasks.validate.hour_shifts import HourShifts
from monitoring_tasks.validate.level_shifts import LevelShifts
from monitoring_tasks.validate.missing_data import MANY, NULLS, ROWS, MissingData
from monitoring_tasks.validate.number_shifts import NumberShifts
from monitoring_tasks.validate.repeated_values import RepeatedValues

CAUSES_NOTHING = frozenset({NULLS, ROWS, MANY})
"""What does not change the values that are there."""


def find_corruption(test: BatchTest, *, min_rows: int) -> list[Check]:
    """Say in what a day is so unlike the baseline that its data must be corrupted.

    Args:
        test: The day, with at least one row, and what it is held against.
        min_rows: On fewer rows only their number is judged.

    Returns:
        A failed check for each corruption: `critical` when gross, else `warning`.
    """
    missing, repeated = MissingData(test), RepeatedValues(test)
    categories, levels = CategoryShifts(test), LevelShifts(test)
    checks = list(missing.find_missing_rows())
    if test.summary.rows < min_rows:
        return checks
    recoded, swapped = list(categories.find_recoded()), list(levels.find_swapped())
    repeats = [*repeated.find_frozen(), *repeated.find_filled()]
    checks += [*missing.find_nulls(), *repeats, *recoded, *swapped]
    # A column that froze, was recoded or swapped lacks categories and lies elsewhere
    # as well: that is said once, by its cause.
    for consequences in (
        categories.find_missing(),
        HourShifts(test).find_shifted_hours(),
        levels.find_moved(),
        NumberShifts(test).find_misplaced(),
    ):
        explained = _columns([c for c in checks if c.name not in CAUSES_NOTHING])
        checks += [check for check in consequences if check.column not in explained]
    return checks


def _columns(checks: Sequence[Check]) -> set[str]:
    """Return the columns checks are about; one of a swapped pair names both."""
    return {name for check in checks for name in check.column.split(", ")}
