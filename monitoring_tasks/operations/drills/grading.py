"""What a drill asks of the judgement, and whether the answer was right. Pure.

A drill puts a known fault into healthy days and lets the real judgement look at them.
What faults there are stands in `fault_catalogue.py`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from monitoring_tasks.domain.decisions import Cause, Severity
from monitoring_tasks.domain.findings import Verdict


class Remedy(StrEnum):
    """What a day's answer asks for, whatever the mode let come of it."""

    NONE = "none"
    INCIDENT = "incident"
    ROLLBACK = "rollback"


REMEDIES: Mapping[str, Remedy] = {
    "none": Remedy.NONE,
    "verified": Remedy.NONE,
    "incident": Remedy.INCIDENT,
    "would_open_incident": Remedy.INCIDENT,
    "proposed": Remedy.ROLLBACK,
    "refused": Remedy.ROLLBACK,
    "rollback": Remedy.ROLLBACK,
    "would_rollback": Remedy.ROLLBACK,
}
"""What the kind of an action asks for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RightAnswer:
    """What the judgement has to say of a fault.

    Attributes:
        verdicts: Verdicts that are right on a day that asks for something; on every
            faulty day if nothing may be asked for.
        causes: Causes that are right on such a day.
        remedies: What may be asked for.
        within_days: Faulty days within which something must be asked for; None when
            it need not be.
    """

    verdicts: frozenset[Verdict]
    causes: frozenset[Cause | None]
    remedies: frozenset[Remedy]
    within_days: int | None = None

    @property
    def is_quiet(self) -> bool:
        """Whether nothing may be asked for."""
        return self.remedies == {Remedy.NONE}


@dataclass(frozen=True, slots=True, kw_only=True)
class DayAnswer:
    """What the judgement said of one day of a drill.

    Attributes:
        day: The calendar day.
        is_faulty: Whether the fault was in it.
        verdict: The day's verdict.
        severity: How much it matters; None when nobody must act.
        cause: Where the trouble comes from, if it was said.
        remedy: What was asked for.
        reason: The most important sentence.
    """

    day: date
    is_faulty: bool
    verdict: Verdict
    severity: Severity | None
    cause: Cause | None
    remedy: Remedy
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Grade:
    """Whether the judgement was right about a fault.

    Attributes:
        is_right: Whether it was.
        why: One sentence.
        found_on: First faulty day on which something was asked for.
        days_to_find: Which faulty day that was, counted from 1.
    """

    is_right: bool
    why: str
    found_on: date | None = None
    days_to_find: int | None = None


def grade(expected: RightAnswer, days: Sequence[DayAnswer]) -> Grade:
    """Hold what was seen against the right answer.

    Wrong is: something was asked for before the fault began; a fault that must be
    found was not, or too late; a day that asks for something names another verdict,
    cause or remedy than the right ones. If nothing may be asked for, every faulty day
    is held against the right answer.

    Args:
        expected: The right answer.
        days: What was seen, in order; at least one day is faulty.

    Raises:
        ValueError: If no day is faulty: then nothing was tried.
    """
    faulty = [answer for answer in days if answer.is_faulty]
    if not faulty:
        msg = "a drill without a faulty day tries nothing"
        raise ValueError(msg)
    requests = [answer for answer in faulty if answer.remedy is not Remedy.NONE]
    found_on = requests[0].day if requests else None
    days_to_find = faulty.index(requests[0]) + 1 if requests else None
    fault = (
        _alarmed_early(days)
        or _missed(expected, days_to_find, faulty=len(faulty))
        or _answered_wrong(expected, faulty if expected.is_quiet else requests)
    )
    return Grade(
        is_right=not fault,
        why=fault or _praise(days_to_find),
        found_on=found_on,
        days_to_find=days_to_find,
    )


def _alarmed_early(days: Sequence[DayAnswer]) -> str:
    for answer in days:
        if not answer.is_faulty and answer.remedy is not Remedy.NONE:
            return f"{answer.day}, before the fault: {answer.remedy} ({answer.reason})"
    return ""


def _missed(expected: RightAnswer, days_to_find: int | None, *, faulty: int) -> str:
    if expected.within_days is None:
        return ""
    if days_to_find is None:
        return f"no action was called for on any of {faulty} faulty days"
    if days_to_find > expected.within_days:
        within = expected.within_days
        return f"found on faulty day {days_to_find}, expected by day {within}"
    return ""


def _answered_wrong(expected: RightAnswer, held: Sequence[DayAnswer]) -> str:
    """Name the gravest of what was answered wrong: a remedy first, a verdict last."""
    for field, right in (
        ("remedy", expected.remedies),
        ("cause", expected.causes),
        ("verdict", expected.verdicts),
    ):
        for answer in held:
            given = getattr(answer, field)
            if given not in right:
                right_words = " or ".join(
                    sorted(str(value or "none") for value in right)
                )
                return (
                    f"{answer.day}: {field} {given or 'none'}, expected {right_words}"
                )
    return ""


def _praise(days_to_find: int | None) -> str:
    if days_to_find is None:
        return "no action was called for"
    return f"found on faulty day {days_to_find}"
