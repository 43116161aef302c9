"""Rows that look damaged in part, for days: a warning that lasts is an incident. Pure.

One such day is a warning and no more, for a day may be odd once; unless a promise is
broken along with it.
"""

from collections.abc import Sequence
from dataclasses import replace

from monitoring_tasks.decide.assess import decisive_findings
from monitoring_tasks.decide.column_roles import is_input_column
from monitoring_tasks.decide.day_facts import DayFacts
from monitoring_tasks.decide.labels import is_told_by_labels
from monitoring_tasks.decide.lasting_failures import lasting_failures
from monitoring_tasks.decide.moved_numbers import inputs_moved, release_at
from monitoring_tasks.decide.persistence import breach_onset
from monitoring_tasks.decide.reproduction import are_reproduced
from monitoring_tasks.decide.symptoms import Diagnosis, LastingCorruption, Symptoms
from monitoring_tasks.domain.damaged_columns import corruption_in
from monitoring_tasks.domain.decisions import Cause, PastDay
from monitoring_tasks.domain.evidence_keys import check_key
from monitoring_tasks.domain.findings import NO_MORE_NULLS, REFERENCE_GATE, Check
from monitoring_tasks.domain.reasons import ReasonCode


def lasting_corruption(facts: DayFacts) -> tuple[LastingCorruption, ...]:
    """Return the statements of today's rows that failed on enough of the latest days.

    The same statement about the same column, against the reference and against days
    that were not damaged. Days without rows that could be checked, and excluded ones,
    are passed over; whichever version served them, the rows are the same.
    """
    return lasting_failures(
        corruption_in(facts.batch.checks),
        [past for past in facts.history if past.has_rows],
        facts.contract.policy.persistence,
        day=facts.day,
        has_failed=_has_damage,
    )


def _has_damage(past: PastDay, check: Check) -> bool:
    """Whether a statement failed, or another one of the same fault.

    What is new about a column is one fault: it may grow from a part of the values to
    all of them.
    """
    is_of_column = check.gate == REFERENCE_GATE and check.is_new
    return check.about in past.corrupted or (
        is_of_column and check.column in past.damaged_columns
    )


def proven_corruption(facts: DayFacts, today: PastDay) -> tuple[LastingCorruption, ...]:
    """Return in what the rows look damaged beyond doubt.

    For days; or inputs on the very day on which labels begin to say that a promise is
    broken: two witnesses of one fault are as good as two days of either. An estimate
    is made of the same rows and is no second witness, nor do damaged outputs or few
    rows say whether the version is to blame.
    """
    lasting, rule = lasting_corruption(facts), facts.contract.policy.persistence
    is_first_bad_day = breach_onset(today, facts.history, rule) == facts.day
    is_told = is_told_by_labels(decisive_findings(facts.findings))
    if lasting or not (is_first_bad_day and is_told):
        return lasting
    return tuple(
        LastingCorruption(check=check, days=1, onset=facts.day)
        for check in corruption_in(facts.batch.checks)
        if is_input_column(check.column, facts.contract)
    )


def corrupted_columns(symptoms: Symptoms) -> Diagnosis | None:
    """Data: values of some columns look damaged, and did before the trouble began.

    Comes before the rule that blames the model: another version may do better on
    damaged rows because it does not read the column, and that is no reason to put it
    back. Missing rows make no version better than another on the rows that are there,
    so only statements about an input count; nor do those that failed long before.
    """
    return _diagnosis(
        [
            lasting
            for lasting in symptoms.corruption
            if is_input_column(lasting.check.column, symptoms.contract)
            and _came_with(lasting, symptoms)
        ],
        symptoms,
    )


def _came_with(lasting: LastingCorruption, symptoms: Symptoms) -> bool:
    """Whether damage was there when the trouble began, and not for long by then."""
    before = (symptoms.onset - lasting.onset).days
    is_recent = before <= symptoms.contract.policy.warnings.long_days
    return before >= 0 and (is_recent or lasting.check.is_new)


def corrupted(symptoms: Symptoms) -> Diagnosis | None:
    """Data: part of the rows has looked damaged for days; no rollback helps.

    Where only scores or decisions do: integration, or the model where that began with
    its release. Not where rows scored again have the same outputs: then the inputs
    made them.
    """
    return _diagnosis(symptoms.corruption, symptoms)


def _diagnosis(
    corruption: Sequence[LastingCorruption], symptoms: Symptoms
) -> Diagnosis | None:
    if not corruption:
        return None
    outputs = symptoms.contract.columns.outputs
    if all(d.check.column in outputs for d in corruption):
        return _of_outputs(corruption, symptoms)
    return _of_rows(corruption, Cause.DATA, symptoms)


def _of_outputs(
    corruption: Sequence[LastingCorruption], symptoms: Symptoms
) -> Diagnosis:
    """Where the inputs are whole, what is made of them is damaged on its way.

    Or by the version that began with it; unless it is what the version gives for them.
    """
    onset = min(d.onset for d in corruption)
    release, _ = release_at(onset, symptoms) or ("", None)
    if release:
        return _of_rows(corruption, Cause.MODEL, symptoms, release=release)
    if not all(_is_reproduced(d.check, symptoms) for d in corruption):
        return _of_rows(corruption, Cause.INTEGRATION, symptoms)
    keys = tuple(check_key(lasting.check) for lasting in corruption)
    # An input that happens to move today made nothing of what was odd before.
    moved = [w for w in symptoms.warnings if w.is_told and w.onset <= onset]
    inputs = inputs_moved(moved, symptoms)
    if inputs is not None:
        return replace(inputs, evidence=(*inputs.evidence, *keys))
    columns = ", ".join(sorted({d.check.column for d in corruption}))
    code, since = ReasonCode.OUTPUTS_FOLLOW_INPUTS, onset.isoformat()
    return Diagnosis.of(Cause.DATA, code, keys, columns=columns, since=since)


def _of_rows(
    corruption: Sequence[LastingCorruption],
    cause: Cause,
    symptoms: Symptoms,
    *,
    release: str = "",
) -> Diagnosis:
    # One sentence for all; the evidence names each.
    first, *others = corruption
    return Diagnosis.of(
        cause,
        ReasonCode.ROWS_CORRUPTED,
        tuple(check_key(lasting.check) for lasting in corruption),
        blamed=release,
        check=first.check.name,
        column=first.check.column,
        days=first.days,
        of_days=symptoms.contract.policy.persistence.of_days,
        observed=first.check.observed,
        others=len(others),
        release=release,
    )


def _is_reproduced(check: Check, symptoms: Symptoms) -> bool:
    """Whether the odd outputs are proven to be what the version gives.

    Rows without any are not among those that are scored again.
    """
    if check.name == NO_MORE_NULLS:
        return False
    rows = symptoms.context.total
    # A statement that counts no rows is about all of them.
    share = check.failing_rows / rows if rows and check.failing_rows else 1.0
    return are_reproduced(symptoms.findings, share=share)
