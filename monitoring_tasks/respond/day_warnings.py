"""A day that is worth a look and no incident: what there is to tell of it. Pure."""

from datetime import datetime

from monitoring_tasks.domain.decisions import Decision, Severity
from monitoring_tasks.domain.evaluations import Evaluation
from monitoring_tasks.domain.messages import Occasion
from monitoring_tasks.domain.outbox import News
from monitoring_tasks.domain.reasons import ReasonCode
from monitoring_tasks.respond.candidates import is_candidate

SPEAKING = frozenset(
    {
        ReasonCode.LIMIT_CROSSED,
        ReasonCode.ADVISORY_LIMIT_CROSSED,
        ReasonCode.DATA_WARNING,
    }
)
"""Reasons that say what was seen, rather than what could not be told."""


def warning_of(
    evaluation: Evaluation, decision: Decision, *, now: datetime
) -> News | None:
    """Return what there is to tell of a day with a mere warning; None for nothing.

    A breach that may not last is a candidate, of which nobody is told.

    Args:
        evaluation: The day.
        decision: What it means.
        now: When it is told.
    """
    if decision.severity is not Severity.P3 or is_candidate(decision):
        return None
    return News(
        occasion=Occasion.WARNED,
        subject={
            "day": evaluation.day.isoformat(),
            "reasons": _speaking_first(decision),
            "at": now,
        },
        model=evaluation.model,
        severity=Severity.P3,
        at=now,
        key=f"{evaluation.model}:{evaluation.day}:warned",
    )


def _speaking_first(decision: Decision) -> list[str]:
    pairs = list(zip(decision.reason_codes, decision.reasons, strict=False))
    spoken = [text for code, text in pairs if code in SPEAKING]
    return spoken + [text for text in decision.reasons if text not in spoken]
