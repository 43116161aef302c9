from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from monitoring_tasks.domain.regulatory_clocks import CLOCKS, ClockState, LegalClock
from monitoring_tasks.domain.regulatory_events import EventKind, RegulatoryEvent
from monitoring_tasks.domain.regulatory_readings import (
    blocks_closing,
    next_due,
    read_clocks,
)
from monitoring_tasks.domain.regulatory_records import RegulatoryRecord, record_from

K, S = EventKind, ClockState
AWARE = datetime(2027, 3, 10, 12, tzinfo=UTC)
AWARE_THEN = (K.AWARE, {"aware_at": AWARE.isoformat()})
ALL = tuple(clock.id for clock in CLOCKS)


def record(*said: tuple[EventKind, dict[str, Any]]) -> RegulatoryRecord:
    """Return the record that these events make."""
    events = [
        RegulatoryEvent(
            incident="i", kind=kind, at=AWARE, actor="kim", reason="so", detail=detail
        )
        for kind, detail in ((K.OPENED, {"model": "m"}), *said)
    ]
    made = record_from(events)
    assert made is not None
    return made


def answers(**said: str) -> tuple[EventKind, dict[str, Any]]:
    """Return a person's answers."""
    return (K.ASSESSED, said)


def sent(*clocks: str, days: float = 0) -> tuple[EventKind, dict[str, Any]]:
    """Return the note of a submission, so many days after awareness."""
    at = AWARE + timedelta(days=days)
    return (
        K.SUBMISSION_NOTED,
        {"clocks": list(clocks), "submitted_at": at.isoformat()},
    )


def states(made: RegulatoryRecord, days: float = 0) -> dict[str, str]:
    """Return the state of each clock, so many days after awareness."""
    readings = read_clocks(made, AWARE + timedelta(days=days))
    return {reading.clock.id: reading.state.value for reading in readings}


@pytest.mark.parametrize("clock", [c for c in CLOCKS if c.days], ids=lambda c: c.id)
@pytest.mark.parametrize(
    ("more", "state"), [(-1, "running"), (0, "running"), (1, "overdue")]
)
def test_clock_is_overdue_from_the_day_after_its_last(
    clock: LegalClock, more: int, state: str
) -> None:
    """On day n-1 and n it runs, on n+1 it is overdue, whoever has answered nothing."""
    assert states(record(AWARE_THEN), clock.days + more)[clock.id] == state


def test_no_clock_starts_before_somebody_is_aware() -> None:
    """Whatever was answered: the software does not say since when."""
    made = record(answers(death="yes", applicability="applies"))
    assert set(states(made, 99).values()) == {"not_started"}


@pytest.mark.parametrize(
    ("said", "shortest"),
    [
        pytest.param({"organisation_role": "provider"}, "art73-3", id="unanswered"),
        pytest.param(
            {
                "organisation_role": "provider",
                "widespread_infringement": "no",
                "art3_49_b": "no",
                "death": "yes",
            },
            "art73-4",
            id="death",
        ),
        pytest.param(
            {
                "organisation_role": "provider",
                "widespread_infringement": "no",
                "art3_49_b": "yes",
                "death": "yes",
            },
            "art73-3",
            id="several, the shortest",
        ),
        pytest.param(
            {
                "organisation_role": "provider",
                "widespread_infringement": "no",
                "art3_49_b": "no",
                "death": "no",
            },
            "art73-2",
            id="none of them",
        ),
        pytest.param({"organisation_role": "deployer"}, "art26-5", id="deployer"),
    ],
)
def test_shortest_of_the_clocks_that_run_counts(
    said: dict[str, str], shortest: str
) -> None:
    """What nobody has answered, or answered with unknown, runs like a yes."""
    reading = next_due(read_clocks(record(AWARE_THEN, answers(**said)), AWARE))
    assert reading is not None
    assert reading.clock.id == shortest


def test_unknown_is_not_no() -> None:
    """Only a person's no takes a question's clock away, and it can be taken back."""
    made = record(AWARE_THEN, answers(death="unknown"))
    assert states(made)["art73-4"] == "running"
    made = record(AWARE_THEN, answers(death="no"))
    assert states(made)["art73-4"] == "not_triggered"
    made = record(AWARE_THEN, answers(death="no"), answers(death="yes"))
    assert states(made)["art73-4"] == "running"


@pytest.mark.parametrize(("days", "state"), [(15, "met"), (16, "met_late")])
def test_submission_a_person_notes_meets_its_clocks_alone(
    days: int, state: str
) -> None:
    """Late ones are said to be; other clocks run on."""
    made = record(AWARE_THEN, sent("art73-2", days=days))
    assert states(made, 20)["art73-2"] == state
    assert states(made, 20)["art73-4"] == "overdue"


@pytest.mark.parametrize(
    ("said", "text"),
    [
        pytest.param((), "not finished", id="just opened"),
        pytest.param((answers(applicability="applies"),), "not finished", id="applies"),
        pytest.param((answers(applicability="unknown"),), "not finished", id="unknown"),
        pytest.param((answers(applicability="does_not_apply"),), None, id="no"),
        pytest.param((AWARE_THEN,), "art26-5", id="all run"),
        pytest.param(
            (AWARE_THEN, answers(applicability="does_not_apply")),
            "art26-5",
            id="a clock that runs is ended by name",
        ),
        pytest.param((AWARE_THEN, sent(*ALL)), None, id="all met"),
        pytest.param((AWARE_THEN, sent(*ALL[:3])), "art73-2", id="but one"),
        pytest.param(
            (AWARE_THEN, (K.NOT_REQUIRED, {"clocks": list(ALL)})),
            None,
            id="all ended by a person",
        ),
    ],
)
def test_incident_stays_open_while_a_clock_runs(said: Any, text: str | None) -> None:  # noqa: ANN401
    """And while nobody has said whether the Act applies; without a record it may go."""
    assert blocks_closing(None) is None
    held = blocks_closing(record(*said))
    assert (held is None) if text is None else (text in (held or ""))
