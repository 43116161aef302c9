"""What happens in the demo: eleven weeks of history, then eight days of September.

Real: flights, weather, labels, everything Daywatch does. Made: version 3's fault,
the unit change of 5 September, latencies and failures of the scoring job, and the
clock, which stands at the instant each run is about.
"""

import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import yaml

from monitoring_tasks.demo.flights import load_flights
from monitoring_tasks.demo.scoring_job import (
    ALIAS,
    score_day,
    write_history,
    write_labels,
)
from monitoring_tasks.demo.shipped import shipped
from monitoring_tasks.demo.training import MODEL, RECIPES, register, train
from monitoring_tasks.domain.incidents import Incident, IncidentState
from monitoring_tasks.domain.paging import PAGING
from monitoring_tasks.domain.units import Mode
from monitoring_tasks.domain.windows import days_between
from monitoring_tasks.errors import VersionMissingError
from monitoring_tasks.operations.backfilling import backfill
from monitoring_tasks.operations.incidents import (
    acknowledge_incident,
    move_incident,
    said_now,
)
from monitoring_tasks.operations.judging import judge_one_day
from monitoring_tasks.operations.messages.delivering import deliver_waiting
from monitoring_tasks.operations.moving_on import move_on
from monitoring_tasks.operations.postmortem.drafting import draft_postmortem
from monitoring_tasks.operations.references import log_reference
from monitoring_tasks.settings import FILE_NAME
from monitoring_tasks.store.versions import Version
from monitoring_tasks.workspace.workspace import Workspace

if TYPE_CHECKING:
    import pandas as pd

HISTORY = (date(2013, 6, 15), date(2013, 8, 31))
SECOND_VERSION_FROM = date(2013, 7, 1)
RELEASE_DAY = date(2013, 9, 2)
BROKEN_DAY = date(2013, 9, 5)
STORY = (date(2013, 9, 1), BROKEN_DAY)
"""Lived through in Airflow."""
AFTERMATH = (date(2013, 9, 6), date(2013, 9, 8))
"""Good days that end the incidents; judged without Airflow, which is slow."""
ON_CALL = "kim"
RESOLUTION = "version 3 is withdrawn; version 2 has had three good days"
KILOMETRES_PER_MILE = 1.609344

Note = Callable[[str], None]
Advance = Callable[[date], None]


@dataclass
class Demo:
    """The demo's world, built step by step; every step does only what is missing."""

    workspace: Workspace

    @cached_property
    def flights(self) -> "pd.DataFrame":
        """The flights of 2013; read when first needed."""
        return load_flights()

    @property
    def home(self) -> Path:
        """The workspace folder."""
        return self.workspace.settings.home

    def train(self, note: Note) -> None:
        """Train and register the versions that are missing, each with its reference."""
        registered = self._registered()
        for number, recipe in enumerate(RECIPES, start=1):
            existing = registered.get(str(number))
            if existing is not None and existing.reference_digest:
                note(f"version {number} is already trained")
                continue
            trained = train(self.flights, recipe)
            version = (
                register(self.workspace.registry, trained, recipe)
                if existing is None
                else existing.version
            )
            log_reference(
                self.workspace,
                MODEL,
                version,
                trained.reference.assign(model_version=version),
                trained_until=recipe.last,
            )
            note(
                f"version {version}: trained {recipe.first} to {recipe.last}, "
                f"out-of-fold AUC {trained.metrics['roc_auc']:.3f}"
            )

    def _registered(self) -> dict[str, Version]:
        try:
            return {v.version: v for v in self.workspace.registry.versions(MODEL)}
        except VersionMissingError:
            return {}

    def undelivered(self) -> list[date]:
        """List the days of the history whose batch is not there."""
        return [day for day in days_between(*HISTORY) if not self._batch(day).is_file()]

    def write_history(self, days: list[date], advance: Advance) -> None:
        """Write the batches of some days as a scoring job would have.

        Args:
            days: Days of the history.
            advance: Called with each day once its batch is written.
        """
        for day in days:
            write_labels(day, flights=self.flights, out=self.home)
        write_history(
            {day: _served_version(day) for day in days},
            flights=self.flights,
            registry=self.workspace.registry,
            out=self.home,
            progress=advance,
        )

    def unjudged(self) -> list[date]:
        """List the days of the history that have no verdict."""
        rows = self.workspace.results.current(MODEL, *HISTORY)
        judged = {row.day for row in rows if row.action is not None}
        return [day for day in days_between(*HISTORY) if day not in judged]

    def backfill(self, days: list[date], advance: Advance) -> None:
        """Evaluate the history from the first to the last of some days.

        Args:
            days: Days of the history, in order; those between are evaluated as well.
            advance: Called with each day once it is evaluated.
        """
        backfill(
            MODEL,
            days[0].isoformat(),
            days[-1].isoformat(),
            workspace=self.workspace,
            progress=advance,
            processes=os.cpu_count() or 1,
        )

    def untold(self, first: date, last: date) -> list[date]:
        """List the days of the story that have not been lived through.

        Args:
            first: First day.
            last: Last day, included.
        """
        rows = self.workspace.results.current(MODEL, first, last)
        lived = {
            row.day for row in rows if row.mode == Mode.LIVE and row.action is not None
        }
        return [day for day in days_between(first, last) if day not in lived]

    def begin_day(self, day: date) -> str:
        """Let the world go on: release, score, deliver labels; return the version."""
        registry = self.workspace.registry
        standing = registry.alias_version(MODEL, ALIAS)
        if standing is None:
            registry.set_alias(MODEL, ALIAS, "2")
        # Once: a run that was cut short after the release finds version 3 in service.
        if day == RELEASE_DAY and standing == "2":
            registry.set_alias(MODEL, ALIAS, "3")
        score_day(day, flights=self.flights, registry=registry, out=self.home)
        if day == BROKEN_DAY:
            self._change_unit(day)
        write_labels(day, flights=self.flights, out=self.home)
        return str(registry.alias_version(MODEL, ALIAS))

    def live_through(self, day: date) -> None:
        """Let the world go on for a day, and judge it as its schedule would."""
        self.begin_day(day)
        judge_one_day(self.workspace, MODEL, day, live=True)

    def answer_pages(self) -> list[str]:
        """Take on every grave incident, as who is on call does; return their ids."""
        taken = []
        for incident in self._grave(IncidentState.OPEN, IncidentState.MONITORING):
            if incident.acknowledged_at is None:
                entry = said_now(self.workspace, "I am looking at it", actor=ON_CALL)
                acknowledge_incident(self.workspace, incident.id, entry)
                taken.append(incident.id)
        deliver_waiting(self.workspace)
        return taken

    def resolve(self) -> list[str]:
        """Resolve the grave incidents that good days have ended; return their ids."""
        over = self._grave(IncidentState.MONITORING)
        for incident in over:
            entry = said_now(self.workspace, RESOLUTION, actor=ON_CALL)
            move_incident(self.workspace, incident.id, IncidentState.RESOLVED, entry)
        move_on(self.workspace, now=self.workspace.clock.now())
        deliver_waiting(self.workspace)
        return [incident.id for incident in over]

    def draft_postmortem(self, incident: str) -> Path:
        """Draft the post-mortem of an incident; return its file."""
        return draft_postmortem(self.workspace, incident, seconds=5).path

    def _grave(self, *states: IncidentState) -> list[Incident]:
        incidents = self.workspace.incidents.active(MODEL)
        return [i for i in incidents if i.state in states and i.severity in PAGING]

    def conf(self, day: date) -> dict[str, str]:
        """Return the parameters of a day's DAG run."""
        return {"day": day.isoformat(), "mode": Mode.LIVE.value}

    def _change_unit(self, day: date) -> None:
        """Deliver the distance in kilometres: the made fault of the upstream table."""
        import pandas as pd  # noqa: PLC0415 (heavy)

        path = self._batch(day)
        rows = pd.read_parquet(path)
        rows["distance"] *= KILOMETRES_PER_MILE
        rows.to_parquet(path.with_suffix(".part"), index=False)
        path.with_suffix(".part").replace(path)

    def _batch(self, day: date) -> Path:
        return self.home / "predictions" / f"day={day}" / "part-0.parquet"


def prepare(home: Path) -> None:
    """Make the workspace folder with its settings and the demo's contract."""
    home.mkdir(parents=True, exist_ok=True)
    settings = home / FILE_NAME
    if not settings.is_file():
        text = "# Made by `daywatch demo`. Old data: now is the day a run is about.\n"
        # Its own registry, whatever MLflow server the environment may name.
        own = {"clock": "simulated", "registry_url": "sqlite:///mlflow.db"}
        settings.write_text(text + yaml.safe_dump(own))
    target = home / "expectations" / MODEL
    if not target.is_dir():
        shutil.copytree(shipped("expectations") / MODEL, target)


def _served_version(day: date) -> str:
    return "1" if day < SECOND_VERSION_FROM else "2"
