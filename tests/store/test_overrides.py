"""What a person makes of an incident stands; what Daywatch found stays beside it."""

from datetime import date, timedelta
from typing import Any

import pytest

from monitoring_tasks.domain.decisions import Cause, Severity
from monitoring_tasks.domain.incidents import Incident, IncidentState
from monitoring_tasks.errors import IllegalTransitionError
from monitoring_tasks.store.database import Database
from monitoring_tasks.store.incidents import Incidents
from monitoring_tasks.store.overrides import override_of
from tests.builders import DAY, MODEL, NOW, make_incident

TOMORROW = DAY + timedelta(days=1)


@pytest.fixture
def incidents(database: Database) -> Incidents:
    """A list with a P1 of the model, seen today."""
    made = Incidents(database)
    seen(made)
    return made


def seen(incidents: Incidents, **parts: Any) -> Incident:  # noqa: ANN401 (facts)
    """Report the trouble as Daywatch sees it on a day."""
    day = parts.pop("day", DAY)
    known = {"id": f"{MODEL}-model-{day}", "onset_day": DAY, "last_day": day}
    known |= {"severity": Severity.P1} | parts
    return incidents.report(make_incident(**known), text="seen", detail={})


def say(incidents: Incidents, **parts: Any) -> Incident:  # noqa: ANN401 (options)
    """Let ann say that it is a P3 of the data, parts replaced."""
    usual: dict[str, Any] = {"cause": Cause.DATA, "severity": Severity.P3}
    usual |= {"at": NOW, "actor": "ann", "text": "the feed was old"}
    return incidents.reclassify(f"{MODEL}-model-{DAY}", **usual | parts)


def test_person_may_lower_and_daywatch_keeps_its_answer(incidents: Incidents) -> None:
    """Cause and severity change on the incident; both answers stand in the event."""
    said = say(incidents)
    assert (said.cause, said.severity) == (Cause.DATA, Severity.P3)
    assert incidents.find() == [said]
    event = incidents.events(said.id)[-1]
    assert (event["actor"], event["text"]) == ("ann", "the feed was old")
    assert event["detail"] == {
        "cause": "data",
        "severity": "P3",
        "machine_cause": "model",
        "machine_severity": "P1",
    }


def test_saying_it_again_changes_nothing(incidents: Incidents) -> None:
    """The same answer of the same person for the same reason is one event."""
    say(incidents)
    before = incidents.find(), incidents.events(f"{MODEL}-model-{DAY}")
    say(incidents)
    assert (incidents.find(), incidents.events(f"{MODEL}-model-{DAY}")) == before
    say(incidents, actor="bob")
    assert len(incidents.events(f"{MODEL}-model-{DAY}")) == 3


@pytest.mark.parametrize(
    ("parts", "stands"),
    [
        pytest.param({"cause": None}, (Cause.MODEL, Severity.P3), id="severity only"),
        pytest.param({"severity": None}, (Cause.DATA, Severity.P1), id="cause only"),
        pytest.param({"severity": Severity.P0}, (Cause.DATA, Severity.P0), id="graver"),
    ],
)
def test_what_is_not_said_stays(
    incidents: Incidents, parts: dict[str, Any], stands: tuple[Cause, Severity]
) -> None:
    """Either may be said without the other."""
    said = say(incidents, **parts)
    assert (said.cause, said.severity) == stands


@pytest.mark.parametrize("day", [DAY, TOMORROW])
@pytest.mark.parametrize("cause", [Cause.MODEL, Cause.DATA])
def test_later_days_keep_the_persons_answer(
    incidents: Incidents,
    day: date,
    cause: Cause,
) -> None:
    """The same trouble opens no second incident and raises nothing."""
    say(incidents)
    found = seen(incidents, day=day, cause=cause, severity=Severity.P1)
    assert (found.cause, found.severity, found.last_day) == (
        Cause.DATA,
        Severity.P3,
        day,
    )
    assert incidents.find() == [found]


def test_what_got_graver_is_raised_once_and_may_be_lowered_again(
    incidents: Incidents,
) -> None:
    """A P0 is news to who spoke of a P1; once that is known a P0 is none any more."""
    say(incidents)
    assert seen(incidents, day=TOMORROW, severity=Severity.P0).severity is Severity.P0
    said = say(incidents, severity=Severity.P2, text="still the feed")
    assert incidents.events(said.id)[-1]["detail"]["machine_severity"] == "P0"
    again = seen(incidents, day=DAY + timedelta(days=2), severity=Severity.P0)
    assert again.severity is Severity.P2


def test_days_of_a_closed_episode_open_nothing(incidents: Incidents) -> None:
    """A retry after it was closed finds it, though the cause has another name."""
    said = say(incidents)
    incidents.move(said.id, IncidentState.RESOLVED, at=NOW, actor="ann", text="done")
    assert seen(incidents, day=DAY).state is IncidentState.RESOLVED
    assert len(incidents.find()) == 1
    fresh = seen(
        incidents, day=DAY + timedelta(days=30), onset_day=DAY + timedelta(days=29)
    )
    assert (fresh.cause, len(incidents.find())) == (Cause.MODEL, 2)


def test_two_incidents_are_never_active_for_one_cause(incidents: Incidents) -> None:
    """A person cannot make two of one kind; nothing is changed, nothing written."""
    seen(incidents, id="other", cause=Cause.DATA)
    before = incidents.find()
    with pytest.raises(IllegalTransitionError, match="is active for the same cause"):
        say(incidents)
    assert incidents.find() == before
    assert incidents.overrides(MODEL) == []


def test_unknown_incident_cannot_be_reclassified(incidents: Incidents) -> None:
    """The name is in the error."""
    with pytest.raises(LookupError, match="no incident 'nowhere'"):
        incidents.reclassify(
            "nowhere", cause=None, severity=None, at=NOW, actor="ann", text="-"
        )


def test_overrides_are_read_back(incidents: Incidents) -> None:
    """Of the model's incidents; one that nobody spoke of has none."""
    assert incidents.overrides(MODEL) == []
    said = say(incidents)
    (found,) = incidents.overrides(MODEL)
    assert found == override_of(said, incidents.events(said.id))
    assert (found.incident, found.first_day, found.last_day) == (said.id, DAY, None)
    assert incidents.overrides("another") == []
