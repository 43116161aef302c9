"""The root-cause pack of an incident: read back, checked against its digest, remade."""

from dataclasses import dataclass

from monitoring_tasks.domain.decisions import FIRST_GUESS
from monitoring_tasks.domain.incidents import Incident
from monitoring_tasks.domain.json_values import JsonObject
from monitoring_tasks.domain.root_cause import EVENT
from monitoring_tasks.domain.units import Unit
from monitoring_tasks.errors import NoDataError
from monitoring_tasks.respond.root_cause.freezing import event_of, note_text
from monitoring_tasks.respond.root_cause.pack import different_sections, make_pack
from monitoring_tasks.store.packs import DIGEST
from monitoring_tasks.workspace.day import Day
from monitoring_tasks.workspace.frozen_packs import frozen_digest, packs_of
from monitoring_tasks.workspace.root_cause_reader import read_pack_facts
from monitoring_tasks.workspace.workspace import Workspace

REBUILT = f"{EVENT}-rebuilt-"
SHOWN = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptPack:
    """A pack as it is kept.

    Attributes:
        incident: Id of the incident.
        digest: SHA-256 of the file; checked.
        path: The file.
        pack: What it says.
        different: Sections that say something else than the frozen ones, of a pack
            that was made again; None where none was frozen before.
    """

    incident: str
    digest: str
    path: str
    pack: JsonObject
    different: tuple[str, ...] | None = None


def read_pack(workspace: Workspace, incident: str) -> KeptPack:
    """Return the pack that was frozen when an incident opened, its digest checked.

    Args:
        workspace: The workspace; only read.
        incident: Its id.

    Raises:
        LookupError: If there is no such incident.
        NoDataError: If it has no pack, or the file is gone.
        UnreadableDataError: If the file was changed after it was frozen.
    """
    stored = _incident(workspace, incident)
    digest = frozen_digest(workspace, incident)
    if digest is None:
        raise NoDataError(_why_none(workspace, stored))
    packs = packs_of(workspace)
    pack = packs.read(incident, digest)
    path = str(packs.path(incident, digest))
    return KeptPack(incident=incident, digest=digest, path=path, pack=pack)


def verify_packs(workspace: Workspace, incident: str) -> list[str]:
    """Hold every pack the time line names against its digest; return their digests.

    Args:
        workspace: The workspace; only read.
        incident: Its id.

    Raises:
        LookupError: If there is no such incident.
        NoDataError: If it has no pack, or a file is gone.
        UnreadableDataError: If a file was changed after it was written.
    """
    stored = _incident(workspace, incident)
    packs = packs_of(workspace)
    named = [
        digest
        for event in workspace.incidents.events(incident)
        if event["event"].startswith(EVENT)
        for digest in DIGEST.findall(event["text"])
    ]
    if not named:
        raise NoDataError(_why_none(workspace, stored))
    for digest in named:
        packs.read(incident, digest)
    return list(dict.fromkeys(named))


def rebuild_pack(workspace: Workspace, incident: str, *, actor: str) -> KeptPack:
    """Make the pack of an incident again of what is known now; the frozen one stays.

    Where none was frozen, this one becomes the incident's pack.

    Args:
        workspace: The workspace.
        incident: Its id.
        actor: Who asks; on the time line.

    Raises:
        LookupError: If there is no such incident.
        NoDataError: If no day of it was judged here.
        UnreadableDataError: If the frozen one was changed.
    """
    stored = _incident(workspace, incident)
    packs = packs_of(workspace)
    digest = frozen_digest(workspace, incident)
    frozen = packs.read(incident, digest) if digest else None
    key = frozen["evaluation"] if frozen else _opened_by(workspace, stored)
    day = Day(workspace, Unit.from_key(key))
    pack = make_pack(read_pack_facts(day, stored), day.contract)
    rebuilt = packs.keep(incident, pack)
    different = tuple(different_sections(frozen, pack)) if frozen else None
    decision = day.evaluation.decision
    is_guess = bool(decision and decision.evidence.get(FIRST_GUESS))
    first = event_of(stored, is_guess=is_guess)
    event = f"{REBUILT}{rebuilt[:SHOWN]}" if frozen else first
    if rebuilt != digest:
        text = note_text(packs, incident, rebuilt, missing="")
        text = f"{text}, made again by {actor}"
        workspace.incidents.note(stored, event, at=workspace.clock.now(), text=text)
    return KeptPack(
        incident=incident,
        digest=rebuilt,
        path=str(packs.path(incident, rebuilt)),
        pack=pack,
        different=different,
    )


def _incident(workspace: Workspace, incident: str) -> Incident:
    stored = workspace.incidents.get(incident)
    if stored is None:
        msg = f"there is no incident '{incident}'; `daywatch incident list` lists them"
        raise LookupError(msg)
    return stored


def _opened_by(workspace: Workspace, incident: Incident) -> str:
    """Return the key of the evaluation that opened an incident, the last time."""
    for event in reversed(workspace.incidents.events(incident.id)):
        key = (event["detail"] or {}).get("evaluation")
        if key:
            return str(key)
    raise NoDataError(_why_none(workspace, incident))


def _why_none(workspace: Workspace, incident: Incident) -> str:
    failed = [
        event["text"]
        for event in workspace.incidents.events(incident.id)
        if event["event"].startswith(EVENT)
    ]
    if failed:
        return f"'{incident.id}' has no root-cause pack: {failed[-1]}"
    return (
        f"'{incident.id}' has no root-cause pack: it is older than packs, or many "
        "models' at once, whose own incidents have them. `daywatch pack "
        f"{incident.id} --rebuild` makes one of what is known now"
    )
