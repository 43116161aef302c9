"""How a day's decisions fall on the groups of a protected attribute.

Per group `selection_rate`, `tpr`, `fpr`, `precision` and `base_rate` (Wilson), and
`calibration`, the mean of label - score (normal). Over all groups highest less lowest:
`demographic_parity_gap` (selection rate; `demographic_parity_ratio` is lowest /
highest), `equal_opportunity_gap` (tpr), `equalized_odds_gap` (tpr or fpr, the larger),
`predictive_parity_gap` (precision), `calibration_gap`; and, from the scores alone,
`estimated_` with the three about tpr, fpr and precision.

References:
    Hardt, Price, Srebro (2016), NeurIPS 29; Chouldechova (2017), Big Data 5, 153-163.
    Values as fairlearn's (`between_groups`, `worst_case`), intervals by
    `widest_gap.widest_gap`, estimates as in `performance`.
"""

from collections.abc import Mapping, Sequence
from functools import partial
from zlib import crc32

import numpy as np

from monitoring_tasks.domain.counts import BinaryOutcome
from monitoring_tasks.domain.findings import Kind, Measurement
from monitoring_tasks.domain.groups import UNKNOWN
from monitoring_tasks.domain.profiles import DayProfile
from monitoring_tasks.domain.reference import ReferenceProfile
from monitoring_tasks.estimate.fairness_gaps import (
    PARITY_RATIO,
    GroupComparison,
    Groups,
    Make,
    measure_gap,
)
from monitoring_tasks.estimate.group_metrics import Quantity, quantities
from monitoring_tasks.statistics.arrays import Floats

REPORTED = ("selection_rate", "tpr", "fpr", "precision", "base_rate", "calibration")
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
        Kind `fairness`: each group's numbers, then the gaps. The reason of a gap names
        the extremes, by how much alike groups would differ, and who was left out.
        Fewer than two groups, or a model that is not binary: no value, and why.
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
    comparison = GroupComparison(
        make=make,
        unknown=tuple(name for name in groups if name not in named),
        min_rows=min_rows,
        confidence=confidence,
        draws=_replicates(named, identity, min_rows=min_rows, count=replicates),
    )
    return [
        *_group_numbers(groups, column, comparison),
        *(measure_gap(named, gap, of, comparison) for gap, of in gaps.items()),
    ]


def _group_numbers(
    groups: Groups, column: str, comparison: GroupComparison
) -> list[Measurement]:
    """Return the reported numbers of every group, those without an answer too."""
    return [
        _number(
            of_group[metric],
            partial(comparison.make, metric=metric, segment=f"{column}={name}"),
            comparison,
        )
        for name, of_group in groups.items()
        for metric in REPORTED
    ]


def _replicates(
    groups: Groups, identity: str, *, min_rows: int, count: int
) -> dict[tuple[str, str], Floats]:
    """Draw every number of every group that is large enough to be compared by it."""
    return {
        (metric, name): quantity.draws(count, _seeded(identity, metric, name))
        for name, of_group in groups.items()
        for metric, quantity in of_group.items()
        if quantity.rows >= min_rows
    }


def _seeded(*identity: str) -> np.random.Generator:
    """Seed by what is drawn, so that a new group does not move the others."""
    return np.random.default_rng(crc32("/".join(identity).encode()))


def _groups(
    profiles: Sequence[DayProfile], prefix: str, reference: ReferenceProfile | None
) -> Groups:
    """Read the numbers of each group of the column, by the group's name."""
    calibrator = reference.calibrator if reference else None
    # Sorted, so that reasons name groups in one order whatever the store answers.
    return {
        profile.segment.removeprefix(prefix): quantities(profile.outcome, calibrator)
        for profile in sorted(profiles, key=lambda profile: profile.segment)
        if profile.segment.startswith(prefix)
        and isinstance(profile.outcome, BinaryOutcome)
    }


def _number(quantity: Quantity, make: Make, comparison: GroupComparison) -> Measurement:
    make = partial(make, rows=int(quantity.rows))
    if quantity.rows < comparison.min_rows:
        few, needed = f"{quantity.rows:.0f}", comparison.min_rows
        return make(reason=f"only {few} rows count, {needed} are needed")
    lower, upper = quantity.interval(comparison.confidence)
    return make(value=quantity.value, lower=lower, upper=upper)
