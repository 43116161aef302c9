"""Cause rules for numbers that moved and stay where they are. Pure.

Which numbers moved says where to look: inputs that jumped overnight, scores that moved
while the inputs did not, labels that moved while neither did.
"""

from collections.abc import Sequence
from datetime import timedelta

from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.decide.column_roles import is_input, is_output
from monitoring_tasks.decide.drifted import Effects, summary_of
from monitoring_tasks.decide.reproduction import unlike_outputs
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
    """Integration: scores or decisions moved, and no input did.

    The model is ruled out by then: what turns inputs into what is delivered is not
    the version alone, but the job around it.

    Args:
        symptoms: What is wrong with the day.
        contract: Names the outputs.
    """
    if any(is_input(w.finding, contract) for w in symptoms.warnings):
        return None
    moved = [
        w
        for w in symptoms.warnings
        if w.is_told and is_output(w.finding, contract) and w.onset <= symptoms.onset
    ]
    return _moved_outputs(moved) if moved else None


def lasting_move(
    warnings: Sequence[StandingWarning], contract: Contract, effects: Effects = ()
) -> Diagnosis | None:
    """Return the cause of numbers that moved far or for long, with no promise broken.

    Args:
        warnings: Numbers past their limits that break no promise.
        contract: Names the outputs.
        effects: What the move of each column would cost by itself.

    Returns:
        None where none of them is grave.
    """
    grave = [w for w in warnings if w.is_grave]
    unlike = [
        w.finding for w in grave if w.finding.measurement.kind is Kind.REPRODUCTION
    ]
    if unlike:
        return unlike_outputs(unlike)
    inputs = [w for w in grave if is_input(w.finding, contract)]
    sudden = [w for w in inputs if w.is_sudden]
    if sudden:
        return _jumped(sudden, effects)
    # Inputs that moved less explain scores and labels that moved far.
    if grave and any(is_input(w.finding, contract) for w in warnings):
        stayed = inputs or grave
        return _diagnosis(
            Cause.COVARIATE_DRIFT, ReasonCode.INPUTS_STAY_MOVED, stayed, effects
        )
    outputs = [w for w in grave if is_output(w.finding, contract)]
    if outputs:
        return _moved_outputs(outputs)
    return _moved_labels(grave) if grave else None


def _jumped(warnings: Sequence[StandingWarning], effects: Effects) -> Diagnosis:
    # How far it went overnight; it may have come nearer since.
    ratio = max(w.first_ratio for w in warnings)
    return _diagnosis(
        Cause.DATA, ReasonCode.INPUTS_JUMPED, warnings, effects, ratio=ratio
    )


def _moved_outputs(warnings: Sequence[StandingWarning]) -> Diagnosis:
    return _diagnosis(Cause.INTEGRATION, ReasonCode.OUTPUTS_MOVED, warnings)


def _diagnosis(
    cause: Cause,
    code: ReasonCode,
    warnings: Sequence[StandingWarning],
    effects: Effects = (),
    *,
    ratio: float | None = None,
) -> Diagnosis:
    """Name columns, the day since which they have moved, and how far at most."""
    findings = [w.finding for w in warnings]
    return Diagnosis(
        cause=cause,
        reason=reason(
            code,
            columns=summary_of(findings, effects),
            since=str(min(w.onset for w in warnings)),
            ratio=max(w.ratio for w in warnings) if ratio is None else ratio,
        ),
        evidence=keys_of(findings),
    )


def _moved_labels(warnings: Sequence[StandingWarning]) -> Diagnosis:
    findings = [w.finding for w in warnings]
    return Diagnosis(
        cause=Cause.LABEL_QUALITY,
        reason=reason(
            ReasonCode.LABELS_MOVED,
            metrics=", ".join(sorted({f.measurement.metric for f in findings})),
            since=str(min(w.onset for w in warnings)),
            finding=findings[0].reason,
        ),
        evidence=keys_of(findings),
    )
