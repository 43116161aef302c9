"""A number told by few other columns: which ones, and how they add up."""

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np

from monitoring_tasks.domain.relations import (
    CategoryTerm,
    NumericRelation,
    NumericTerm,
)
from monitoring_tasks.statistics.arrays import Floats
from monitoring_tasks.validate.summary.related_columns import (
    Categories,
    RelatedColumns,
    quantile_knots,
    ranked,
)

FEWEST_ROWS = 500
"""Fewer teach no relation."""
MOST_SOURCES = 3
"""A person has to understand what tells a number."""
LEAST_GAIN = 0.01
"""Share of the variance that another source has to add."""
FEWEST_OF_CATEGORY = 5
"""A category of fewer rows says nothing of a number."""


@dataclass(frozen=True, slots=True)
class _Source:
    """A column that may tell a number, as what it adds.

    Attributes:
        values: Of every row; NaN where it says nothing.
        knots: Of a number that counts by its rank.
        means: Of a column of categories.
    """

    values: Floats
    knots: tuple[float, ...] = ()
    means: dict[str, float] | None = None


def fit_relation(
    rows: RelatedColumns, name: str, sources: Collection[str], *, by_rank: bool
) -> NumericRelation | None:
    """Fit a number to the few columns that tell most of it, one after the other.

    Args:
        rows: The columns.
        name: The number.
        sources: The columns it may be told by.
        by_rank: Whether numbers count by their ranks.

    Returns:
        The relation without its limit; None where too few rows have a value, where all
        have the same one, or where no column tells of it.
    """
    knots = quantile_knots(rows.numbers[name]) if by_rank else ()
    target = ranked(rows.numbers[name], knots)
    is_measured = ~np.isnan(target)
    if is_measured.sum() < FEWEST_ROWS or (by_rank and not knots):
        return None
    if not np.nanstd(target):
        return None
    offered = _offered(rows, target, [s for s in sources if s != name], by_rank=by_rank)
    chosen = _chosen(target[is_measured], offered, is_measured)
    columns = np.column_stack([offered[c].values for c in chosen]) if chosen else None
    if columns is None:
        return None
    whole = is_measured & ~np.isnan(columns).any(axis=1)
    if whole.sum() < FEWEST_ROWS:
        return None
    constant, *weights = _least_squares(columns[whole], target[whole])
    terms = list(zip(chosen, map(float, weights), strict=True))
    return NumericRelation(
        column=name,
        knots=knots,
        constant=float(constant),
        numbers=tuple(
            NumericTerm(column=c, weight=weight, knots=offered[c].knots)
            for c, weight in terms
            if offered[c].means is None
        ),
        categories=tuple(
            CategoryTerm(column=c, weight=weight, means=means)
            for c, weight in terms
            if (means := offered[c].means) is not None
        ),
        limit=np.inf,
        explained=0.0,
    )


def _offered(
    rows: RelatedColumns, target: Floats, names: list[str], *, by_rank: bool
) -> dict[str, _Source]:
    """Return what every column that varies would add."""
    offered = {}
    for name in names:
        if name in rows.numbers:
            knots = quantile_knots(rows.numbers[name]) if by_rank else ()
            source = _Source(ranked(rows.numbers[name], knots), knots)
        elif name in rows.categories:
            means = _means(rows.categories[name], target)
            values = rows.categories[name].looked_up(means)
            source = _Source(values, means=means)
        else:
            continue
        if np.isfinite(source.values).sum() >= FEWEST_ROWS and np.nanstd(source.values):
            offered[name] = source
    return offered


def _means(column: Categories, target: Floats) -> dict[str, float]:
    """Return the mean of a number by category, of categories with enough rows."""
    counted = (column.codes >= 0) & ~np.isnan(target)
    codes, values = column.codes[counted], target[counted]
    rows = np.bincount(codes, minlength=len(column.texts))
    sums = np.bincount(codes, weights=values, minlength=len(column.texts))
    return {
        text: float(sums[place] / rows[place])
        for place, text in enumerate(column.texts)
        if rows[place] >= FEWEST_OF_CATEGORY
    }


def _chosen(
    target: Floats, offered: dict[str, _Source], is_measured: np.ndarray
) -> list[str]:
    """Return the columns that tell most, each in turn of what is left to tell."""
    scaled = {n: _scaled(s.values[is_measured]) for n, s in offered.items()}
    left = _scaled(target)
    chosen: list[str] = []
    explained = 0.0
    while len(chosen) < MOST_SOURCES:
        told = {
            n: abs(float(values @ left))
            for n, values in scaled.items()
            if n not in chosen
        }
        best = max(told, key=lambda n: (told[n], n), default=None)
        if best is None:
            break
        columns = np.column_stack([scaled[n] for n in (*chosen, best)])
        weights = _least_squares(columns, _scaled(target))
        left = _scaled(target) - weights[0] - columns @ weights[1:]
        now = 1 - float(left.var())
        if now - explained < LEAST_GAIN:
            break
        chosen, explained = [*chosen, best], now
    return chosen


def _scaled(values: Floats) -> Floats:
    """Return values of mean 0 and standard deviation 1; what lacks is the mean."""
    middle, spread = np.nanmean(values), np.nanstd(values)
    scaled = (values - middle) / (spread or 1.0)
    return np.asarray(np.nan_to_num(scaled), dtype=np.float64)


def _least_squares(columns: Floats, target: Floats) -> Floats:
    """Return the constant and the weights that come nearest to a number."""
    design = np.column_stack([np.ones(len(target)), columns])
    return np.asarray(np.linalg.lstsq(design, target, rcond=None)[0], dtype=np.float64)
