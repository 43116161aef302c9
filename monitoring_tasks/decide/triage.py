"""Where the trouble comes from: the first pass of the decision tree.

Deterministic, in the order of the branches; every leaf names its evidence. Only
the leaf `model` can lead to a rollback.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from monitoring_tasks.domain.contract import Contract
from monitoring_tasks.domain.evaluations import Cause, Comparison
from monitoring_tasks.domain.findings import Finding, Kind, Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Symptoms:
    """What triage looks at once a breach is confirmed.

    Attributes:
        day: The day being decided.
        version: The version most rows were scored with.
        version_since: First day on which that version served.
        onset: First bad day of the episode.
        findings: The judged numbers of the day.
        comparisons: Other versions on the same rows.
    """

    day: date
    version: str
    version_since: date | None
    onset: date
    findings: Sequence[Finding]
    comparisons: Sequence[Comparison]


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnosis:
    """A cause, why, and the version that would be better, if one is proven."""

    cause: Cause
    reason: str
    rollback_to: str | None = None


def triage(symptoms: Symptoms, contract: Contract) -> Diagnosis:
    """Name the cause of a confirmed performance breach on fit data."""
    policy = contract.policy
    better = _best(symptoms.comparisons, contract)
    is_recent = _is_recent(symptoms, policy.onset_days)
    if better is not None and is_recent:
        return Diagnosis(
            cause=Cause.MODEL,
            reason=(
                f"version {better.version} is better on the same {better.rows} rows: "
                f"{better.metric} {better.other:.3f} against {better.live:.3f}, gain "
                f"{better.gain:.3f} [{better.lower:.3f}, {better.upper:.3f}]; the "
                f"breach began {symptoms.onset}, version {symptoms.version} serves "
                f"since {symptoms.version_since}"
            ),
            rollback_to=better.version,
        )
    if better is not None:
        return Diagnosis(
            cause=Cause.UNDETERMINED,
            reason=(
                f"version {better.version} is better on the same rows, but the breach "
                f"did not begin within {policy.onset_days} days of a known release of "
                f"version {symptoms.version}; a person should decide"
            ),
        )
    measured = [c for c in symptoms.comparisons if c.gain is not None]
    if not measured:
        why = "; ".join(c.reason for c in symptoms.comparisons if c.reason)
        return Diagnosis(
            cause=Cause.UNDETERMINED,
            reason="no other version could be measured on the same rows"
            + (f" ({why})" if why else ""),
        )
    return _world(symptoms)


def _best(comparisons: Sequence[Comparison], contract: Contract) -> Comparison | None:
    """Give the version that is surely better and good enough to serve."""
    margin = contract.policy.versions.margin
    proven = [
        c
        for c in comparisons
        if c.is_better_by(margin) and c.keeps(contract.objectives)
    ]
    return max(proven, key=lambda c: c.lower or 0.0, default=None)


def _is_recent(symptoms: Symptoms, onset_days: int) -> bool:
    since = symptoms.version_since
    return since is not None and (symptoms.onset - since).days <= onset_days


def _world(symptoms: Symptoms) -> Diagnosis:
    drifted = [
        f.measurement.column or f.measurement.metric
        for f in symptoms.findings
        if f.measurement.kind is Kind.DRIFT and f.verdict is Verdict.WARN
    ]
    if drifted:
        return Diagnosis(
            cause=Cause.COVARIATE_DRIFT,
            reason=(
                f"no version does well on the same rows and the inputs moved "
                f"({', '.join(sorted(drifted))}); retrain rather than roll back"
            ),
        )
    return Diagnosis(
        cause=Cause.CONCEPT_DRIFT,
        reason=(
            "no version does well on the same rows and the inputs stayed as they "
            "were: what the features mean has changed; retrain rather than roll back"
        ),
    )
