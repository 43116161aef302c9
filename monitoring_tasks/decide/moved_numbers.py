"""Cause rules of a breach for numbers that moved along, and what they all say. Pure.

Which numbers moved says where to look: inputs that jumped overnight, scores that moved
while the inputs did not, labels that moved while neither did.
"""

from collections.abc import Sequence
from datetime import date, timedelta

from monitoring_tasks.decide.column_roles import is_input, is_output
from monitoring_tasks.decide.drifted import Effects, summary_of
from monitoring_tasks.decide.reproduction import are_reproduced
from monitoring_tasks.decide.standing_warnings import StandingWarning
from monitoring_tasks.decide.symptoms import Diagnosis, Symptoms
from monitoring_tasks.domain.decisions import Cause
from monitoring_tasks.domain.evidence_keys import keys_of
from monitoring_tasks.domain.reasons import ReasonCode

Warnings = Sequence[StandingWarning]


def jumped_inputs(symptoms: Symptoms) -> Diagnosis | None:
    """Data: inputs went far past their limits overnight, and the trouble came with it.

    A season moves inputs over weeks; what moves them between one day and the next is
    how they are made, delivered or joined. When it lies: a new price list, a holiday,
    a campaign. They pass, or are known.
    """
    soon = timedelta(days=symptoms.contract.policy.warnings.long_days)
    along = [
        w for w in symptoms.warnings if timedelta() <= symptoms.onset - w.onset <= soon
    ]
    return inputs_jumped(along, symptoms)


def moved_outputs(symptoms: Symptoms) -> Diagnosis | None:
    """Integration: scores or decisions moved, and no input did; model, at a release.

    No version is proven to be the cause by then: what turns inputs into what is
    delivered is not the version alone, but the job around it. Where rows scored again
    have the same outputs it is the inputs, though none of them shows it.
    """
    rule = symptoms.contract.policy.persistence
    # A move may show as many days after the trouble as the rule lets pass.
    latest = symptoms.onset + timedelta(days=rule.of_days - rule.bad_days)
    along = [w for w in symptoms.warnings if w.is_told and w.onset <= latest]
    return outputs_alone(along, symptoms)


def release_at(onset: date, symptoms: Symptoms) -> tuple[str, date] | None:
    """Return the version that began to serve on a day or shortly before, and when.

    The latest one, if several did; a part of the rows is enough.

    Args:
        onset: First day of what is to be explained.
        symptoms: Since when versions serve; of whom nobody knows it began long ago.
    """
    soon = timedelta(days=symptoms.contract.policy.warnings.long_days)
    releases = dict(symptoms.context.releases)
    if symptoms.version_since is not None:
        releases[symptoms.version] = symptoms.version_since
    recent = [
        (version, since)
        for version, since in releases.items()
        if timedelta() <= onset - since < soon
    ]
    return max(recent, key=lambda release: release[::-1], default=None)


def release_of(moved: Warnings, symptoms: Symptoms) -> tuple[str, date] | None:
    """Return the release that numbers began to move with; None where none is known.

    A single day blames no version: only numbers that stand say when it began.
    """
    onset = min((w.onset for w in moved if w.stands), default=None)
    return None if onset is None else release_at(onset, symptoms)


def inputs_jumped(warnings: Warnings, symptoms: Symptoms) -> Diagnosis | None:
    """Return the diagnosis of inputs that went far overnight; None where none did."""
    jumped = [w for w in _of_inputs(warnings, symptoms) if w.is_sudden]
    effects = symptoms.context.columns
    # How far it went overnight; it may have come nearer since.
    ratio = max((w.first_ratio for w in jumped), default=None)
    return diagnosis_of(
        Cause.DATA, ReasonCode.INPUTS_JUMPED, jumped, effects, ratio=ratio
    )


def inputs_moved(warnings: Warnings, symptoms: Symptoms) -> Diagnosis | None:
    """Return the diagnosis of inputs that moved; None where none did."""
    moved = _of_inputs(warnings, symptoms)
    cause, code = Cause.COVARIATE_DRIFT, ReasonCode.INPUTS_STAY_MOVED
    return inputs_jumped(moved, symptoms) or diagnosis_of(
        cause, code, moved, symptoms.context.columns
    )


def outputs_alone(warnings: Warnings, symptoms: Symptoms) -> Diagnosis | None:
    """Return the diagnosis of outputs that moved; None where none or an input did.

    Args:
        warnings: Among which outputs are looked for.
        symptoms: What is wrong with the day, inputs that moved included.
    """
    moved = [w for w in warnings if is_output(w.finding, symptoms.contract)]
    if not moved or has_input(symptoms):
        return None
    release = release_of(moved, symptoms)
    if release is not None:
        return moved_at_release(moved, release)
    if not are_reproduced(symptoms.findings):
        return diagnosis_of(Cause.INTEGRATION, ReasonCode.OUTPUTS_MOVED, moved)
    # Faults come overnight, seasons do not.
    is_sudden = any(w.is_sudden for w in moved)
    cause = Cause.DATA if is_sudden else Cause.COVARIATE_DRIFT
    return diagnosis_of(cause, ReasonCode.OUTPUTS_FOLLOW_INPUTS, moved)


def has_input(symptoms: Symptoms) -> bool:
    """Whether some input has moved."""
    return bool(_of_inputs(symptoms.warnings, symptoms))


def _of_inputs(warnings: Warnings, symptoms: Symptoms) -> Warnings:
    return [w for w in warnings if is_input(w.finding, symptoms.contract)]


def moved_at_release(warnings: Warnings, release: tuple[str, date]) -> Diagnosis | None:
    """Return the diagnosis of numbers that moved as a version began to serve.

    Args:
        warnings: Such numbers, at least one.
        release: The version, and its first day.
    """
    version, since = release
    return diagnosis_of(
        Cause.MODEL,
        ReasonCode.MOVED_AT_RELEASE,
        warnings,
        blamed=version,
        version=version,
        released=str(since),
    )


def diagnosis_of(
    cause: Cause,
    code: ReasonCode,
    warnings: Warnings,
    effects: Effects = (),
    *,
    ratio: float | None = None,
    blamed: str = "",
    **said: str,
) -> Diagnosis | None:
    """Return a diagnosis of what moved, since when and how far; None for nothing.

    Args:
        cause: The cause.
        code: Of its reason.
        warnings: What moved.
        effects: What the move of each column would cost by itself.
        ratio: How far; the largest of the warnings where nothing is said.
        blamed: The version that is to blame; empty for none.
        said: What else the sentence of the reason needs.
    """
    if not warnings:
        return None
    findings = [w.finding for w in warnings]
    return Diagnosis.of(
        cause,
        code,
        keys_of(findings),
        blamed=blamed,
        columns=summary_of(findings, effects),
        since=str(min(w.onset for w in warnings)),
        ratio=max(w.ratio for w in warnings) if ratio is None else ratio,
        finding=findings[0].reason,
        **said,
    )
