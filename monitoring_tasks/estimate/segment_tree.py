"""Segments of rows that differ in loss: the leaves of a small tree, in plain words."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pandas.api.types import is_bool_dtype, is_numeric_dtype
from sklearn.tree import DecisionTreeRegressor

from monitoring_tasks.contract.columns import Columns
from monitoring_tasks.contract.weak_segments import WeakSegmentPolicy
from monitoring_tasks.estimate.segment_rules import Ranks, Span, rule_of
from monitoring_tasks.rows.encoding import numbers, texts
from monitoring_tasks.statistics.arrays import Floats

WORTH = 12.0
"""Times the variance of a mean that a cut has to explain: the best of all cuts of one
feature reaches as much by chance about once in twenty times."""
LEAF = -1
"""What scikit-learn has for the child of a leaf."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SegmentTree:
    """The segments a sample of rows was cut into.

    Attributes:
        continuous: Numeric features.
        ranks: Categorical feature -> rank of each category.
        tree: The fitted tree; its leaves are the segments.
        rules: Leaf -> which rows it holds, in words.
    """

    continuous: tuple[str, ...]
    ranks: Mapping[str, Ranks]
    tree: DecisionTreeRegressor
    rules: Mapping[int, str]

    def leaf_of(self, rows: pd.DataFrame) -> NDArray[np.intp]:
        """Return the leaf, that is the segment, of each row; shape (n_rows,)."""
        return np.asarray(self.tree.apply(_encoded(rows, self.continuous, self.ranks)))


def grow_tree(
    rows: pd.DataFrame, loss: Floats, columns: Columns, policy: WeakSegmentPolicy
) -> SegmentTree | None:
    """Cut rows into segments whose mean losses lie far apart.

    A regression tree on the loss (CART, squared error). Categories are put in order
    of mean loss, drawn towards the mean of all by `min_rows` rows, and cut as
    numbers are: for one feature that finds the best two-way cut. Categories that
    were not there are unknown, as nulls are. A cut that explains no more than chance
    brings is not made, so that rules stay short.

    Args:
        rows: Rows with every declared feature, protected and segment column. Not
            modified.
        loss: Of each row, finite, shape (n_rows,).
        columns: Names the columns.
        policy: Depth and size of the segments.

    Returns:
        The segments; None when no cut leaves `min_rows` rows on both sides and lowers
        the spread of the losses.

    References:
        Breiman, Friedman, Olshen, Stone (1984), Classification and Regression Trees,
        theorem 4.5 (ordered categories).
        Andrews (1993), Econometrica 61, 821-856, table 1 (the best of many cuts).
    """
    continuous, categorical = _roles(rows, columns)
    ranks = {n: _ranks(texts(rows[n]), loss, policy.min_rows) for n in categorical}
    encoded = _encoded(rows, continuous, ranks)
    if encoded.shape[1] == 0 or len(rows) < 2 * policy.min_rows:
        return None
    tree = DecisionTreeRegressor(
        max_depth=policy.depth,
        min_samples_leaf=policy.min_rows,
        min_impurity_decrease=WORTH * float(np.var(loss)) / len(loss),
        random_state=0,  # of two cuts that explain as much always the same one
    ).fit(encoded, loss)
    if tree.tree_.node_count == 1:
        return None
    has_unknown = [bool(np.isnan(column).any()) for column in encoded.T]
    names = (*continuous, *ranks)
    rules = {
        leaf: " and ".join(
            rule_of(
                names[feature], span, ranks.get(names[feature]), has_unknown[feature]
            )
            for feature, span in sorted(path.items())
        )
        for leaf, path in _paths(tree.tree_)
    }
    return SegmentTree(continuous=continuous, ranks=ranks, tree=tree, rules=rules)


def _roles(
    rows: pd.DataFrame, columns: Columns
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return numeric features and categorical ones; each column once."""
    declared = dict.fromkeys(
        (*columns.categorical, *columns.protected, *columns.segments)
    )
    undeclared = (*columns.continuous, *columns.calendar)
    numeric = tuple(
        name
        for name in dict.fromkeys(undeclared)
        if name not in declared
        and is_numeric_dtype(rows[name])
        and not is_bool_dtype(rows[name])
    )
    others = [n for n in columns.calendar if n not in numeric and n not in declared]
    return numeric, (*declared, *others)


def _ranks(column: "pd.Series[str]", loss: Floats, weight: int) -> Ranks:
    """Put categories in the order of their mean loss, small ones near the middle."""
    groups = pd.Series(loss, index=column.index).groupby(column)
    # A category of few rows would otherwise take an end by chance.
    drawn = (groups.sum() + weight * loss.mean()) / (groups.size() + weight)
    ordered = sorted(drawn.items(), key=lambda pair: (pair[1], str(pair[0])))
    return {str(name): float(rank) for rank, (name, _) in enumerate(ordered)}


def _encoded(
    rows: pd.DataFrame, continuous: tuple[str, ...], ranks: Mapping[str, Ranks]
) -> Floats:
    parts: list[Floats] = [numbers(rows[name]) for name in continuous]
    parts += [
        numbers(texts(rows[name]).map(dict(places))) for name, places in ranks.items()
    ]
    return np.column_stack(parts) if parts else np.empty((len(rows), 0))


def _paths(tree: Any) -> list[tuple[int, dict[int, Span]]]:  # noqa: ANN401 (Cython)
    """Return each leaf with what leads to it: feature -> span."""
    leaves: list[tuple[int, dict[int, Span]]] = []
    # A cut of a feature that was cut above narrows its span, so that a rule names each
    # feature once.
    waiting: list[tuple[int, dict[int, Span]]] = [(0, {})]
    while waiting:
        node, path = waiting.pop()
        if tree.children_left[node] == LEAF:
            leaves.append((node, path))
            continue
        feature, edge = int(tree.feature[node]), float(tree.threshold[node])
        span, to_left = path.get(feature, Span()), bool(tree.missing_go_to_left[node])
        left = replace(span, high=edge, unknown=span.unknown and to_left)
        right = replace(span, low=edge, unknown=span.unknown and not to_left)
        waiting.append((int(tree.children_left[node]), {**path, feature: left}))
        waiting.append((int(tree.children_right[node]), {**path, feature: right}))
    return leaves
