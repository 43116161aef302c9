"""From which share of the rows on the gate `reference` speaks, on a usual day. Pure."""

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.contract.reference_gate import ReferenceGatePolicy
from monitoring_tasks.domain.batch_baseline import Baseline, BatchBaseline
from monitoring_tasks.domain.batch_summary import FINER, BatchSummary
from monitoring_tasks.domain.relations import Tie
from monitoring_tasks.validate.corruption.batch_test import BatchTest, control_limit
from monitoring_tasks.validate.corruption.unlike_rows import STATEMENTS
from monitoring_tasks.validate.relations.broken_ties import (
    SURENESS,
    margin_of,
    tie_key,
)
from monitoring_tasks.validate.summary.related_columns import MOST_ROWS

HALVINGS = 40
NULLS, UNSEEN, SENTINEL, COMMON = "nulls", "unseen", "sentinel", "common"
BEYOND, LOW, HIGH, SHAPE, LOST = "beyond", "low", "high", "shape", "lost"
OF_COLUMNS = (NULLS, UNSEEN, SENTINEL, COMMON, BEYOND, LOW, HIGH, SHAPE, LOST, *FINER)
KINDS = (*OF_COLUMNS, *STATEMENTS)
"""The shares that have a limit of their own; hours only where all were moved alike."""
GRADED = frozenset({NULLS, UNSEEN, SENTINEL, *STATEMENTS})
"""Kinds of which a gross share makes the batch unfit, where it is of inputs."""
OF_A_DISTANCE = frozenset({SHAPE, LOST})


@dataclass(frozen=True, slots=True, kw_only=True)
class ShareLimit:
    """The share of a day's rows from which on a statement fails.

    Attributes:
        kind: Of the share, one of `KINDS`.
        about: Column or relation; empty where it is about whole rows.
        limit: The smallest share that fails; None where none does.
        usual: How the share lies on days of the reference.
        rows: Rows of a usual day it is a share of.
        gross: The share from which on the batch is unfit; None for never.
    """

    kind: str
    about: str
    limit: float | None
    usual: Baseline
    rows: int
    gross: float | None

    def spread(self, share: float) -> float:
        """Return how far a share strays from day to day, sampling included, >= 0."""
        sampling = math.sqrt(max(share * (1 - share), 0.0) / self.rows)
        return max(self.usual.spread, sampling)


@dataclass(frozen=True, slots=True, kw_only=True)
class VolumeLimit:
    """The share of a day's rows that have to be missing before the gate speaks.

    Attributes:
        limit: On the logarithm: how far below the usual the rows have to lie, > 0.
        spread: Of that logarithm between days.
        gross: The same from which on the batch is unfit.
    """

    limit: float
    spread: float
    gross: float


def share_limits(baseline: BatchBaseline, contract: Contract) -> Iterator[ShareLimit]:
    """Yield the limits of all shares a day of usual size is held against.

    By the gate's own rule (`BatchTest.is_notable`). The days just before a day, which
    it is held against as well, may widen them.
    """
    policy = contract.policy.reference_gate
    rows = max(round(math.exp(baseline.rows.mean)), 1)
    test = BatchTest(
        # Of no day: what is usual is asked of the baseline alone.
        summary=BatchSummary(day=date.min, rows=rows),
        baseline=baseline,
        policy=policy,
        rows_alarm=policy.false_alarm,
        level_alarm=policy.false_alarm,
    )
    outputs = contract.columns.outputs
    ties = {tie_key(tie.columns): tie for tie in baseline.relations.ties}
    for kind, about, learnt in _in_order(baseline):
        if not _is_asked(kind, about, baseline, policy):
            continue
        nulls = baseline.shares.get(f"{NULLS}/{about}")
        valid = rows if kind == NULLS or nulls is None else rows * (1 - nulls.mean)
        asked = max(round(valid), 1)
        usual = test.at_rows(learnt, asked) if kind in OF_A_DISTANCE else learnt
        limit = _smallest_notable(test, usual, asked)
        gross = None
        if limit is not None and kind in GRADED and about not in outputs:
            gross = max(usual.mean + policy.gross_share, limit)
        share_limit = ShareLimit(
            kind=kind,
            about=about,
            limit=limit,
            usual=usual,
            rows=asked,
            gross=gross,
        )
        tie = ties.get(f"{kind}/{about}")
        yield share_limit if tie is None else _surely_reached(share_limit, tie)


def _surely_reached(limit: ShareLimit, tie: Tie) -> ShareLimit:
    """Return the limit of a share of which only what is sure is counted."""
    # A day's rows are a sample where they are many.
    margin = margin_of(tie, min(limit.rows, MOST_ROWS))

    def further(edge: float | None) -> float | None:
        return None if edge is None or edge + margin > 1 else edge + margin

    return replace(
        limit,
        limit=further(limit.limit),
        gross=further(limit.gross),
        usual=replace(limit.usual, spread=max(limit.usual.spread, margin / SURENESS)),
    )


def _is_asked(
    kind: str, about: str, baseline: BatchBaseline, policy: ReferenceGatePolicy
) -> bool:
    """Whether a share is one of those that are told, and not another one's shadow."""
    if kind == COMMON:
        # Of categories a more common one is drift, and no value that was filled in.
        return about in baseline.quantiles
    if kind not in FINER:
        return True
    # The fewest decimals that values keep to: what breaks those may keep to more.
    seldom = [
        finer
        for finer in FINER
        if (usual := baseline.shares.get(f"{finer}/{about}"))
        and usual.high < policy.gross_share
    ]
    return seldom[:1] == [kind]


def _in_order(baseline: BatchBaseline) -> list[tuple[str, str, Baseline]]:
    """List what is usual of each share: kind, what it is about, how it lies."""
    known = []
    for key, usual in baseline.shares.items():
        kind, _, about = key.partition("/")
        if kind in KINDS:
            known.append((kind, about, usual))
    return sorted(known, key=lambda share: (KINDS.index(share[0]), share[1]))


def volume_limit(baseline: BatchBaseline, contract: Contract) -> VolumeLimit:
    """Return how many rows have to be missing on a day of usual size."""
    policy, rows = contract.policy.reference_gate, baseline.rows
    spread = max(rows.spread, math.exp(-rows.mean / 2))
    beyond_chance = control_limit(policy.false_alarm, baseline.days) * spread
    beyond = max(beyond_chance, rows.mean - rows.low)
    return VolumeLimit(
        limit=max(beyond, -math.log(policy.notable_volume)),
        spread=spread,
        gross=max(beyond, -math.log(policy.gross_volume)),
    )


def _smallest_notable(test: BatchTest, usual: Baseline, rows: int) -> float | None:
    def is_notable(share: float) -> bool:
        return test.is_notable(share, usual, rows)

    if not is_notable(1.0):
        return None
    low, high = usual.mean, 1.0
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        low, high = (low, middle) if is_notable(middle) else (middle, high)
    return high
