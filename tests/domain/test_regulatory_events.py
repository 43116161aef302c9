from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from monitoring_tasks.domain.chains import BEFORE_FIRST, first_break
from monitoring_tasks.domain.regulatory_events import (
    FIELDS,
    ChainedEvent,
    EventKind,
    RegulatoryEvent,
    chained,
)
from tests.builders import NOW


def events(count: int) -> list[ChainedEvent]:
    """Return a chain of so many events."""
    made: list[ChainedEvent] = []
    for number in range(1, count + 1):
        event = RegulatoryEvent(
            incident="i",
            kind=EventKind.ASSESSED,
            at=NOW,
            actor="kim",
            reason="seen by the desk",
            detail={"death": "no"},
        )
        previous = made[-1].digest if made else BEFORE_FIRST
        made.append(chained(event, number, previous))
    return made


@pytest.mark.parametrize("name", FIELDS)
def test_event_that_was_changed_is_found(name: str) -> None:
    """In any of its fields."""
    assert first_break(events(3)) is None
    chain = events(3)
    other: dict[str, Any] = {
        "at": NOW + timedelta(microseconds=1),
        "detail": {"death": "yes"},
        "kind": EventKind.AWARE,
    }
    chain[1] = replace(chain[1], **{name: other.get(name, "else")})
    assert first_break(chain) == "line 2 was changed after it was written"
