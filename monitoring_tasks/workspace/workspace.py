"""Everything a step needs, opened once: settings, store, registry, contract."""

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import cached_property
from pathlib import Path
from typing import Any, Self, TypeVar

from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.contract.files import LoadedContract, find_contract
from monitoring_tasks.contract.schedule import CronSchedule
from monitoring_tasks.disk import may_make
from monitoring_tasks.domain.reference import ReferenceProfile
from monitoring_tasks.domain.runs import run_instant
from monitoring_tasks.domain.windows import window_of
from monitoring_tasks.errors import NoDataError
from monitoring_tasks.settings import ConnectionLookup, load_settings
from monitoring_tasks.store.artifacts import Artifacts
from monitoring_tasks.store.holds import Holds
from monitoring_tasks.store.incidents import Incidents
from monitoring_tasks.store.journal import Journal
from monitoring_tasks.store.journal_heads import FILE_NAME as HEADS_FILE
from monitoring_tasks.store.journal_heads import JournalHeads
from monitoring_tasks.store.outbox import Outbox
from monitoring_tasks.store.registry import Registry
from monitoring_tasks.store.rollbacks import Rollbacks
from monitoring_tasks.store.scoring import Scorer
from monitoring_tasks.store.slo_days import newest_as_of
from monitoring_tasks.store.versions import Version
from monitoring_tasks.workspace.kept_answers import KeptAnswers
from monitoring_tasks.workspace.references import References
from monitoring_tasks.workspace.routing import router_of
from monitoring_tasks.workspace.scoring_jobs import scoring_job
from monitoring_tasks.workspace.workspace_stores import WorkspaceStores

T = TypeVar("T")


@dataclass
class Workspace(WorkspaceStores):
    """One process' view of the world; close it, or use it as a context manager.

    Attributes:
        settings: Where things are.
        look_up: From a connection's name to its URL, e.g. Airflow's connections.
    """

    _contracts: dict[str, LoadedContract] = field(default_factory=dict)
    _versions: dict[str, list[Version]] = field(default_factory=dict)
    _scorers: dict[str, Scorer] = field(default_factory=dict)
    _memory: dict[Hashable, Any] = field(default_factory=dict)

    def __enter__(self) -> Self:
        """Open nothing yet; parts open when they are first used."""
        return self

    def __exit__(self, *exc: object) -> None:
        """Stop the scoring workers and let go of the database."""
        for scorer in self._scorers.values():
            scorer.__exit__(None, None, None)
        self._scorers.clear()
        if "database" in self.__dict__:
            self.database.engine.dispose()

    @cached_property
    def incidents(self) -> Incidents:
        """Incidents and their events."""
        return Incidents(self.database, self.outbox)

    @cached_property
    def outbox(self) -> Outbox:
        """Messages to channels, written with the changes they tell of."""
        return Outbox(self.database, router_of(self))

    @cached_property
    def journal(self) -> Journal:
        """What happened to aliases, and to what may be done about them."""
        heads = JournalHeads(self.settings.home / HEADS_FILE)
        return Journal(self.database, heads, outbox=self.outbox)

    @cached_property
    def rollbacks(self) -> Rollbacks:
        """Rollbacks and where they stand."""
        return Rollbacks(self.database, self.journal)

    @cached_property
    def holds(self) -> Holds:
        """What people have placed on alias moves."""
        return Holds(self.journal)

    @cached_property
    def registry(self) -> Registry:
        """The MLflow registry."""
        cache = self.settings.home / "cache" / "registry"
        # Whoever may not write here downloads references for this process alone.
        return Registry(
            self.settings.registry_url,
            tracking_url=self.settings.tracking_url,
            cache=cache if may_make(cache) else None,
        )

    @cached_property
    def references(self) -> References:
        """What is kept beside versions of how their numbers usually are."""
        cache = self.settings.home / "cache" / "reconstruction"
        return References(self.registry, KeptAnswers(folder=cache))

    @cached_property
    def artifacts(self) -> Artifacts:
        """The files of registered versions, as they were recorded."""
        return Artifacts(
            registry=self.registry,
            journal=self.journal,
            cache=self.settings.home / "cache" / "models",
            now=self._recorded_at,
        )

    def _recorded_at(self, version: Version) -> datetime:
        """Return when a version is recorded: simulated, at the end of its training."""
        trained = version.trained_until
        if trained is None:
            # Before everything a simulated clock may show.
            return self.clock.now(about=datetime.fromtimestamp(0, tz=UTC))
        zone = self.contract(version.model).timezone
        return self.clock.now(about=window_of(trained, zone).end)

    def loaded(self, model: str) -> LoadedContract:
        """Return the contract of a model and where it lies."""
        if model not in self._contracts:
            self._contracts[model] = find_contract(self.settings.expectations, model)
        return self._contracts[model]

    def contract(self, model: str) -> Contract:
        """Return the contract of a model."""
        return self.loaded(model).contract

    def suite(self, model: str, name: str) -> Path | None:
        """Return the path of a GX suite beside the contract; None when there is none.

        Args:
            model: Registered model name.
            name: The suite's file name without its ending.
        """
        path = self.loaded(model).folder / f"{name}.json"
        return path if path.is_file() else None

    def as_of(self, model: str, day: date) -> datetime:
        """Return the instant at which the schedule evaluates a day.

        Args:
            model: Registered model name.
            day: The model's own calendar day.
        """
        contract = self.contract(model)
        if isinstance(contract.schedule, CronSchedule):
            return run_instant(
                day, timezone=contract.timezone, cron=contract.schedule.cron
            )
        return window_of(day, contract.timezone).end

    def now(self, model: str) -> datetime:
        """Return the present instant for what a person asks of a model's days.

        Under the simulated clock that of the model's newest evaluation.

        Raises:
            NoDataError: If none of its days was evaluated yet.
        """
        newest = newest_as_of(self.database, model)
        if newest is None:
            msg = (
                f"no day of {model} has been judged yet; "
                f"`daywatch run {model} --day DAY`"
            )
            raise NoDataError(msg)
        return self.clock.now(about=newest)

    def versions(self, model: str) -> list[Version]:
        """List the registered versions, newest first."""
        if model not in self._versions:
            self._versions[model] = self.registry.versions(model)
        return self._versions[model]

    def reference(self, model: str, version: str) -> ReferenceProfile | None:
        """Return a version's reference profile; None when it was logged without one.

        Args:
            model: Registered model name.
            version: Registered version.
        """
        return self.references.profile(model, version)

    def remember(self, *key: Hashable, make: Callable[[], T]) -> T:
        """Return what `make` returned the first time this process needed `key`.

        For what is dear to make and the same for every day: fitted estimators,
        summaries of frozen rows, outputs of other versions on a reference.
        """
        if key not in self._memory:
            self._memory[key] = make()
        remembered: T = self._memory[key]
        return remembered

    def scorer(self, model: str) -> Scorer:
        """Return the worker process that scores rows again with other versions."""
        if model not in self._scorers:
            job = scoring_job(self.contract(model))
            self._scorers[model] = Scorer(job, self.artifacts)
        return self._scorers[model]


def open_workspace(
    home: Path | None = None, look_up: ConnectionLookup | None = None
) -> Workspace:
    """Open the workspace at `home`, or where the environment says.

    Args:
        home: Its folder; None to take it from the environment.
        look_up: From a connection's name to its URL; None without connections.

    Raises:
        ConfigurationError: If a setting is wrong.
    """
    return Workspace(settings=load_settings(home), look_up=look_up)
