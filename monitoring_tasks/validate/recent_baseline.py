"""What is usual by the fit days just before, as unsteady as the reference's days."""

from collections.abc import Mapping
from dataclasses import replace
from typing import TypeVar

from monitoring_tasks.domain.batch_baseline import Baseline, BatchBaseline

Value = TypeVar("Value")


def widened_by(recent: BatchBaseline, reference: BatchBaseline) -> BatchBaseline:
    """Return the baseline of a few days with the spread of the reference's many.

    Spread is then the usual distance from the days just before. Only what both know is
    kept.

    Args:
        recent: Learnt from the days just before.
        reference: Learnt from the reference's days.
    """
    shares, quantiles = reference.shares, reference.quantiles
    return replace(
        recent,
        # The spread is learnt from the reference's days, so theirs are the degrees of
        # freedom: seven days alone would allow almost anything.
        days=reference.days,
        rows=_widened(recent.rows, reference.rows),
        shares={
            name: _widened(usual, shares[name])
            for name, usual in recent.shares.items()
            if name in shares
        },
        quantiles={
            name: tuple(map(_widened, usual, quantiles[name]))
            for name, usual in recent.quantiles.items()
            if name in quantiles
        },
        logarithms={
            name: _widened(usual, reference.logarithms[name])
            for name, usual in recent.logarithms.items()
            if name in reference.logarithms
        },
        categories=_shared(recent.categories, reference.categories),
        least=_shared(recent.least, reference.least),
        distributions=_shared(recent.distributions, reference.distributions),
        cumulative=_shared(recent.cumulative, reference.cumulative),
        ends=_shared(recent.ends, reference.ends),
        hours=_shared(recent.hours, reference.hours),
        segments={
            name: widened_by(segment, reference.segments[name])
            for name, segment in recent.segments.items()
            if name in reference.segments
        },
        relations=reference.relations,
    )


def _shared(
    recent: Mapping[str, Value], reference: Mapping[str, Value]
) -> dict[str, Value]:
    return {name: value for name, value in recent.items() if name in reference}


def _widened(usual: Baseline, reference: Baseline) -> Baseline:
    # A few quiet days are no promise: their own spread may only widen it.
    return replace(usual, spread=max(usual.spread, reference.jump))
