"""Hold other versions against the live one, and a release against its past.

Reads through the day; the only file of the folder that does.
"""

from collections.abc import Sequence
from functools import partial

from monitoring_tasks.compare.versions.candidate_comparison import CandidateComparison
from monitoring_tasks.compare.versions.candidates import REMEMBERED_DAYS, candidates_for
from monitoring_tasks.compare.versions.first_day import (
    release_that_begins,
    served_versions,
    with_first_day,
)
from monitoring_tasks.compare.versions.release_comparison import with_release
from monitoring_tasks.compare.versions.release_judgement import (
    is_watched,
    judge_release,
)
from monitoring_tasks.compare.versions.release_watch import ReleaseWatch
from monitoring_tasks.compare.versions.unlabelled_comparison import UnlabelledComparison
from monitoring_tasks.compare.versions.version_comparison import is_comparison_due
from monitoring_tasks.domain.candidates import Candidate
from monitoring_tasks.domain.comparisons import Comparison
from monitoring_tasks.domain.decisions import Decision
from monitoring_tasks.domain.findings import Finding
from monitoring_tasks.domain.releases import Release, ServedDay
from monitoring_tasks.workspace.day import Day
from monitoring_tasks.workspace.labelled_rows import first_served, rows_scored_by
from monitoring_tasks.workspace.release_history import (
    mended_on,
    paired_before,
    registered_candidates,
    served_before,
)


def compare_day_versions(
    day: Day, findings: Sequence[Finding]
) -> tuple[list[Comparison], list[Finding]]:
    """Hold other versions against the live one, and a release against its past.

    Args:
        day: The day; its batch is fit.
        findings: Its judged numbers, which may be what asks for other versions.

    Returns:
        A comparison a version, the release's among them; and what is thought of the
        release, where one is watched.
    """
    contract, champion = day.contract, day.evaluation.version
    is_due, is_watching = is_comparison_due(contract, findings), is_watched(contract)
    if champion is None or not (is_due or is_watching):
        return [], []
    # One read for both: the longer span has the days of the shorter.
    days = max(contract.policy.remembered_days, REMEMBERED_DAYS if is_due else 0)
    served = served_before(day, days=days)
    watch = _release_watch(day)
    release = watch.release(served, champion) if is_watching else None
    comparisons: list[Comparison] = []
    if is_due:
        comparisons = _compare_candidates(day, champion, served, release)
    if release is None:
        return comparisons, []
    released = watch.compare(release).with_remark(day.pooled_sample_remark)
    finding = judge_release(released, release, contract.policy.versions.margin)
    return with_release(comparisons, released, contract), [finding]


def compare_with(
    day: Day, candidates: Sequence[Candidate], *, most: int
) -> list[Comparison]:
    """Compare versions with the live one on the day's pooled rows.

    By their labels on days that have them, else by estimates that have earned trust.

    Args:
        day: The day; days before it that the live version served are pooled with it.
        candidates: Versions to try, most wanted first.
        most: How many of them are measured, >= 1.
    """
    champion = str(day.evaluation.version)
    days = day.contract.policy.versions.pool_days
    comparison = CandidateComparison(
        contract=day.contract,
        first=first_served(day, champion, days=days),
        labelled_rows=partial(day.labelled_rows, champion, days=days, mature=True),
        by_estimate=_unlabelled(day, champion, days=days).compare,
        score=day.score,
    )
    compared = comparison.compare(candidates, most=most)
    return [c.with_remark(day.pooled_sample_remark) for c in compared]


def with_first_day_warnings(day: Day, decision: Decision) -> Decision:
    """Add to the reasons of a release's first day what its reference showed.

    It changes no verdict.

    Args:
        day: The day; where its version served before, nothing is said.
        decision: What the day means so far.
    """
    policy, version = day.contract.policy, day.evaluation.version or ""
    served = served_versions(day.past.evaluations(policy.remembered_days))
    release = release_that_begins(served, version, day.day, policy)
    if release is None:
        return decision
    versions = sorted({version, *(s.version for s in served if s.version)})
    readable = day.readable_references(versions)
    return with_first_day(decision, release, readable, day.contract)


def _compare_candidates(
    day: Day, champion: str, served: Sequence[ServedDay], release: Release | None
) -> list[Comparison]:
    """Try as many versions as the policy allows, the most wanted ones."""
    contract, fallback = day.contract, day.contract.response.fallback
    candidates = candidates_for(
        champion,
        registered_candidates(day),
        served,
        fallback=fallback,
        replaced=release.replaced if release else None,
    )
    # The fallback comes first and must not cost another version its turn.
    most = contract.policy.versions.candidates + (fallback is not None)
    return compare_with(day, candidates, most=most)


def _unlabelled(day: Day, champion: str, *, days: int) -> UnlabelledComparison:
    return UnlabelledComparison(
        contract=day.contract,
        champion=champion,
        trust=lambda metric: day.estimator_trust({metric}),
        served_rows=partial(day.served_rows, champion, days=days),
        reference=day.reference,
        score=day.score,
    )


def _release_watch(day: Day) -> ReleaseWatch:
    return ReleaseWatch(
        contract=day.contract,
        day=day.day,
        paired_days=partial(paired_before, day, metric=day.contract.comparison_metric),
        mended_on=partial(mended_on, day),
        registered=partial(registered_candidates, day),
        rows_of=partial(rows_scored_by, day),
        score=day.score,
    )
