"""What a root-cause pack is made from, and what stands in it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from monitoring_tasks.domain.airflow_runs import AirflowRun
from monitoring_tasks.domain.counts import ColumnCounts
from monitoring_tasks.domain.evaluations import Evaluation
from monitoring_tasks.domain.findings import Finding
from monitoring_tasks.domain.incidents import Incident
from monitoring_tasks.domain.journal import JournalLine
from monitoring_tasks.domain.json_values import JsonObject
from monitoring_tasks.domain.partitions import Partition
from monitoring_tasks.domain.profiles import DayProfile
from monitoring_tasks.domain.reference import ReferenceProfile

SCHEMA = 1
"""Raised when a key of the pack is renamed or means something else."""
LOOK_BACK_DAYS = 28
"""How far back of the day good days, moves and releases are looked for."""
EVENT = "pack"
"""The name of the line on an incident's time line that names its pack."""
GUESSED = "-guess"
"""Behind the name of the line of a pack that rests on a single day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A part of the pack.

    Attributes:
        name: Its key in the pack.
        command: The shell command that makes it again from what is kept.
        data: What was found out; None where nothing could be.
        missing: What could not be told, and why; empty where all was.
    """

    name: str
    command: str
    data: JsonObject | None = None
    missing: Sequence[str] = ()

    def to_json(self) -> JsonObject:
        """Return the section as a document."""
        return {
            "command": self.command,
            "data": self.data,
            "missing": list(self.missing),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainingRun:
    """The MLflow run that made a version.

    Attributes:
        id: Its id.
        name: Its name.
        started_at: When it began; None where it does not say.
        params: Parameter -> value.
        metrics: Metric -> last value.
        tags: Tags but MLflow's own that say nothing of the model.
        datasets: What it was trained and measured on, as MLflow has it.
        weights: File or tag -> feature -> importance or coefficient.
        reason: Why weights could not be read; empty where they were, or where it
            carries none.
    """

    id: str
    name: str = ""
    started_at: datetime | None = None
    params: Mapping[str, str] = field(default_factory=dict)
    metrics: Mapping[str, float] = field(default_factory=dict)
    tags: Mapping[str, str] = field(default_factory=dict)
    datasets: Sequence[Mapping[str, str]] = ()
    weights: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionFacts:
    """A registered version and how it came to be.

    Attributes:
        version: Version number, as text.
        tags: Tags of the version.
        git_commit: Commit of the training code; empty when nobody recorded it.
        run: The run that made it; None where there is none or it cannot be read.
        reason: Why there is no run.
    """

    version: str
    tags: Mapping[str, str] = field(default_factory=dict)
    git_commit: str = ""
    run: TrainingRun | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PackFacts:
    """All that a pack is made from, as it was when the incident opened.

    Attributes:
        incident: The incident.
        evaluation: The day that opened it.
        made_at: When the pack was made.
        findings: The judged numbers of the day.
        profiles: The counts of the day, by version and segment.
        earlier: What was written down of the days before, oldest first.
        earlier_profiles: Counts of the days before.
        reference: The reference of the version that served; None without one.
        damaged: Columns of a day that was not counted, counted on the reference's
            bins for the pack alone.
        versions: Versions concerned, the one that served first.
        partitions: The frozen rows the day was judged by.
        airflow_runs: The runs of Airflow the day comes from; none without Airflow.
        journal: What is known of the model's aliases, oldest first.
        files: File of the contract's folder -> SHA-256 of it.
        libraries: Library -> version, of the process that judged.
        previous: The pack of the model's incident before; None without one.
        lineage_to: Where an OpenLineage event goes, without secrets; empty for nowhere.
        unread: What could not be read -> why.
    """

    incident: Incident
    evaluation: Evaluation
    made_at: datetime
    findings: Sequence[Finding] = ()
    profiles: Sequence[DayProfile] = ()
    earlier: Sequence[Evaluation] = ()
    earlier_profiles: Sequence[DayProfile] = ()
    reference: ReferenceProfile | None = None
    damaged: Mapping[str, ColumnCounts] = field(default_factory=dict)
    versions: Sequence[VersionFacts] = ()
    partitions: Sequence[Partition] = ()
    airflow_runs: Sequence[AirflowRun] = ()
    journal: Sequence[JournalLine] = ()
    files: Mapping[str, str] = field(default_factory=dict)
    libraries: Mapping[str, str] = field(default_factory=dict)
    previous: Mapping[str, Any] | None = None
    lineage_to: str = ""
    unread: Mapping[str, str] = field(default_factory=dict)

    @property
    def show_day(self) -> str:
        """The command that shows the day whole."""
        day = self.evaluation.day.isoformat()
        return f"daywatch show {self.evaluation.model} --day {day} --json"

    def bad_profiles(self) -> list[DayProfile]:
        """Return the counts of the days of the episode, this day included."""
        earlier = [p for p in self.earlier_profiles if p.day >= self.incident.onset_day]
        return [*earlier, *self.profiles]
