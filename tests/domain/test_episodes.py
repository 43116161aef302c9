from dataclasses import replace
from datetime import timedelta

from monitoring_tasks.domain.decisions import Cause, Severity
from monitoring_tasks.domain.episodes import Step, place_day, takes_turns
from monitoring_tasks.domain.incidents import IncidentState
from tests.builders import DAY, make_incident

NEXT = DAY + timedelta(days=1)
SEEN = make_incident(id="seen", onset_day=NEXT, last_day=NEXT)
EARLIER = make_incident(id="earlier", onset_day=DAY, last_day=DAY)


def test_first_bad_day_opens_an_incident() -> None:
    """Another cause's incident is another incident."""
    other = replace(EARLIER, cause=Cause.DATA)
    placed = place_day(SEEN, [other], reopen_from=DAY)
    assert (placed.step, placed.incident, placed.is_news) == (Step.OPENED, SEEN, True)


def test_day_goes_to_the_active_incident_of_its_cause_once() -> None:
    """A day that was seen is no news, and the first bad day stays the first."""
    placed = place_day(SEEN, [EARLIER], reopen_from=None)
    assert (placed.step, placed.is_news) == (Step.ADDED, True)
    assert (placed.incident.id, placed.incident.onset_day) == ("earlier", DAY)
    assert placed.incident.last_day == NEXT
    again = replace(SEEN, id="earlier")
    assert not place_day(again, [placed.incident], reopen_from=None).is_news


def test_incident_is_called_by_its_gravest_day() -> None:
    """What was confirmed replaces a first guess; a milder day changes nothing."""
    known = {"severity": Severity.P2, "cause": Cause.MODEL}
    guess = replace(EARLIER, title="a first guess", version="2", **known)
    for severity, title, version in (
        (Severity.P1, "confirmed", "3"),
        (Severity.P3, "a first guess", "2"),
    ):
        seen = replace(SEEN, severity=severity, title="confirmed", version="3")
        seen = replace(seen, cause=Cause.MODEL)
        placed = place_day(seen, [guess], reopen_from=None)
        assert (placed.incident.title, placed.incident.version) == (title, version)


def test_day_judged_again_is_news_where_it_confirms_a_guess() -> None:
    """The time line has its evidence; the same again is no news."""
    guess = replace(EARLIER, severity=Severity.P2)
    confirmed = replace(guess, severity=Severity.P1)
    placed = place_day(confirmed, [guess], reopen_from=None)
    assert (placed.step, placed.is_news) == (Step.ADDED, True)
    assert not place_day(confirmed, [placed.incident], reopen_from=None).is_news


def test_day_that_a_person_closed_opens_nothing() -> None:
    """A retry of the day finds the incident as it was left."""
    closed = replace(EARLIER, last_day=NEXT, state=IncidentState.FALSE_POSITIVE)
    placed = place_day(SEEN, [closed], reopen_from=DAY)
    assert (placed.step, placed.incident) == (Step.NOTHING, closed)


def test_incident_that_ended_lately_is_opened_again() -> None:
    """Not one that ended before the days that count, nor another version's release."""
    ended = replace(EARLIER, state=IncidentState.RESOLVED, resolved_day=DAY)
    placed = place_day(SEEN, [ended], reopen_from=DAY)
    assert (placed.step, placed.incident.reopened) == (Step.REOPENED, 1)
    assert placed.incident.state is IncidentState.OPEN
    assert place_day(SEEN, [ended], reopen_from=NEXT).step is Step.OPENED
    release = replace(ended, cause=Cause.MODEL, version="3")
    withdrawn = replace(SEEN, cause=Cause.MODEL, version="4")
    assert place_day(withdrawn, [release], reopen_from=DAY).step is Step.OPENED


def test_alarm_that_flaps_is_one_incident_whatever_its_cause() -> None:
    """A P0 and a cause that never takes turns stand for themselves."""
    first, second, *_ = filter(takes_turns, Cause)
    active = replace(EARLIER, cause=first, severity=Severity.P1)
    seen = replace(SEEN, cause=second, is_flapping=True, severity=Severity.P1)
    placed = place_day(seen, [active], reopen_from=None)
    assert (placed.step, placed.incident.id) == (Step.ADDED, "earlier")
    assert placed.incident.is_flapping
    grave = replace(seen, severity=Severity.P0)
    assert place_day(grave, [active], reopen_from=None).step is Step.OPENED
    data = replace(seen, cause=Cause.DATA)
    assert place_day(data, [active], reopen_from=None).step is Step.OPENED
