"""Common causes, the week's pages, and incidents that come back."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import permutations

import pytest

from monitoring_tasks.domain.decisions import Cause, Severity
from monitoring_tasks.domain.incidents import Incident, IncidentState
from monitoring_tasks.domain.paging import Terms
from monitoring_tasks.store.database import Database
from monitoring_tasks.store.incidents import Incidents
from tests.builders import DAY, MODEL, NOW, make_incident
from tests.domain.test_silences import SILENCE

S = IncidentState
P0, P1, P2 = Severity.P0, Severity.P1, Severity.P2
LAKE = "sql:lake"
TERMS = Terms(tier=2)


@pytest.fixture
def incidents(database: Database) -> Incidents:
    """A list of incidents without one."""
    return Incidents(database)


def later(days: int) -> date:
    """Return a later day."""
    return DAY + timedelta(days=days)


def seen(model: str = MODEL, day: date = DAY, **parts: object) -> Incident:
    """Return the trouble of a model as a day shows it, about data, fed by the lake."""
    known = {
        "id": f"{model}-data-{day}",
        "model": model,
        "cause": Cause.DATA,
        "onset_day": day,
        "last_day": day,
        "opened_at": NOW + (day - DAY),
        "upstreams": (LAKE,),
    }
    return make_incident(**known | parts)


def tell(incidents: Incidents, one: Incident, terms: Terms = TERMS) -> Incident:
    """Report it."""
    return incidents.report(one, text=one.title, detail={}, terms=terms)


def by_model(incidents: Incidents) -> dict[str, Incident]:
    """Return what is known of each model, and of the fleet."""
    return {one.model: one for one in incidents.find()}


def end(incidents: Incidents, one: Incident, day: date) -> Incident:
    """Let a good day end it."""
    return incidents.move(one.id, S.RESOLVED, at=NOW, actor="jo", text="over", day=day)


def whole_of(incidents: Incidents) -> Incident:
    """Return the fleet's incident."""
    return by_model(incidents)[f"*{LAKE}"]


@pytest.mark.parametrize("order", list(permutations("abc")))
def test_third_model_merges_the_first_two(
    incidents: Incidents, order: tuple[str, ...]
) -> None:
    """Whatever the order, there is one page, about all of them."""
    for name in order:
        tell(incidents, seen(name))
    whole = whole_of(incidents)
    assert (whole.cause, whole.severity) == (Cause.COMMON_CAUSE, P1)
    assert {by_model(incidents)[n].merged_into for n in "abc"} == {whole.id}
    paged = [one.model for one in incidents.find() if one.paged_at]
    assert paged == [whole.model]
    assert incidents.parent(by_model(incidents)["a"]) == whole


def test_two_models_are_a_coincidence(incidents: Incidents) -> None:
    """Nothing is merged below the policy's number."""
    for name in "ab":
        tell(incidents, seen(name))
    assert set(by_model(incidents)) == {"a", "b"}


def test_fourth_model_joins_and_days_run_on(incidents: Incidents) -> None:
    """It is one incident however many come, and whichever days follow."""
    for name in "abcd":
        tell(incidents, seen(name, later(name == "d")))
    tell(incidents, seen("a", later(2)))
    whole = whole_of(incidents)
    assert by_model(incidents)["d"].merged_into == whole.id
    assert (whole.onset_day, whole.last_day) == (DAY, later(2))
    joined = [e for e in incidents.events(whole.id) if e["event"].startswith("joined")]
    assert len(joined) == 4


def test_reporting_again_changes_nothing(incidents: Incidents) -> None:
    """A task that is retried adds no line, no page and no incident."""
    for name in "abc":
        tell(incidents, seen(name))
    before = [(one, incidents.events(one.id)) for one in incidents.find()]
    for name in "cab":
        tell(incidents, seen(name))
    assert [(one, incidents.events(one.id)) for one in incidents.find()] == before


def test_gravest_part_says_how_grave_the_whole_is(incidents: Incidents) -> None:
    """Its page is no lesser one than that of a part."""
    for name, severity in zip("abc", (P2, P0, P2), strict=True):
        tell(incidents, seen(name, severity=severity))
    assert whole_of(incidents).severity is P0


@pytest.mark.parametrize(("newcomer", "day"), [("d", 0), ("a", 1)])
def test_whole_whose_parts_are_all_silenced_pages_nobody(
    incidents: Incidents, newcomer: str, day: int
) -> None:
    """Who asked for silence about all of them has it; one that did not pages."""
    quiet = replace(TERMS, silences=(SILENCE,))
    for name in "abc":
        tell(incidents, seen(name), quiet)
    assert whole_of(incidents).paged_at is None
    tell(incidents, seen(newcomer, later(day)))
    assert whole_of(incidents).paged_at is not None


def test_whole_waits_for_a_person_once_its_parts_are_over(
    incidents: Incidents,
) -> None:
    """It is grave, so it is not closed; a line says that it may be."""
    for part in [tell(incidents, seen(name)) for name in "abc"]:
        end(incidents, part, later(4))
    whole = whole_of(incidents)
    assert whole.is_active
    assert "a person may resolve it" in incidents.events(whole.id)[-1]["text"]


def test_part_of_a_closed_whole_stands_for_itself(incidents: Incidents) -> None:
    """After a person closed the whole, no further one is opened by its parts."""
    for name in "abc":
        tell(incidents, seen(name, severity=P1))
    incidents.move(
        whole_of(incidents).id, S.FALSE_POSITIVE, at=NOW, actor="jo", text="no"
    )
    now = tell(incidents, seen("c", later(1), severity=P1))
    assert now.paged_at is not None
    assert len(incidents.find()) == 4
    assert incidents.parent(now) is None


def test_monitor_that_fails_is_never_merged(incidents: Incidents) -> None:
    """What has no upstream to blame disappears nowhere."""
    for name in "abc":
        tell(incidents, seen(name))
    blind = tell(incidents, seen("d", upstreams=()))
    assert blind.merged_into is None


def test_pages_above_the_budget_are_gathered(incidents: Incidents) -> None:
    """Two a week: the third waits in the digest, a P0 does not, a new week begins."""
    terms = replace(TERMS, pages_a_week=2)
    alone = {"upstreams": (), "severity": P1}
    told = [tell(incidents, seen(name, **alone), terms) for name in "abc"]
    grave = tell(incidents, seen("d", upstreams=(), severity=P0), terms)
    next_week = tell(incidents, seen("e", later(7), **alone), terms)
    assert [one.paged_at is not None for one in told] == [True, True, False]
    assert grave.paged_at is not None
    assert next_week.paged_at is not None
    digest = by_model(incidents)["*"]
    assert (digest.severity, told[2].merged_into) == (P2, digest.id)
    assert (digest.paged_at, incidents.parent(told[2])) == (None, None)


def test_digest_ends_with_what_it_gathered(incidents: Incidents) -> None:
    """It is no page, so nobody has to close it."""
    terms = replace(TERMS, pages_a_week=0)
    held = tell(incidents, seen(severity=P1, upstreams=()), terms)
    end(incidents, held, later(3))
    assert by_model(incidents)["*"].state is S.RESOLVED


def test_gathered_incident_that_becomes_a_p0_pages(incidents: Incidents) -> None:
    """No budget holds back what harms."""
    terms = replace(TERMS, pages_a_week=0)
    tell(incidents, seen(severity=P1), terms)
    assert tell(incidents, seen(day=later(1), severity=P0), terms).paged_at is not None


def test_silence_marks_an_incident_and_is_lifted_with_its_end(
    incidents: Incidents,
) -> None:
    """The evidence is kept as ever; the first day without the silence pages."""
    loud = replace(SILENCE, severity_at_most=P1)
    quiet = replace(TERMS, silences=(loud,))
    held = tell(incidents, seen(severity=P1), quiet)
    assert (held.silenced_by, held.paged_at) == (SILENCE.id, None)
    names = [event["event"] for event in incidents.events(held.id)]
    assert names == ["opened", f"silenced-{SILENCE.id}"]
    now = tell(incidents, seen(day=later(1), severity=P1))
    assert (now.silenced_by, now.paged_at is not None) == (None, True)


@pytest.mark.parametrize(
    ("since", "again"), [(3, True), (4, True), (5, False), (None, False)]
)
def test_trouble_soon_after_its_end_is_the_same_incident(
    incidents: Incidents, *, since: int | None, again: bool
) -> None:
    """It ended on the fourth day; only an end of then or later is re-opened."""
    end(incidents, tell(incidents, seen()), later(4))
    from_day = None if since is None else later(since)
    now = tell(incidents, seen(day=later(9)), replace(TERMS, reopen_from=from_day))
    assert (now.reopened, now.id == seen().id) == (int(again), again)
    assert (now.state, len(incidents.find())) == (S.OPEN, 1 if again else 2)


def test_opened_again_once_however_often_the_day_is_reported(
    incidents: Incidents,
) -> None:
    """One line, one count, and a page as for new trouble."""
    end(incidents, tell(incidents, seen(severity=P1)), later(4))
    terms = replace(TERMS, reopen_from=DAY)
    first, again = (
        tell(incidents, seen(day=later(6), severity=P1), terms) for _ in range(2)
    )
    assert (first, first.reopened, first.last_day) == (again, 1, later(6))
    assert first.paged_at == NOW + timedelta(days=6)
    assert [e["event"] for e in incidents.events(first.id)].count(
        "seen-2013-09-08"
    ) == 1


def test_other_bad_release_is_another_incident(incidents: Incidents) -> None:
    """A version that was withdrawn does not come back as the next one."""
    model = {"cause": Cause.MODEL, "upstreams": ()}
    end(incidents, tell(incidents, seen(version="3", **model)), later(4))
    terms = replace(TERMS, reopen_from=DAY)
    fresh = seen(day=later(6), version="4", id="fresh", **model)
    assert tell(incidents, fresh, terms).reopened == 0


def test_bad_day_while_watched_opens_it_again(incidents: Incidents) -> None:
    """It was not over; after a rollback the batches of before are on their way."""
    for cause, state in ((Cause.DATA, S.OPEN), (Cause.MODEL, S.MONITORING)):
        one = tell(incidents, seen(id=cause, cause=cause))
        incidents.move(one.id, S.MONITORING, at=NOW, actor="daywatch", text="-")
        assert tell(incidents, seen(day=later(1), cause=cause)).state is state


def test_alarm_that_flaps_is_one_incident_whatever_its_causes(
    incidents: Incidents,
) -> None:
    """Broken data, a bad release and a P0 stand for themselves all the same."""
    flaps = {"is_flapping": True, "upstreams": ()}
    drift = tell(incidents, seen(id="one", cause=Cause.CONCEPT_DRIFT, upstreams=()))
    for cause in (Cause.UNDETERMINED, Cause.SEGMENT):
        tell(incidents, seen(day=later(2), id=cause, cause=cause, **flaps))
    assert [one.id for one in incidents.find()] == [drift.id]
    assert incidents.find()[0].is_flapping
    tell(incidents, seen(day=later(3), id="data", **flaps))
    tell(
        incidents,
        seen(day=later(3), id="p0", cause=Cause.SEGMENT, severity=P0, **flaps),
    )
    assert {one.id for one in incidents.find()} == {"one", "data", "p0"}


def test_flapping_incident_pages_once(incidents: Incidents) -> None:
    """Opened again while it flaps, nobody is told again."""
    parts = {"severity": P1, "upstreams": (), "cause": Cause.SEGMENT}
    end(incidents, tell(incidents, seen(**parts)), later(4))
    terms = replace(TERMS, reopen_from=DAY)
    again = tell(incidents, seen(day=later(6), is_flapping=True, **parts), terms)
    assert (again.reopened, again.paged_at) == (1, NOW)


def test_rehearsal_says_what_would_be_and_keeps_nothing(incidents: Incidents) -> None:
    """Looks that may not act record what a live one would have done."""
    for name in "ab":
        tell(incidents, seen(name))
    before = [(one, incidents.events(one.id)) for one in incidents.find()]
    would = incidents.rehearse(seen("c"), terms=TERMS)
    assert would.merged_into is not None
    assert [(one, incidents.events(one.id)) for one in incidents.find()] == before
