"""Labels that are unlike those of the days before, and have been or are gross. Pure."""

from monitoring_tasks.decide.day_facts import DayFacts
from monitoring_tasks.decide.lasting_failures import lasting_failures
from monitoring_tasks.decide.sentences import reason
from monitoring_tasks.decide.symptoms import Diagnosis, LastingCorruption
from monitoring_tasks.domain.decisions import Cause
from monitoring_tasks.domain.findings import Verdict, label_faults_in
from monitoring_tasks.domain.reasons import ReasonCode


def lasting_label_faults(facts: DayFacts) -> tuple[LastingCorruption, ...]:
    """Return in what the labels are unlike the days before, lasting or gross.

    Days whose labels say nothing (fewer than `label_coverage`) neither confirm a fault
    nor end it. What is gross does not wait for a second day.
    """
    failed = label_faults_in((facts.labels and facts.labels.failed) or ())
    policy = facts.contract.policy
    checked = [
        (past.day, past.label_faults)
        for past in facts.history
        if past.verdict is not Verdict.EXCLUDED
        and (past.label_faults or past.label_share >= policy.label_coverage)
    ]
    rule = policy.persistence
    lasting = lasting_failures(failed, checked, rule, day=facts.day)
    told = {fault.check.about for fault in lasting}
    gross = [c for c in failed if c.severity == "critical" and c.about not in told]
    return (
        *lasting,
        *(LastingCorruption(check=c, days=1, onset=facts.day) for c in gross),
    )


def labels_faulty(facts: DayFacts) -> Diagnosis | None:
    """Label quality: the labels moved and neither inputs nor outputs moved along."""
    faults = lasting_label_faults(facts)
    if not faults:
        return None
    first, *others = faults
    return Diagnosis(
        cause=Cause.LABEL_QUALITY,
        reason=reason(
            ReasonCode.LABELS_UNLIKE_BEFORE,
            observed=first.check.observed,
            days=first.days,
            onset=first.onset.isoformat(),
            others=len(others),
        ),
        evidence=tuple(
            f"check/{f.check.gate}/{f.check.name}/{f.check.column}" for f in faults
        ),
    )
