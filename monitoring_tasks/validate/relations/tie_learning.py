"""Which columns of a reference go together, however loosely, and alike on all days."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from monitoring_tasks.domain.relations import ColumnScores, Tie
from monitoring_tasks.statistics.arrays import Codes, Floats
from monitoring_tasks.validate.relations.broken_ties import (
    scores_of,
    share_astray,
    slope_of,
)
from monitoring_tasks.validate.summary.related_columns import RelatedColumns

BINS = 20
"""Of a number, as full as each other."""
MOST_CATEGORIES = 50
"""The most common ones; a column of names has nothing that repeats."""
FEWEST_OF_CATEGORY = 50
"""Rows; a category of fewer says little of another column."""
SCREENED_ROWS = 5_000
"""Rows on which all pairs of columns are looked at."""
CANDIDATES = 3
"""Other columns that are tried for a column, the closest first."""
FOLDS = 5
"""Spans of days, each held out once."""
FEWEST_DAYS = 5
"""Fewer days do not show how alike they are."""
LEAST_SLOPE = 0.1
"""Of held-out days: below it nothing but chance is seen on any day."""
MOST_ASTRAY = 0.01
"""Share of the reference's own rows that may look astray."""
LEAST_SPREAD = 0.02
"""Days are taken to differ by at least that, however alike a reference's are."""
Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class LearntTie:
    """A tie, and what the days it was learnt from are by it.

    Attributes:
        tie: Learnt from all rows.
        astray: Of every day the share of its rows that is astray, held against what
            the other spans of days teach; NaN for a day that cannot be asked. Shape
            (n_days,).
        asked: Of every day the rows that have both values. Shape (n_days,).
    """

    tie: Tie
    astray: Floats
    asked: Codes


@dataclass(frozen=True, slots=True, kw_only=True)
class _Coded:
    """A column as a few codes: bins of a number, or its most common categories.

    Attributes:
        codes: Of every row; -1 where it has none. Shape (n_rows,).
        count: How many codes there are.
        edges: Inner edges of a number's bins.
        texts: Categories by code.
    """

    codes: Codes
    count: int
    edges: tuple[float, ...] = ()
    texts: tuple[str, ...] = ()

    def scored(self, column: str, scores: Floats) -> ColumnScores:
        values = tuple(round(float(score), 6) for score in scores)
        if self.edges:
            return ColumnScores(column=column, edges=self.edges, scores=values)
        named = dict(zip(self.texts, values, strict=True))
        return ColumnScores(column=column, categories=named)


def learn_ties(
    rows: RelatedColumns, days: Codes, *, inputs: Collection[str]
) -> Iterator[LearntTie]:
    """Learn for every input the other one it goes together with most steadily.

    Numbers are put into bins, and every bin or category gets a number so that the two
    columns correlate as much as they can (Hirschfeld (1935), Proc. Camb. Phil. Soc. 31,
    520-524: the first axis of a correspondence analysis): one form for numbers and
    categories, straight or not. How closely they go together is read from days that
    were held out, day by day: what goes together from day to day alone (weather) is
    not a tie of rows.

    Args:
        rows: The columns of a reference's rows.
        days: Of every row the place of its day, in order. Shape (n_rows,).
        inputs: The columns that go into the model. Outputs are not tied to them: how
            closely they go along with an input moves with the mix of all others.
    """
    coded = {
        name: column
        for name, column in _coded(rows)
        if column.count > 1 and name in inputs
    }
    done: set[frozenset[str]] = set()
    for name, others in _candidates(coded).items():
        for other in others:
            pair = frozenset((name, other))
            if pair in done:
                break  # The closest of both: it is watched already.
            learnt = _learn(rows, coded, (name, other), days)
            if learnt is not None:
                done.add(pair)
                yield learnt
                break


def _coded(rows: RelatedColumns) -> Iterator[tuple[str, _Coded]]:
    for name, values in rows.numbers.items():
        present = values[~np.isnan(values)]
        if not len(present):
            continue
        quantiles = np.quantile(present, np.linspace(0, 1, BINS + 1)[1:-1])
        # A bin ends below its edge, so the smallest value is no edge of a full bin.
        edges = np.unique(quantiles)
        edges = edges[edges < present.max()]
        if len(edges):
            codes = np.where(np.isnan(values), -1, np.searchsorted(edges, values))
            yield (
                name,
                _Coded(
                    codes=codes, count=len(edges) + 1, edges=tuple(map(float, edges))
                ),
            )
    for name, column in rows.categories.items():
        counts = np.bincount(
            column.codes[column.codes >= 0], minlength=len(column.texts)
        )
        common = np.argsort(-counts, kind="stable")[:MOST_CATEGORIES]
        common = common[counts[common] >= FEWEST_OF_CATEGORY]
        places = np.full(len(column.texts) + 1, -1)
        places[common] = np.arange(len(common))
        texts = tuple(column.texts[place] for place in common)
        yield name, _Coded(codes=places[column.codes], count=len(common), texts=texts)


def _candidates(coded: dict[str, _Coded]) -> dict[str, list[str]]:
    """Return of every column the few that go with it most, on some of the rows."""
    first = next(iter(coded.values()), None)
    if first is None:
        return {}
    step = -(-len(first.codes) // SCREENED_ROWS)
    few = {name: column.codes[::step] for name, column in coded.items()}
    close: dict[str, list[tuple[float, str]]] = {name: [] for name in coded}
    for one, other in combinations(coded, 2):
        shape = coded[one].count, coded[other].count
        closeness = _contingency(_table(few[one], few[other], shape))
        close[one].append((closeness, other))
        close[other].append((closeness, one))
    return {
        name: [other for _, other in sorted(of, reverse=True)[:CANDIDATES]]
        for name, of in close.items()
    }


def _table(one: Codes, other: Codes, shape: tuple[int, int]) -> Floats:
    both = (one >= 0) & (other >= 0)
    codes = one[both] * shape[1] + other[both]
    return (
        np.bincount(codes, minlength=shape[0] * shape[1]).reshape(shape).astype(float)
    )


def _standardized(table: Floats) -> tuple[Floats, Floats, Floats]:
    """Return deviations from independence, and the roots of both margins.

    Empty rows and columns deviate by nothing.
    """
    shares = table / table.sum()
    of_one, of_other = shares.sum(axis=1), shares.sum(axis=0)
    roots = np.sqrt(of_one), np.sqrt(of_other)
    scale = np.outer(*roots)
    apart = shares - np.outer(of_one, of_other)
    return np.divide(apart, scale, out=np.zeros_like(apart), where=scale > 0), *roots


def _contingency(table: Floats) -> float:
    """Return the mean square contingency beyond what chance brings; 0 or more."""
    if not table.sum():
        return 0.0
    apart, of_one, of_other = _standardized(table)
    chance = max((of_one > 0).sum() - 1, 0) * max((of_other > 0).sum() - 1, 0)
    return max(float((apart**2).sum() - chance / table.sum()), 0.0)


def _learn(
    rows: RelatedColumns,
    coded: dict[str, _Coded],
    columns: tuple[str, str],
    days: Codes,
) -> LearntTie | None:
    """Return a pair as a tie; None where it is too loose, or unlike itself by days."""
    folds = days * FOLDS // (days.max() + 1)
    scores = np.full((2, len(days)), np.nan)
    for fold in np.unique(folds):
        inside = folds == fold
        apart = _tied(coded, columns, days, ~inside)
        if apart is None:
            return None
        held_out = rows.taken(inside)
        for place, column in enumerate(apart):
            scores[place, inside] = scores_of(held_out, column)
    both = ~np.isnan(scores).any(axis=0)
    by_day = [
        slope_of(*scores[:, both & (days == day)]) for day in range(int(days.max()) + 1)
    ]
    tied = _tied(coded, columns, days, np.ones(len(days), dtype=bool))
    measured = [day for day in by_day if day is not None]
    if tied is None or len(measured) < FEWEST_DAYS:
        return None
    slopes, errors = np.array(measured).T
    usual = float(np.median(slopes))
    if usual < LEAST_SLOPE:
        return None
    beyond = max(float(slopes.var(ddof=1) - np.mean(errors**2)), 0.0)
    spread = max(float(np.sqrt(beyond)), LEAST_SPREAD)
    tie = Tie(
        first=tied[0],
        second=tied[1],
        slope=round(usual, 6),
        spread=round(spread, 6),
    )
    astray = np.array(
        [np.nan if day is None else share_astray(day, tie) for day in by_day]
    )
    # What is astray on its own days, or told at no size, is no tie of rows.
    if np.nanmean(astray) > MOST_ASTRAY or not share_astray((0.0, 0.0), tie):
        return None
    asked = np.bincount(days[both], minlength=len(by_day))
    return LearntTie(tie=tie, astray=astray, asked=asked)


def _tied(
    coded: dict[str, _Coded], columns: tuple[str, str], days: Codes, chosen: Bools
) -> tuple[ColumnScores, ColumnScores] | None:
    """Return the scores under which two columns correlate most on some rows."""
    one, other = (coded[name] for name in columns)
    codes = one.codes[chosen], other.codes[chosen]
    table = _table(*codes, (one.count, other.count))
    if not table.sum():
        return None
    apart, of_one, of_other = _standardized(table)
    left, _, right = np.linalg.svd(apart, full_matrices=False)
    # The sign of an axis is anybody's choice; the same one wherever this is computed.
    sign = 1.0 if left[np.argmax(np.abs(left[:, 0])), 0] > 0 else -1.0
    first, second = (
        _divided(sign * left[:, 0], of_one),
        _divided(sign * right[0], of_other),
    )
    both = (codes[0] >= 0) & (codes[1] >= 0)
    widths = [
        _width_within(scores[of[both]], days[chosen][both])
        for scores, of in ((first, codes[0]), (second, codes[1]))
    ]
    if not all(widths):
        return None
    return (
        one.scored(columns[0], first / widths[0]),
        other.scored(columns[1], second / widths[1]),
    )


def _divided(axis: Floats, roots: Floats) -> Floats:
    return np.divide(axis, roots, out=np.zeros_like(axis), where=roots > 0)


def _width_within(values: Floats, days: Codes) -> float:
    """Return the standard deviation of values within a usual day."""
    by_day = [values[days == day].std() for day in np.unique(days)]
    return float(np.median(by_day))
