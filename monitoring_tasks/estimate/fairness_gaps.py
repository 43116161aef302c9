"""The largest difference of a number between the groups that can be compared."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

import numpy as np

from monitoring_tasks.domain.findings import Measurement
from monitoring_tasks.estimate.group_metrics import Quantity
from monitoring_tasks.estimate.widest_gap import Drawn, logarithms, widest_gap
from monitoring_tasks.statistics.arrays import Floats

Make = partial[Measurement]
Groups = Mapping[str, Mapping[str, Quantity]]
PARITY_RATIO = "demographic_parity_ratio"
NAMED = 5
"""Of more groups left out, the others are counted and not named."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupComparison:
    """How the groups of one column are compared.

    Attributes:
        make: Makes a measurement of the column and version.
        unknown: Groups that stand for no answer; they are named and not compared.
        min_rows: Fewer rows leave a group out of a gap.
        confidence: Level of the intervals, 0..1.
        draws: Metric and group -> its replicates, shape (n_replicates,).
    """

    make: Make
    unknown: tuple[str, ...]
    min_rows: int
    confidence: float
    draws: Mapping[tuple[str, str], Floats]


def measure_gap(
    groups: Groups, gap: str, metrics: tuple[str, ...], comparison: GroupComparison
) -> Measurement:
    """Return the largest difference between the groups that are large enough.

    Args:
        groups: Group -> metric -> its number; those that stand for no answer left out.
        gap: Name of the gap; that of the ratio is smallest / largest.
        metrics: What it is about; of several the one that lies farthest apart.
        comparison: How groups are compared.

    Returns:
        Its reason names the extremes, by how much alike groups would differ, and who
        was left out; without a value where fewer than two groups are large enough.
    """
    rows = {name: min(g[m].rows for m in metrics) for name, g in groups.items()}
    large = {n: g for n, g in groups.items() if rows[n] >= comparison.min_rows}
    make = partial(
        comparison.make, metric=gap, rows=sum(int(rows[name]) for name in large)
    )
    absent = _absent(rows, comparison)
    if len(large) < 2:  # noqa: PLR2004 (a gap lies between two groups)
        few = "fewer than two groups are large enough to compare"
        return make(reason="; ".join([few, *absent]))
    smallest, largest, extremes = _extremes(large, metrics)
    is_ratio = gap == PARITY_RATIO
    if is_ratio and largest == 0:
        return make(reason="; ".join(["no row of any group is selected", *absent]))
    value = smallest / largest if is_ratio else largest - smallest
    lower, upper, alike = _bounds(large, metrics, comparison, is_ratio=is_ratio)
    by_chance = f"alike groups would differ by {alike:.3f}"
    # The bounds are of the true widest pair; the pair seen may lie beyond them.
    return make(
        value=value,
        lower=min(lower, value),
        upper=max(min(upper, 2.0 if gap == "calibration_gap" else 1.0), value),
        reason="; ".join([extremes, by_chance, *absent]),
    )


def _extremes(groups: Groups, metrics: tuple[str, ...]) -> tuple[float, float, str]:
    """Return smallest and largest of the number that is farthest apart, and whose."""
    values = {m: {name: g[m].value for name, g in groups.items()} for m in metrics}
    metric = max(
        metrics, key=lambda m: max(values[m].values()) - min(values[m].values())
    )
    ranked = sorted(values[metric].items(), key=lambda pair: pair[1])
    (low, smallest), (high, largest) = ranked[0], ranked[-1]
    extremes = f"{metric}: smallest {low} {smallest:.3f}, largest {high} {largest:.3f}"
    return smallest, largest, extremes


def _bounds(
    groups: Groups,
    metrics: tuple[str, ...],
    comparison: GroupComparison,
    *,
    is_ratio: bool,
) -> tuple[float, float, float]:
    """Return lower and upper end of a gap, and by how much alike groups would differ.

    A ratio is a gap of logarithms.
    """
    drawn = [
        Drawn(
            centres=np.array([g[metric].centre for g in groups.values()]),
            draws=np.array([comparison.draws[metric, name] for name in groups]),
        )
        for metric in metrics
    ]
    if is_ratio:
        # A ratio is a difference of logarithms, so that one method bounds both.
        rows = [g["selection_rate"].rows for g in groups.values()]
        drawn = [logarithms(shares, rows) for shares in drawn]
    gap = widest_gap(drawn, confidence=comparison.confidence)
    if is_ratio:
        return math.exp(-gap.upper), math.exp(-gap.lower), math.exp(-gap.alike)
    return gap.lower, gap.upper, gap.alike


def _absent(rows: Mapping[str, float], comparison: GroupComparison) -> list[str]:
    """Name the groups that are not compared, and why."""
    small = [f"{n} ({r:.0f})" for n, r in rows.items() if r < comparison.min_rows]
    named = ", ".join(small[:NAMED])
    if len(small) > NAMED:
        named += f" and {len(small) - NAMED} more"
    reasons = (
        [f"left out, fewer than {comparison.min_rows} rows count: {named}"]
        if small
        else []
    )
    unknown = ", ".join(repr(name) for name in comparison.unknown)
    return [*reasons, f"not compared: {unknown}"] if unknown else reasons
