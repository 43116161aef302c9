"""Numbers over several days together, from counts that add up."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.domain.findings import Kind, Measurement
from monitoring_tasks.domain.profiles import DayProfile, merge
from monitoring_tasks.domain.reference import ReferenceProfile
from monitoring_tasks.domain.segment_selection import SegmentSelection
from monitoring_tasks.estimate.version_measurements import measure_model
from monitoring_tasks.estimate.within_days import ranked_within_days
from monitoring_tasks.rows.names import ALL

POOLED = (Kind.REALIZED, Kind.ESTIMATED, Kind.FAIRNESS)
"""Kinds that keep their meaning over days; a week's volume is not a day's."""


def longest_horizon(contract: Contract) -> int | None:
    """Return how many days the longest pool may hold; None where nothing is pooled."""
    horizons = _horizons(contract)
    return max(horizons) if horizons and contract.objectives else None


def pooled_segments(contract: Contract) -> SegmentSelection:
    """Return the segments an objective is about, or compares as groups."""
    pooled = [o for o in contract.objectives if o.source in POOLED]
    return SegmentSelection(
        names=frozenset({ALL, *(o.segment for o in pooled)}),
        columns=frozenset(o.column for o in pooled if o.column),
    )


def measure_horizons(
    profiles: Sequence[DayProfile],
    reference: ReferenceProfile | None,
    contract: Contract,
    last: date,
) -> list[Measurement]:
    """Measure a version's last days as one, for each of the contract's horizons.

    Args:
        profiles: The version's profiles of fit days up to `last`, whole and segments.
        reference: The version's reference; None leaves out what needs one.
        contract: Its horizons say how many days are pooled.
        last: The last day of every pool.
    """
    numbers = []
    for horizon in _horizons(contract):
        since = last - timedelta(days=horizon - 1)
        pool = [profile for profile in profiles if profile.day >= since]
        numbers += measure_pooled(pool, reference, contract, horizon)
    return numbers


def _horizons(contract: Contract) -> list[int]:
    """List the horizons longer than a day; a day's own numbers need no pool."""
    return [h.days for h in contract.policy.horizons if h.days > 1]


def measure_pooled(
    days: Sequence[DayProfile],
    reference: ReferenceProfile | None,
    contract: Contract,
    horizon: int,
) -> list[Measurement]:
    """Measure a version's last days as one, for the numbers an objective is about.

    Counts are added up, but for an AUC, which is ranked within days. What needs labels
    is taken over the days whose labels are mature, the estimates over all of them. A
    pool of fewer than two days, or of less than half the horizon, says nothing that its
    days do not: it gives no number.

    Args:
        days: The version's profiles of the last `horizon` days, whole and segments.
        reference: The version's reference; None leaves out what needs one.
        contract: Its objectives say which numbers.
        horizon: Days the pool may hold.
    """
    watched = {
        (objective.source, objective.metric, objective.column, objective.segment)
        for objective in contract.objectives
        if objective.source in POOLED
    }
    wanted = pooled_segments(contract)
    needed = [profile for profile in days if wanted.holds(profile.segment)]
    # An immature day would pull a realized pool towards the labels that come early.
    mature = _mature(needed, contract.policy.label_coverage)
    numbers = []
    pools = [(mature, {Kind.REALIZED, Kind.FAIRNESS}), (needed, {Kind.ESTIMATED})]
    if len(mature) == len(needed):  # one pool serves both
        pools = [(needed, set(POOLED))]
    for pool, kinds in pools:
        held = len({profile.day for profile in pool})
        is_wanted = any(source in kinds for source, *_ in watched)
        if not is_wanted or held < max(2, horizon / 2):
            continue
        note = f"over {held} days"
        of_pool = [
            n
            for n in measure_model(_merged(pool), reference, contract)
            if n.kind in kinds and (n.kind, n.metric, n.column, n.segment) in watched
        ]
        of_pool = ranked_within_days(
            of_pool, pool, reference, confidence=contract.policy.confidence
        )
        numbers += [
            replace(n, horizon=horizon, reason=f"{n.reason}; {note}".lstrip("; "))
            for n in of_pool
        ]
    return numbers


def _mature(days: Sequence[DayProfile], coverage: float) -> list[DayProfile]:
    mature_days = {
        profile.day
        for profile in days
        if profile.segment == ALL and profile.label_coverage >= coverage
    }
    return [profile for profile in days if profile.day in mature_days]


def _merged(days: Sequence[DayProfile]) -> list[DayProfile]:
    """Add days up by segment, the whole first; outcomes only."""
    by_segment: dict[str, list[DayProfile]] = defaultdict(list)
    for profile in days:
        # Numbers of columns and service do not keep their meaning over days (`POOLED`).
        outcome = replace(profile, columns={}, service=None)
        by_segment[profile.segment].append(outcome)
    ordered = sorted(by_segment, key=lambda segment: (segment != ALL, segment))
    return [merge(by_segment[segment]) for segment in ordered]
