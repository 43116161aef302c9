"""Freezing the pack of an incident: once it is opened, and once it is confirmed."""

import logging
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Protocol

from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.domain.incidents import Incident
from monitoring_tasks.domain.root_cause import EVENT, GUESSED, PackFacts
from monitoring_tasks.respond.root_cause.pack import make_pack, missing_in

logger = logging.getLogger(__name__)
FAILED = f"{EVENT}-failed"


class PackShelf(Protocol):
    """Where packs are kept, by content."""

    def keep(self, incident: str, pack: Mapping[str, Any]) -> str:
        """Keep a pack; return its digest.

        Args:
            incident: Id of the incident.
            pack: JSON only.
        """

    def digests(self, incident: str) -> list[str]:
        """Return the digests of the packs that are kept, the oldest first."""

    def place(self, incident: str, digest: str) -> str:
        """Return where a pack lies, as it is written on the time line.

        Args:
            incident: Id of the incident.
            digest: Of the pack.
        """


class TimeLine(Protocol):
    """The time lines of incidents."""

    def events(self, incident: str) -> list[dict[str, Any]]:
        """Return what happened to an incident, in order."""

    def note(self, incident: Incident, event: str, *, at: datetime, text: str) -> None:
        """Write a line, once per `event`.

        Args:
            incident: The incident.
            event: Names the line.
            at: When.
            text: The line.
        """


class PackSource(Protocol):
    """What the pack of one incident is made from and goes to."""

    @property
    def contract(self) -> Contract:
        """What is expected of the model."""

    @property
    def packs(self) -> PackShelf:
        """Where the pack is kept."""

    @property
    def incidents(self) -> TimeLine:
        """Where its digest is written down."""

    def send(self, event: Mapping[str, Any]) -> str:
        """Send an OpenLineage event; return why it was not taken, or nothing."""

    def read(self) -> PackFacts:
        """Collect what the pack is made from; only asked where one is due."""


def freeze_pack(
    incident: Incident, source: PackSource, *, now: datetime, is_guess: bool
) -> None:
    """Freeze what is so now, unless the incident has its pack already.

    One that was opened on a first guess has another once a day confirms it: what a
    rollback rests on is known by then alone.

    Nothing that goes wrong here stops the response: it is logged, and a line on the
    time line says so; the next day of the incident tries again.

    Args:
        incident: The incident as it was just reported.
        source: What the pack is made from and goes to.
        now: The present instant.
        is_guess: Whether its cause is a guess of a single day as yet.
    """
    events = source.incidents.events(incident.id)
    event = event_of(incident, is_guess=is_guess)
    # A guess comes to nothing beside what was confirmed.
    if {event, event_of(incident)} & {line["event"] for line in events}:
        return
    try:
        text = _frozen(incident, source, noted=_texts(events))
    except Exception as error:
        logger.exception("the root-cause pack of %s could not be made", incident.id)
        event = FAILED
        text = (
            f"the root-cause pack could not be made ({type(error).__name__}: {error}); "
            f"`daywatch pack {incident.id} --rebuild` tries again"
        )
    source.incidents.note(incident, event, at=now, text=text)


def event_of(incident: Incident, *, is_guess: bool = False) -> str:
    """Return the name of the line; an incident that came back has a pack each time.

    Args:
        incident: Tells how often it was opened.
        is_guess: Whether the pack rests on a single day.
    """
    event = EVENT if not incident.reopened else f"{EVENT}-{incident.reopened + 1}"
    return f"{event}{GUESSED}" if is_guess else event


def note_text(packs: PackShelf, incident: str, digest: str, *, missing: str) -> str:
    """Return the line that names a pack.

    Args:
        packs: Where it is kept.
        incident: Id of the incident.
        digest: Of the pack.
        missing: What it could not tell, in words; empty for nothing.
    """
    without = f"; without {missing}" if missing else ""
    return f"root-cause pack {digest} in {packs.place(incident, digest)}{without}"


def _frozen(incident: Incident, source: PackSource, *, noted: str) -> str:
    packs = source.packs
    # One that nobody noted was made right before a process died: it is the earlier one.
    for digest in packs.digests(incident.id):
        if digest not in noted:
            return note_text(packs, incident.id, digest, missing="")
    pack = make_pack(source.read(), source.contract)
    digest = packs.keep(incident.id, pack)
    text = note_text(packs, incident.id, digest, missing=", ".join(missing_in(pack)))
    lineage = (pack["sections"]["lineage"]["data"] or {}).get("openlineage")
    why = source.send(lineage["event"]) if lineage else ""
    return f"{text}; OpenLineage: {why}" if why else text


def _texts(events: list[dict[str, Any]]) -> str:
    return "\n".join(str(line["text"]) for line in events)
