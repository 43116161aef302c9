"""Cause rules for numbers that moved and stay where they are. Pure.

Which numbers moved says where to look: inputs that jumped overnight, scores that moved
while the inputs did not, labels that moved while neither did.
"""

from collections.abc import Sequence
from datetime import date, timedelta

from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.decide.column_roles import is_input, is_output
from monitoring_tasks.decide.drifted import Effects, summary_of
from monitoring_tasks.decide.sentences import reason
from monitoring_tasks.decide.standing_warnings import StandingWarning
from monitoring_tasks.decide.symptoms import Diagnosis, Symptoms, keys_of
from monitoring_tasks.domain.decisions import Cause
from monitoring_tasks.domain.findings import Kind
from monitoring_tasks.domain.reasons import ReasonCode


def jumped_inputs(symptoms: Symptoms, contract: Contract) -> Diagnosis | None:
    """Data: inputs went far past their limits overnight, and the trouble came with it.

    A season moves inputs over weeks; what moves them between one day and the next is
    how they are made, delivered or joined. When it lies: a new price list, a holiday,
    a campaign. They pass, or are known.

    Args:
        symptoms: What is wrong with the day.
        contract: Says how long after a jump a breach is blamed on it.
    """
    soon = timedelta(days=contract.policy.warnings.long_days)
    jumped = [
        w
        for w in symptoms.warnings
        if w.is_sudden
        and is_input(w.finding, contract)
        and timedelta() <= symptoms.onset - w.onset <= soon
    ]
    if not jumped:
        return None
    return _jumped(jumped, symptoms.context.columns)


def moved_outputs(symptoms: Symptoms, contract: Contract) -> Diagnosis | None:
    """Integration: scores or decisions moved, and no input did; model, at a release.

    No version is proven to be the cause by then: what turns inputs into what is
    delivered is not the version alone, but the job around it.

    Args:
        symptoms: What is wrong with the day.
        contract: Names the outputs; a move may show as many days after the trouble as
            `policy.persistence` lets pass.
    """
    if any(is_input(w.finding, contract) for w in symptoms.warnings):
        return None
    rule = contract.policy.persistence
    latest = symptoms.onset + timedelta(days=rule.of_days - rule.bad_days)
    moved = [
        w
        for w in symptoms.warnings
        if w.is_told and is_output(w.finding, contract) and w.onset <= latest
    ]
    return _moved_outputs(moved, symptoms, contract) if moved else None


def lasting_move(symptoms: Symptoms, contract: Contract) -> Diagnosis | None:
    """Return the cause of numbers that moved far or for long, with no promise broken.

    Args:
        symptoms: What is wrong with the day; its warnings break no promise.
        contract: Names the outputs.

    Returns:
        None where none of them is grave.
    """
    warnings, effects = symptoms.warnings, symptoms.context.columns
    grave = [w for w in warnings if w.is_grave]
    inputs = [w for w in grave if is_input(w.finding, contract)]
    sudden = [w for w in inputs if w.is_sudden]
    if sudden:
        return _jumped(sudden, effects)
    gains = [w for w in grave if w.finding.measurement.kind is Kind.TOO_GOOD]
    if gains:
        return _too_good(gains, warnings, contract)
    has_inputs = any(is_input(w.finding, contract) for w in warnings)
    outputs = [w for w in grave if is_output(w.finding, contract)]
    if outputs and not has_inputs:
        return _moved_outputs(outputs, symptoms, contract)
    lost = [w for w in grave if w.finding.measurement.kind is Kind.SEGMENT]
    if lost:
        code, finding = ReasonCode.SEGMENT_LOST, lost[0].finding.reason
        return _diagnosis(Cause.SEGMENT, code, lost, finding=finding)
    # Inputs that moved less explain scores and labels that moved far.
    if grave and has_inputs:
        stayed = inputs or grave
        return _diagnosis(
            Cause.COVARIATE_DRIFT, ReasonCode.INPUTS_STAY_MOVED, stayed, effects
        )
    return _moved_labels(grave) if grave else None


def release_at(
    onset: date, symptoms: Symptoms, contract: Contract
) -> tuple[str, date] | None:
    """Return the version that began to serve on a day or shortly before, and when.

    The latest one, if several did; a part of the rows is enough.

    Args:
        onset: First day of what is to be explained.
        symptoms: Since when versions serve; of whom nobody knows it began long ago.
        contract: Says how long after a release a move is blamed on it.
    """
    soon = timedelta(days=contract.policy.warnings.long_days)
    releases = dict(symptoms.context.releases)
    if symptoms.version_since is not None:
        releases[symptoms.version] = symptoms.version_since
    recent = [
        (version, since)
        for version, since in releases.items()
        if timedelta() <= onset - since < soon
    ]
    return max(recent, key=lambda release: release[::-1], default=None)


def _jumped(warnings: Sequence[StandingWarning], effects: Effects) -> Diagnosis:
    # How far it went overnight; it may have come nearer since.
    ratio = max(w.first_ratio for w in warnings)
    return _diagnosis(
        Cause.DATA, ReasonCode.INPUTS_JUMPED, warnings, effects, ratio=ratio
    )


def _moved_outputs(
    warnings: Sequence[StandingWarning], symptoms: Symptoms, contract: Contract
) -> Diagnosis:
    release = release_at(min(w.onset for w in warnings), symptoms, contract)
    if release is not None:
        return _diagnosis(
            Cause.MODEL,
            ReasonCode.OUTPUTS_MOVED_AT_RELEASE,
            warnings,
            version=release[0],
            released=str(release[1]),
        )
    return _diagnosis(Cause.INTEGRATION, ReasonCode.OUTPUTS_MOVED, warnings)


def _too_good(
    gains: Sequence[StandingWarning],
    warnings: Sequence[StandingWarning],
    contract: Contract,
) -> Diagnosis:
    """Name where the answer leaks in: by what moved along with the gain.

    Scores that know the answer move; labels that were made from decisions move alone.
    """
    has_inputs = any(is_input(w.finding, contract) for w in warnings)
    has_outputs = any(is_output(w.finding, contract) for w in warnings)
    has_labels = any(w.finding.measurement.kind is Kind.OUTCOME for w in warnings)
    cause = Cause.DATA if has_inputs else Cause.INTEGRATION
    if has_labels and not (has_inputs or has_outputs):
        cause = Cause.LABEL_QUALITY
    code = ReasonCode.TOO_GOOD
    return _diagnosis(cause, code, gains, finding=gains[0].finding.reason)


def _diagnosis(
    cause: Cause,
    code: ReasonCode,
    warnings: Sequence[StandingWarning],
    effects: Effects = (),
    *,
    ratio: float | None = None,
    **said: str,
) -> Diagnosis:
    """Name what moved, the day since which it has, and how far at most."""
    findings = [w.finding for w in warnings]
    return Diagnosis(
        cause=cause,
        reason=reason(
            code,
            columns=summary_of(findings, effects),
            since=str(min(w.onset for w in warnings)),
            ratio=max(w.ratio for w in warnings) if ratio is None else ratio,
            **said,
        ),
        evidence=keys_of(findings),
    )


def _moved_labels(warnings: Sequence[StandingWarning]) -> Diagnosis:
    code, finding = ReasonCode.LABELS_MOVED, warnings[0].finding.reason
    return _diagnosis(Cause.LABEL_QUALITY, code, warnings, finding=finding)
