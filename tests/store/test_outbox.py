from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest

from monitoring_tasks.domain.decisions import Cause, Severity
from monitoring_tasks.domain.incidents import IncidentState
from monitoring_tasks.domain.messages import Occasion
from monitoring_tasks.domain.outbox import MessageState, News, Route
from monitoring_tasks.domain.paging import Terms
from monitoring_tasks.domain.timeline import Entry
from monitoring_tasks.errors import IllegalTransitionError
from monitoring_tasks.store.database import Database
from monitoring_tasks.store.deliveries import Deliveries
from monitoring_tasks.store.incidents import Incidents
from monitoring_tasks.store.outbox import Outbox
from tests.builders import DAY, NOW, make_incident
from tests.domain.test_silences import SILENCE

TOMORROW = DAY + timedelta(days=1)
KIM = Entry(at=NOW, actor="kim", text="I am on it")


def everywhere(news: News) -> Sequence[Route]:
    """Send all news to two channels at once."""
    names = ("oncall", "mail")
    return [Route(channel=n, is_gathered=False, due_at=news.at) for n in names]


@pytest.fixture
def outbox(database: Database) -> Outbox:
    """An outbox in which two channels hear of everything."""
    return Outbox(database, everywhere)


@pytest.fixture
def incidents(database: Database, outbox: Outbox) -> Incidents:
    """Incidents that are told of."""
    return Incidents(database, outbox)


def occasions(outbox: Outbox, channel: str = "oncall") -> list[Occasion]:
    """Return what a channel is to be told, in order."""
    return [m.occasion for m in outbox.find() if m.channel == channel]


P1 = make_incident(severity=Severity.P1)


def report(incidents: Incidents, **parts: object) -> None:
    """Report a P1."""
    shown = replace(P1, **parts)  # type: ignore[arg-type]
    incidents.report(shown, text="it broke", detail={"n": 1})


def test_each_change_is_told_once(incidents: Incidents, outbox: Outbox) -> None:
    """However often a day is reported, and a word is said."""
    for _ in range(2):
        report(incidents)
        report(incidents, last_day=TOMORROW)
        incidents.take_to(P1.id, IncidentState.ACKNOWLEDGED, KIM)
        incidents.comment(P1.id, KIM, event="pd-1")
    assert occasions(outbox) == [
        Occasion.OPENED,
        Occasion.ACKNOWLEDGED,
        Occasion.NOTED,
    ]
    assert occasions(outbox, "mail") == occasions(outbox)


def test_a_message_is_named_by_the_beginning_of_its_id(
    incidents: Incidents, outbox: Outbox
) -> None:
    """Taken as it is typed: signs of a pattern are none."""
    report(incidents)
    written = outbox.find()
    assert outbox.beginning_with(written[0].id[:12]) == [written[0]]
    assert outbox.beginning_with("") == written
    for nonsense in ("%", "_" * 8, "zzz"):
        assert outbox.beginning_with(nonsense) == []


def test_a_change_that_fails_is_not_told(incidents: Incidents, outbox: Outbox) -> None:
    """Row and message are one transaction: neither is there without the other."""
    report(incidents)
    incidents.take_to(P1.id, IncidentState.RESOLVED, KIM)
    with pytest.raises(IllegalTransitionError):
        incidents.take_to(P1.id, IncidentState.ACKNOWLEDGED, KIM)
    assert occasions(outbox) == [Occasion.OPENED, Occasion.RESOLVED]


def test_a_rehearsal_tells_nobody(incidents: Incidents, outbox: Outbox) -> None:
    """What would be told is not."""
    incidents.rehearse(P1, terms=Terms())
    assert outbox.find() == []


def test_silenced_trouble_is_told_once_the_silence_is_over(
    incidents: Incidents, outbox: Outbox
) -> None:
    """And nothing of it before."""
    quiet = Terms(silences=(replace(SILENCE, severity_at_most=Severity.P1),))
    incidents.report(P1, text="it broke", detail={}, terms=quiet)
    assert occasions(outbox) == []
    report(incidents, last_day=TOMORROW)
    assert occasions(outbox) == [Occasion.OPENED]


def test_a_common_cause_speaks_for_its_parts(
    incidents: Incidents, outbox: Outbox
) -> None:
    """The first two are told of before anybody can know; then only the whole is."""
    for model in ("a", "b", "c", "d"):
        report(incidents, id=model, model=model, upstreams=("sql:lake",))
    told = [m.incident for m in outbox.find() if m.channel == "oncall"]
    assert told[:2] == ["a", "b"]
    assert [name.split("-")[0] for name in map(str, told[2:])] == ["common_cause"]


def test_whoever_said_it_is_not_told_back(incidents: Incidents, outbox: Outbox) -> None:
    """What came in through a channel goes out through the others alone."""
    report(incidents)
    heard = replace(KIM, origin="oncall")
    incidents.take_to(P1.id, IncidentState.ACKNOWLEDGED, heard)
    assert occasions(outbox) == [Occasion.OPENED]
    assert occasions(outbox, "mail")[-1] is Occasion.ACKNOWLEDGED


def test_who_was_told_hears_the_end_whatever_the_rules_say_now(
    database: Database,
) -> None:
    """A P1 that a person lowers ends in the pager too, not in a digest alone."""

    def by_severity(news: News) -> Sequence[Route]:
        is_gathered = news.severity != "P1"
        return [Route(channel="oncall", is_gathered=is_gathered, due_at=news.at)]

    outbox = Outbox(database, by_severity)
    incidents = Incidents(database, outbox)
    report(incidents)
    incidents.reclassify(
        P1.id, cause=None, severity=Severity.P2, at=NOW, actor="kim", text="not so bad"
    )
    incidents.take_to(P1.id, IncidentState.RESOLVED, KIM)
    last = outbox.find()[-1]
    assert (last.occasion, last.is_gathered) == (Occasion.RESOLVED, False)


def test_who_waits_for_working_hours_still_waits(database: Database) -> None:
    """That the page is on its way is no reason to wake somebody with what follows."""
    morning = NOW + timedelta(hours=9)

    def at_work(news: News) -> Sequence[Route]:
        del news
        return [Route(channel="team", is_gathered=False, due_at=morning)]

    outbox = Outbox(database, at_work)
    incidents = Incidents(database, outbox)
    report(incidents)
    incidents.take_to(P1.id, IncidentState.ACKNOWLEDGED, KIM)
    assert [message.due_at for message in outbox.find()] == [morning, morning]


def test_a_late_worker_does_not_undo_what_another_wrote(
    database: Database, incidents: Incidents, outbox: Outbox
) -> None:
    """What was sent, or dropped by a person, stays so."""
    report(incidents)
    message = outbox.waiting()[0]
    deliveries = Deliveries(database)
    deliveries.write_sent([message], {}, now=NOW)
    late = replace(message, attempts=1)
    deliveries.write_failed(late, "timed out", now=NOW, due_at=None)
    stored = outbox.get(message.id)
    assert stored is not None
    assert (stored.state, stored.fault) == (MessageState.SENT, "")


def test_a_late_worker_does_not_count_an_attempt_twice(
    database: Database, incidents: Incidents, outbox: Outbox
) -> None:
    """Whoever wrote first has said when it is tried again."""
    report(incidents)
    deliveries, message = Deliveries(database), outbox.waiting()[0]
    tried = replace(message, attempts=1)
    soon, late = NOW + timedelta(minutes=1), NOW + timedelta(hours=1)
    for fault, due in (("busy", soon), ("timed out", late)):
        deliveries.write_failed(tried, fault, now=NOW, due_at=due)
    stored = outbox.get(message.id)
    assert stored is not None
    assert (stored.fault, stored.due_at) == ("busy", soon)


def test_a_digest_leaves_no_receipt_for_its_incidents(
    database: Database, incidents: Incidents, outbox: Outbox
) -> None:
    """What is sent about an incident by itself begins a thread of its own."""
    report(incidents)
    message = outbox.waiting()[0]
    with database.transaction() as connection:
        connection.exec_driver_sql("UPDATE messages SET is_gathered = 1")
    Deliveries(database).write_sent([message], {"ts": "1.2"}, now=NOW)
    assert outbox.receipt_of(message.channel, P1.id) == {}


def test_one_worker_takes_a_message(
    database: Database, incidents: Incidents, outbox: Outbox
) -> None:
    """Of many that try at once; another may once the claim is over."""
    report(incidents)
    message = outbox.waiting()[0]
    deliveries = Deliveries(database)

    def claim(worker: str) -> bool:
        return bool(deliveries.claim([message], worker=worker, now=NOW))

    with ThreadPoolExecutor(4) as pool:
        took = list(pool.map(claim, "abcd"))
    assert sum(took) == 1
    for late, taken in (
        (timedelta(seconds=119), []),
        (timedelta(minutes=2), [message]),
    ):
        assert deliveries.claim([message], worker="e", now=NOW + late) == taken


def test_the_chain_of_the_time_lines_shows_a_change(
    database: Database, incidents: Incidents
) -> None:
    """Every event names the one before it, whatever incident it is about."""
    report(incidents)
    report(incidents, id="other", model="other")
    incidents.take_to(P1.id, IncidentState.ACKNOWLEDGED, KIM)
    assert [event.number for event in incidents.timeline()] == [1, 2, 3]
    assert incidents.verify() is None
    with database.transaction() as connection:
        connection.exec_driver_sql(
            "UPDATE incident_events SET text = 'all is well' WHERE number = 2"
        )
    assert incidents.verify() == "line 2 was changed after it was written"


def test_a_word_said_about_an_older_state_is_refused(incidents: Incidents) -> None:
    """Two people at once: the second is told that the first was quicker."""
    report(incidents)
    read = incidents.find()[0].revision
    incidents.take_to(P1.id, IncidentState.ACKNOWLEDGED, KIM, expected=read)
    with pytest.raises(IllegalTransitionError, match="was changed meanwhile"):
        incidents.take_to(P1.id, IncidentState.RESOLVED, KIM, expected=read)


@pytest.mark.parametrize("model", [P1.model, "another"])
def test_days_of_a_merged_incident_go_to_the_one_that_stays(
    incidents: Incidents, model: str
) -> None:
    """A person knows better which incident they belong to, of which model too."""
    report(incidents)
    about = {"model": model, "cause": Cause.DATA}
    report(incidents, id="other", severity=Severity.P2, **about)
    incidents.merge("other", P1.id, replace(KIM, text="the same broken feed"))
    report(incidents, id="third", last_day=TOMORROW, **about)
    states = {incident.id: incident.state for incident in incidents.find()}
    assert states == {P1.id: IncidentState.OPEN, "other": IncidentState.MERGED}
    assert incidents.active(P1.model)[0].last_day == TOMORROW
