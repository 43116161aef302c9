"""Which columns of a reference go together, however loosely, and alike on all days."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from monitoring_tasks.domain.relations import ColumnScores, Tie
from monitoring_tasks.statistics.arrays import Codes, Floats
from monitoring_tasks.statistics.correspondence import (
    contingency_table,
    first_axis,
    mean_square_contingency,
)
from monitoring_tasks.validate.relations.broken_ties import (
    Slope,
    scores_of,
    share_astray,
    slope_of,
)
from monitoring_tasks.validate.relations.coded_columns import (
    CodedColumn,
    coded_columns,
)
from monitoring_tasks.validate.summary.related_columns import RelatedColumns

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


def learn_ties(
    rows: RelatedColumns, days: Codes, *, inputs: Collection[str]
) -> Iterator[LearntTie]:
    """Learn for every input the other one it goes together with most steadily.

    Numbers are put into bins, and every bin or category gets a number so that the two
    columns correlate as much as they can: one form for numbers and categories, straight
    or not. How closely they go together is read from days that were held out, day by
    day: what goes together from day to day alone (weather) is not a tie of rows.

    Args:
        rows: The columns of a reference's rows.
        days: Of every row the place of its day, in order. Shape (n_rows,).
        inputs: The columns that go into the model. Outputs are not tied to them: how
            closely they go along with an input moves with the mix of all others.
    """
    coded = coded_columns(rows, inputs)
    learnt: set[frozenset[str]] = set()
    for name, others in _closest(coded).items():
        for other in others:
            pair = frozenset((name, other))
            tie = None if pair in learnt else _learn(rows, coded, (name, other), days)
            if tie is not None:
                learnt.add(pair)
                yield tie
            if pair in learnt:
                break


def _closest(coded: Mapping[str, CodedColumn]) -> dict[str, list[str]]:
    """Return of every column the few that go with it most, on some of the rows."""
    rows = max((len(column.codes) for column in coded.values()), default=0)
    step = max(-(-rows // SCREENED_ROWS), 1)
    few = {name: column.codes[::step] for name, column in coded.items()}
    close: dict[str, list[tuple[float, str]]] = {name: [] for name in coded}
    for first, second in combinations(coded, 2):
        shape = coded[first].count, coded[second].count
        table = contingency_table(few[first], few[second], shape)
        closeness = mean_square_contingency(table)
        close[first].append((closeness, second))
        close[second].append((closeness, first))
    return {
        name: [other for _, other in sorted(of, reverse=True)[:CANDIDATES]]
        for name, of in close.items()
    }


def _learn(
    rows: RelatedColumns,
    coded: Mapping[str, CodedColumn],
    columns: tuple[str, str],
    days: Codes,
) -> LearntTie | None:
    """Return a pair as a tie; None where it is too loose, or unlike itself by days."""
    tied = _tied(coded, columns, days, np.ones(len(days), dtype=bool))
    scores = None if tied is None else _held_out(rows, coded, columns, days)
    if tied is None or scores is None:
        return None
    both = ~np.isnan(scores).any(axis=0)
    by_day = [
        slope_of(*scores[:, both & (days == day)]) for day in range(int(days.max()) + 1)
    ]
    tie = _measured(tied, [day for day in by_day if day is not None])
    if tie is None:
        return None
    astray = np.array(
        [np.nan if day is None else share_astray(day, tie) for day in by_day]
    )
    # What is astray on its own days, or told at no size, is no tie of rows.
    if np.nanmean(astray) > MOST_ASTRAY or not share_astray((0.0, 0.0), tie):
        return None
    asked = np.bincount(days[both], minlength=len(by_day))
    return LearntTie(tie=tie, astray=astray, asked=asked)


def _held_out(
    rows: RelatedColumns,
    coded: Mapping[str, CodedColumn],
    columns: tuple[str, str],
    days: Codes,
) -> Floats | None:
    """Return both scores of every row, learnt from other spans of days; (2, n_rows)."""
    spans = days * FOLDS // (days.max() + 1)
    scores = np.full((2, len(days)), np.nan)
    for span in np.unique(spans):
        inside = spans == span
        apart = _tied(coded, columns, days, ~inside)
        if apart is None:
            return None
        held_out = rows.taken(inside)
        for place, column in enumerate(apart):
            scores[place, inside] = scores_of(held_out, column)
    return scores


def _measured(
    tied: tuple[ColumnScores, ColumnScores], by_day: list[Slope]
) -> Tie | None:
    """Return a tie with its usual slope and its spread between days."""
    if len(by_day) < FEWEST_DAYS:
        return None
    slopes, errors = np.array(by_day).T
    usual = float(np.median(slopes))
    if usual < LEAST_SLOPE:
        return None
    beyond = max(float(slopes.var(ddof=1) - np.mean(errors**2)), 0.0)
    return Tie(
        first=tied[0],
        second=tied[1],
        slope=round(usual, 6),
        spread=round(max(float(np.sqrt(beyond)), LEAST_SPREAD), 6),
    )


def _tied(
    coded: Mapping[str, CodedColumn],
    columns: tuple[str, str],
    days: Codes,
    chosen: NDArray[np.bool_],
) -> tuple[ColumnScores, ColumnScores] | None:
    """Return the scores under which two columns correlate most on some rows."""
    first, second = (coded[name] for name in columns)
    codes = first.codes[chosen], second.codes[chosen]
    table = contingency_table(*codes, (first.count, second.count))
    if not table.any():
        return None
    both = (codes[0] >= 0) & (codes[1] >= 0)
    axes = first_axis(table)
    widths = [
        _width_within(axis[of[both]], days[chosen][both])
        for axis, of in zip(axes, codes, strict=True)
    ]
    if not all(widths):
        return None
    return (
        first.with_scores(columns[0], axes[0] / widths[0]),
        second.with_scores(columns[1], axes[1] / widths[1]),
    )


def _width_within(values: Floats, days: Codes) -> float:
    """Return the standard deviation of values within a usual day."""
    return float(np.median([values[days == day].std() for day in np.unique(days)]))
