"""What was found about the live version on the day a move rests on. Pure."""

from collections.abc import Mapping, Sequence
from datetime import date

from monitoring_tasks.domain.decisions import FROM_LABELS
from monitoring_tasks.domain.evaluations import Evaluation
from monitoring_tasks.domain.findings import Finding, Kind, Measurement, Verdict
from monitoring_tasks.domain.trust import EstimatorTrust, TrustKey, TrustVerdict
from monitoring_tasks.domain.units import Mode
from monitoring_tasks.respond.guard_facts import JudgedDay


def judged_day(
    evaluation: Evaluation, *, doubt: str, live_since: date | None
) -> JudgedDay:
    """Return what the guards ask about a day.

    Args:
        evaluation: The day, decided.
        doubt: See `doubt_of`.
        live_since: See `first_day_of_run`.
    """
    return JudgedDay(
        day=evaluation.day,
        mode=evaluation.mode,
        confirmed=bool(evaluation.confirmed),
        doubt=doubt,
        cause=evaluation.cause,
        data=Verdict(evaluation.data_verdict or Verdict.NO_DATA),
        onset=evaluation.onset,
        live_since=live_since,
        is_told_by_labels=bool(evaluation.evidence.get(FROM_LABELS)),
    )


def only_estimated_breaches(findings: Sequence[Finding]) -> list[Measurement]:
    """Return the estimates in breach; none where a number from labels is as well."""
    broken = [f.measurement for f in findings if f.verdict is Verdict.BREACH]
    estimated = [m for m in broken if m.kind is Kind.ESTIMATED]
    return estimated if len(estimated) == len(broken) else []


def doubt_of(
    estimated: Sequence[Measurement], trust: Mapping[TrustKey, EstimatorTrust]
) -> str:
    """Return why estimates alone are not enough to act on; empty when they are.

    One estimate whose estimator proved right is enough.

    Args:
        estimated: Estimates in breach, with no number from labels beside them.
        trust: How far each estimator may be believed.
    """
    if not estimated:
        return ""
    judged = [trust.get((m.version, m.segment, m.metric)) for m in estimated]
    if any(t and t.verdict is TrustVerdict.TRUSTED for t in judged):
        return ""
    named = ", ".join(sorted({m.metric for m in estimated}))
    return f"only by estimates ({named}) that were never proven right"


def first_day_of_run(
    evaluations: Sequence[Evaluation], version: str | None
) -> date | None:
    """Return the first day of the version's unbroken run at the end of some days.

    Args:
        evaluations: One a day, oldest first. Days without a version break nothing.
        version: The version whose run it is.

    Returns:
        None where its beginning is not seen.
    """
    first = None
    for evaluation in reversed(evaluations):
        if evaluation.version not in {version, None}:
            return first
        if evaluation.version == version:
            first = evaluation.day
    return None


def newer_live_evaluation(
    evaluation: Evaluation, evaluations: Sequence[Evaluation]
) -> Evaluation | None:
    """Return the live evaluation that judged the day anew since; None without one.

    What was decided then may not be what would be decided now: the newer one decides.

    Args:
        evaluation: The one a move rests on.
        evaluations: The newest decided ones of the day.
    """
    for newer in evaluations:
        if newer.mode == Mode.LIVE and newer.as_of > evaluation.as_of:
            return newer
    return None
