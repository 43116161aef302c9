"""What goes into the evidence bundle of an incident: all that was written of it."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any

from monitoring_tasks.domain.contract_versions import in_force
from monitoring_tasks.domain.evaluations import Evaluation
from monitoring_tasks.domain.findings import Finding
from monitoring_tasks.domain.incidents import Incident
from monitoring_tasks.domain.journal import JournalLine
from monitoring_tasks.domain.partitions import Partition
from monitoring_tasks.domain.rollbacks import Rollback
from monitoring_tasks.domain.windows import window_of
from monitoring_tasks.operations.governance.bundle_files import document
from monitoring_tasks.operations.governance.record_lookup import record_of
from monitoring_tasks.operations.governance.record_views import record_fields
from monitoring_tasks.operations.governance.regulatory_facts import declared
from monitoring_tasks.store.evidence_reader import EvidenceReader, partition_bytes
from monitoring_tasks.store.records import evaluation_row
from monitoring_tasks.workspace.contract_sightings import contract_content
from monitoring_tasks.workspace.workspace import Workspace

MADE, REMOVED = "bundle_made", "bundle_removed"
"""Lines of the journal about bundles; none goes into one, or no two were the same."""
PACKS = "evidence"
"""Folder of the workspace with a folder of packs for each incident."""


@dataclass(frozen=True, eq=False)
class Evidence:
    """What the store holds of an incident, or of one model's part in it.

    Attributes:
        workspace: The workspace; only read.
        incident: The incident; of a part of the fleet's, the part.
        rows: Whether the rows themselves go with it, and not their manifests alone.
    """

    workspace: Workspace
    incident: Incident
    rows: bool = False

    @cached_property
    def looks(self) -> list[Evaluation]:
        """Every look at the incident's days."""
        return EvidenceReader(self.workspace.database).looks(*self._span)

    @cached_property
    def partitions(self) -> list[Partition]:
        """Every frozen partition of the incident's days."""
        return EvidenceReader(self.workspace.database).partitions(*self._span)

    @cached_property
    def events(self) -> list[dict[str, Any]]:
        """The incident's time line."""
        return self.workspace.incidents.events(self.incident.id)

    @cached_property
    def rollbacks(self) -> list[Rollback]:
        """Rollbacks of the incident, and those of its model while it lasted."""
        of_model = self.workspace.rollbacks.find(self.incident.model)
        return [r for r in of_model if self._belongs(r.incident, r.proposed_at)]

    @cached_property
    def journal(self) -> list[JournalLine]:
        """The journal's lines on model and incident while it lasted, but of bundles."""
        mine = {rollback.id for rollback in self.rollbacks}
        lines = self.workspace.journal.lines(self.incident.model)
        lines += self.workspace.journal.lines("*")
        return [
            line
            for line in sorted(lines, key=lambda line: line.number)
            if line.state not in {MADE, REMOVED}
            and (line.key in mine or self._belongs(line.incident, line.at))
        ]

    @property
    def known_at(self) -> datetime:
        """The newest instant in it."""
        instants: list[datetime] = [event["at"] for event in self.events]
        instants += [self.incident.opened_at, *(look.as_of for look in self.looks)]
        instants += [line.at for line in self.journal]
        record = self.workspace.regulatory_events.events(self.incident.id)
        return max([*instants, *(event.at for event in record)])

    def files(self) -> dict[str, bytes]:
        """Return the files of the bundle, by path; the manifest is made of them."""
        documents: dict[str, Any] = {
            "incident.json": asdict(self.incident),
            "timeline.json": self.events,
            "journal.json": [line.to_json() for line in self.journal],
            "contract.json": self._contract(),
        }
        documents |= {
            f"days/{_name(look)}.json": self._look(look) for look in self.looks
        }
        documents |= {
            f"partitions/{_part(part)}.json": self._partition(part)
            for part in self.partitions
        }
        documents |= {
            f"rollbacks/{r.id}.json": self._rollback(r) for r in self.rollbacks
        }
        if record := record_of(self.workspace, self.incident.id):
            events = self.workspace.regulatory_events.events(self.incident.id)
            documents["regulatory.json"] = record_fields(record) | {
                "chain": [asdict(event) for event in events]
            }
        files = {path: document(value) for path, value in documents.items()}
        return files | self._packs() | (self._rows() if self.rows else {})

    @property
    def _span(self) -> tuple[str, Any, Any]:
        incident = self.incident
        return incident.model, incident.onset_day, incident.last_day

    @cached_property
    def _start(self) -> datetime:
        known = declared(self.workspace, self.incident.model)
        zone = self.workspace.contract(self.incident.model).timezone if known else "UTC"
        return window_of(self.incident.onset_day, zone).start

    def _belongs(self, incident: str | None, at: datetime) -> bool:
        ended = self.incident.resolved_at
        lasts = at >= self._start and (ended is None or at <= ended)
        return incident == self.incident.id or lasts

    def _look(self, look: Evaluation) -> dict[str, Any]:
        numbers = self.workspace.results.numbers(look.unit)
        return {
            "evaluation": evaluation_row(look),
            "findings": [asdict(n) for n in numbers if isinstance(n, Finding)],
            "measurements": [asdict(n) for n in numbers if not isinstance(n, Finding)],
        }

    def _partition(self, partition: Partition) -> dict[str, Any]:
        root = str(self.workspace.settings.partitions).rstrip("/") + "/"
        # The instant of freezing is no content, and where the root lies is chance.
        manifest = {k: v for k, v in asdict(partition).items() if k != "as_of"}
        return manifest | {"path": partition.path.removeprefix(root)}

    def _rollback(self, rollback: Rollback) -> dict[str, Any]:
        evidence = self.workspace.rollbacks.evidence(rollback.id)
        return asdict(rollback) | {"evidence": evidence}

    def _contract(self) -> dict[str, Any]:
        model, opened = self.incident.model, self.incident.opened_at
        versions = self.workspace.contract_versions.of_model(model)
        version = in_force(versions, opened)
        if version is not None:
            return {"recorded": True, "in_force": asdict(version)}
        note = "no live day was judged before it was opened: what stands now is given"
        now = (
            contract_content(self.workspace.loaded(model))
            if declared(self.workspace, model)
            else None
        )
        return {"recorded": False, "note": note, "now": now}

    def _packs(self) -> dict[str, bytes]:
        folder = self.workspace.settings.home / PACKS / self.incident.id
        return {f"packs/{path.name}": path.read_bytes() for path in _json_in(folder)}

    def _rows(self) -> dict[str, bytes]:
        return {
            f"rows/{_part(part)}.parquet": partition_bytes(part)
            for part in self.partitions
        }


def evidence_files(
    workspace: Workspace, incident: Incident, *, rows: bool
) -> tuple[Mapping[str, bytes], datetime]:
    """Return the files of an incident and of its parts, and their newest instant.

    Args:
        workspace: The workspace; only read.
        incident: The incident, also one of the whole fleet.
        rows: Whether the rows themselves go with it.
    """
    evidence = Evidence(workspace, incident, rows)
    files, known_at = evidence.files(), evidence.known_at
    for part in parts_of(workspace, incident):
        of_part = Evidence(workspace, part, rows)
        known_at = max(known_at, of_part.known_at)
        for path, content in of_part.files().items():
            files[f"parts/{part.id}/{path}"] = content
    return files, known_at


def parts_of(workspace: Workspace, incident: Incident) -> list[Incident]:
    """Return the incidents an incident speaks for, by id.

    Args:
        workspace: The workspace; only read.
        incident: The incident.
    """
    return sorted(workspace.incidents.parts(incident.id), key=lambda part: part.id)


def _json_in(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.json")) if folder.is_dir() else []


def _name(look: Evaluation) -> str:
    return f"{look.day}/{look.as_of:%Y%m%dT%H%M%SZ}-{look.mode}"


def _part(partition: Partition) -> str:
    return f"{partition.day}/{partition.kind}-{partition.digest[:16]}"
