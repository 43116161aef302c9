import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import pytest

from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.domain.incidents import Incident
from monitoring_tasks.domain.json_values import hash_json
from monitoring_tasks.domain.root_cause import PackFacts
from monitoring_tasks.respond.root_cause.freezing import freeze_pack
from tests.builders import NOW, make_contract, make_incident
from tests.respond.root_cause.packs import make_facts

INCIDENT = make_incident()


@dataclass
class Shelf:
    """Packs in memory; `fault` is raised when one is kept."""

    kept: dict[str, str] = field(default_factory=dict)
    fault: Exception | None = None

    def keep(self, incident: str, pack: Mapping[str, Any]) -> str:
        """Keep a pack under its digest."""
        assert incident
        if self.fault is not None:
            raise self.fault
        digest = hash_json(pack)
        self.kept[digest] = json.dumps(pack)
        return digest

    def digests(self, incident: str) -> list[str]:
        """Return what is kept."""
        assert incident
        return list(self.kept)

    def place(self, incident: str, digest: str) -> str:
        """Name a place."""
        return f"evidence/{incident}/{digest}.json"


@dataclass
class Lines:
    """A time line in memory."""

    events_: list[dict[str, Any]] = field(default_factory=list)

    def events(self, incident: str) -> list[dict[str, Any]]:
        """Return the lines."""
        assert incident
        return self.events_

    def note(self, incident: Incident, event: str, *, at: datetime, text: str) -> None:
        """Write a line, once per event."""
        assert incident.opened_at <= at
        if event not in self.names():
            self.events_.append({"event": event, "text": text})

    def names(self) -> list[str]:
        """Return the names of the lines."""
        return [line["event"] for line in self.events_]


@dataclass
class Source:
    """What a pack is made from and goes to; counts how often it is read."""

    packs: Shelf = field(default_factory=Shelf)
    incidents: Lines = field(default_factory=Lines)
    contract: Contract = field(default_factory=make_contract)
    reads: int = 0
    make: Callable[[], PackFacts] = make_facts
    sent: list[Any] = field(default_factory=list)

    def send(self, event: Mapping[str, Any]) -> str:
        """Take an event and complain."""
        self.sent.append(event)
        return "it did not take it"

    def read(self) -> PackFacts:
        """Collect the facts."""
        self.reads += 1
        return self.make()


def test_an_incident_has_its_pack_once() -> None:
    """Judged again, nothing is read and nothing written."""
    source = Source()
    for _ in range(3):
        freeze_pack(INCIDENT, source, now=NOW, is_guess=False)
    (digest,) = source.packs.kept
    assert source.incidents.names() == ["pack"]
    assert digest in source.incidents.events_[0]["text"]
    assert source.reads == 1


def test_a_pack_that_fails_is_noted_and_tried_again(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """A full disk stops no response; the next day of the incident has another try."""
    source = Source(packs=Shelf(fault=OSError("no room")))
    freeze_pack(INCIDENT, source, now=NOW, is_guess=False)
    assert source.incidents.names() == ["pack-failed"]
    assert "no room" in source.incidents.events_[0]["text"]
    assert "could not be made" in caplog.text
    source.packs.fault = None
    freeze_pack(INCIDENT, source, now=NOW, is_guess=False)
    assert source.incidents.names() == ["pack-failed", "pack"]


def test_a_pack_nobody_noted_is_the_one_of_before() -> None:
    """Killed between file and line, the next run does not freeze later facts."""
    source = Source()
    digest = source.packs.keep(INCIDENT.id, {"made": "before"})
    freeze_pack(INCIDENT, source, now=NOW, is_guess=False)
    assert digest in source.incidents.events_[0]["text"]
    assert (source.reads, len(source.packs.kept)) == (0, 1)


def test_event_that_is_not_taken_is_a_remark_on_the_line() -> None:
    """Sent once, with the pack, only where a receiver is set."""
    source = Source(make=lambda: make_facts(lineage_to="http://lineage"))
    for _ in range(2):
        freeze_pack(INCIDENT, source, now=NOW, is_guess=False)
    assert [event["job"]["name"] for event in source.sent] == ["monitor_flights"]
    assert "OpenLineage: it did not take it" in source.incidents.events_[0]["text"]
    assert source.incidents.names() == ["pack"]


def test_what_a_day_confirms_has_a_pack_beside_the_guess() -> None:
    """Each once, however often a day is judged."""
    source = Source()
    for is_guess in (True, True, False, False, True):
        freeze_pack(INCIDENT, source, now=NOW, is_guess=is_guess)
        source.make = lambda: make_facts(libraries={"mlflow": "4"})
    assert source.incidents.names() == ["pack-guess", "pack"]
    later = Source()
    for is_guess in (False, True):
        freeze_pack(INCIDENT, later, now=NOW, is_guess=is_guess)
    assert later.incidents.names() == ["pack"]
    assert (source.reads, len(source.packs.kept)) == (2, 2)


def test_an_incident_that_came_back_has_another_pack() -> None:
    """What is so when it opens again is another thing than it was then."""
    source = Source()
    freeze_pack(INCIDENT, source, now=NOW, is_guess=False)
    source.make = lambda: make_facts(libraries={"mlflow": "4"})
    freeze_pack(make_incident(reopened=1), source, now=NOW, is_guess=False)
    assert source.incidents.names() == ["pack", "pack-2"]
    assert len(source.packs.kept) == 2
