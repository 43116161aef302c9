"""The decision about a day whose batch the model cannot be judged by. Pure."""

from monitoring_tasks.decide.day_facts import DayFacts
from monitoring_tasks.decide.evidence import severity_evidence
from monitoring_tasks.decide.impact import unfit_impact
from monitoring_tasks.decide.sentences import headline, reason
from monitoring_tasks.decide.severity import grade
from monitoring_tasks.decide.symptoms import Diagnosis
from monitoring_tasks.domain.decisions import Cause, Decision
from monitoring_tasks.domain.evidence_keys import check_key
from monitoring_tasks.domain.findings import Verdict
from monitoring_tasks.domain.reasons import ReasonCode

INTEGRATION_PROBLEMS = frozenset({"NoDataError", "UnreadableDataError"})
"""Errors that say that nothing usable was delivered, and nothing of the rows."""


def decide_unfit(facts: DayFacts) -> Decision:
    """Decide a day whose batch is missing, broken or could not be checked."""
    problem = facts.problem.to_json()
    could_not_check = facts.batch.verdict is Verdict.ERROR
    verdict = Verdict.ERROR if could_not_check else Verdict.NO_DATA
    code, cause = _why_unfit(facts)
    text = facts.problem.text or facts.batch.reason
    remedy = reason(
        ReasonCode.ROLLBACK_WOULD_NOT_HELP
        if cause is Cause.DATA
        else ReasonCode.MODEL_NOT_IN_QUESTION
    )
    impact = unfit_impact(facts, are_rows_wrong=code is ReasonCode.BATCH_UNFIT)
    graded = grade(impact, facts.contract.policy.severity)
    failed = (c for c in facts.batch.checks if c.status in {"failed", "errored"})
    diagnosis = Diagnosis.of(cause, code, tuple(map(check_key, failed)), text=text)
    first = headline(graded.severity, cause, diagnosis.reason)
    return Decision(
        verdict=verdict,
        performance=verdict,
        confirmed=False,
        severity=graded.severity,
        cause=cause,
        reasons=(first.text, remedy.text),
        reason_codes=(first.code, remedy.code),
        evidence={
            **severity_evidence(graded, impact, diagnosis),
            **({"problem": problem} if problem else {}),
        },
    )


def _why_unfit(facts: DayFacts) -> tuple[ReasonCode, Cause]:
    """Return what is wrong with a batch, and whether with its rows or its delivery.

    Where the outputs alone are unfit, the rows that were scored are not to blame, but
    what scored or delivered them.
    """
    # In this order: a batch that never came cannot have been checked.
    if facts.problem.error in INTEGRATION_PROBLEMS:
        return ReasonCode.BATCH_MISSING, Cause.INTEGRATION
    if facts.batch.verdict is Verdict.ERROR:
        return ReasonCode.BATCH_NOT_CHECKED, Cause.INTEGRATION
    failed = [
        check
        for check in facts.batch.checks
        if check.status == "failed" and check.severity == "critical"
    ]
    outputs = facts.contract.columns.outputs
    is_of_outputs = bool(failed) and all(check.column in outputs for check in failed)
    cause = Cause.INTEGRATION if is_of_outputs else Cause.DATA
    return ReasonCode.BATCH_UNFIT, cause
