"""Whether a day's labels allow to search for weak segments, and what is kept of it."""

from dataclasses import asdict

from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.domain.decisions import Decision
from monitoring_tasks.domain.evaluations import Evaluation
from monitoring_tasks.domain.findings import Verdict
from monitoring_tasks.domain.json_values import JsonObject
from monitoring_tasks.domain.weak_segments import WeakSegments

EVIDENCE = "weak_segments"
"""Under what name a decision keeps them."""


def is_searched(decision: Decision, contract: Contract) -> bool:
    """Whether the segments a version did worst on are searched after a decision.

    Args:
        decision: What the day means.
        contract: Its policy says when they are searched.
    """
    return (
        contract.policy.weak_segments.when != "never"
        and decision.performance is Verdict.BREACH
    )


def unsearchable(evaluation: Evaluation, label_coverage: float) -> WeakSegments | None:
    """Return why a day's rows cannot be searched; None where they can.

    Args:
        evaluation: What is known of the day.
        label_coverage: Share of the rows with a label from which labels are mature.
    """
    if evaluation.version is None or not evaluation.is_fit:
        return WeakSegments(reason="the day's data is not fit to judge a model by")
    if evaluation.label_share < label_coverage:
        why = (
            f"not available before labels: {evaluation.label_share:.0%} of the day's "
            f"are known, {label_coverage:.0%} are needed"
        )
        return WeakSegments(version=evaluation.version, reason=why)
    return None


def as_evidence(weak: WeakSegments) -> JsonObject:
    """Return weak segments as plain JSON."""
    segments = [
        asdict(segment) | {"is_new": segment.is_new} for segment in weak.segments
    ]
    days = [day.isoformat() for day in weak.days]
    return asdict(weak) | {"days": days, "segments": segments}
