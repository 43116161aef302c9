"""From everything that is known about a day to one decision. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from monitoring_tasks.decide.assess import (
    Persisted,
    day_verdict,
    lasting_by_any,
    performance_verdict,
)
from monitoring_tasks.decide.severity import data_severity, performance_severity
from monitoring_tasks.decide.triage import Diagnosis, Symptoms, triage
from monitoring_tasks.domain.contract import Contract
from monitoring_tasks.domain.evaluations import (
    Cause,
    Comparison,
    Decision,
    PastDay,
)
from monitoring_tasks.domain.findings import DataVerdict, Finding, Kind, Verdict
from monitoring_tasks.domain.incidents import graver

INTEGRATION_PROBLEMS = frozenset({"NoDataError", "UnreadableDataError"})
MAX_REASONS = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """Everything a decision is made from.

    Attributes:
        day: The day being decided.
        contract: The model's contract.
        version: The version most rows were scored with; empty when there are none.
        data: Whether the batch is fit to judge by.
        problem: Why there is no batch at all: `{error, text}`.
        findings: The judged numbers.
        comparisons: Other versions on the same rows.
        history: Earlier days, oldest first.
        stale_alias: The version consumers should have served but did not, if so.
    """

    day: date
    contract: Contract
    version: str
    data: DataVerdict
    problem: Mapping[str, Any] | None
    findings: Sequence[Finding]
    comparisons: Sequence[Comparison]
    history: Sequence[PastDay]
    stale_alias: str | None = None


def decide(known: Known) -> Decision:
    """Say what a day means: verdict, severity, cause and remedy, with reasons."""
    if known.day in known.contract.policy.excluded_days:
        return Decision(
            verdict=Verdict.EXCLUDED,
            performance=Verdict.EXCLUDED,
            confirmed=False,
            reasons=("the contract excludes this day",),
        )
    if not known.data.is_fit:
        return _unfit(known)
    performance = performance_verdict(known.findings)
    today = PastDay(
        day=known.day,
        version=known.version,
        verdict=performance,
        performance=performance,
    )
    policy = known.contract.policy
    lasting = lasting_by_any(
        today, known.history, (policy.persistence, policy.slow_persistence)
    )
    diagnosis = _diagnose(known, lasting)
    verdict = day_verdict(performance, known.findings)
    severity = performance_severity(
        tier=known.contract.tier,
        confirmed=lasting.confirmed,
        streak=lasting.streak,
        verdict=verdict,
    )
    if known.stale_alias:
        stale = data_severity(tier=known.contract.tier, cause=Cause.INTEGRATION)
        severity = stale if severity is None else graver(severity, stale)
    return Decision(
        verdict=verdict,
        performance=performance,
        confirmed=lasting.confirmed,
        severity=severity,
        cause=diagnosis.cause if diagnosis else None,
        rollback_to=diagnosis.rollback_to if diagnosis else None,
        reasons=_reasons(known, lasting, diagnosis),
        evidence=_evidence(lasting),
    )


def _unfit(known: Known) -> Decision:
    """Decide a day whose batch is missing, broken or could not be checked."""
    problem = known.problem or {}
    is_missing = problem.get("error") in INTEGRATION_PROBLEMS
    could_not_check = known.data.verdict is Verdict.ERROR
    cause = Cause.INTEGRATION if is_missing or could_not_check else Cause.DATA
    verdict = Verdict.ERROR if could_not_check else Verdict.NO_DATA
    text = str(problem.get("text") or known.data.reason)
    label = "no data" if is_missing else "bad data"
    remedy = (
        "a rollback cannot mend this"
        if cause is Cause.DATA
        else "the batch, not the model, needs looking at"
    )
    return Decision(
        verdict=verdict,
        performance=verdict,
        confirmed=False,
        severity=data_severity(tier=known.contract.tier, cause=cause),
        cause=cause,
        reasons=(f"{label}: {text}", remedy),
        evidence={"problem": dict(problem)} if problem else {},
    )


def _diagnose(known: Known, lasting: Persisted) -> Diagnosis | None:
    if known.stale_alias is not None:
        return Diagnosis(
            cause=Cause.INTEGRATION,
            reason=(
                f"the rows were scored with version {known.version} although the alias "
                f"'{known.contract.alias}' stood at {known.stale_alias} all day; "
                "the scoring job does not follow the registry"
            ),
        )
    if not lasting.confirmed or lasting.onset is None:
        return None
    symptoms = Symptoms(
        day=known.day,
        version=known.version,
        version_since=_version_since(known),
        onset=lasting.onset.day,
        findings=known.findings,
        comparisons=known.comparisons,
    )
    return triage(symptoms, known.contract)


def _version_since(known: Known) -> date | None:
    """Give the first day of the unbroken run of days served by today's version.

    Days without predictions do not break the run. None when the run reaches the
    oldest day that is remembered, for then nobody knows when it began.
    """
    since = known.day
    for past in reversed(known.history):
        if past.version not in {known.version, ""}:
            return since
        if past.version == known.version:
            since = past.day
    return None


def _reasons(
    known: Known, lasting: Persisted, diagnosis: Diagnosis | None
) -> tuple[str, ...]:
    reasons = [diagnosis.reason] if diagnosis else []
    if lasting.bad_days and not lasting.confirmed:
        rule = known.contract.policy.persistence
        slow = known.contract.policy.slow_persistence
        reasons.append(
            f"{lasting.bad_days} of the last {lasting.of_days} valid days in breach; "
            f"{rule.bad_days} of {rule.of_days}, or {slow.bad_days} of "
            f"{slow.of_days}, with the latest bad confirm it"
        )
    elif lasting.confirmed:
        reasons.append(
            f"confirmed: {lasting.bad_days} of the last {lasting.of_days} valid days"
        )
    if known.data.verdict is Verdict.WARN:
        reasons.append(f"data: {known.data.reason}")
    loud = [f for f in known.findings if f.verdict is not Verdict.OK]
    reasons += [_sentence(finding) for finding in sorted(loud, key=_loudness)]
    if not reasons:
        reasons = [_sentence(f) for f in known.findings if _is_objective(f)]
    if not any(_is_objective(finding) for finding in known.findings):
        what = "no objective" if known.findings else "nothing"
        reasons.append(f"{what} was measured, so nothing is known to be well")
    return tuple(reasons[:MAX_REASONS])


def _loudness(finding: Finding) -> tuple[bool, bool, str]:
    return (
        finding.verdict is not Verdict.BREACH,
        not _is_objective(finding),
        finding.measurement.column,
    )


def _is_objective(finding: Finding) -> bool:
    return finding.measurement.kind is not Kind.DRIFT


def _sentence(finding: Finding) -> str:
    number = finding.measurement
    about = f" of {number.column}" if number.column else ""
    where = f" ({number.segment})" if number.segment != "all" else ""
    span = f" over {number.horizon} days" if number.horizon > 1 else ""
    return f"{number.kind} {number.metric}{about}{where}{span}: {finding.reason}"


def _evidence(lasting: Persisted) -> dict[str, Any]:
    return {
        "bad_days": lasting.bad_days,
        "of_days": lasting.of_days,
        "onset": lasting.onset.day.isoformat() if lasting.onset else None,
    }
