"""What a root-cause pack is made from, read once the incident is open.

A part that cannot be read is named with the reason: the others are told all the same.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.domain.counts import ColumnCounts
from monitoring_tasks.domain.incidents import Incident
from monitoring_tasks.domain.journal import STANDS
from monitoring_tasks.domain.json_values import JsonObject
from monitoring_tasks.domain.partitions import Partition, PartitionKind
from monitoring_tasks.domain.reference import ReferenceProfile
from monitoring_tasks.domain.root_cause import LOOK_BACK_DAYS, PackFacts
from monitoring_tasks.rows.coarse_counts import coarse_counts
from monitoring_tasks.store.incidents import Incidents
from monitoring_tasks.store.mlflow_connection import without_secrets
from monitoring_tasks.store.openlineage import send_event
from monitoring_tasks.store.packs import Packs
from monitoring_tasks.workspace.day import Day
from monitoring_tasks.workspace.frozen_packs import packs_of, previous_pack
from monitoring_tasks.workspace.frozen_rows import versions_in
from monitoring_tasks.workspace.installed_libraries import library_versions
from monitoring_tasks.workspace.unread_parts import or_why
from monitoring_tasks.workspace.version_lineage import versions_in_question


@dataclass(frozen=True, slots=True, kw_only=True)
class PackSource:
    """What the pack of one incident is made from and goes to.

    Attributes:
        day: The day that opened it.
        incident: The incident.
        contract: What is expected of the model.
        packs: Where the pack is kept.
        incidents: Where its digest is written down.
    """

    day: Day
    incident: Incident
    contract: Contract
    packs: Packs
    incidents: Incidents

    def send(self, event: JsonObject) -> str:
        """Send an OpenLineage event; return why it was not taken, or nothing."""
        unsent: dict[str, str] = {}
        target = self.day.workspace.settings.openlineage
        or_why(partial(send_event, target, event), unsent, "event")
        return unsent.get("event", "")

    def read(self) -> PackFacts:
        """Collect what the pack is made from."""
        return read_pack_facts(self.day, self.incident)


def pack_source(day: Day, incident: Incident) -> PackSource:
    """Return what the pack of an incident is made from and goes to; reads nothing yet.

    Args:
        day: The day that opened it.
        incident: The incident.
    """
    workspace = day.workspace
    return PackSource(
        day=day,
        incident=incident,
        contract=day.contract,
        packs=packs_of(workspace),
        incidents=workspace.incidents,
    )


def read_pack_facts(day: Day, incident: Incident) -> PackFacts:
    """Read all that the pack of an incident is made from.

    Args:
        day: The day that opened it; its parts are not read again.
        incident: The incident.
    """
    unread: dict[str, str] = {}
    version = day.evaluation.version or _version_in(day, unread)
    reference = (
        or_why(lambda: day.reference(version), unread, "reference") if version else None
    )
    return PackFacts(
        incident=incident,
        evaluation=day.evaluation,
        made_at=day.workspace.clock.now(about=day.unit.as_of),
        findings=day.findings,
        profiles=day.profiles,
        earlier=day.past.evaluations(LOOK_BACK_DAYS),
        earlier_profiles=day.past.profiles(LOOK_BACK_DAYS),
        reference=reference,
        damaged=_damaged(day, reference, unread),
        versions=or_why(lambda: versions_in_question(day, version), unread, "versions")
        or (),
        partitions=or_why(lambda: _partitions(day), unread, "partitions") or (),
        airflow_runs=day.workspace.results.airflow_runs(day.unit),
        journal=day.workspace.journal.lines_in(*STANDS, model=day.model),
        files=_files(day),
        libraries=library_versions(),
        previous=previous_pack(day.workspace, incident),
        lineage_to=without_secrets(day.workspace.settings.openlineage),
        unread=unread,
    )


def _version_in(day: Day, unread: dict[str, str]) -> str | None:
    """Return the version most rows of a day that was not counted name."""
    rows = or_why(lambda: day.predictions, unread, "rows")
    column = day.contract.columns.model_version
    if rows is None or column not in rows.column_names:
        return None
    return next(iter(versions_in(rows, column)), None)


def _damaged(
    day: Day, reference: ReferenceProfile | None, unread: dict[str, str]
) -> Mapping[str, ColumnCounts]:
    """Count what failed checks name on a day that was found unfit, and not counted."""
    evaluation = day.evaluation
    if reference is None or evaluation.is_fit or evaluation.predictions is None:
        return {}
    rows = or_why(lambda: day.predictions, unread, "rows")
    if day.is_sample:
        unread["rows"] = f"failed columns are counted {day.sample_remark}"
    failed = [c.column for c in evaluation.checks if c.status == "failed"]
    counted = reference.profile.columns
    names = [n for n in dict.fromkeys(failed) if n in counted]
    counts = {
        name: coarse_counts(rows[name], counted[name], reference.bins.get(name))
        for name in names
        if rows is not None and name in rows.column_names
    }
    return {name: part for name, part in counts.items() if part is not None}


def _partitions(day: Day) -> Sequence[Partition]:
    evaluation = day.evaluation
    digests = {
        PartitionKind.PREDICTIONS: evaluation.predictions,
        PartitionKind.LABELS: evaluation.labels,
    }
    results = day.workspace.results
    return [
        results.partition(day.unit, kind.value, digest)
        for kind, digest in digests.items()
        if digest
    ]


def _files(day: Day) -> dict[str, str]:
    """Return the SHA-256 of the contract and of the suites beside it."""
    loaded = day.workspace.loaded(day.model)
    return {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in [loaded.path, *sorted(loaded.folder.glob("*.json"))]
    }
