"""A release beside the version it replaced, on the rows of each of its first days.

Pure: the rows and what the days before said are handed in.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from monitoring_tasks.compare.versions.release_course import course_of, looks
from monitoring_tasks.compare.versions.release_judgement import paired_day, pool
from monitoring_tasks.compare.versions.version_comparison import (
    ScoreRows,
    compare_versions,
)
from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.contract.objectives import best_proven
from monitoring_tasks.contract.policy import Policy
from monitoring_tasks.domain.candidates import Candidate
from monitoring_tasks.domain.comparisons import Comparison
from monitoring_tasks.domain.releases import PairedDay, Release
from monitoring_tasks.rows.sampling import hash_sample

if TYPE_CHECKING:
    import pandas as pd


def why_not_comparable(release: Release, registered: Sequence[Candidate]) -> str:
    """Say why the replaced version cannot be held against the release; empty if it can.

    Args:
        release: The release, and which version it replaced.
        registered: Every registered version.
    """
    replaced = [c for c in registered if c.version == release.replaced]
    if not replaced:
        return "it is not registered any more"
    if not replaced[0].is_untouched(release.since):
        return replaced[0].why_unfair(release.since)
    return ""


def measure_release_day(
    rows: "pd.DataFrame",
    release: Release,
    contract: Contract,
    *,
    day: date,
    score: ScoreRows,
) -> Comparison:
    """Measure one day by itself; without a gain, and with a reason, if it cannot be.

    A day takes part when its labels are mature and it is neither excluded nor too
    small; the others are left out, and on such a day nothing is concluded.

    Args:
        rows: The day's rows that the release scored, with the labels known so far.
        release: The release, and which version it replaced.
        contract: The columns, the metric and the policy.
        day: The day.
        score: Scores rows with registered versions.
    """
    labelled = rows[rows[contract.columns.label].notna()]
    why = _why_not_measured(len(rows), len(labelled), contract, day=day)
    if why:
        return without_gain(release, contract, why)
    most = contract.policy.versions.release.rows
    sample = hash_sample(labelled, contract.columns.id, most)
    return compare_versions(
        sample, [release.replaced], contract, days=(day,), score=score
    )[0]


def _why_not_measured(
    rows: int, labelled: int, contract: Contract, *, day: date
) -> str:
    policy = contract.policy
    if day in policy.excluded_days:
        return "the contract excludes this day"
    if labelled < policy.label_coverage * rows:
        return f"{labelled} of {rows} labels are known, too few to compare by"
    if labelled < policy.min_rows:
        return f"{labelled} labelled rows are fewer than the {policy.min_rows} needed"
    return ""


def without_gain(release: Release, contract: Contract, reason: str) -> Comparison:
    """Return the comparison of a release on a day that could not be measured.

    Args:
        release: The release, and which version it replaced.
        contract: Says which metric versions are compared by.
        reason: Why there is no gain; empty where it is filled in later.
    """
    return Comparison(
        version=release.replaced, metric=contract.comparison_metric, reason=reason
    )


def pool_release_days(
    today: Comparison,
    before: Sequence[PairedDay],
    release: Release,
    contract: Contract,
) -> Comparison:
    """Add a measured day to those before it; the day itself where it has no gain.

    Args:
        today: The day by itself.
        before: The release's measured days before it, oldest first.
        release: The release.
        contract: The rule they are added up by, and days that do not count.

    Returns:
        The comparison over the days that count (`release_course`); protected groups,
        and where both decide otherwise, as today has them.
    """
    policy = contract.policy
    own = paired_day(today, confidence=policy.confidence)
    # Nothing is concluded on a day that could not be measured itself.
    if own is None:
        return today
    course = course_of([*counted_days(before, policy), own], policy)
    pooled = pool(
        without_gain(release, contract, ""),
        course.days,
        policy.versions.release,
        watch_days=looks(course.days, policy),
    )
    return replace(
        pooled,
        groups=today.groups,
        unmeasured=today.unmeasured,
        changes=today.changes,
    )


def counted_days(days: Sequence[PairedDay], policy: Policy) -> list[PairedDay]:
    """Leave out the days the contract excludes."""
    return [day for day in days if day.day not in policy.excluded_days]


def with_release(
    comparisons: Sequence[Comparison], released: Comparison, contract: Contract
) -> list[Comparison]:
    """Put a release's comparison beside those of a day in breach.

    Of two comparisons of a version the later in the list counts (`best_proven`, and
    what a rollback goes by). That is the one on the rows all candidates were measured
    on: the best is chosen by one ruler. Where none of them is proven on those, a
    proven comparison over the days of the release stands for its version: it rests on
    more days. What each protected group would have of it is taken from where more rows
    were pooled.

    Args:
        comparisons: Of the day in breach; empty on any other day.
        released: Of the version that was replaced, over the days of the release.
        contract: Its margin says what is better, its objectives what is good enough.
    """
    margin = contract.policy.versions.margin
    proven = best_proven(comparisons, contract.objectives, margin=margin)
    if proven is not None or not released.is_better_by(margin):
        return [released, *comparisons]
    same = [c for c in comparisons if c.version == released.version]
    widest = next((comparison for comparison in same if comparison.groups), released)
    others = [c for c in comparisons if c.version != released.version]
    return [
        *others,
        replace(released, groups=widest.groups, unmeasured=widest.unmeasured),
    ]
