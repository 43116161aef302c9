"""On which segments of the rows a model does worst, found and measured honestly."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.domain.weak_segments import WeakSegment, WeakSegments
from monitoring_tasks.estimate.row_loss import METRICS, row_loss
from monitoring_tasks.estimate.segment_tree import SegmentTree, grow_tree
from monitoring_tasks.statistics.arrays import Floats
from monitoring_tasks.statistics.intervals import normal_quantile

COMPARISONS = 2
"""Each segment is held against the rows elsewhere and against its own reference."""
Picked = NDArray[np.bool_]


def find_weak_segments(
    rows: pd.DataFrame,
    reference: pd.DataFrame | None,
    contract: Contract,
    *,
    days: Sequence[date],
) -> WeakSegments:
    """Name the segments whose labelled rows cost the model surely more than others.

    Split sample: a small tree (`segment_tree.grow_tree`) is fitted on one half of the
    rows, by a hash of their id; every number comes from the other half. There the mean
    loss of a segment, m_1, is held against that of all other rows, m_0: the difference
    m_1 - m_0 has the normal interval with the variance s_1^2/n_1 + s_0^2/n_0 (Welch),
    at the level 1 - (1 - confidence) / (2 S) for S segments (Bonferroni), so that all
    intervals hold at once with the policy's confidence. `rise` takes the same
    difference on the reference away: (m_1 - m_0) - (r_1 - r_0), the variances added. A
    segment that was always hard (rows nobody can predict) is weak without a rise.

    When it lies: rows of one day or one household are not independent, so that the
    intervals are too narrow; a segment describes these days and may be theirs alone;
    where labels come late, the labelled rows are not all rows; a few huge losses
    make the normal interval of an absolute error too narrow.

    Args:
        rows: Labelled rows of one version with every declared column. Not modified.
        reference: Labelled rows of the version's reference; None when it has none.
        contract: Names the columns; `policy.weak_segments` and `policy.confidence`.
        days: Days the rows come from, handed on with the result.

    Returns:
        At most `policy.weak_segments.most` segments whose interval lies above 0, those
        that cost most (share x difference) first; none, and why.

    References:
        Athey and Imbens (2016), PNAS 113, 7353-7360 (honest trees: one half finds,
        the other measures).
    """
    policy = contract.policy.weak_segments
    outcome = WeakSegments(metric=METRICS[contract.problem], days=tuple(days))
    loss = row_loss(rows, contract)
    usable = np.isfinite(loss)
    rows, loss = rows[usable], loss[usable]
    # Two halves, and in each a segment and the rows elsewhere.
    if len(rows) < 4 * policy.min_rows:
        why = (
            f"{len(rows)} labelled rows are too few to find segments of "
            f"{policy.min_rows} rows on one half and measure them on the other"
        )
        return replace(outcome, reason=why)
    # By id: the same rows give the same segments on every run, in whatever order.
    finds = _first_half(rows[contract.columns.id])
    tree = grow_tree(rows[finds], loss[finds], contract.columns, policy)
    held, held_loss = rows[~finds], loss[~finds]
    outcome = replace(outcome, rows=len(held))
    if tree is None:
        return replace(
            outcome, reason="no rule separates rows with a larger loss from the others"
        )
    before = _Reference(reference, contract, tree) if reference is not None else None
    measured = _measure_leaves(tree, held, held_loss, before, contract=contract)
    weak = _clearly_weak(measured)
    return replace(
        outcome,
        slices=len(measured),
        segments=tuple(weak[: policy.most]),
        reason="" if weak else "no segment is clearly worse than the other rows",
    )


def _clearly_weak(measured: Sequence[WeakSegment]) -> list[WeakSegment]:
    """Return those that are surely worse than the other rows, the costliest first."""
    # Sure are those whose interval, widened for all that were tried, leaves 0 out.
    return sorted(
        (segment for segment in measured if segment.lower > 0),
        key=lambda s: (-s.share * (s.value - s.elsewhere), s.rule),
    )


class _Reference:
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


def _measure_leaves(
    tree: SegmentTree,
    rows: pd.DataFrame,
    loss: Floats,
    before: _Reference | None,
    *,
    contract: Contract,
) -> list[WeakSegment]:
    """Measure each segment that is large enough on rows that did not shape it."""
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


def _first_half(ids: "pd.Series[str]") -> Picked:
    """Pick about half of the rows, the same on every run."""
    hashes = pd.util.hash_pandas_object(ids, index=False).to_numpy()
    # A bit from the middle: `hash_sample` keeps the smallest hashes, alike in the upper
    # ones.
    return np.asarray((hashes >> np.uint64(32)) % np.uint64(2) == 0)


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
