"""On how many rows of a batch two columns that go together do not belong together."""

from collections.abc import Iterable

import numpy as np

from monitoring_tasks.domain.relations import ColumnScores, Tie
from monitoring_tasks.statistics.arrays import Floats
from monitoring_tasks.validate.summary.related_columns import RelatedColumns

TIE = "tie"
SURENESS = 4.0
"""Standard deviations a correlation has to lie below the usual one to be lower."""
FEWEST_ROWS = 20
"""Rows without a column's most common value: a correlation rests on those."""
Correlation = tuple[float, float]
"""A correlation and its standard error."""


def count_astray(
    rows: RelatedColumns, ties: Iterable[Tie]
) -> dict[str, tuple[int, int]]:
    """Count the rows on which one of two columns has a value of other rows, at least.

    Where a share of the rows gets values dealt anew (a join by the wrong key, a column
    of yesterday, one that slipped against the others), every column stays as it was and
    the correlation shrinks by that share, however loosely the two go together. Counted
    is the share that it surely shrank by; a row by itself cannot be told.

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
        measured = correlation_of(first[both], second[both])
        if measured is not None:
            share = share_astray(measured, tie)
            asked = int(both.sum())
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


def correlation_of(first: Floats, second: Floats) -> Correlation | None:
    """Return Pearson's correlation and its standard error, whatever the distribution.

    The error is that of a mean of the rows' influences on the correlation (Huber,
    Ronchetti (2009), Robust Statistics, ch. 8).

    Args:
        first: Numbers, none NaN. Shape (n_rows,).
        second: The same of the other column.

    Returns:
        None where fewer than 20 rows have another than the most common number.
    """
    if min(_varied(first), _varied(second)) < FEWEST_ROWS:
        return None
    one = (first - first.mean()) / first.std()
    other = (second - second.mean()) / second.std()
    correlation = float(np.mean(one * other))
    influence = one * other - correlation * (one**2 + other**2) / 2
    return correlation, float(influence.std() / np.sqrt(len(first)))


def _varied(values: Floats) -> int:
    """Return how many values are not the most common one."""
    _, counts = np.unique(values, return_counts=True)
    return len(values) - int(counts.max(initial=0))


def share_astray(measured: Correlation, tie: Tie) -> float:
    """Return the share of the rows that surely lost a tie, 0..1."""
    correlation, error = measured
    most = correlation + SURENESS * float(np.hypot(error, tie.spread))
    return float(np.clip(1 - most / tie.correlation, 0.0, 1.0))
