"""The cause of numbers that moved far or for long while no promise is broken. Pure."""

from collections.abc import Callable, Sequence

from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.decide.column_roles import is_input, is_output
from monitoring_tasks.decide.moved_numbers import (
    diagnosis_of,
    inputs_jumped,
    moved_at_release,
    outputs_moved,
    release_at,
)
from monitoring_tasks.decide.reproduction import are_reproduced, unlike_outputs
from monitoring_tasks.decide.standing_warnings import StandingWarning
from monitoring_tasks.decide.symptoms import Diagnosis, Symptoms
from monitoring_tasks.domain.decisions import Cause
from monitoring_tasks.domain.findings import Kind, Measurement, Verdict
from monitoring_tasks.domain.reasons import ReasonCode

Warnings = Sequence[StandingWarning]
MoveRule = Callable[[Warnings, Symptoms, Contract], Diagnosis | None]
"""Names the cause of grave warnings; None where it is another."""


def lasting_move(symptoms: Symptoms, contract: Contract) -> Diagnosis | None:
    """Return the cause of numbers that moved far or for long, with no promise broken.

    Args:
        symptoms: What is wrong with the day; its warnings break no promise.
        contract: Names the outputs.

    Returns:
        None where none of them is grave.
    """
    grave = [w for w in symptoms.warnings if w.is_grave]
    answers = (rule(grave, symptoms, contract) for rule in MOVE_RULES)
    return next((answer for answer in answers if answer is not None), None)


def _not_reproduced(
    grave: Warnings, symptoms: Symptoms, contract: Contract
) -> Diagnosis | None:
    del symptoms, contract
    findings = [w.finding for w in grave]
    unlike = [f for f in findings if f.measurement.kind is Kind.REPRODUCTION]
    return unlike_outputs(unlike) if unlike else None


def _inputs_jumped(
    grave: Warnings, symptoms: Symptoms, contract: Contract
) -> Diagnosis | None:
    sudden = [w for w in grave if w.is_sudden and is_input(w.finding, contract)]
    return inputs_jumped(sudden, symptoms.context.columns) if sudden else None


def _outputs_alone(
    grave: Warnings, symptoms: Symptoms, contract: Contract
) -> Diagnosis | None:
    if any(is_input(w.finding, contract) for w in symptoms.warnings):
        return None
    outputs = [w for w in grave if is_output(w.finding, contract)]
    return outputs_moved(outputs, symptoms, contract) if outputs else None


def _segment_lost(
    grave: Warnings, symptoms: Symptoms, contract: Contract
) -> Diagnosis | None:
    del symptoms, contract
    lost = [w for w in grave if w.finding.measurement.kind is Kind.SEGMENT]
    if not lost:
        return None
    code, finding = ReasonCode.SEGMENT_LOST, lost[0].finding.reason
    return diagnosis_of(Cause.SEGMENT, code, lost, finding=finding)


def _inputs_stay(
    grave: Warnings, symptoms: Symptoms, contract: Contract
) -> Diagnosis | None:
    # Inputs that moved less explain scores and labels that moved far.
    if not grave or not any(is_input(w.finding, contract) for w in symptoms.warnings):
        return None
    stayed = [w for w in grave if is_input(w.finding, contract)] or grave
    effects = symptoms.context.columns
    return diagnosis_of(
        Cause.COVARIATE_DRIFT, ReasonCode.INPUTS_STAY_MOVED, stayed, effects
    )


def _release_alone(
    grave: Warnings, symptoms: Symptoms, contract: Contract
) -> Diagnosis | None:
    """Model: rows of a release alone moved, against its own reference.

    Rows of other versions on the same days are as ever: neither the data nor the
    scoring changed, but what is expected of the rows did, or what serves them.
    """
    moved = [
        w
        for w in grave
        if is_input(w.finding, contract) or is_output(w.finding, contract)
    ]
    if not moved:
        return None
    release = release_at(min(w.onset for w in moved), symptoms, contract)
    if release is None:
        return None
    others = {
        _about(f.measurement)
        for f in symptoms.findings
        if f.verdict is Verdict.WARN and f.measurement.version != release[0]
    }
    is_its_own = all(
        w.finding.measurement.version == release[0]
        and _about(w.finding.measurement) not in others
        for w in moved
    )
    return moved_at_release(moved, release) if is_its_own else None


def _about(number: Measurement) -> tuple[str, str, str, str]:
    return (number.kind.value, number.metric, number.column, number.segment)


def _too_good(
    grave: Warnings, symptoms: Symptoms, contract: Contract
) -> Diagnosis | None:
    """Name where the answer leaks in: by what moved along with the gain.

    Scores that know the answer move; labels that were made from decisions move alone.
    """
    gains = [w for w in grave if w.finding.measurement.kind is Kind.TOO_GOOD]
    if not gains:
        return None
    warnings = symptoms.warnings
    has_inputs = any(is_input(w.finding, contract) for w in warnings)
    has_outputs = any(is_output(w.finding, contract) for w in warnings)
    has_labels = any(w.finding.measurement.kind is Kind.OUTCOME for w in warnings)
    # The version's own scores know the answer from an input alone.
    from_inputs = has_inputs or are_reproduced(symptoms.findings)
    cause = Cause.DATA if from_inputs else Cause.INTEGRATION
    if has_labels and not (has_inputs or has_outputs):
        cause = Cause.LABEL_QUALITY
    code = ReasonCode.TOO_GOOD
    return diagnosis_of(cause, code, gains, finding=gains[0].finding.reason)


def _labels_moved(
    grave: Warnings, symptoms: Symptoms, contract: Contract
) -> Diagnosis | None:
    del symptoms, contract
    if not grave:
        return None
    code, finding = ReasonCode.LABELS_MOVED, grave[0].finding.reason
    return diagnosis_of(Cause.LABEL_QUALITY, code, grave, finding=finding)


MOVE_RULES: tuple[MoveRule, ...] = (
    _not_reproduced,
    _too_good,
    _release_alone,
    _inputs_jumped,
    _outputs_alone,
    _segment_lost,
    _inputs_stay,
    _labels_moved,
)
"""The order is the policy: what explains more goes before what it explains."""
