"""Cause rules that ask whether another version is better on the same rows. Pure.

Only `model_cause` can lead to a rollback.
"""

from datetime import date

from monitoring_tasks.contract.objectives import best_proven, keeps_promises
from monitoring_tasks.decide.assess import judged_as
from monitoring_tasks.decide.symptoms import Diagnosis, Symptoms
from monitoring_tasks.domain.comparisons import Basis, Comparison
from monitoring_tasks.domain.decisions import Cause
from monitoring_tasks.domain.evidence_keys import comparison_key, keys_of
from monitoring_tasks.domain.findings import Kind, Verdict
from monitoring_tasks.domain.reasons import ReasonCode
from monitoring_tasks.rows.names import ALL


def model_cause(symptoms: Symptoms) -> Diagnosis | None:
    """Model: another version is better on the same rows, soon after a release.

    Or the release's own days say that it is worse, and no version is proven yet.
    """
    # On the same rows: what the day brought, it brought to both versions.
    better = best_version(symptoms)
    if better is None:
        return _worse_release(symptoms)
    since = _released_before(symptoms)
    if since is None:
        return None
    return Diagnosis.of(
        Cause.MODEL,
        ReasonCode.VERSION_BETTER,
        _evidence(better, symptoms),
        rollback_to=better.version,
        better=better,
        by="by estimate " if better.basis is Basis.ESTIMATED else "",
        onset=str(symptoms.onset),
        served=symptoms.version,
        since=str(since),
    )


def better_without_release(symptoms: Symptoms) -> Diagnosis | None:
    """Undetermined: another version is better, and nothing was released by then.

    Comes once damage and moves are ruled out: on outputs that are not the version's
    own, or on inputs that broke, any other version looks better.
    """
    better = best_version(symptoms)
    if better is None:
        return None
    return Diagnosis.of(
        Cause.UNDETERMINED,
        ReasonCode.BETTER_VERSION_NO_RELEASE,
        _evidence(better, symptoms),
        better=better.version,
        most_days=symptoms.contract.policy.onset_days,
        version=symptoms.version,
    )


def _released_before(symptoms: Symptoms) -> date | None:
    """Return the release that a breach may be blamed on, if one came shortly before.

    A version that served well for weeks did not become bad by itself.
    """
    since, policy = symptoms.version_since, symptoms.contract.policy
    if since is None or (symptoms.onset - since).days > policy.onset_days:
        return None
    return since


def _evidence(better: Comparison, symptoms: Symptoms) -> tuple[str, ...]:
    return (comparison_key(better.version), *keys_of(symptoms.scope.broken))


def _worse_release(symptoms: Symptoms) -> Diagnosis | None:
    """Model: the release is surely worse than what it replaced; no rollback yet.

    That takes the whole interval past the margin, not past 0.
    """
    worse = judged_as(symptoms.findings, Kind.COMPARISON, Verdict.BREACH)[:1]
    if not worse:
        return None
    return Diagnosis.of(
        Cause.MODEL,
        ReasonCode.RELEASE_WORSE,
        keys_of(worse),
        text=worse[0].reason,
        margin=symptoms.contract.policy.versions.margin,
    )


def unsettled_release(symptoms: Symptoms) -> Diagnosis | None:
    """Undetermined: a new version, and nobody knows whether another one is better.

    A version that served well for longer than a release can be blamed is not the cause.
    """
    most_days = symptoms.contract.policy.onset_days
    if best_version(symptoms) or symptoms.days_before_onset > most_days:
        return None
    # Not proven is not disproven: a small day may hide a bad release.
    perhaps = [c for c in symptoms.comparisons if _may_explain(c, symptoms)]
    if symptoms.is_measured and not perhaps:
        return None
    broken = keys_of(symptoms.scope.broken)
    if not perhaps:
        unmeasured = [c.reason for c in symptoms.comparisons if c.reason]
        code = ReasonCode.NO_VERSION_MEASURED
        return Diagnosis.of(Cause.UNDETERMINED, code, broken, why=unmeasured)
    best = max(perhaps, key=lambda c: c.upper or 0.0)
    return Diagnosis.of(
        Cause.UNDETERMINED,
        ReasonCode.VERSION_MAY_BE_BETTER,
        (*(comparison_key(c.version) for c in perhaps), *broken),
        best=best,
    )


def best_version(symptoms: Symptoms) -> Comparison | None:
    """Return the version that is surely better and good enough to serve, if any."""
    contract = symptoms.contract
    margin = contract.policy.versions.margin
    return best_proven(symptoms.comparisons, contract.objectives, margin=margin)


def _may_explain(comparison: Comparison, symptoms: Symptoms) -> bool:
    """Whether the release may have cost `explained_share` of the loss, and a margin.

    As far as the interval reaches; a version that would break the objectives as well
    explains nothing. A loss nobody knows may be as small as the margin.
    """
    objectives, policy = symptoms.contract.objectives, symptoms.contract.policy
    if comparison.upper is None or not keeps_promises(comparison, objectives):
        return False
    losses = [
        effect.realized
        for effect in symptoms.context.effects
        if (effect.version, effect.metric, effect.segment)
        == (symptoms.version, comparison.metric, ALL)
        and effect.realized is not None
    ]
    least = policy.severity.explained_share * max(losses, default=0.0)
    return comparison.upper > max(least, policy.versions.margin)
