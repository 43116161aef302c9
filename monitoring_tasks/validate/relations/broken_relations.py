"""How many rows of a batch are unlike what their columns say of each other."""

import numpy as np
import pyarrow as pa

from monitoring_tasks.domain.relations import (
    NumericRelation,
    PairRelation,
    Relations,
)
from monitoring_tasks.statistics.arrays import Floats
from monitoring_tasks.validate.relations.broken_ties import count_astray
from monitoring_tasks.validate.summary.related_columns import (
    Categories,
    RelatedColumns,
    ranked,
    related_columns,
    sampled_rows,
)

Unlike = dict[str, tuple[int, int]]
"""`kind/column` -> rows that are unlike what is usual, and rows that were asked."""
RELATION = "relation"
PAIR = "pair"


def count_unrelated(table: pa.Table, relations: Relations) -> Unlike:
    """Count the rows of a batch that break the relations of a reference.

    A row without one of the values it takes, or in a category the reference does not
    know, is not asked: other statements are about that.

    Args:
        table: The rows, their texts short; at most `MOST_ROWS` of them are asked.
        relations: What the reference taught.
    """
    numbers, pairs, ties = relations.numbers, relations.pairs, relations.ties
    if not (numbers or pairs or ties):
        return {}
    numeric = {n.column for n in numbers}
    numeric |= {term.column for n in numbers for term in n.numbers}
    named = {term.column for n in numbers for term in n.categories}
    named |= {name for pair in pairs for name in pair.columns}
    for scores in (scores for tie in ties for scores in (tie.first, tie.second)):
        (numeric if scores.edges else named).add(scores.column)
    names = table.column_names
    asked = [n for n in (numeric | named) if names.count(n) == 1]
    rows = related_columns(
        # Those alone: to pick rows copies them.
        sampled_rows(table.select(asked)),
        numbers=numeric,
        categories=named,
    )
    counted = {
        **{relation_key(n.column): _beyond(rows, n) for n in numbers},
        **{pair_key(pair.columns): _unseen(rows, pair) for pair in pairs},
        **count_astray(rows, ties),
    }
    return {key: counts for key, counts in counted.items() if counts[1]}


def relation_key(column: str) -> str:
    """Return what the share of rows beyond a number's relation is called."""
    return f"{RELATION}/{column}"


def pair_key(columns: tuple[str, str]) -> str:
    """Return what the share of rows in pairs never seen is called."""
    return f"{PAIR}/{', '.join(columns)}"


def residuals(rows: RelatedColumns, relation: NumericRelation) -> Floats:
    """Return how far each row's number lies from what the others say of it.

    NaN where a value lacks, or where a column cannot be computed with.
    """
    sources = {term.column for term in relation.numbers} | {relation.column}
    named = {term.column for term in relation.categories}
    if sources - rows.numbers.keys() or named - rows.categories.keys():
        return np.empty(0)
    residual = ranked(rows.numbers[relation.column], relation.knots) - relation.constant
    for number in relation.numbers:
        values = ranked(rows.numbers[number.column], number.knots)
        residual = residual - number.weight * values
    for category in relation.categories:
        means = rows.categories[category.column].looked_up(category.means)
        residual = residual - category.weight * means
    return np.asarray(residual, dtype=np.float64)


def _beyond(rows: RelatedColumns, relation: NumericRelation) -> tuple[int, int]:
    sizes = np.abs(residuals(rows, relation))
    # Of not-a-number neither is true.
    return int((sizes > relation.limit).sum()), int((~np.isnan(sizes)).sum())


def _unseen(rows: RelatedColumns, pair: PairRelation) -> tuple[int, int]:
    first, second = (rows.categories.get(name) for name in pair.columns)
    if first is None or second is None:
        return 0, 0
    names = sorted({text for texts in pair.seen.values() for text in texts})
    places = {name: place for place, name in enumerate(names)}
    seen = np.zeros((len(pair.seen), len(names)), dtype=bool)
    for place, texts in enumerate(pair.seen.values()):
        seen[place, [places[text] for text in texts]] = True
    of_first = _places(first, {text: place for place, text in enumerate(pair.seen)})
    of_second = _places(second, places)
    both = (of_first >= 0) & (of_second >= 0)
    return int((~seen[of_first[both], of_second[both]]).sum()), int(both.sum())


def _places(column: Categories, places: dict[str, int]) -> np.ndarray:
    looked = [places.get(text, -1) for text in column.texts]
    return np.array([*looked, -1])[column.codes]
