"""On how many rows of a batch two columns that go together do not belong together."""

from collections.abc import Iterable

import numpy as np

from monitoring_tasks.domain.relations import ColumnScores, Tie
from monitoring_tasks.statistics.arrays import Floats
from monitoring_tasks.validate.summary.related_columns import RelatedColumns

TIE = "tie"
SURENESS = 4.0
"""Standard deviations a slope has to lie below the usual one to be less."""
FEWEST_ROWS = 20
"""Rows without a column's most common value: a slope rests on those."""
Slope = tuple[float, float]
"""How far one column's score goes along with the other's, and its standard error."""


def count_astray(
    rows: RelatedColumns, ties: Iterable[Tie]
) -> dict[str, tuple[int, int]]:
    """Count the rows on which one of two columns has a value of other rows, at least.

    Where a share of the rows gets values dealt anew (a join by the wrong key, a column
    of yesterday, one that slipped against the others), every column stays as it was and
    what one says of the other shrinks by that share, however loosely they go together.
    Counted is the share that it surely shrank by; a row by itself cannot be told.

    Args:
        rows: The columns of a batch.
        ties: What the reference taught.

    Returns:
        By `tie_key`: such rows, and the rows that have both values.
    """
    counted = {}
    for tie in ties:
        first, second = scores_of(rows, tie.first), scores_of(rows, tie.second)
        both = ~(np.isnan(first) | np.isnan(second))
        measured = slope_of(first[both], second[both])
        if measured is not None:
            asked = int(both.sum())
            share = share_astray(measured, asked, tie)
            counted[tie_key(tie.columns)] = round(share * asked), asked
    return counted


def tie_key(columns: tuple[str, str]) -> str:
    """Return what the share of rows that break a tie is called."""
    return f"{TIE}/{', '.join(columns)}"


def scores_of(rows: RelatedColumns, column: ColumnScores) -> Floats:
    """Return what stands for every row's value; NaN where nothing does.

    All are NaN where the column is absent or of another type than on the reference.
    """
    name = column.column
    if column.edges and name in rows.numbers:
        values = rows.numbers[name]
        scores = np.array(column.scores)[np.searchsorted(column.edges, values)]
        return np.where(np.isnan(values), np.nan, scores)
    if not column.edges and name in rows.categories:
        return rows.categories[name].looked_up(column.categories)
    columns = (*rows.numbers.values(), *(c.codes for c in rows.categories.values()))
    return np.full(len(columns[0]) if columns else 0, np.nan)


def slope_of(first: Floats, second: Floats) -> Slope | None:
    """Return how far one column goes along with the other, and its standard error.

    The slope of a straight line through either from the other, of the two the steeper
    one: of rows that were chosen by one column (another mix of customers) the slope
    from that column stays, while the correlation does not. The error is that of a mean
    of the rows' influences on the slope (White (1980), Econometrica 48, 817-838).

    Args:
        first: Scores of variance 1 on usual days, none NaN. Shape (n_rows,).
        second: The same of the other column.

    Returns:
        None where fewer than 20 rows have another than the most common number, and
        for fewer than 40 rows.
    """
    if min(_varied(first), _varied(second)) < FEWEST_ROWS:
        return None
    one, other = first - first.mean(), second - second.mean()
    narrow = min(one, other, key=np.var)
    together, width = one * other, float(narrow.var())
    slope = float(together.mean()) / width
    influence = (together - slope * narrow**2) / width
    return slope, float(influence.std() / np.sqrt(len(first)))


def _varied(values: Floats) -> int:
    """Return how many values are not the most common one; of few ones none."""
    if len(values) < 2 * FEWEST_ROWS:
        return 0
    # A value that most rows have is the median; without one half of them vary.
    return int((values != np.median(values)).sum())


def share_astray(measured: Slope, rows: int, tie: Tie) -> float:
    """Return the share of the rows that surely lost a tie, 0..1.

    Args:
        measured: The slope of a day.
        rows: The rows it was measured on, at least one.
        tie: The tie.
    """
    slope, own_error = measured
    # Few rows may happen to agree on how sure they are; so may rows in clusters.
    error = max(own_error, tie.noise / rows**0.5)
    most = slope + SURENESS * float(np.hypot(error, tie.spread))
    return float(np.clip(1 - most / tie.slope, 0.0, 1.0))


def margin_of(tie: Tie, rows: int) -> float:
    """Return by how much a counted share lies below the true one on a usual day.

    Args:
        tie: The tie.
        rows: Of the day, those without a score in both columns included, at least one.
    """
    error = tie.noise / max(rows * tie.asked, 1.0) ** 0.5
    return SURENESS * float(np.hypot(error, tie.spread)) / tie.slope
