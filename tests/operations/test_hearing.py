from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from monitoring_tasks.domain.decisions import Severity
from monitoring_tasks.domain.hearing import Outcome, What
from monitoring_tasks.domain.incidents import Incident, IncidentState
from monitoring_tasks.operations import hearing
from monitoring_tasks.operations.hearing import hear, hear_unfinished
from monitoring_tasks.operations.incidents import said_now
from monitoring_tasks.store.heard_events import HeardEvents
from tests.operations.answers import SIGNING, THREAD, Told, told_room

S = IncidentState
ACK, RESOLVE, NOTE = What.ACKNOWLEDGED, What.RESOLVED, What.NOTED


@pytest.fixture
def here(
    tmp_path: Path, empty_store: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Told]:
    """A workspace that listens to a channel of each kind."""
    with told_room(tmp_path, empty_store, monkeypatch, **SIGNING) as opened:
        yield opened


def move(here: Told, incident: Incident, state: IncidentState) -> None:
    """Let lee take an incident to a state, here."""
    workspace = here.room.workspace
    entry = said_now(workspace, "for a good reason", actor="lee")
    workspace.incidents.take_to(incident.id, state, entry)


@pytest.mark.parametrize("channel", ["pagerduty", "opsgenie", "slack"])
def test_what_is_done_there_is_done_here(here: Told, channel: str) -> None:
    """Taken on, noted on and resolved by a person, a P1 too; others hear of it."""
    incident = here.report()
    for what in (ACK, NOTE, RESOLVE):
        assert hear(here.room.workspace, here.heard(what, channel)) is Outcome.DONE
    now = here.now(incident)
    assert (now.state, now.assignee) == (S.RESOLVED, "kim")
    events = here.room.workspace.incidents.events(incident.id)
    (note,) = [e for e in events if "asked the feed team" in e["text"]]
    assert note["actor"] == "kim"
    assert "resolved in " in events[-1]["text"]
    here.deliver()
    own = here.told(channel)
    assert own == ["opened"], "what came from there is not told back"
    for other in {"pagerduty", "opsgenie", "slack"} - {channel}:
        assert here.told(other) == ["opened", "acknowledged", "noted", "resolved"]


@pytest.mark.parametrize("what", [ACK, RESOLVE, NOTE])
def test_the_same_event_three_times_is_one_line(here: Told, what: What) -> None:
    """And one message to the others."""
    incident = here.report()
    heard = here.heard(what)
    first = hear(here.room.workspace, heard)
    lines, told = here.lines(incident), here.told("slack")
    again = [hear(here.room.workspace, heard) for _ in range(2)]
    assert (first, again) == (Outcome.DONE, [Outcome.REPEATED] * 2)
    assert (here.lines(incident), here.told("slack")) == (lines, told)


def test_an_acknowledgement_after_the_end_is_late(here: Told) -> None:
    """It changes nothing, and is written down; a second end is nothing new."""
    incident = here.report()
    workspace = here.room.workspace
    hear(workspace, here.heard(RESOLVE))
    lines = here.lines(incident)
    assert hear(workspace, here.heard(ACK)) is Outcome.LATE
    assert hear(workspace, here.heard(RESOLVE, "slack")) is Outcome.ALREADY
    assert here.lines(incident) == lines
    late = workspace.heard_events.listing(incident.id)[1]
    assert (late["outcome"], late["reason"]) == (
        "late",
        "the incident was resolved by then",
    )


def test_the_end_of_an_episode_does_not_end_the_next(here: Told) -> None:
    """Whether the old key is named by the receipt or by a button."""
    incident = here.report()
    old, click = here.heard(RESOLVE), here.heard(RESOLVE, "slack", key="old")
    move(here, incident, S.RESOLVED)
    move(here, incident, S.OPEN)
    assert hear(here.room.workspace, old) is Outcome.LATE
    here.deliver()
    assert hear(here.room.workspace, click) is Outcome.LATE
    assert here.now(incident).state is S.OPEN
    new = here.heard(RESOLVE, event="another")
    assert new.value == f"{old.value}.r1"
    assert hear(here.room.workspace, new) is Outcome.DONE


def test_an_alert_that_was_replaced_ends_nothing(here: Told) -> None:
    """A raised incident has a new alert; closing the old one is no end of it."""
    incident = here.report(severity=Severity.P2)
    old = here.heard(RESOLVE, "opsgenie")
    here.report(severity=Severity.P1)
    assert here.heard(RESOLVE, "opsgenie").value != old.value
    assert hear(here.room.workspace, old) is Outcome.LATE
    assert here.now(incident).is_active


def test_what_nobody_knows_is_written_down(here: Told) -> None:
    """It changes nothing, however often it comes; talk elsewhere is not kept at all."""
    incident = here.report()
    workspace = here.room.workspace
    strange = here.heard(ACK, value="daywatch:production:nothing", other="PXX")
    elsewhere = here.heard(NOTE, "slack", value="1772400000.1")
    for heard in (strange, elsewhere) * 2:
        assert hear(workspace, heard) is Outcome.UNKNOWN
    assert hear_unfinished(workspace) == 0
    assert here.now(incident).state is S.OPEN
    (row,) = workspace.heard_events.listing()
    assert (row["event"], row["outcome"]) == (strange.event, "unknown")


def test_an_answer_may_come_before_our_message_is_written_down(here: Told) -> None:
    """The service had it, we did not know; the next round does what was asked."""
    incident = here.report()
    workspace, heard = here.room.workspace, here.heard(ACK, other="PGR0")
    with workspace.database.transaction() as connection:
        connection.exec_driver_sql("UPDATE messages SET state = 'waiting'")
    assert hear(workspace, heard) is Outcome.UNKNOWN
    here.deliver()
    assert hear_unfinished(workspace) == 1
    assert here.now(incident).assignee == "kim"


def test_a_note_waits_until_its_incident_has_a_name(here: Told) -> None:
    """PagerDuty names it by its own id; which that is may be told afterwards."""
    incident = here.report()
    workspace = here.room.workspace
    note = here.heard(NOTE, value="", field="", other="PGR0")
    assert hear(workspace, note) is Outcome.UNKNOWN
    hear(workspace, here.heard(What.NAMED, other="PGR0"))
    assert ("kim", "open") in here.lines(incident)
    later = here.heard(NOTE, event="later", value="", field="", other="PGR0")
    assert hear(workspace, later) is Outcome.DONE
    assert len(here.lines(incident)) == 2


def test_what_cannot_be_here_is_said_on_the_time_line(here: Told) -> None:
    """An alias is being moved: the end has to wait, and whoever reads knows why."""
    incident = here.report()
    move(here, incident, S.MITIGATING)
    assert hear(here.room.workspace, here.heard(RESOLVE)) is Outcome.REFUSED
    assert here.now(incident).state is S.MITIGATING
    last = here.room.workspace.incidents.events(incident.id)[-1]
    assert (last["actor"], "not so here" in last["text"]) == ("kim", True)


@pytest.mark.parametrize("what", [ACK, RESOLVE, NOTE])
@pytest.mark.parametrize("step", ["before it is done", "before it is written down"])
def test_whoever_dies_in_between_is_followed(
    here: Told, monkeypatch: pytest.MonkeyPatch, what: What, step: str
) -> None:
    """The next to hear of it, or the next round, ends with one line."""
    incident = here.report()
    workspace, heard = here.room.workspace, here.heard(what)
    with monkeypatch.context() as broken:
        if step == "before it is done":
            broken.setattr(hearing, "_act", stumble)
        else:
            broken.setattr(HeardEvents, "end", stumble)
        with pytest.raises(KeyboardInterrupt):
            hear(workspace, heard)
    monkeypatch.setattr(hearing, "FORGOTTEN", -hearing.FORGOTTEN)
    assert hear_unfinished(workspace) == 1
    assert hear_unfinished(workspace) == 0
    assert hear(workspace, heard) is Outcome.REPEATED
    states = {ACK: ["acknowledged"] * 2, RESOLVE: ["resolved"], NOTE: ["open"]}
    assert here.lines(incident) == [("kim", state) for state in states[what]]


def stumble(*_: object, **__: object) -> None:
    """Die as a process does."""
    raise KeyboardInterrupt


@pytest.mark.parametrize("what", [ACK, NOTE])
def test_two_at_once_are_one(here: Told, what: What) -> None:
    """The same event, delivered twice in the same moment."""
    incident = here.report()
    heard = here.heard(what)
    with ThreadPoolExecutor(4) as pool:
        outcomes = list(pool.map(lambda _: hear(here.room.workspace, heard), range(4)))
    assert Outcome.DONE in outcomes
    lines = {ACK: ["acknowledged"] * 2, NOTE: ["open"]}[what]
    assert here.lines(incident) == [("kim", state) for state in lines]


def test_a_digest_names_no_incident(here: Told) -> None:
    """A reaction to it would be about all of them; the incident's own message is."""
    incident = here.report()
    workspace = here.room.workspace
    with workspace.database.transaction() as connection:
        connection.exec_driver_sql("UPDATE messages SET is_gathered = 1")
    assert hear(workspace, here.heard(ACK, "slack", value=THREAD)) is Outcome.UNKNOWN
    assert here.now(incident).state is S.OPEN


def test_nobody_speaks_as_daywatch(here: Told) -> None:
    """Somebody of that name over there is a person here."""
    incident = here.report()
    hear(here.room.workspace, replace(here.heard(ACK), who="daywatch"))
    assert here.now(incident).assignee == "user daywatch"
