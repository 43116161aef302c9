"""What a root-cause pack is made from, read once the incident is open.

A part that cannot be read is named with the reason: the others are told all the same.
"""

import hashlib
import re
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from importlib import metadata
from typing import Any, TypeVar

from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.domain.counts import ColumnCounts
from monitoring_tasks.domain.incidents import Incident
from monitoring_tasks.domain.journal import STANDS
from monitoring_tasks.domain.json_values import JsonObject
from monitoring_tasks.domain.partitions import Partition, PartitionKind
from monitoring_tasks.domain.reference import ReferenceProfile
from monitoring_tasks.domain.root_cause import (
    EVENT,
    LOOK_BACK_DAYS,
    PackFacts,
    VersionFacts,
)
from monitoring_tasks.errors import MonitoringError
from monitoring_tasks.rows.coarse_counts import coarse_counts
from monitoring_tasks.store.incidents import Incidents
from monitoring_tasks.store.mlflow_connection import without_secrets
from monitoring_tasks.store.openlineage import send_event
from monitoring_tasks.store.packs import DIGEST, Packs
from monitoring_tasks.store.training_runs import TrainingRuns
from monitoring_tasks.workspace.day import Day
from monitoring_tasks.workspace.frozen_rows import versions_in
from monitoring_tasks.workspace.workspace import Workspace

LIBRARIES = (
    "daywatch", "apache-airflow", "mlflow", "nannyml", "great-expectations",
    "scikit-learn", "numpy", "pandas", "pyarrow", "scipy", "duckdb", "sqlalchemy",
    "lightgbm", "xgboost", "skops",
)  # fmt: skip
"""Whose versions a pack records, where they are installed."""
MOST_VERSIONS = 4
PACK_LINE = re.compile(rf"{EVENT}(-\d+)?")
"""Names of the lines that name a pack, one each time the incident opened."""
Answer = TypeVar("Answer")


def packs_of(workspace: Workspace) -> Packs:
    """Return where the root-cause packs of a workspace lie."""
    return Packs(workspace.settings.home)


def training_runs_of(workspace: Workspace) -> TrainingRuns:
    """Return the runs that made the versions of a workspace's models."""
    settings = workspace.settings
    return TrainingRuns(settings.registry_url, tracking_url=settings.tracking_url)


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
        _or_why(partial(send_event, target, event), unsent, "event")
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


def frozen_digest(workspace: Workspace, incident: str) -> str | None:
    """Return the digest of an incident's newest frozen pack; None without one.

    Args:
        workspace: Where its time line is read.
        incident: Its id.
    """
    for line in reversed(workspace.incidents.events(incident)):
        if PACK_LINE.fullmatch(line["event"]):
            named = DIGEST.search(line["text"])
            return named.group() if named else None
    return None


def read_pack_facts(day: Day, incident: Incident) -> PackFacts:
    """Read all that the pack of an incident is made from.

    Args:
        day: The day that opened it; its parts are not read again.
        incident: The incident.
    """
    unread: dict[str, str] = {}
    version = day.evaluation.version or _version_in(day, unread)
    reference = (
        _or_why(lambda: day.reference(version), unread, "reference")
        if version
        else None
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
        versions=_or_why(lambda: _versions(day, version), unread, "versions") or (),
        partitions=_or_why(lambda: _partitions(day), unread, "partitions") or (),
        airflow_runs=day.workspace.results.airflow_runs(day.unit),
        journal=day.workspace.journal.lines_in(*STANDS, model=day.model),
        files=_files(day),
        libraries=library_versions(),
        previous=_previous(day.workspace, incident),
        lineage_to=without_secrets(day.workspace.settings.openlineage),
        unread=unread,
    )


def library_versions() -> dict[str, str]:
    """Return Python's and each installed library's version."""
    versions = {"python": ".".join(map(str, sys.version_info[:3]))}
    for name in LIBRARIES:
        try:
            versions[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            continue
    return versions


def version_facts(
    workspace: Workspace, model: str, version: str, *, no_runs: str = ""
) -> VersionFacts:
    """Return what the registry and its run say of a version.

    Args:
        workspace: The workspace; only read.
        model: Registered model name.
        version: Registered version.
        no_runs: Why runs are not asked for; empty where they are.

    Raises:
        MonitoringError: If the registry does not answer.
    """
    known = next((v for v in workspace.versions(model) if v.version == version), None)
    if known is None:
        return VersionFacts(version=version, reason="the registry does not have it")
    unread = {"run": no_runs}
    runs = training_runs_of(workspace)
    run = (
        _or_why(lambda: runs.read(known.run_id), unread, "run")
        if known.run_id and not no_runs
        else None
    )
    return VersionFacts(
        version=version,
        tags=known.tags,
        git_commit=known.git_commit,
        run=run,
        reason=unread["run"],
    )


def _or_why(
    read: Callable[[], Answer], unread: dict[str, str], part: str
) -> Answer | None:
    """Return what was read; note the reason where it cannot be."""
    try:
        return read()
    except (MonitoringError, LookupError, OSError) as error:
        unread[part] = str(error)
        return None


def _version_in(day: Day, unread: dict[str, str]) -> str | None:
    """Return the version most rows of a day that was not counted name."""
    rows = _or_why(lambda: day.predictions, unread, "rows")
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
    rows = _or_why(lambda: day.predictions, unread, "rows")
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


def _versions(day: Day, version: str | None) -> Sequence[VersionFacts]:
    """Return the version that served, those it was held against, the one before it."""
    evaluation = day.evaluation
    earlier = [e.version for e in reversed(day.past.evaluations(LOOK_BACK_DAYS))]
    named = [
        version,
        evaluation.rollback_to,
        *(comparison.version for comparison in evaluation.comparisons),
        next((v for v in earlier if v and v != version), None),
    ]
    numbers = list(dict.fromkeys(v for v in named if v and v.isdigit()))
    facts: list[VersionFacts] = []
    for number in numbers[:MOST_VERSIONS]:
        # A server that did not answer about one run is not waited for again.
        why = next((f.reason for f in facts if "did not answer" in f.reason), "")
        facts.append(version_facts(day.workspace, day.model, number, no_runs=why))
    return facts


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


def _previous(workspace: Workspace, incident: Incident) -> dict[str, Any] | None:
    """Return the newest readable pack of another incident of the model."""
    others = [
        other
        for other in workspace.incidents.find(incident.model)
        if other.id != incident.id and other.opened_at <= incident.opened_at
    ]
    packs = packs_of(workspace)
    for other in sorted(others, key=lambda i: i.opened_at, reverse=True):
        digest = frozen_digest(workspace, other.id)
        if digest is None:
            continue
        pack = _or_why(partial(packs.read, other.id, digest), {}, EVENT)
        if pack is not None:
            return pack
    return None
