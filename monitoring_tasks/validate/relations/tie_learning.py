"""Which columns of a reference go together, however loosely, and alike on all days."""

import math
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from monitoring_tasks.contract.relation_policy import RelationPolicy
from monitoring_tasks.domain.relations import ColumnScores, Tie
from monitoring_tasks.statistics.arrays import Codes, Floats
from monitoring_tasks.statistics.correspondence import (
    contingency_table,
    first_axis,
    mean_square_contingency,
)
from monitoring_tasks.validate.relations.broken_ties import (
    SURENESS,
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
TRIES = 5
"""Pairs that are tried for each column, on all rows, the closest first."""
FOLDS = 5
"""Spans of days, each held out once."""
FEWEST_DAYS = 5
"""Fewer days do not show how alike they are."""
MOST_ASTRAY = 0.01
"""Share of the reference's own rows that may look astray."""
LEAST_SPREAD = 0.02
"""Days are taken to differ by at least that, however alike a reference's are."""
OF_A_MEDIAN = (math.pi / 2) ** 0.5
"""Standard error of a median by that of the mean (normal days)."""


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
    rows: RelatedColumns,
    days: Codes,
    *,
    inputs: Collection[str],
    policy: RelationPolicy,
) -> Iterator[LearntTie]:
    """Learn a tree of the closest ties between the inputs.

    Numbers are put into bins, and every bin or category gets a number so that the two
    columns correlate as much as they can: one form for numbers and categories, straight
    or not. How closely they go together is read from days that were held out, day by
    day: what goes together from day to day alone (weather) is not a tie of rows.

    A tree (Kruskal (1956), Proc. Am. Math. Soc. 7, 48-50), so that whatever columns a
    wrong join moves together, a tie leads out of them.

    Args:
        rows: The columns of a reference's rows.
        days: Of every row the place of its day. Shape (n_rows,).
        inputs: The columns that go into the model. Outputs are not tied to them: how
            closely they go along with an input moves with the mix of all others.
        policy: How close a tie has to be.
    """
    coded = coded_columns(rows, inputs)
    trees = {name: frozenset((name,)) for name in coded}
    tries = TRIES * len(coded)
    for first, second in _closest_first(coded):
        if trees[first] is trees[second]:
            continue
        if not tries:
            return
        tries -= 1
        pair = _Pair(rows=rows, coded=coded, columns=(first, second), days=days)
        learnt = pair.learn(policy.least_tied)
        if learnt is not None:
            both = trees[first] | trees[second]
            trees |= dict.fromkeys(both, both)
            yield learnt


def _closest_first(coded: Mapping[str, CodedColumn]) -> list[tuple[str, str]]:
    """Return the pairs of columns that go together, on some of the rows."""
    rows = max((len(column.codes) for column in coded.values()), default=0)
    step = max(-(-rows // SCREENED_ROWS), 1)
    few = {name: column.codes[::step] for name, column in coded.items()}
    close = []
    for first, second in combinations(coded, 2):
        shape = coded[first].count, coded[second].count
        table = contingency_table(few[first], few[second], shape)
        close.append((mean_square_contingency(table), first, second))
    return [(first, second) for by, first, second in sorted(close)[::-1] if by > 0]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Pair:
    """Two columns of a reference; see `learn_ties`."""

    rows: RelatedColumns
    coded: Mapping[str, CodedColumn]
    columns: tuple[str, str]
    days: Codes

    def learn(self, least: float) -> LearntTie | None:
        """Return the pair as a tie; None where it is too loose, or strays by days."""
        tied = self._tied(np.ones(len(self.days), dtype=bool))
        scores = None if tied is None else self._held_out()
        if tied is None or scores is None:
            return None
        both = ~np.isnan(scores).any(axis=0)
        asked = np.bincount(self.days[both], minlength=int(self.days.max()) + 1)
        in_order = scores[:, both][:, np.argsort(self.days[both], kind="stable")]
        of_days = np.split(in_order, np.cumsum(asked)[:-1], axis=1)
        by_day = [slope_of(*of_day) for of_day in of_days]
        tie = _measured(tied, by_day, asked, rows=len(self.days), least=least)
        if tie is None:
            return None
        astray = np.array(
            [
                np.nan if day is None else share_astray(day, int(rows), tie)
                for day, rows in zip(by_day, asked, strict=True)
            ]
        )
        # What is astray on its own days, or told at no size, is no tie of rows.
        if np.nanmean(astray) > MOST_ASTRAY or SURENESS * tie.spread >= tie.slope:
            return None
        return LearntTie(tie=tie, astray=astray, asked=asked)

    def _held_out(self) -> Floats | None:
        """Return both scores of every row by other spans of days; (2, n_rows)."""
        spans = self.days * FOLDS // (self.days.max() + 1)
        scores = np.full((2, len(self.days)), np.nan)
        own = self.rows.only(self.columns)
        for span in np.unique(spans):
            inside = spans == span
            apart = self._tied(~inside)
            if apart is None:
                return None
            held_out = own.taken(inside)
            for place, column in enumerate(apart):
                scores[place, inside] = scores_of(held_out, column)
        return scores

    def _tied(
        self, chosen: NDArray[np.bool_]
    ) -> tuple[ColumnScores, ColumnScores] | None:
        """Return the scores under which both columns correlate most on some rows."""
        first, second = (self.coded[name] for name in self.columns)
        codes = first.codes[chosen], second.codes[chosen]
        table = contingency_table(*codes, (first.count, second.count))
        if not table.any():
            return None
        both = (codes[0] >= 0) & (codes[1] >= 0)
        days = self.days[chosen][both]
        axes = first_axis(table)
        widths = [
            _width_within(axis[of[both]], days)
            for axis, of in zip(axes, codes, strict=True)
        ]
        if not all(widths):
            return None
        return (
            first.with_scores(self.columns[0], axes[0] / widths[0]),
            second.with_scores(self.columns[1], axes[1] / widths[1]),
        )


def _measured(
    tied: tuple[ColumnScores, ColumnScores],
    by_day: Sequence[Slope | None],
    asked: Codes,
    *,
    rows: int,
    least: float,
) -> Tie | None:
    """Return a tie with its usual slope, and how that strays; None where too loose."""
    measured = [
        (*day, int(of_day))
        for day, of_day in zip(by_day, asked, strict=True)
        if day is not None
    ]
    if len(measured) < FEWEST_DAYS:
        return None
    slopes, errors, sizes = np.array(measured).T
    usual = float(np.median(slopes))
    # Of hundreds of pairs some look close by chance: what counts is what is sure.
    unsure = OF_A_MEDIAN * float(slopes.std(ddof=1)) / len(slopes) ** 0.5
    if usual - SURENESS * unsure < least:
        return None
    between = max(float(slopes.var(ddof=1) - np.mean(errors**2)), LEAST_SPREAD**2)
    noise = float(np.sqrt(np.mean(sizes * (slopes - usual) ** 2)))
    return Tie(
        first=tied[0],
        second=tied[1],
        slope=round(usual, 6),
        spread=round(float(np.hypot(between**0.5, unsure)), 6),
        noise=round(noise, 6),
        asked=round(int(asked.sum()) / rows, 6),
    )


def _width_within(values: Floats, days: Codes) -> float:
    """Return the standard deviation of values within a usual day."""
    rows = np.bincount(days)
    there = rows > 0
    means = np.bincount(days, weights=values)[there] / rows[there]
    squares = np.bincount(days, weights=values**2)[there] / rows[there]
    return float(np.median(np.sqrt(np.maximum(squares - means**2, 0.0))))
