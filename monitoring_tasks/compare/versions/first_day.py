"""What is said on the first day of a release of what its reference showed. Pure.

Whoever registered the version was told; whoever watches it was not.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date

from monitoring_tasks.compare.versions.reference_comparison import unlike_before
from monitoring_tasks.compare.versions.release_judgement import watched_release
from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.contract.policy import Policy
from monitoring_tasks.domain.decisions import Decision
from monitoring_tasks.domain.evaluations import Evaluation
from monitoring_tasks.domain.findings import Verdict
from monitoring_tasks.domain.reasons import ReasonCode
from monitoring_tasks.domain.reference import ReferenceProfile
from monitoring_tasks.domain.releases import Release, ServedDay

EVIDENCE = "first_day"
"""Under what name a decision keeps what the reference of a new version showed."""


def served_versions(evaluations: Iterable[Evaluation]) -> list[ServedDay]:
    """Return which version served each decided day, in the order given.

    Args:
        evaluations: Days before, oldest first.
    """
    return [
        ServedDay(
            day=evaluation.day,
            version=evaluation.version or "",
            in_breach=evaluation.performance is Verdict.BREACH,
        )
        for evaluation in evaluations
        if evaluation.decision
    ]


def release_that_begins(
    served: list[ServedDay], version: str, day: date, policy: Policy
) -> Release | None:
    """Return the release whose first day a day is; a version that is put back is none.

    Args:
        served: The days before, oldest first.
        version: The version that serves the day; empty for none.
        day: The day.
        policy: How far back days are remembered.
    """
    release = watched_release(
        served, version, day, policy, stands_as_worse=lambda _: False
    )
    return release if release is not None and release.since == day else None


def with_first_day(
    decision: Decision,
    release: Release,
    references: Mapping[str, ReferenceProfile],
    contract: Contract,
) -> Decision:
    """Add to the reasons of a release's first day what its reference showed.

    It changes no verdict: references are of different weeks.

    Args:
        decision: What the day means so far.
        release: The release, and which version it replaced.
        references: Of the versions that served lately, by version, this one's too.
        contract: The metric versions are compared by, the margin, the sizes.

    Returns:
        The decision as it was where a reference lacks or nothing is to be said.
    """
    own, replaced = references.get(release.version), references.get(release.replaced)
    if own is None or replaced is None:
        return decision
    earlier = [of for version, of in references.items() if version != release.version]
    warnings = list(unlike_before(own, replaced, earlier, contract))
    if not warnings:
        return decision
    text = (
        f"first day of version {release.version} after version {release.replaced}; "
        f"before it served: {'; '.join(warnings)}"
    )
    told = decision.with_reason(ReasonCode.NEW_VERSION_UNLIKE, text)
    return replace(told, evidence={**told.evidence, EVIDENCE: warnings})
