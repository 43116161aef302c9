"""Is a release worse than what it replaced? Its days so far, paired on the same rows.

A day's metric moves with the weather of the day for both versions; most of that is
not in their difference. Pure.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import groupby

import numpy as np
from scipy.special import ndtri

from monitoring_tasks.compare.versions.decision_changes import in_words
from monitoring_tasks.compare.versions.mean_gain import day_weights, mean_gain
from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.contract.policy import Policy
from monitoring_tasks.contract.release import ReleasePolicy
from monitoring_tasks.domain.comparisons import Comparison
from monitoring_tasks.domain.findings import Finding, Kind, Limit, Measurement, Verdict
from monitoring_tasks.domain.releases import PairedDay, Release, ServedDay


def is_watched(contract: Contract) -> bool:
    """Whether the contract asks for a new version to be held against the one before."""
    versions = contract.policy.versions
    return versions.when != "breach" and versions.candidates > 0


def watched_release(
    served: Sequence[ServedDay],
    version: str,
    day: date,
    policy: Policy,
    *,
    stands_as_worse: Callable[[Release], bool],
) -> Release | None:
    """Find the release that is being watched on a day, by what the policy remembers.

    One that stands as worse is watched past its first `onset_days`: that nobody looks
    any more is no sign that it is as good again.

    Args:
        served: The days before `day`, oldest first; older ones than the policy
            remembers are left out.
        version: The version that serves `day`; none is released without a name.
        day: The day.
        policy: How long a release is watched, and how far back days are remembered.
        stands_as_worse: Whether a release was called worse and nothing has shown since
            that it is as good again; asked only past its first `onset_days`.

    Returns:
        None when nothing is watched, or when nobody remembers what came before.
    """
    if not version:
        return None
    memory = policy.remembered_days
    remembered = [s for s in served if s.day >= day - timedelta(days=memory)]
    release = release_of(remembered, version, day, watch_days=memory)
    if release is None or (day - release.since).days < policy.onset_days:
        return release
    return release if stands_as_worse(release) else None


def release_of(
    served: Sequence[ServedDay], version: str, day: date, *, watch_days: int
) -> Release | None:
    """Find the release that is being watched on a day.

    The version took over within the last `watch_days` days, from an older one. The one
    it is held against is the latest older version whose last day was not in breach, or
    simply the latest when all were.
    A version that follows a newer one was put back: nothing is watched then.

    Args:
        served: The days before `day`, oldest first; days without predictions do not
            break a run.
        version: The version that serves `day`.
        day: The day.
        watch_days: How long a release is watched, its first day included.

    Returns:
        None when nothing is watched, or when nobody remembers what came before.
    """
    before = [s for s in served if s.version and s.day < day]
    runs = [list(run) for _, run in groupby(before, key=lambda s: s.version)]
    since = day
    if runs and runs[-1][-1].version == version:
        since = runs.pop()[0].day
    # A version that has served for long is no release any more.
    if not runs or (day - since).days >= watch_days:
        return None
    if not _is_older(runs[-1][-1].version, version):
        return None
    older = [run[-1] for run in runs if _is_older(run[-1].version, version)]
    # A version that ended in breach is no good to be held against, unless all did.
    good = [last for last in older if not last.in_breach]
    replaced = (good or older)[-1].version
    return Release(version=version, replaced=replaced, since=since)


def _is_older(version: str, newer: str) -> bool:
    return version.isdigit() and newer.isdigit() and int(version) < int(newer)


def paired_day(compared: Comparison, *, confidence: float) -> PairedDay | None:
    """Return a one-day comparison as a point of a series; None when it has no value.

    Args:
        compared: The replaced version against the release, on the rows of one day.
        confidence: Level of its interval, 0..1.
    """
    values = (compared.champion, compared.candidate, compared.gain)
    ends = (compared.lower, compared.upper)
    numbers = [number for number in (*values, *ends) if number is not None]
    if len(numbers) < len(values) + len(ends) or not all(map(math.isfinite, numbers)):
        return None
    champion, candidate, gain, lower, upper = numbers
    # Back from the interval to the standard error it was made from.
    reach = float(ndtri(0.5 + confidence / 2))
    return PairedDay(
        day=compared.days[-1],
        champion=champion,
        candidate=candidate,
        gain=gain,
        error=(upper - lower) / 2 / reach,
        rows=compared.rows,
    )


def pool(
    comparison: Comparison,
    days: Sequence[PairedDay],
    policy: ReleasePolicy,
    *,
    watch_days: int,
) -> Comparison:
    """Add the days of a release up to one comparison.

    Args:
        comparison: Version and metric.
        days: The release's measured days, oldest first.
        policy: By what rule.
        watch_days: How long a release is watched.

    Returns:
        The comparison over all the days, each of them in `daily`; the two values are
        weighted as the gain is. Without a gain while there are too few days.
    """
    pooled = replace(
        comparison,
        days=tuple(day.day for day in days),
        rows=sum(day.rows for day in days),
        daily=tuple(days),
    )
    interval = mean_gain(days, policy, watch_days=watch_days)
    if interval is None:
        why = f"measured days: {len(days)} of the {policy.min_days} it takes"
        return replace(pooled, reason=why)
    share = day_weights(days) ** 2
    candidate = float(np.average([day.candidate for day in days], weights=share))
    return replace(
        pooled,
        champion=float(np.average([day.champion for day in days], weights=share)),
        candidate=candidate,
        gain=interval.gain,
        lower=interval.lower,
        upper=interval.upper,
        reason=f"{len(days)} measured days since the release",
    )


def is_worse_by(gain: float, lower: float, margin: float) -> bool:
    """Whether the replaced version is surely better, and by more than the margin.

    Args:
        gain: How much better it is.
        lower: Lower end of the gain's interval.
        margin: The smallest gain that matters.
    """
    return lower > 0 and gain > margin


def judge_release(compared: Comparison, release: Release, margin: float) -> Finding:
    """Hold the gain of the replaced version against the margin.

    As every limit it asks for significance and size: `breach` when the replaced version
    is surely better (the whole interval above 0) and by more than the margin, `ok` when
    none of the interval lies past the margin, else `inconclusive`; so it is, with the
    comparison's reason, when the day could not be added. A rollback wants more: the
    whole interval past the margin (`Comparison.is_better_by`).

    Args:
        compared: The replaced version against the release, over the days so far.
        release: The release, and which version it replaced.
        margin: The smallest gain that matters, in units of the metric.
    """
    number = Measurement(
        kind=Kind.COMPARISON,
        metric=f"{compared.metric}_gain",
        version=release.version,
        value=compared.gain,
        lower=compared.lower,
        upper=compared.upper,
        rows=compared.rows,
        reason=compared.reason,
    )
    limit = Limit(high=margin, origin="the smallest gain that matters")
    who = f"version {release.replaced}"
    if compared.gain is None or compared.lower is None or compared.upper is None:
        why = (
            f"not known yet whether {who}, replaced on {release.since}, would have "
            f"done better: {compared.reason}{in_words(compared.changes)}"
        )
        return _finding(number, Verdict.INCONCLUSIVE, why, limit)
    text = (
        f"by {compared.gain:.3f} [{compared.lower:.3f}, {compared.upper:.3f}] in "
        f"{compared.metric} over {_span(compared, release)}{in_words(compared.changes)}"
    )
    if is_worse_by(compared.gain, compared.lower, margin):
        return _finding(
            number, Verdict.BREACH, f"{who} would have done better {text}", limit
        )
    if compared.upper <= margin:
        why = f"{who} would not have done better: {text}"
        return _finding(number, Verdict.OK, why, limit)
    why = f"not known yet whether {who} would have done better: {text}"
    return _finding(number, Verdict.INCONCLUSIVE, why, limit)


def _span(compared: Comparison, release: Release) -> str:
    """Name the days; not all of a release's days need to count."""
    days, first = len(compared.days), min(compared.days, default=release.since)
    if first == release.since:
        return f"{days} days since the release on {first}"
    return f"{days} days since {first}; it was released on {release.since}"


def _finding(
    number: Measurement, verdict: Verdict, reason: str, limit: Limit
) -> Finding:
    return Finding(measurement=number, verdict=verdict, reason=reason, limit=limit)
