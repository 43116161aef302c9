"""How many rows a day a model has, and what that lets Daywatch ask for."""

from collections.abc import Collection
from statistics import median

ENOUGH_ROWS = "enough_rows_to_judge"
"""Fails as a warning on 1 to `policy.min_rows` - 1 rows: the day is inconclusive."""
USUAL_MIN_ROWS = 100
FEWEST = 5


def suggest_min_rows(rows_by_day: Collection[int]) -> int:
    """Return a `policy.min_rows` that usual days have: half of a median day's rows.

    At most the default, for intervals tell what few rows cannot; at least `FEWEST`.

    >>> suggest_min_rows([24, 24, 20]), suggest_min_rows([9_000, 11_000])
    (12, 100)
    """
    if not rows_by_day:
        return USUAL_MIN_ROWS
    return max(FEWEST, min(USUAL_MIN_ROWS, int(median(rows_by_day)) // 2))
