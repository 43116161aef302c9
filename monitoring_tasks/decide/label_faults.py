"""Labels that are unlike those of the days before, and have been or are gross. Pure."""

from collections.abc import Sequence

from monitoring_tasks.decide.day_facts import DayFacts
from monitoring_tasks.decide.labels import is_told_by_labels
from monitoring_tasks.decide.lasting_failures import lasting_failures
from monitoring_tasks.decide.lost_predictions import predictions_lost
from monitoring_tasks.decide.symptoms import Diagnosis, LastingCorruption, Symptoms
from monitoring_tasks.domain.decisions import Cause
from monitoring_tasks.domain.evidence_keys import check_key
from monitoring_tasks.domain.findings import Verdict
from monitoring_tasks.domain.incident_context import IncidentContext
from monitoring_tasks.domain.orphans import BELONG
from monitoring_tasks.domain.reasons import ReasonCode


def lasting_label_faults(facts: DayFacts) -> tuple[LastingCorruption, ...]:
    """Return in what the labels are unlike the days before, lasting or beyond doubt.

    Days whose labels say nothing (fewer than `label_coverage`) neither confirm a fault
    nor end it. What is gross does not wait for a second day.
    """
    failed, policy = facts.label_faults, facts.contract.policy
    checked = [
        past
        for past in facts.history
        if past.verdict is not Verdict.EXCLUDED
        and (past.label_faults or past.label_share >= policy.label_coverage)
    ]
    lasting = lasting_failures(
        failed,
        checked,
        policy.persistence,
        day=facts.day,
        has_failed=lambda past, check: check.about in past.label_faults,
    )
    told = {fault.check.about for fault in lasting}
    gross = [c for c in failed if c.severity == "critical" and c.about not in told]
    return (
        *lasting,
        *(LastingCorruption(check=c, days=1, onset=facts.day) for c in gross),
    )


def faulty_labels(symptoms: Symptoms) -> Diagnosis | None:
    """Label quality: labels are unlike the days before, and the trouble came with it.

    Comes before the rule that blames the model: on labels that are wrong another
    version may look better, and that is no reason to put it back. A release that is
    truly worse does not move the labels away from what the days before had.
    """
    if not is_told_by_labels(symptoms.scope.broken):
        return None
    return _diagnosis(
        [
            fault
            for fault in symptoms.lasting_label_faults
            if fault.onset <= symptoms.onset or fault.check.severity == "critical"
        ],
        symptoms.context,
    )


def labels_faulty(facts: DayFacts) -> Diagnosis | None:
    """Label quality: the labels moved and neither inputs nor outputs moved along.

    Integration where they only lack predictions, which are known to be lost.
    """
    return _diagnosis(lasting_label_faults(facts), facts.context)


def _diagnosis(
    faults: Sequence[LastingCorruption], context: IncidentContext
) -> Diagnosis | None:
    """Return what the faults come from: the labels, or predictions that were lost."""
    if not faults:
        return None
    lost = context.lost_predictions
    if lost is not None and any(fault.check.name == BELONG for fault in faults):
        return predictions_lost(lost)
    first, *others = faults
    return Diagnosis.of(
        Cause.LABEL_QUALITY,
        ReasonCode.LABELS_UNLIKE_BEFORE,
        tuple(check_key(fault.check) for fault in faults),
        observed=first.check.observed,
        days=first.days,
        onset=first.onset.isoformat(),
        others=len(others),
    )
