from dataclasses import replace
from datetime import timedelta

import pytest

from monitoring_tasks.domain.decisions import Cause
from monitoring_tasks.errors import ConfigurationError
from monitoring_tasks.store.database import Database
from monitoring_tasks.store.silences import Silences, silence_id
from tests.builders import MODEL, NOW
from tests.domain.test_silences import P0, SILENCE

LATER = NOW + timedelta(days=1)


@pytest.fixture
def silences(database: Database) -> Silences:
    """A list of silences without one."""
    return Silences(database)


def test_silence_is_read_back_as_it_was_asked_for(silences: Silences) -> None:
    """Whose wish it is and why stands with it."""
    wish = replace(SILENCE, cause=Cause.DATA, segment="carrier=AA")
    assert silences.add(wish, longest_days=14) == wish
    assert silences.find() == silences.find(MODEL) == [wish]
    assert silences.find("other") == []
    (event,) = silences.events(wish.id)
    assert (event["event"], event["actor"], event["text"]) == (
        "added",
        "jo",
        SILENCE.reason,
    )


def test_same_wish_twice_is_one_silence(silences: Silences) -> None:
    """Asked again while it acts, the first one stands; once over, it is a new one."""
    silences.add(SILENCE, longest_days=14)
    again = replace(SILENCE, id="again", starts_at=LATER)
    assert silences.add(again, longest_days=14) == SILENCE
    silences.end(SILENCE.id, at=LATER, actor="jo", reason="done")
    assert silences.add(again, longest_days=14) == again


def test_ending_early_is_kept_beside_the_wish(silences: Silences) -> None:
    """Nothing is removed; the second end changes nothing."""
    silences.add(SILENCE, longest_days=14)
    for day, actor in ((1, "jo"), (2, "al")):
        at = NOW + timedelta(days=day)
        ended = silences.end(SILENCE.id, at=at, actor=actor, reason="the feed is back")
        assert ended == replace(SILENCE, ended_at=LATER)
    told = [(one["event"], one["actor"]) for one in silences.events(SILENCE.id)]
    assert told == [("added", "jo"), ("ended", "jo")]


def test_only_silences_that_last_act(silences: Silences) -> None:
    """The instant of judging decides, for a day judged again as well."""
    silences.add(SILENCE, longest_days=14)
    silences.end(SILENCE.id, at=LATER, actor="jo", reason="done")
    assert [one.id for one in silences.acting(MODEL, NOW)] == [SILENCE.id]
    assert silences.acting(MODEL, LATER) == []
    assert silences.acting("other", NOW) == []


def test_silence_that_may_not_be_leaves_no_trace(silences: Silences) -> None:
    """Refused before anything is written."""
    with pytest.raises(ConfigurationError, match="P0"):
        silences.add(replace(SILENCE, severity_at_most=P0), longest_days=14)
    assert silences.find() == []


def test_unknown_silence_cannot_be_ended(silences: Silences) -> None:
    """The name is in the error."""
    with pytest.raises(LookupError, match="no silence 'nowhere'"):
        silences.end("nowhere", at=NOW, actor="jo", reason="-")


def test_id_tells_wishes_apart() -> None:
    """The same wish at the same instant has the same id, another has another."""
    ids = {silence_id(MODEL, NOW, about) for about in ("a", "b", "a")}
    assert len(ids) == 2
