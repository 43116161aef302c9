"""What a day says of an incident, by numbers of the kind it rests on. Pure.

Labels answer what labels told, outputs what outputs told. What is silent answers
nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from monitoring_tasks.domain.decisions import Cause, PastDay
from monitoring_tasks.domain.findings import LOUD, Verdict
from monitoring_tasks.domain.incidents import Incident
from monitoring_tasks.respond.recovery.incident_basis import (
    UNKNOWN_BASIS,
    IncidentBasis,
)

BREAKS_NOTHING = frozenset(
    {Verdict.OK, Verdict.INCONCLUSIVE, Verdict.IMMATURE, Verdict.NO_DATA}
)
"""Performance that says nothing against a day on which what had moved is well again."""


class Answer(StrEnum):
    """What a day says of an incident."""

    GOOD = "good"
    BAD = "bad"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True, kw_only=True)
class DayAnswer:
    """What the numbers of one day say of what an incident rests on.

    Attributes:
        moved: `good` where all that had moved was measured and lies within its limits,
            `bad` where some of it is past them.
        is_blamed_serving: Whether the blamed version scored any of its rows.
        is_labelled: Whether labels of enough of its rows were known.
    """

    moved: Answer = Answer.NOTHING
    is_blamed_serving: bool = False
    is_labelled: bool = False


SILENT = DayAnswer()
"""Of a day whose numbers were not asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """What an incident rests on, and what days since say of that.

    Attributes:
        basis: What it rests on.
        by_day: What the numbers of each day say.
    """

    basis: IncidentBasis = UNKNOWN_BASIS
    by_day: Mapping[date, DayAnswer] = field(default_factory=dict)

    def of(self, past: PastDay) -> DayAnswer:
        """Return what the numbers of a day say; nothing where nobody asked."""
        return self.by_day.get(past.day, SILENT)


NO_ANSWERS = Answers()
"""Where only the performance of days is known."""


def is_still_blamed(incident: Incident, past: PastDay, answers: Answers) -> bool:
    """Whether a day was served, in part at least, by a version that is to blame.

    None is on the guess of a single day: a good one after it shows that it was odd.

    Args:
        incident: The incident.
        past: The day.
        answers: What it rests on, and which versions scored the rows of the day.
    """
    is_its_version = past.version == incident.version
    is_serving = is_its_version or answers.of(past).is_blamed_serving
    is_blamed = incident.cause is Cause.MODEL and not answers.basis.is_guess
    return is_blamed and is_serving


def says_of(incident: Incident, past: PastDay, answers: Answers) -> Answer:
    """Return what a day says of an incident.

    Args:
        incident: The incident.
        past: A day after its last bad one.
        answers: What it rests on, and what the numbers of days say of that.
    """
    moved = _said_by_moved(past, answers)
    is_broken = past.performance in LOUD or moved is Answer.BAD
    if is_broken or is_damaged_again(incident, past, answers.basis):
        return Answer.BAD
    if is_shown_by_performance(incident, past, answers):
        return Answer.GOOD
    return moved


def is_damaged_again(incident: Incident, past: PastDay, basis: IncidentBasis) -> bool:
    """Whether rows of a day look damaged in what an incident is about.

    However they do, where it is about data; else as they did when it was opened.

    Args:
        incident: The incident.
        past: A day after its last bad one; an excluded one says nothing.
        basis: What it rests on.
    """
    is_about_data = incident.cause is Cause.DATA
    damage = past.corrupted if is_about_data else past.corrupted & basis.statements
    return past.has_rows and bool(damage)


def is_shown_by_performance(
    incident: Incident, past: PastDay, answers: Answers
) -> bool:
    """Whether promises that are kept show that the trouble of an incident is over.

    Of a version that is to blame and serves they do not: it may be worse than the one
    before; labels have to show that it is not. Nor do estimates where outputs moved or
    were damaged, whatever the cause: they are made from these outputs.

    Args:
        incident: The incident.
        past: A day after its last bad one.
        answers: What it rests on, and what the numbers of days say of that.
    """
    if past.performance is not Verdict.OK:
        return False
    if is_still_blamed(incident, past, answers):
        return past.version == incident.version and past.is_release_sound
    basis = answers.basis
    is_gone = incident.cause is Cause.MODEL
    if basis.is_moved_alone and basis.has_outputs and not is_gone:
        # Labels do not show whose outputs they are.
        return answers.of(past).is_labelled and not basis.is_not_reproduced
    return True


def _said_by_moved(past: PastDay, answers: Answers) -> Answer:
    """Return what numbers say of an incident that rests on nothing but numbers."""
    is_asked = answers.basis.is_moved_alone and past.performance in BREAKS_NOTHING
    moved = answers.of(past).moved if is_asked else Answer.NOTHING
    is_excused = moved is Answer.BAD and _is_known_good(past, answers.basis)
    return Answer.NOTHING if is_excused else moved


def _is_known_good(past: PastDay, basis: IncidentBasis) -> bool:
    """Whether a day's own labels show that inputs which stay moved lose nothing.

    Outputs are another matter: that no harm shows does not make them the version's.
    """
    shown = past.warnings
    return not basis.has_outputs and shown.is_good_for(shown.rows)
