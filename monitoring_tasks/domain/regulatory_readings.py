"""How the clocks of a regulatory record stand, and whether they hold the incident open.

Only what people said stops a clock: a submission they note, a question they answer with
no, or their word that it is not required. No legal advice.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from monitoring_tasks.domain.regulatory_clocks import (
    CLOCKS,
    OPEN,
    ClockState,
    Due,
    LegalClock,
    due_of,
)
from monitoring_tasks.domain.regulatory_records import (
    DOES_NOT_APPLY,
    NO,
    UNASSESSED,
    YES,
    RegulatoryRecord,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockReading:
    """How a clock of a record stands at an instant.

    Attributes:
        clock: The clock.
        state: How it stands.
        trigger: `yes`, `no` or `unassessed`, by what people answered.
        due: Until when; None while nobody said since when somebody is aware.
    """

    clock: LegalClock
    state: ClockState
    trigger: str
    due: Due | None = None

    @property
    def is_open(self) -> bool:
        """Whether it still runs, in time or not."""
        return self.state in OPEN


def read_clocks(record: RegulatoryRecord, now: datetime) -> tuple[ClockReading, ...]:
    """Return how every clock stands; one nobody has answered runs like the others.

    Args:
        record: The record.
        now: The instant; aware.
    """
    return tuple(_reading(record, clock, now) for clock in CLOCKS)


def _reading(
    record: RegulatoryRecord, clock: LegalClock, now: datetime
) -> ClockReading:
    trigger, aware_at = trigger_of(record, clock), record.aware_at
    due = None if aware_at is None else due_of(clock, aware_at)
    state = _state(record, clock, due, now)
    return ClockReading(clock=clock, state=state, trigger=trigger, due=due)


def trigger_of(record: RegulatoryRecord, clock: LegalClock) -> str:
    """Say whether people's answers trigger a clock; `unassessed` unless all say no.

    Args:
        record: The record.
        clock: The clock.
    """
    if clock.is_deployers:
        role = record.answer("organisation_role")
        return {"provider": NO, "deployer": YES, "both": YES}.get(role, UNASSESSED)
    answers = {record.answer(question) for question in clock.questions}
    if not answers or YES in answers:
        return YES
    return NO if answers == {NO} else UNASSESSED


def _state(
    record: RegulatoryRecord, clock: LegalClock, due: Due | None, now: datetime
) -> ClockState:
    if clock.id in record.not_required:
        return ClockState.NOT_REQUIRED
    if due is None:
        return ClockState.NOT_STARTED
    sent = [
        datetime.fromisoformat(said.value["submitted_at"])
        for said in record.submissions
        if clock.id in said.value["clocks"]
    ]
    if sent:
        # What is due immediately has no hour at which it was too late.
        in_time = clock.days == 0 or min(sent) <= due.at
        return ClockState.MET if in_time else ClockState.MET_LATE
    if trigger_of(record, clock) == NO:
        return ClockState.NOT_TRIGGERED
    return ClockState.OVERDUE if now > due.at else ClockState.RUNNING


def next_due(readings: Iterable[ClockReading]) -> ClockReading | None:
    """Return the shortest of the clocks that run; None where none does."""
    running = [reading for reading in readings if reading.is_open and reading.due]
    return min(running, key=_due_at, default=None)


def _due_at(reading: ClockReading) -> datetime:
    assert reading.due is not None  # noqa: S101 (an open clock has one)
    return reading.due.at


def blocks_closing(record: RegulatoryRecord | None) -> str | None:
    """Say why the incident may not be closed yet; None where nothing holds it.

    An incident without a record is held by nothing. One with a record is held while a
    clock runs, in time or not, and while nobody has said whether the Act applies.

    Args:
        record: The record of the incident, from `record_from`; None without one.
    """
    if record is None:
        return None
    # Whether it is late does not matter here, so any instant will do.
    running = next_due(read_clocks(record, record.opened_at))
    if running is not None and running.due is not None:
        return (
            f"the regulatory clock {running.clock.id} (Article {running.clock.article})"
            f" of {record.incident} runs, due {running.due.day}: note the submission, "
            "or have a person say why it is not required"
        )
    if record.aware is None and record.answer("applicability") != DOES_NOT_APPLY:
        return (
            f"the regulatory record of {record.incident} is not finished: nobody has "
            "said that the Act does not apply, or since when somebody is aware"
        )
    return None
