"""Patterns of corrupted data: what a day has that days like the baseline never have.

Pure: a day's summary against a baseline. Every statement asks for significance
and for size; each pattern has a module of its own.
"""

from collections.abc import Iterable, Sequence

from monitoring_tasks.domain.findings import Check
from monitoring_tasks.validate.corruption.batch_test import BatchTest
from monitoring_tasks.validate.corruption.category_shifts import (
    AS_COMMON,
    CategoryShifts,
)
from monitoring_tasks.validate.corruption.grain_shifts import GrainShifts
from monitoring_tasks.validate.corruption.hour_shifts import HourShifts
from monitoring_tasks.validate.corruption.level_shifts import PLACE, UNIT, LevelShifts
from monitoring_tasks.validate.corruption.missing_data import MANY, MissingData
from monitoring_tasks.validate.corruption.number_shifts import SHAPE, NumberShifts
from monitoring_tasks.validate.corruption.repeated_values import RepeatedValues
from monitoring_tasks.validate.corruption.unlike_rows import (
    DISTINCT,
    UnlikeRows,
    columns_of,
)

DRIFT = frozenset({SHAPE, AS_COMMON})
"""What another mix of rows brings as well."""
NO_FAULTS = DRIFT | {MANY}
"""What may be growth or drift, and is told only."""
LEVELS = frozenset({UNIT, PLACE, SHAPE, AS_COMMON})
"""Statements about how values lie, which a season moves as well."""


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
    hours = HourShifts(test)
    shifted = list(hours.find_shifted_hours())
    checks = list(missing.find_missing_rows())
    if test.summary.rows < min_rows:
        return checks
    recoded, swapped = list(categories.find_recoded()), list(levels.find_swapped())
    frozen, filled = list(repeated.find_frozen()), list(repeated.find_filled())
    checks += [*missing.find_nulls(), *frozen, *filled, *recoded, *swapped]
    # A column that froze, was recoded or swapped lacks categories and lies elsewhere
    # as well: that is said once, by its cause.
    causes = [*recoded, *swapped, *frozen]
    moved = _unexplained(
        [
            *categories.find_missing(),
            *shifted,
            *_unexplained(hours.find_missing_hours(), shifted),
            *levels.find_moved(),
        ],
        causes,
    )
    checks += moved
    # What broke a column breaks its relations: they are asked where columns are whole.
    unlike = UnlikeRows(test)
    of_inputs = list(unlike.find_unlike(_faulty_columns(checks), of_outputs=False))
    misplaced = NumberShifts(test).find_misplaced()
    explained = [*causes, *filled, *moved, *of_inputs]
    checks += [*of_inputs, *_unexplained(misplaced, explained)]
    # A level may yet turn out to be the season's, which moves no decimals.
    faulty = columns_of([check for check in checks if check.name not in LEVELS])
    checks += GrainShifts(test).find_broken(faulty)
    drifting = any(
        check.name in DRIFT and check.column not in test.outputs for check in checks
    )
    checks += unlike.find_astray(checks, has_moved=drifting)
    # Copies of a row have its score as well.
    if any(check.name == DISTINCT for check in of_inputs):
        return checks
    # Inputs beyond what was seen may have outputs that nobody has seen with them.
    return [*checks, *unlike.find_unlike(_faulty_columns(checks), of_outputs=True)]


def _faulty_columns(checks: Sequence[Check]) -> set[str]:
    return columns_of([check for check in checks if check.name not in NO_FAULTS])


def _unexplained(checks: Iterable[Check], causes: Sequence[Check]) -> list[Check]:
    """Return the statements about columns of which no cause is said."""
    columns = columns_of(causes)
    return [check for check in checks if check.column not in columns]
