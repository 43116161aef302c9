"""Labels that are unlike those of the days before, and have been or are gross. Pure."""

from collections.abc import Sequence

from monitoring_tasks.decide.day_facts import DayFacts
from monitoring_tasks.decide.labels import is_told_by_labels
from monitoring_tasks.decide.lasting_failures import lasting_failures
from monitoring_tasks.decide.lost_predictions import predictions_lost
from monitoring_tasks.decide.symptoms import Diagnosis, LastingCorruption, Symptoms
from monitoring_tasks.domain.decisions import Cause
from monitoring_tasks.domain.evidence_keys import check_key
from monitoring_tasks.domain.findings import Check, Verdict
from monitoring_tasks.domain.label_summary import LEVELS
from monitoring_tasks.domain.orphans import BELONG
from monitoring_tasks.domain.reasons import ReasonCode

SEVERAL = 2
"""Values of a column that rows are exchanged between, at least."""


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
        symptoms,
    )


def labels_faulty(facts: DayFacts) -> Diagnosis | None:
    """Label quality: the labels moved and neither inputs nor outputs moved along.

    Integration where they only lack predictions, which are known to be lost; data where
    rows have another value of a segment's column than they should.
    """
    return _diagnosis(lasting_label_faults(facts), facts)


def _diagnosis(
    faults: Sequence[LastingCorruption], facts: DayFacts
) -> Diagnosis | None:
    """Return what the faults come from: labels, lost predictions, mixed up values."""
    if not faults:
        return None
    lost = facts.context.lost_predictions
    if lost is not None and any(fault.check.name == BELONG for fault in faults):
        return predictions_lost(lost)
    keys = tuple(check_key(fault.check) for fault in faults)
    first, *others = faults
    column = _mixed_up_column(facts.label_faults)
    if column:
        return Diagnosis.of(
            Cause.DATA,
            ReasonCode.VALUES_MIXED_UP,
            keys,
            column=column,
            observed=first.check.observed,
            others=len(others),
        )
    return Diagnosis.of(
        Cause.LABEL_QUALITY,
        ReasonCode.LABELS_UNLIKE_BEFORE,
        keys,
        observed=first.check.observed,
        days=first.days,
        onset=first.onset.isoformat(),
        others=len(others),
    )


def _mixed_up_column(failed: Sequence[Check]) -> str:
    """Name the column whose values rows have exchanged; empty where there is none.

    Labels that are wrong in one part of the rows move those of all rows along. Where
    labels of several values of a column moved and those of all rows did not, nor those
    of any other column's, the values lie on other rows than they should.
    """
    columns = {check.column.partition("=")[0] for check in failed}
    are_levels = all(check.name in LEVELS for check in failed)
    is_one = len(columns) == 1 and are_levels and len(failed) >= SEVERAL
    return columns.pop() if is_one else ""
