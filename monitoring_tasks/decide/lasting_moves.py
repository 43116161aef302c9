"""The cause of numbers that moved far or for long while no promise is broken. Pure."""

from collections.abc import Callable

from monitoring_tasks.decide.column_roles import is_input, is_output
from monitoring_tasks.decide.moved_numbers import (
    Warnings,
    diagnosis_of,
    has_input,
    inputs_jumped,
    moved_at_release,
    outputs_alone,
    release_of,
)
from monitoring_tasks.decide.reproduction import are_reproduced, unlike_outputs
from monitoring_tasks.decide.standing_warnings import warning_key
from monitoring_tasks.decide.symptoms import Diagnosis, Symptoms
from monitoring_tasks.domain.decisions import Cause
from monitoring_tasks.domain.findings import Kind, Verdict
from monitoring_tasks.domain.reasons import ReasonCode

MoveRule = Callable[[Warnings, Symptoms], Diagnosis | None]
"""Names the cause of grave warnings; None where it is another."""


def lasting_move(symptoms: Symptoms) -> Diagnosis | None:
    """Return the cause of numbers that moved far or for long; None where none did."""
    grave = [w for w in symptoms.warnings if w.is_grave]
    answers = (rule(grave, symptoms) for rule in MOVE_RULES)
    return next((answer for answer in answers if answer is not None), None)


def _not_reproduced(grave: Warnings, symptoms: Symptoms) -> Diagnosis | None:
    del symptoms
    return unlike_outputs([w.finding for w in _of_kind(grave, Kind.REPRODUCTION)])


def _segment_lost(grave: Warnings, symptoms: Symptoms) -> Diagnosis | None:
    del symptoms
    lost = _of_kind(grave, Kind.SEGMENT)
    return diagnosis_of(Cause.SEGMENT, ReasonCode.SEGMENT_LOST, lost)


def _inputs_stay(grave: Warnings, symptoms: Symptoms) -> Diagnosis | None:
    # Inputs that moved less explain scores and labels that moved far.
    if not has_input(symptoms):
        return None
    stayed = [w for w in grave if is_input(w.finding, symptoms.contract)] or grave
    effects = symptoms.context.columns
    return diagnosis_of(
        Cause.COVARIATE_DRIFT, ReasonCode.INPUTS_STAY_MOVED, stayed, effects
    )


def _release_alone(grave: Warnings, symptoms: Symptoms) -> Diagnosis | None:
    """Model: rows of a release alone moved, against its own reference.

    Rows of other versions on the same days are as ever: neither the data nor the
    scoring changed, but what is expected of the rows did, or what serves them.
    """
    contract = symptoms.contract
    moved = [
        w
        for w in grave
        if is_input(w.finding, contract) or is_output(w.finding, contract)
    ]
    release = release_of(moved, symptoms)
    if release is None:
        return None
    others = {
        warning_key(f)
        for f in symptoms.findings
        if f.verdict is Verdict.WARN and f.measurement.version != release[0]
    }
    is_its_own = all(
        w.finding.measurement.version == release[0]
        and warning_key(w.finding) not in others
        for w in moved
    )
    return moved_at_release(moved, release) if is_its_own else None


def _too_good(grave: Warnings, symptoms: Symptoms) -> Diagnosis | None:
    """Name where the answer leaks in: by what moved along with the gain.

    Scores that know the answer move, for they are surer of it than they were; where
    neither they nor inputs did, the labels were made from them.
    """
    contract, has_inputs = symptoms.contract, has_input(symptoms)
    has_outputs = any(is_output(w.finding, contract) for w in symptoms.warnings)
    # The version's own scores know the answer from an input alone.
    from_inputs = has_inputs or are_reproduced(symptoms.findings)
    cause = Cause.DATA if from_inputs else Cause.INTEGRATION
    if not (has_inputs or has_outputs):
        cause = Cause.LABEL_QUALITY
    gains = _of_kind(grave, Kind.TOO_GOOD)
    return diagnosis_of(cause, ReasonCode.TOO_GOOD, gains)


def _labels_moved(grave: Warnings, symptoms: Symptoms) -> Diagnosis | None:
    del symptoms
    return diagnosis_of(Cause.LABEL_QUALITY, ReasonCode.LABELS_MOVED, grave)


def _of_kind(warnings: Warnings, kind: Kind) -> Warnings:
    return [w for w in warnings if w.finding.measurement.kind is kind]


MOVE_RULES: tuple[MoveRule, ...] = (
    _not_reproduced,
    _too_good,
    _release_alone,
    inputs_jumped,
    outputs_alone,
    _segment_lost,
    _inputs_stay,
    _labels_moved,
)
"""The order is the policy: what explains more goes before what it explains."""
