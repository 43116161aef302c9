"""What is written down of a drill: plain JSON, from what was asked and seen."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from typing import Any

from monitoring_tasks.domain.evaluations import Evaluation
from monitoring_tasks.domain.findings import Verdict
from monitoring_tasks.operations.drills.fault_catalogue import Fault
from monitoring_tasks.operations.drills.grading import (
    REMEDIES,
    DayAnswer,
    Grade,
    RightAnswer,
)


def fault_record(fault: Fault) -> dict[str, Any]:
    """Begin the record of a fault: what it is and which answer is right."""
    return {
        "fault": fault.name,
        "about": fault.about,
        "size": fault.size,
        "expected": _plain(fault.expected),
    }


def answer_of(row: Evaluation, *, is_faulty: bool) -> DayAnswer:
    """Return what was said of a day.

    Args:
        row: The evaluation of the day.
        is_faulty: Whether the fault was in it.
    """
    return DayAnswer(
        day=row.day,
        is_faulty=is_faulty,
        verdict=row.verdict or Verdict.NO_DATA,
        severity=row.severity,
        cause=row.cause,
        remedy=REMEDIES[row.action.kind if row.action else "none"],
        reason=(row.reasons or ("",))[0],
    )


def answers_record(answers: Sequence[DayAnswer]) -> dict[str, Any]:
    """Return the days that were judged, and the first of them that was faulty."""
    onset = next(answer.day for answer in answers if answer.is_faulty)
    return {"onset": onset.isoformat(), "seen": [_plain(answer) for answer in answers]}


def grade_record(grade: Grade) -> dict[str, Any]:
    """Return whether the answer was right, why, and how soon it came."""
    return {
        "result": "right" if grade.is_right else "wrong",
        "why": grade.why,
        "found_on": grade.found_on and grade.found_on.isoformat(),
        "days_to_find": grade.days_to_find,
    }


def _plain(facts: RightAnswer | DayAnswer) -> dict[str, Any]:
    """Return facts as plain JSON: days as ISO text, sets in a fixed order."""
    return {
        name: sorted(str(member or "none") for member in value)
        if isinstance(value, frozenset)
        else value.isoformat()
        if isinstance(value, date)
        else value
        for name, value in asdict(facts).items()
    }
