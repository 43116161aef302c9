from typing import Any

import pytest

from monitoring_tasks.domain.hearing import What
from monitoring_tasks.respond.channels.inbound.pagerduty import read
from tests.respond.channels.inbound.requests import (
    KEY,
    MERGED,
    SERVICE,
    note_event,
    pagerduty_event,
    signed,
)


@pytest.mark.parametrize(
    ("event", "what"),
    [
        (pagerduty_event("acknowledged"), What.ACKNOWLEDGED),
        (pagerduty_event("resolved"), What.RESOLVED),
        (pagerduty_event("resolved", data={"resolve_reason": MERGED}), What.NOTED),
        (pagerduty_event("reopened"), What.NOTED),
        (pagerduty_event("triggered", agent=SERVICE), What.NAMED),
        (note_event(), What.NOTED),
        (pagerduty_event("acknowledged", agent=SERVICE), None),
        (pagerduty_event("resolved", agent=None), None),
        (note_event(agent=SERVICE), None),
        (pagerduty_event("escalated"), None),
    ],
)
def test_what_people_do_is_heard_and_nothing_else(
    event: dict[str, Any], what: What | None
) -> None:
    """Our own events come back with a service as their agent; a merge is no end."""
    verified = read(signed("pagerduty", event), "oncall")
    assert [heard.what for heard in verified.heard] == ([what] if what else [])
    assert bool(verified.ignored) is (what is None)


def test_an_incident_is_named_by_both_sides() -> None:
    """By our key and PagerDuty's id; a note by the id alone."""
    (event,) = read(signed("pagerduty", pagerduty_event("resolved")), "oncall").heard
    (note,) = read(signed("pagerduty", note_event()), "oncall").heard
    assert (event.field, event.value, event.other) == ("dedup_key", KEY, "PGR0")
    assert (note.field, note.value, note.other) == ("", "", "PGR0")
    assert note.text == "asked the feed team"
