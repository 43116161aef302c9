from datetime import timedelta

import pytest

from monitoring_tasks.domain.decisions import Cause
from monitoring_tasks.domain.incidents import Incident, IncidentState, candidate_id
from monitoring_tasks.domain.list_pages import ListPage
from monitoring_tasks.domain.timeline import Entry
from monitoring_tasks.store.database import Database
from monitoring_tasks.store.incident_writes import insert
from monitoring_tasks.store.incidents import Incidents
from tests.builders import DAY, MODEL, NOW, make_incident

S = IncidentState
KIM = Entry(at=NOW, actor="kim", text="looked at it")


@pytest.fixture
def incidents(database: Database) -> Incidents:
    """A list of incidents without one."""
    return Incidents(database)


def write(database: Database, days: int, **parts: object) -> Incident:
    """Write an incident that began so many days after the first."""
    onset = DAY + timedelta(days=days)
    made = make_incident(
        **{"id": f"i{days}", "onset_day": onset, "last_day": onset} | parts
    )
    with database.transaction() as connection:
        insert(connection, made)
    return made


def over(database: Database, days: int, **parts: object) -> Incident:
    """Write one that needs nobody any more."""
    return write(database, days, **{"state": S.CLOSED} | parts)


def test_a_page_has_so_many_and_all_pages_have_all(
    database: Database, incidents: Incidents
) -> None:
    """Newest first; candidates take no place on a page."""
    written = [over(database, days).id for days in range(5)]
    day = DAY + timedelta(days=9)
    candidate = candidate_id(MODEL, day)
    write(database, 9, id=candidate, state=S.CANDIDATE)
    pages = [
        [i.id for i in incidents.find(page=ListPage(rows=2, number=number))]
        for number in (1, 2, 3, 4)
    ]
    assert pages == [["i4", "i3"], ["i2", "i1"], ["i0"], []]
    assert [i.id for i in incidents.find()] == written[::-1]
    assert incidents.find(with_candidates=True)[0].id == candidate


def test_parts_are_those_that_were_merged_into_it(
    database: Database, incidents: Incidents
) -> None:
    """Of any model; a candidate only where it is asked for."""
    whole = over(database, 0)
    for days, model in ((1, MODEL), (2, "other")):
        write(database, days, model=model, state=S.MERGED, merged_into=whole.id)
    day = DAY + timedelta(days=3)
    candidate = candidate_id(MODEL, day)
    write(database, 3, id=candidate, state=S.MERGED, merged_into=whole.id)
    over(database, 4)
    assert [i.id for i in incidents.parts(whole.id)] == ["i2", "i1"]
    with_candidate = incidents.parts(whole.id, with_candidates=True)
    assert with_candidate[0].id == candidate


def test_budget_is_of_late_pages_and_of_what_is_active(
    database: Database, incidents: Incidents
) -> None:
    """What was paged long ago and is over costs nothing any more."""
    week = timedelta(days=7)
    over(database, 0, paged_at=NOW - 2 * week)
    over(database, 1, paged_at=NOW)
    over(database, 2)
    write(database, 3)
    write(database, 4, cause=Cause.DATA, state=S.MITIGATING, paged_at=NOW - 2 * week)
    budgeted = {incident.id for incident in incidents.budgeted(NOW - week)}
    assert budgeted == {"i1", "i3", "i4"}


def test_incidents_are_read_by_their_ids(
    database: Database, incidents: Incidents
) -> None:
    """Those that are there; an unknown one is left out."""
    written = [over(database, days).id for days in range(3)]
    read = [i.id for i in incidents.named([written[0], written[2], "none"])]
    assert read == ["i2", "i0"]


def test_events_of_many_are_those_of_each(
    database: Database, incidents: Incidents
) -> None:
    """In their order; one without any has none."""
    written = [write(database, 0), write(database, 1, cause=Cause.DATA)]
    for text in ("first", "second"):
        incidents.comment(written[0].id, KIM, event=text)
    events = incidents.events_of([incident.id for incident in written])
    assert events == {i.id: incidents.events(i.id) for i in written}
    assert (len(events["i0"]), events["i1"]) == (2, [])
