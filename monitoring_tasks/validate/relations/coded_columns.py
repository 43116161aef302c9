"""Columns as few codes: bins of numbers, and the most common categories."""

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np

from monitoring_tasks.domain.relations import ColumnScores
from monitoring_tasks.statistics.arrays import Codes, Floats
from monitoring_tasks.validate.summary.related_columns import (
    Categories,
    RelatedColumns,
)

BINS = 20
"""Of a number, as full as each other."""
MOST_CATEGORIES = 50
"""The most common ones; a column of names has nothing that repeats."""
FEWEST_OF_CATEGORY = 50
"""Rows on the reference; a category of fewer says little of another column."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CodedColumn:
    """A column as codes.

    Attributes:
        codes: Of every row; -1 where it has none. Shape (n_rows,).
        count: How many codes there are.
        edges: Of a number, the inner edges of its bins; empty for categories.
        texts: Of categories, each by its code.
    """

    codes: Codes
    count: int
    edges: tuple[float, ...] = ()
    texts: tuple[str, ...] = ()

    def with_scores(self, column: str, scores: Floats) -> ColumnScores:
        """Return what stands for the values of a column.

        Args:
            column: Its name.
            scores: By code, shape (count,).
        """
        numbers = tuple(round(float(score), 6) for score in scores)
        if self.edges:
            return ColumnScores(column=column, edges=self.edges, scores=numbers)
        named = dict(zip(self.texts, numbers, strict=True))
        return ColumnScores(column=column, categories=named)


def coded_columns(
    rows: RelatedColumns, names: Collection[str]
) -> dict[str, CodedColumn]:
    """Return columns as codes; those that have fewer than two are left out.

    Args:
        rows: The columns.
        names: Which of them.
    """
    coded = {
        **{n: _of_numbers(values) for n, values in rows.numbers.items() if n in names},
        **{n: _of_categories(c) for n, c in rows.categories.items() if n in names},
    }
    return {name: column for name, column in coded.items() if column.count > 1}


def _of_numbers(values: Floats) -> CodedColumn:
    present = values[~np.isnan(values)]
    if not len(present):
        return CodedColumn(codes=np.full(len(values), -1), count=0)
    edges = np.unique(np.quantile(present, np.linspace(0, 1, BINS + 1)[1:-1]))
    # A bin holds its upper edge: above the largest value there is none.
    below = present[present < present.max()]
    edges = edges[edges < present.max()]
    if len(below) and not len(edges):
        edges = np.array([below.max()])
    codes = np.where(np.isnan(values), -1, np.searchsorted(edges, values))
    return CodedColumn(
        codes=codes, count=len(edges) + 1, edges=tuple(map(float, edges))
    )


def _of_categories(column: Categories) -> CodedColumn:
    counts = np.bincount(column.codes[column.codes >= 0], minlength=len(column.texts))
    common = np.argsort(-counts, kind="stable")[:MOST_CATEGORIES]
    common = common[counts[common] >= FEWEST_OF_CATEGORY]
    # A null picks the last entry.
    places = np.full(len(column.texts) + 1, -1)
    places[common] = np.arange(len(common))
    return CodedColumn(
        codes=places[column.codes],
        count=len(common),
        texts=tuple(column.texts[place] for place in common),
    )
