"""Daywatch on a case: the real path of a day, in a store that is thrown away.

A world is judged once without any fault; its store is copied for every case, the
faulty days are forgotten in the copy and judged anew, in dry run.
"""

import shutil
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path

import joblib  # type: ignore[import-untyped]  # no stubs
import pandas as pd
import yaml

from benchmarks.judgement.answers import Answer
from benchmarks.judgement.cases import Case
from benchmarks.judgement.worlds import WORLDS
from monitoring_tasks import daily
from monitoring_tasks.domain.evaluations import Evaluation
from monitoring_tasks.domain.units import Mode, Unit
from monitoring_tasks.operations.backfilling import backfill
from monitoring_tasks.operations.drills.grading import REMEDIES, Remedy
from monitoring_tasks.operations.references import log_reference
from monitoring_tasks.settings import FILE_NAME as SETTINGS
from monitoring_tasks.store.read_only_registry import ReadOnlyRegistry
from monitoring_tasks.store.sandbox import forget_from
from monitoring_tasks.store.versions import Training, Version
from monitoring_tasks.workspace.workspace import Workspace, open_workspace

STORE = "daywatch.db"


class RegistryOfTheDay(ReadOnlyRegistry):
    """A registry as it was on a day: later versions are not there yet.

    Attributes:
        there: The versions that are there.
    """

    there: frozenset[str] = frozenset()

    def versions(self, model: str) -> list[Version]:
        """List the versions that are there, newest first."""
        return [v for v in super().versions(model) if v.version in self.there]


def prepare(name: str, world: Path, home: Path) -> None:
    """Make a workspace of a world: its versions, their references, its files."""
    shutil.rmtree(home, ignore_errors=True)
    install(name, world, home)
    for kind in ("predictions", "labels"):
        (home / kind).symlink_to(world / kind)


def install(name: str, world: Path, home: Path) -> None:
    """Register the versions of a world with their references in a workspace."""
    home.mkdir(parents=True, exist_ok=True)
    contract = WORLDS[name].parsed
    place = home / "expectations" / contract.model
    place.mkdir(parents=True)
    text = yaml.safe_dump(dict(WORLDS[name].contract), sort_keys=False)
    (place / "monitor.yaml").write_text(text)
    (home / SETTINGS).write_text("clock: simulated\n")
    with open_workspace(home) as workspace:
        for folder in sorted((world / "versions").iterdir()):
            _register(workspace, contract.model, folder)


def _register(workspace: Workspace, model: str, folder: Path) -> None:
    reference = pd.read_parquet(folder / "reference.parquet")
    fitted = joblib.load(folder / "model.joblib")
    first, last = yaml.safe_load((folder / "training.json").read_text())
    window = date.fromisoformat(first), date.fromisoformat(last)
    version = workspace.registry.register(
        model,
        fitted,
        example=reference[list(fitted.feature_names_in_)].head(100),
        training=Training(
            trained_from=window[0],
            trained_until=window[1],
            serialization_format="cloudpickle",
        ),
    )
    if version != folder.name:
        msg = f"version {folder.name} was registered as {version}"
        raise ValueError(msg)
    log_reference(workspace, model, version, reference, trained_until=window[1])


def judge_clean(name: str, home: Path) -> list[Answer]:
    """Judge all watched days of a world as they are."""
    world = WORLDS[name]
    model = world.parsed.model
    with open_workspace(home) as workspace:
        workspace.registry = _registry(
            workspace, served={world.served(d) for d in world.days}
        )
        backfill(
            model,
            world.first.isoformat(),
            world.last.isoformat(),
            workspace=workspace,
        )
        rows = workspace.results.current(model, world.first, world.last)
        return [_answer(row) for row in rows]


def judge_case(case: Case, home: Path, delivered: Path, folder: Path) -> list[Answer]:
    """Judge the faulty days of a case, in order.

    Args:
        case: What goes wrong.
        home: The judged world.
        delivered: The files of the case.
        folder: An empty folder to work in.
    """
    template = _template(home, WORLDS[case.world].parsed.model)
    settings = template.settings.model_copy(
        update={
            "home": folder,
            "store_url": f"sqlite:///{folder / STORE}",
            "partitions": str(folder / "partitions"),
            "reports": folder / "reports",
        }
    )
    copy_store(home / STORE, folder / STORE)
    for kind in ("predictions", "labels"):
        (folder / kind).symlink_to(delivered / kind)
    # The scoring worker and what was read of the references serve all cases.
    workspace = replace(template, settings=settings, _versions={})
    world = WORLDS[case.world]
    served = {world.served(d) for d in world.days if d <= case.days[-1]}
    workspace.registry = _registry(template, served=served | {case.release})
    try:
        model = world.parsed.model
        forget_from(workspace.database, model, case.onset)
        return [_judge(workspace, model, day) for day in case.days]
    finally:
        workspace.database.engine.dispose()


def _judge(workspace: Workspace, model: str, day: date) -> Answer:
    as_of = workspace.as_of(model, day)
    unit = Unit(model=model, day=day, as_of=as_of, mode=Mode.DRY_RUN)
    return _answer(daily.run_day(workspace, unit))


@cache
def _template(home: Path, model: str) -> Workspace:
    """Open a judged world; its scoring worker asks its own store, not a case's."""
    workspace = open_workspace(home)
    workspace.scorer(model)
    return workspace


def _registry(workspace: Workspace, *, served: set[str]) -> RegistryOfTheDay:
    kept = workspace.settings.home / "cache" / "registry"
    registry = RegistryOfTheDay(workspace.settings.registry_url, cache=kept)
    registry.there = frozenset(served)
    return registry


def copy_store(source: Path, target: Path) -> None:
    """Copy a store, whoever has it open."""
    with (
        closing(sqlite3.connect(source)) as old,
        closing(sqlite3.connect(target)) as new,
    ):
        old.backup(new)


def _answer(row: Evaluation) -> Answer:
    remedy = REMEDIES[row.action.kind if row.action else "none"]
    is_loud = remedy is not Remedy.NONE
    return Answer(
        day=row.day,
        alerts={"pages": is_loud},
        cause=str(row.cause or ""),
        remedy=str(remedy),
        severity=str(row.severity or ""),
        performance=str(row.performance or ""),
        version=str(row.version or ""),
        why=(row.reasons or ("",))[0] if is_loud else "",
    )
