"""On which segments of the rows a model does worst, found and measured honestly."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd

from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.domain.weak_segments import WeakSegment, WeakSegments
from monitoring_tasks.estimate.row_loss import METRICS, row_loss
from monitoring_tasks.estimate.segment_losses import (
    Picked,
    ReferenceLosses,
    measure_leaves,
)
from monitoring_tasks.estimate.segment_tree import grow_tree
from monitoring_tasks.statistics.arrays import Floats


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
    return _search((rows, loss), reference, contract, outcome)


def _search(
    usable: tuple[pd.DataFrame, Floats],
    reference: pd.DataFrame | None,
    contract: Contract,
    outcome: WeakSegments,
) -> WeakSegments:
    """Find segments on one half of rows with a loss and measure them on the other."""
    rows, loss = usable
    policy = contract.policy.weak_segments
    # By id: the same rows give the same segments on every run, in whatever order.
    finds = _first_half(rows[contract.columns.id])
    tree = grow_tree(rows[finds], loss[finds], contract.columns, policy)
    held, held_loss = rows[~finds], loss[~finds]
    outcome = replace(outcome, rows=len(held))
    if tree is None:
        return replace(
            outcome, reason="no rule separates rows with a larger loss from the others"
        )
    before = (
        ReferenceLosses(reference, contract, tree) if reference is not None else None
    )
    measured = measure_leaves(tree, held, held_loss, before, contract=contract)
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


def _first_half(ids: "pd.Series[str]") -> Picked:
    """Pick about half of the rows, the same on every run."""
    hashes = pd.util.hash_pandas_object(ids, index=False).to_numpy()
    # A bit from the middle: `hash_sample` keeps the smallest hashes, alike in the upper
    # ones.
    return np.asarray((hashes >> np.uint64(32)) % np.uint64(2) == 0)
