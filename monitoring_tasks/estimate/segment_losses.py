"""What segments cost the model, measured on rows that did not shape them."""

from dataclasses import replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.domain.weak_segments import WeakSegment
from monitoring_tasks.estimate.row_loss import row_loss
from monitoring_tasks.estimate.segment_tree import SegmentTree
from monitoring_tasks.statistics.arrays import Floats
from monitoring_tasks.statistics.intervals import normal_quantile

COMPARISONS = 2
"""Each segment is held against the rows elsewhere and against its own reference."""
Picked = NDArray[np.bool_]
"""Whether each row is picked; shape (n_rows,)."""


class ReferenceLosses:
    """The reference's losses by segment."""

    def __init__(
        self, rows: pd.DataFrame, contract: Contract, tree: SegmentTree
    ) -> None:
        loss = row_loss(rows, contract)
        usable = np.isfinite(loss)
        self._loss = loss[usable]
        self._leaf_of = tree.leaf_of(rows[usable])

    def split(self, leaf: int, min_rows: int) -> tuple[Floats, Floats] | None:
        """Return the losses inside and elsewhere; None where either is too small.

        Args:
            leaf: The segment.
            min_rows: Rows that both sides need.
        """
        inside = self._leaf_of == leaf
        if min(inside.sum(), (~inside).sum()) < min_rows:
            return None
        return self._loss[inside], self._loss[~inside]


def measure_leaves(
    tree: SegmentTree,
    rows: pd.DataFrame,
    loss: Floats,
    before: ReferenceLosses | None,
    *,
    contract: Contract,
) -> list[WeakSegment]:
    """Measure each segment that is large enough on rows that did not shape it.

    Args:
        tree: The segments.
        rows: The rows held back. Not modified.
        loss: Theirs; shape (n_rows,).
        before: The reference's losses; None where there are none.
        contract: Brings confidence and the smallest segment.
    """
    min_rows = contract.policy.weak_segments.min_rows
    leaf_of = tree.leaf_of(rows)
    tried = [leaf for leaf in tree.rules if (leaf_of == leaf).sum() >= min_rows]
    # Bonferroni: the more segments are tried, the surer each has to be.
    error_rate = (1 - contract.policy.confidence) / (COMPARISONS * max(len(tried), 1))
    quantile = normal_quantile(1 - error_rate)
    return [
        _measured(
            rule=tree.rules[leaf],
            loss=loss,
            inside=leaf_of == leaf,
            reference=before.split(leaf, min_rows) if before else None,
            quantile=quantile,
        )
        for leaf in tried
    ]


def _measured(
    *,
    rule: str,
    loss: Floats,
    inside: Picked,
    reference: tuple[Floats, Floats] | None,
    quantile: float,
) -> WeakSegment:
    value, elsewhere = float(loss[inside].mean()), float(loss[~inside].mean())
    variance = _variance(loss[inside]) + _variance(loss[~inside])
    gap, half = value - elsewhere, quantile * float(np.sqrt(variance))
    segment = WeakSegment(
        rule=rule,
        rows=int(inside.sum()),
        share=float(inside.mean()),
        value=value,
        elsewhere=elsewhere,
        lower=gap - half,
        upper=gap + half,
    )
    if reference is None:
        return segment
    was, was_elsewhere = (float(part.mean()) for part in reference)
    both = variance + sum(_variance(part) for part in reference)
    # Day and reference share no row, so that their variances add up.
    rise, half = gap - (was - was_elsewhere), quantile * float(np.sqrt(both))
    return replace(
        segment,
        reference=was,
        rise=rise,
        rise_lower=rise - half,
        rise_upper=rise + half,
    )


def _variance(losses: Floats) -> float:
    """Return the variance of a mean."""
    return float(np.var(losses, ddof=1)) / len(losses)
