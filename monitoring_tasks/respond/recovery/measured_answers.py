"""What was measured on a day, held against what an incident rests on. Pure."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Protocol

from monitoring_tasks.domain.damaged_columns import corruption_in
from monitoring_tasks.domain.decisions import Cause
from monitoring_tasks.domain.evaluations import Evaluation
from monitoring_tasks.domain.evidence_keys import CHECK
from monitoring_tasks.domain.findings import (
    LOUD,
    REFERENCE_GATE,
    Check,
    Finding,
    Kind,
    Measurement,
    Verdict,
    measurement_of,
)
from monitoring_tasks.domain.incidents import Incident
from monitoring_tasks.domain.metric_table import PROMISED
from monitoring_tasks.domain.volumes import ENOUGH_ROWS
from monitoring_tasks.respond.recovery.day_answers import Answer, Answers, DayAnswer
from monitoring_tasks.respond.recovery.incident_basis import IncidentBasis, name_of

Numbers = Sequence[Finding | Measurement]


class WrittenDay(Protocol):
    """What was written down of a day."""

    @property
    def day(self) -> date:
        """The model's own calendar day."""

    @property
    def evaluation(self) -> Evaluation:
        """What each step has written down of it."""

    @property
    def numbers(self) -> Numbers:
        """Its numbers, judged or not."""


def is_measured(incident: Incident, basis: IncidentBasis) -> bool:
    """Whether the end of an incident hangs on more than how its days performed.

    Args:
        incident: The incident.
        basis: What it rests on.
    """
    return incident.cause is Cause.MODEL or basis.is_moved_alone


def answers_on(
    days: Iterable[WrittenDay],
    incident: Incident,
    basis: IncidentBasis,
    *,
    label_coverage: float,
) -> Answers:
    """Return what was measured on some days of what an incident rests on.

    Days whose batch was not fit to judge by are left out: they say nothing.

    Args:
        days: The days since its last bad one.
        incident: The incident.
        basis: What it rests on.
        label_coverage: Share of the rows that have a label on a mature day.
    """
    blamed = incident.version if incident.cause is Cause.MODEL else ""
    by_day = {
        day.day: answer_of(
            basis,
            blamed,
            numbers=day.numbers,
            checks=day.evaluation.checks,
            is_labelled=day.evaluation.label_share >= label_coverage,
        )
        for day in days
        # What a gate found well about rows that are not all there says nothing.
        if day.evaluation.is_fit
    }
    return Answers(basis=basis, by_day=by_day)


def answer_of(
    basis: IncidentBasis,
    blamed: str,
    *,
    numbers: Numbers,
    checks: Sequence[Check],
    is_labelled: bool,
) -> DayAnswer:
    """Return what the numbers of one day say of what an incident rests on.

    Args:
        basis: What the incident rests on.
        blamed: The version that is to blame; empty where none is. While it serves,
            its own numbers count; then those of what replaced it.
        numbers: Of the day, judged or not.
        checks: What was checked about its rows.
        is_labelled: Whether labels of enough of its rows were known.
    """
    own = [n for n in numbers if blamed and measurement_of(n).version == blamed]
    answers = [
        _of_check(name, checks)
        if name.startswith(CHECK)
        else _of_number(name, own or numbers)
        for name in basis.moved
    ]
    return DayAnswer(
        moved=_together(answers),
        is_blamed_serving=bool(own),
        is_labelled=is_labelled,
    )


def _together(answers: Sequence[Answer]) -> Answer:
    """Good where all are, bad where any is; of nothing nothing is said."""
    if Answer.BAD in answers:
        return Answer.BAD
    is_said = bool(answers) and Answer.NOTHING not in answers
    return Answer.GOOD if is_said else Answer.NOTHING


def _of_number(name: str, numbers: Numbers) -> Answer:
    verdicts = {
        number.verdict
        for number in numbers
        if isinstance(number, Finding) and name_of(number.measurement) == name
    }
    if LOUD & verdicts:
        return Answer.BAD
    is_good = Verdict.OK in verdicts or name in _promised_in(numbers)
    return Answer.GOOD if is_good else Answer.NOTHING


def _promised_in(numbers: Numbers) -> set[str]:
    """Name what the scores of a day promised, which is said only where it warns."""
    estimates: Iterable[Measurement] = (
        m for m in map(measurement_of, numbers) if m.kind is Kind.ESTIMATED
    )
    return {
        f"{Kind.OUTPUT.value}/{PROMISED}{m.metric}/{m.column}/{m.segment}"
        for m in estimates
        if m.value is not None and m.horizon == 1
    }


def _of_check(name: str, checks: Sequence[Check]) -> Answer:
    """Hold a statement against a day: where its gate was asked, it fails or holds.

    A gate names what fails; that nothing does it says once for all columns.
    """
    _, gate, statement, column = name.split("/", 3)
    about = (statement, column)
    if about in {c.about for c in corruption_in(checks) if c.gate == gate}:
        return Answer.BAD
    of_gate = [c for c in checks if c.gate == gate]
    # Of so few rows that gate asks how many there are, and nothing else.
    are_few = any(c.name == ENOUGH_ROWS and c.status == "failed" for c in checks)
    if gate == REFERENCE_GATE and column and are_few:
        return Answer.NOTHING
    is_asked = any(c.status in {"passed", "failed"} for c in of_gate)
    # Something else about the column fails, or it could not be asked.
    is_open = any(
        c.status != "passed"
        and (c.column == column or (c.column == "" and c.status != "failed"))
        for c in of_gate
    )
    return Answer.GOOD if is_asked and not is_open else Answer.NOTHING
