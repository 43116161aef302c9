from dataclasses import replace
from datetime import date, timedelta

import pytest

from monitoring_tasks.domain.decisions import Cause, Severity
from monitoring_tasks.domain.incidents import Incident, IncidentState
from monitoring_tasks.domain.rollbacks import UNDER_WAY, RollbackState
from monitoring_tasks.domain.timeline import Entry
from monitoring_tasks.errors import IllegalTransitionError
from monitoring_tasks.store.database import Database
from monitoring_tasks.store.incidents import Incidents
from monitoring_tasks.store.journal import Journal
from monitoring_tasks.store.rollbacks import Rollbacks
from tests.builders import DAY, MODEL, NOW, make_incident, make_rollback

S = IncidentState


@pytest.fixture
def incidents(database: Database) -> Incidents:
    """A list of incidents without one."""
    return Incidents(database)


def seen_on(day: date, **parts: object) -> Incident:
    """Return the trouble as it is seen on a day."""
    known = {"id": f"{MODEL}-model-{day}", "onset_day": day, "last_day": day}
    later = NOW + (day - DAY)
    return make_incident(**known | {"opened_at": later} | parts)


def report(incidents: Incidents, seen: Incident) -> Incident:
    """Report the trouble of a day."""
    return incidents.report(seen, text=f"seen on {seen.last_day}", detail={"n": 1})


def names(incidents: Incidents, incident: Incident) -> list[str]:
    """Return the names of the events, in order."""
    return [event["event"] for event in incidents.events(incident.id)]


def close(incidents: Incidents, incident: Incident) -> Incident:
    """Resolve an incident."""
    return incidents.move(
        incident.id, S.RESOLVED, at=NOW + timedelta(days=5), actor="jo", text="done"
    )


TOMORROW = DAY + timedelta(days=1)


def test_first_report_opens_an_incident(incidents: Incidents) -> None:
    """It is stored as it was seen, with one event."""
    opened = report(incidents, seen_on(DAY))
    assert incidents.find() == incidents.active(MODEL) == [opened]
    assert names(incidents, opened) == ["opened"]
    assert incidents.events(opened.id)[0]["detail"] == {"n": 1}


def test_reporting_a_day_again_changes_nothing(incidents: Incidents) -> None:
    """A task that is retried tells nobody anything twice."""
    for day in (DAY, TOMORROW, TOMORROW, DAY):
        report(incidents, seen_on(day))
    (found,) = incidents.find()
    assert (found.onset_day, found.last_day) == (DAY, TOMORROW)
    assert names(incidents, found) == ["opened", f"seen-{TOMORROW}"]


def test_one_incident_is_active_per_cause(incidents: Incidents) -> None:
    """Another cause or another model is another incident."""
    report(incidents, seen_on(DAY))
    report(incidents, seen_on(TOMORROW))
    report(incidents, seen_on(DAY, id="data", cause=Cause.DATA))
    report(incidents, seen_on(DAY, id="other", model="other"))
    assert len(incidents.active(MODEL)) == 2
    assert len(incidents.find()) == 3


@pytest.mark.parametrize(
    ("first", "second", "stands"),
    [("P2", "P1", "P1"), ("P1", "P2", "P1"), ("P0", "P3", "P0")],
)
def test_severity_rises_and_never_falls(
    incidents: Incidents, first: str, second: str, stands: str
) -> None:
    """Only a person makes less of an incident."""
    report(incidents, seen_on(DAY, severity=Severity(first)))
    found = report(incidents, seen_on(TOMORROW, severity=Severity(second)))
    assert found.severity == stands
    assert incidents.find() == [found]


def test_earlier_bad_day_moves_the_onset(incidents: Incidents) -> None:
    """Late labels may show that it began earlier; the last day stays."""
    report(incidents, seen_on(TOMORROW))
    found = report(incidents, seen_on(DAY))
    assert (found.onset_day, found.last_day) == (DAY, TOMORROW)


def test_closed_incident_is_not_opened_by_its_own_days(incidents: Incidents) -> None:
    """A day looked at again after a person closed it is no news."""
    opened = report(incidents, seen_on(DAY))
    report(incidents, seen_on(TOMORROW))
    closed = close(incidents, opened)
    assert report(incidents, seen_on(DAY)) == closed
    assert report(incidents, seen_on(TOMORROW)) == closed
    assert incidents.active(MODEL) == []


def test_new_trouble_after_the_end_is_a_new_incident(incidents: Incidents) -> None:
    """What ended has ended; a later episode stands for itself."""
    close(incidents, report(incidents, seen_on(DAY)))
    later = DAY + timedelta(days=10)
    fresh = report(incidents, seen_on(later))
    assert fresh.onset_day == later
    assert [found.state for found in incidents.find()] == [S.OPEN, S.RESOLVED]


def test_move_is_recorded_with_who_and_why(incidents: Incidents) -> None:
    """The time line says who moved it; being there already is no move."""
    opened = report(incidents, seen_on(DAY))
    moved = [
        incidents.move(opened.id, S.ACKNOWLEDGED, at=NOW, actor="jo", text="on it")
        for _ in range(2)
    ]
    assert moved == [replace(opened, state=S.ACKNOWLEDGED, acknowledged_at=NOW)] * 2
    last = incidents.events(opened.id)[-1]
    assert (last["actor"], last["text"], last["kind"]) == (
        "jo",
        "on it",
        "acknowledged",
    )
    assert len(incidents.events(opened.id)) == 2


def test_events_of_one_instant_are_in_the_order_they_happened(
    incidents: Incidents,
) -> None:
    """Seen, said, done: a task writes all of them at the same instant."""
    opened = report(incidents, seen_on(DAY))
    incidents.note(opened, f"response-{DAY}", at=NOW, text="rolled back")
    for state in (S.MITIGATING, S.MONITORING):
        incidents.move(opened.id, state, at=NOW, actor="daywatch", text="-")
    assert names(incidents, opened) == [
        "opened",
        f"response-{DAY}",
        "0002-mitigating",
        "0003-monitoring",
    ]


def test_illegal_move_is_refused_and_leaves_no_trace(incidents: Incidents) -> None:
    """A closed incident cannot be worked on."""
    opened = close(incidents, report(incidents, seen_on(DAY)))
    before = incidents.events(opened.id)
    with pytest.raises(IllegalTransitionError, match="cannot become mitigating"):
        incidents.move(opened.id, S.MITIGATING, at=NOW, actor="jo", text="-")
    assert (incidents.find(), incidents.events(opened.id)) == ([opened], before)


def test_resolved_incident_may_be_opened_again(incidents: Incidents) -> None:
    """It was not over after all; its time line goes on."""
    opened = report(incidents, seen_on(DAY))
    close(incidents, opened)
    again = incidents.move(opened.id, S.OPEN, at=NOW, actor="jo", text="not over")
    assert incidents.active(MODEL) == [again]


def test_incident_is_not_opened_again_beside_a_new_one(incidents: Incidents) -> None:
    """One active incident per cause holds for people as well."""
    old = report(incidents, seen_on(DAY))
    close(incidents, old)
    report(incidents, seen_on(DAY + timedelta(days=9)))
    with pytest.raises(IllegalTransitionError, match="is active for the same cause"):
        incidents.move(old.id, S.OPEN, at=NOW, actor="jo", text="-")


def test_note_is_written_once(incidents: Incidents) -> None:
    """The same event twice is one line, and the first text stands."""
    opened = report(incidents, seen_on(DAY))
    for text in ("first", "second"):
        incidents.note(opened, "good-1", at=NOW, text=text)
    assert incidents.texts(opened.id, "good-1") == ["first"]
    assert incidents.texts(opened.id, "absent") == []


def test_unknown_incident_cannot_be_moved(incidents: Incidents) -> None:
    """The name is in the error."""
    with pytest.raises(LookupError, match="no incident 'nowhere'"):
        incidents.move("nowhere", S.RESOLVED, at=NOW, actor="jo", text="-")


def says(state: IncidentState, *, actor: str = "kim", hours: int = 0) -> Entry:
    """Return what somebody says, some hours after the rollback was decided."""
    return Entry(at=NOW + timedelta(hours=hours), actor=actor, text=f"it is {state}")


@pytest.mark.parametrize("stands", list(RollbackState))
def test_a_person_does_not_leave_an_alias_that_is_being_moved(
    incidents: Incidents, database: Database, stands: RollbackState
) -> None:
    """Until the move is over or its deadline past; Daywatch itself goes on."""
    opened = report(incidents, seen_on(DAY))
    into = report(incidents, seen_on(DAY, id="into", cause=Cause.DATA))
    Rollbacks(database, Journal(database)).propose(
        make_rollback(state=stands, incident=opened.id), {}
    )
    incidents.take_to(opened.id, S.ACKNOWLEDGED, says(S.ACKNOWLEDGED))
    incidents.take_to(opened.id, S.MITIGATING, says(S.MITIGATING, actor="daywatch"))
    if stands in UNDER_WAY:
        refused = rf"rollback-0+1 is moving .* \({stands}\); wait .* `daywatch approve"
        for state in (S.OPEN, S.RESOLVED, S.FALSE_POSITIVE):
            with pytest.raises(IllegalTransitionError, match=refused):
                incidents.take_to(opened.id, state, says(state, hours=23))
        with pytest.raises(IllegalTransitionError, match=refused):
            incidents.merge(opened.id, into.id, says(S.MERGED, hours=23))
    late = 24 if stands in UNDER_WAY else 0
    left = incidents.take_to(opened.id, S.OPEN, says(S.OPEN, hours=late))
    assert left.state is S.OPEN
