"""How a day's decisions fall on the groups of a protected attribute."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from zlib import crc32

import numpy as np

from monitoring_tasks.domain.counts import BinaryOutcome
from monitoring_tasks.domain.findings import Kind, Measurement
from monitoring_tasks.domain.groups import UNKNOWN
from monitoring_tasks.domain.profiles import DayProfile
from monitoring_tasks.domain.reference import ReferenceProfile
from monitoring_tasks.estimate.group_metrics import (
    Drawn,
    Quantity,
    logarithms,
    quantities,
    widest_gap,
)
from monitoring_tasks.statistics.arrays import Floats

Make = partial[Measurement]
Groups = Mapping[str, Mapping[str, Quantity]]
REPORTED = ("selection_rate", "tpr", "fpr", "precision", "base_rate", "calibration")
PARITY_RATIO = "demographic_parity_ratio"
GAPS: Mapping[str, tuple[str, ...]] = {
    "demographic_parity_gap": ("selection_rate",),
    PARITY_RATIO: ("selection_rate",),
    "equal_opportunity_gap": ("tpr",),
    "equalized_odds_gap": ("tpr", "fpr"),
    "predictive_parity_gap": ("precision",),
    "calibration_gap": ("calibration",),
}
"""Gap -> the numbers whose largest difference between two groups it is."""
ESTIMATED_GAPS: Mapping[str, tuple[str, ...]] = {
    "estimated_equal_opportunity_gap": ("estimated_tpr",),
    "estimated_equalized_odds_gap": ("estimated_tpr", "estimated_fpr"),
    "estimated_predictive_parity_gap": ("estimated_precision",),
}
NAMED = 5
"""Of more groups left out, the others are counted and not named."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Comparison:
    """How groups are compared; `draws` holds the replicates by metric and group."""

    make: Make
    unknown: tuple[str, ...]
    min_rows: int
    confidence: float
    draws: Mapping[tuple[str, str], Floats]


def measure_fairness(
    profiles: Sequence[DayProfile],
    column: str,
    *,
    min_rows: int,
    confidence: float,
    reference: ReferenceProfile | None = None,
    unknown: frozenset[str] = UNKNOWN,
    replicates: int = 1000,
) -> list[Measurement]:
    """Measure each group's rates and the largest gaps between groups.

    Args:
        profiles: One day's profiles of one version, one a group, in any order; those
            of other columns are passed over.
        column: The protected attribute; its segments are `column=value`.
        min_rows: A rate over fewer rows has no value, and its group is left out of
            the gap. That is all rows for `selection_rate`, labelled ones for
            `calibration` and `base_rate`, positives for `tpr`, negatives for `fpr`,
            selected ones for `precision`. At least 1.
        confidence: Level of the intervals, 0..1.
        reference: Brings the calibrator of the estimates; None leaves them out.
        unknown: Values, in lower case, that stand for no answer; such a group is
            reported and never compared.
        replicates: Of the bootstrap.

    Returns:
        Kind `fairness`. Per group `selection_rate`, `tpr`, `fpr`, `precision` and
        `base_rate` (Wilson), and `calibration`, the mean of label - score (normal).
        Over all groups highest less lowest: `demographic_parity_gap` (selection rate;
        `demographic_parity_ratio` is lowest / highest), `equal_opportunity_gap` (tpr),
        `equalized_odds_gap` (tpr or fpr, the larger), `predictive_parity_gap`
        (precision), `calibration_gap`; and, from the scores alone, `estimated_` with
        the three about tpr, fpr and precision. The reason of a gap names the extremes,
        what groups alike would show, and who was left out. Fewer than two groups, or
        a model that is not binary: no value, and why.

    References:
        Hardt, Price, Srebro (2016), NeurIPS 29; Chouldechova (2017), Big Data 5,
        153-163. Values as fairlearn's (`between_groups`, `worst_case`), intervals by
        `group_metrics.widest_gap`, estimates as in `performance`.
    """
    first = profiles[0] if profiles else None
    version = first.version if first else ""
    make = partial(Measurement, kind=Kind.FAIRNESS, column=column, version=version)
    gaps = {**GAPS, **(ESTIMATED_GAPS if reference else {})}
    if any(not isinstance(p.outcome, BinaryOutcome) for p in profiles):
        reason = "fairness is measured for binary models only"
        return [make(metric=gap, reason=reason) for gap in gaps]
    groups = _groups(profiles, f"{column}=", reference)
    named = {n: g for n, g in groups.items() if n.strip().lower() not in unknown}
    identity = f"{first.model}/{version}/{first.day}/{column}" if first else column
    comparison = _Comparison(
        make=make,
        unknown=tuple(name for name in groups if name not in named),
        min_rows=min_rows,
        confidence=confidence,
        draws={
            (metric, name): quantity.draws(replicates, _seeded(identity, metric, name))
            for name, of_group in named.items()
            for metric, quantity in of_group.items()
            if quantity.rows >= min_rows
        },
    )
    numbers = [
        _number(
            of_group[metric],
            partial(make, metric=metric, segment=f"{column}={name}"),
            comparison,
        )
        for name, of_group in groups.items()
        for metric in REPORTED
    ]
    return numbers + [
        _gap(named, gap, metrics, comparison) for gap, metrics in gaps.items()
    ]


def _seeded(*identity: str) -> np.random.Generator:
    """Seed by what is drawn, so that a new group does not move the others."""
    return np.random.default_rng(crc32("/".join(identity).encode()))


def _groups(
    profiles: Sequence[DayProfile], prefix: str, reference: ReferenceProfile | None
) -> Groups:
    """Read the numbers of each group of the column, by the group's name."""
    calibrator = reference.calibrator if reference else None
    return {
        profile.segment.removeprefix(prefix): quantities(profile.outcome, calibrator)
        for profile in sorted(profiles, key=lambda profile: profile.segment)
        if profile.segment.startswith(prefix)
        and isinstance(profile.outcome, BinaryOutcome)
    }


def _number(quantity: Quantity, make: Make, comparison: _Comparison) -> Measurement:
    make = partial(make, rows=int(quantity.rows))
    if quantity.rows < comparison.min_rows:
        few, needed = f"{quantity.rows:.0f}", comparison.min_rows
        return make(reason=f"only {few} rows count, {needed} are needed")
    lower, upper = quantity.interval(comparison.confidence)
    return make(value=quantity.value, lower=lower, upper=upper)


def _gap(
    groups: Groups, gap: str, metrics: tuple[str, ...], comparison: _Comparison
) -> Measurement:
    """Return the largest difference between the groups that are large enough."""
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
    # The bounds are of the true widest pair; the pair seen may lie beyond them.
    return make(
        value=value,
        lower=min(lower, value),
        upper=max(min(upper, 2.0 if gap == "calibration_gap" else 1.0), value),
        reason="; ".join([extremes, f"groups alike would show {alike:.3f}", *absent]),
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
    groups: Groups, metrics: tuple[str, ...], comparison: _Comparison, *, is_ratio: bool
) -> tuple[float, float, float]:
    """Return lower and upper end of a gap, and what groups alike would show.

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


def _absent(rows: Mapping[str, float], comparison: _Comparison) -> list[str]:
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
