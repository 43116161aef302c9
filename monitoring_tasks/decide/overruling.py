"""A person's answer about an episode, the machine's own beside it. Pure."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from monitoring_tasks.decide.sentences import reason
from monitoring_tasks.domain.decisions import MAX_REASONS, Cause, Decision
from monitoring_tasks.domain.incident_context import Override
from monitoring_tasks.domain.reasons import ReasonCode


def overruled(
    decision: Decision, overrides: Sequence[Override], *, day: date
) -> Decision:
    """Return the decision as a person overruled it, Daywatch's own kept as evidence.

    A severity that has become graver since stands all the same; a version is put back
    only if the person, too, says that the model is the cause.

    Args:
        decision: What Daywatch decided.
        overrides: What people said of the model's incidents.
        day: The day being decided.
    """
    cause, severity = decision.cause, decision.severity
    if cause is None or severity is None:
        return decision
    override = next((o for o in overrides if o.speaks_of(cause, day)), None)
    if override is None:
        return decision
    # A person spoke of what was known then; what got graver since stands.
    stands = override.severity_for(severity)
    answer = reason(
        ReasonCode.OVERRULED,
        severity=stands.value,
        cause=override.cause.value,
        actor=override.actor,
        reason=override.reason,
    )
    machine = {
        "cause": cause.value,
        "severity": severity.value,
        "rollback_to": decision.rollback_to,
        "incident": override.incident,
    }
    # The person first; what Daywatch found stays readable beside it.
    reasons = (answer.text, f"Daywatch: {decision.reasons[0]}", *decision.reasons[1:])
    return replace(
        decision,
        cause=override.cause,
        severity=stands,
        rollback_to=decision.rollback_to if override.cause is Cause.MODEL else None,
        reasons=reasons[:MAX_REASONS],
        reason_codes=(answer.code, *decision.reason_codes)[:MAX_REASONS],
        evidence={**decision.evidence, "machine": machine},
    )
