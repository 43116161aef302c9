"""Which inputs a version's scores hang on, and whether their order is kept. Pure.

Read from how much each score changes when an input is exchanged (`exchanged_inputs`).
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from monitoring_tasks.contract.attribution import ATTRIBUTION
from monitoring_tasks.domain.dependence import Dependence
from monitoring_tasks.domain.findings import Kind, Measurement
from monitoring_tasks.statistics.day_to_day import learn_noise

FEWEST_DAYS = 2
FEWEST_FEATURES = 2
SHOWN = 3
"""Features a reason names."""
Floats = NDArray[np.float64]


def ndcg(gains: Floats, today: Floats) -> float:
    """Say how well today's order of the features keeps what the reference weighs.

    sum_i a(i) / log2(i + 1) over today's ranks i, a(i) the reference's attribution of
    the feature ranked i, divided by the same sum in the reference's own order. Features
    that are equal today share their ranks. 1.0 for the same order; insensitive to what
    weighs little in the reference, and to sizes that change without a rank.

    Args:
        gains: The reference's attributions, >= 0, not all 0; shape (features,).
        today: Today's, in the same order of features.

    Returns:
        0..1, above 0.

    References:
        Järvelin and Kekäläinen (2002), ACM TOIS 20, 422-446; as a measure of drift:
        Hardt et al. (2021), Amazon SageMaker Clarify, arXiv:2109.03285, section 3.
    """
    discounts = 1 / np.log2(np.arange(len(gains)) + 2)
    _, tied = np.unique(-today, return_inverse=True)
    sizes = np.bincount(tied)
    # Features that tie share the mean discount of the ranks they take up.
    shared = np.add.reduceat(discounts, np.cumsum(sizes) - sizes) / sizes
    ideal = float(np.sort(gains)[::-1] @ discounts)
    return min(float(gains @ shared[tied]) / ideal, 1.0)


def learn_dependence(
    days: Mapping[date, pd.DataFrame], *, rows: int
) -> Dependence | str:
    """Learn what a version's scores hang on, and how far its own days stray from it.

    The first `rows` rows of each day are held against all rows of the other days, so
    that both what few rows bring by chance and what days bring is in the distances.

    Args:
        days: The `changes` of each reference day, all of the same features.
        rows: Rows of the day that will be judged.

    Returns:
        The dependence, or in words why there is none.
    """
    if not days:
        return "the reference has no day with enough rows"
    frames = list(days.values())
    features = list(frames[0].columns)
    sums = np.array([frame.sum().to_numpy() for frame in frames])
    counts = np.array([frame.count().to_numpy() for frame in frames])
    if why := _why_not(features, sums.sum(axis=0), counts.sum(axis=0)):
        return f"nothing can be learnt from the reference: {why}"
    distances = []
    for index, (day, frame) in enumerate(days.items()):
        others = np.arange(len(frames)) != index
        other_sums, other_counts = sums[others].sum(axis=0), counts[others].sum(axis=0)
        # As many rows as the day has: with fewer, chance moves the order further.
        own = frame.head(rows)
        if not _why_not(features, other_sums, other_counts) and not _of(own)[1]:
            value = ndcg(other_sums / other_counts, _of(own)[0])
            distances.append((day, math.sqrt(1 - value), len(own)))
    attributions = sums.sum(axis=0) / counts.sum(axis=0)
    shares = dict(
        zip(features, (attributions / attributions.sum()).tolist(), strict=True)
    )
    if len(distances) < FEWEST_DAYS:
        return Dependence(shares=shares)
    when, values, sizes = zip(*distances, strict=True)
    noise = learn_noise(when, values, [0.0] * len(when), sizes)
    return Dependence(shares=shares, distance=noise)


def measure_attribution(
    moved: pd.DataFrame, reference: Dependence, *, version: str
) -> Measurement:
    """Measure `attribution_ndcg` of a day, and say which features moved most.

    Args:
        moved: The day's `changes`, of the reference's features.
        reference: What the version's reference says.
        version: The version that was asked.

    Returns:
        Kind `drift`; without a value and with a reason where no score changed, where a
        feature leaves no row a score, or where there are fewer than two features.
    """
    features = list(reference.shares)
    own, why = _of(moved[features])
    number = without_value(version, why, rows=len(moved))
    if why:
        return number
    today = dict(zip(features, (own / own.sum()).tolist(), strict=True))
    gains = np.array(list(reference.shares.values()))
    return replace(
        number, value=ndcg(gains, own), reason=rank_changes(reference.shares, today)
    )


def without_value(version: str, reason: str, *, rows: int = 0) -> Measurement:
    """Return the number of a day on which it could not be computed, with the reason.

    Args:
        version: The version that was asked.
        reason: Why there is no number.
        rows: Rows that were there to ask about.
    """
    return Measurement(
        kind=Kind.DRIFT, metric=ATTRIBUTION, version=version, rows=rows, reason=reason
    )


def rank_changes(before: Mapping[str, float], after: Mapping[str, float]) -> str:
    """Name the features whose ranks moved most, by what the moves weigh.

    A move weighs the difference of the two ranks' discounts, times the larger of the
    feature's two shares.

    Args:
        before: Each feature's share in the reference, 0..1.
        after: The same on the day, of the same features.

    Returns:
        At most `SHOWN` of them, the weightiest first; empty where no rank moved.

    >>> rank_changes({"a": 0.7, "b": 0.2, "c": 0.1}, {"a": 0.1, "b": 0.7, "c": 0.2})
    'a 1 -> 3, b 2 -> 1, c 3 -> 2'
    """
    old, new = _ranks(before), _ranks(after)
    weights = {
        name: max(before[name], after[name])
        * abs(1 / math.log2(old[name] + 1) - 1 / math.log2(new[name] + 1))
        for name in before
        if old[name] != new[name]
    }
    most = sorted(weights, key=lambda name: (-weights[name], name))[:SHOWN]
    return ", ".join(f"{name} {old[name]} -> {new[name]}" for name in most)


def _ranks(shares: Mapping[str, float]) -> dict[str, int]:
    """Rank features, 1 the strongest; equal ones share the last of their ranks."""
    return {
        name: sum(other >= share for other in shares.values())
        for name, share in shares.items()
    }


def _of(moved: pd.DataFrame) -> tuple[Floats, str]:
    """Return the attribution of each feature, or why there is none."""
    sums = moved.sum().to_numpy()
    counts = moved.count().to_numpy()
    why = _why_not(list(moved.columns), sums, counts)
    return sums / np.maximum(counts, 1), why


def _why_not(features: Sequence[str], sums: Floats, counts: NDArray[Any]) -> str:
    if len(features) < FEWEST_FEATURES:
        return f"with {len(features)} feature there is nothing to rank"
    if not counts.all():
        name = features[int(np.argmin(counts))]
        return f"no row keeps a score when '{name}' is exchanged"
    return "" if sums.any() else "no feature changes any score"
