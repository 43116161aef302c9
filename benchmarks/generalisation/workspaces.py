"""The workspaces Daywatch lives in: one a world, and a copy of it for every case."""

import fcntl
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import sqlalchemy as sa
import yaml

from benchmarks.generalisation.data.contracts import contract_of
from benchmarks.generalisation.data.making import MadeWorld
from benchmarks.generalisation.data.models import Model
from benchmarks.generalisation.data.schema import (
    LABEL,
    OLDER,
    PREDICTION,
    SERVED,
    VERSION,
    Batch,
)
from benchmarks.generalisation.data.worlds import World
from benchmarks.generalisation.delivery import Delivered
from benchmarks.judgement.raw import write_rows
from benchmarks.judgement.run_daywatch import STORE, RegistryOfTheDay, copy_store
from monitoring_tasks.domain.problems import Problem
from monitoring_tasks.operations.onboarding.promises import guess_promises
from monitoring_tasks.operations.references import log_reference
from monitoring_tasks.settings import FILE_NAME as SETTINGS
from monitoring_tasks.store.declarative import table_of
from monitoring_tasks.store.sandbox import forget_from
from monitoring_tasks.store.schema import EvaluationRow, PartitionRow, ProfileRow
from monitoring_tasks.store.versions import Training
from monitoring_tasks.workspace.workspace import Workspace, open_workspace

if TYPE_CHECKING:
    import pandas as pd

KINDS = ("predictions", "labels")
PARTITIONS = "partitions"
EXAMPLE_ROWS = 100
_TEMPLATES: dict[Path, Workspace] = {}
TRAINED = (date(2012, 10, 1), date(2013, 2, 28))
"""Made: nobody says when rows without a time were trained on."""


def install(made: MadeWorld, home: Path) -> None:
    """Lay out a workspace: contract, both versions with references, every day."""
    world = made.world
    place = home / "expectations" / world.name
    place.mkdir(parents=True)
    (place / "monitor.yaml").write_text(_contract(made))
    (home / SETTINGS).write_text("clock: simulated\n")
    for day in world.days:
        _write(home, world, day, made.day(day))
    with open_workspace(home) as workspace:
        for version in (OLDER, SERVED):
            model = made.model(version)
            _register(workspace, world, model, made.reference(version))


def _contract(made: MadeWorld) -> str:
    """Write the contract with what `daywatch init` promises now.

    The rest of it is as old as the world's files, and says nothing of a judgement.
    """
    world, rows = made.world, made.reference()
    has_labels = world.delay_days is not None
    predicted, truth = np.empty(0), np.empty(0)
    if world.data.schema.problem is Problem.REGRESSION:
        predicted = rows[PREDICTION].to_numpy("float64")
        unknown = np.full(len(rows), np.nan)
        truth = rows[LABEL].to_numpy("float64") if has_labels else unknown
    promises = guess_promises(
        world.data.schema.problem,
        predicted,
        truth,
        has_labels=has_labels,
        rows_by_day=[world.rows_a_day],
        rarer=float(rows[LABEL].value_counts(normalize=True).min()),
    )
    return yaml.safe_dump(contract_of(world, promises), sort_keys=False)


def _write(folder: Path, world: World, day: date, batch: Batch) -> None:
    write_rows(folder, "predictions", day, batch.predictions)
    if world.delay_days is not None:
        write_rows(folder, "labels", day, batch.labels)


def _register(
    workspace: Workspace, world: World, model: Model, reference: "pd.DataFrame"
) -> str:
    version = workspace.registry.register(
        world.name,
        model.estimator,
        example=reference[world.data.schema.features].head(EXAMPLE_ROWS),
        training=Training(
            trained_from=TRAINED[0],
            trained_until=TRAINED[1],
            serialization_format="cloudpickle",
        ),
    )
    rows = reference.assign(**{VERSION: version})
    log_reference(workspace, world.name, version, rows, trained_until=TRAINED[1])
    return version


def register_release(delivered: Delivered, home: Path) -> str:
    """Register the release of a case, once; its version is the next number."""
    book = home / "releases.json"
    with _alone(home / "releases.lock"):
        known = dict(json.loads(book.read_text())) if book.is_file() else {}
        if delivered.case.name not in known and delivered.release is not None:
            model, reference = delivered.release
            with open_workspace(home) as workspace:
                version = _register(workspace, delivered.world, model, reference)
            known[delivered.case.name] = version
            book.write_text(json.dumps(known))
    return str(known[delivered.case.name])


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def lay_out(delivered: Delivered, home: Path, folder: Path) -> None:
    """Write the faulty days; the days before are links to those of the world."""
    days = set(delivered.days)
    for kind in KINDS:
        if not (home / kind).is_dir():
            continue
        (folder / kind).mkdir()
        for place in (home / kind).iterdir():
            day = date.fromisoformat(place.name.removeprefix("day="))
            if day < delivered.days[0]:
                (folder / kind / place.name).symlink_to(place)
    for day in sorted(days):
        _write(folder, delivered.world, day, delivered.delivered(day))


@contextmanager
def copied(delivered: Delivered, home: Path, folder: Path) -> Iterator[Workspace]:
    """Open a copy of a judged world as it was on the morning before a case.

    Args:
        delivered: The case.
        home: The judged world.
        folder: Where the copy goes; the files of the case lie there.
    """
    world = delivered.world
    template = template_of(home, world.name)
    settings = template.settings.model_copy(
        update={
            "home": folder,
            "store_url": f"sqlite:///{folder / STORE}",
            "partitions": str(folder / PARTITIONS),
            "reports": folder / "reports",
        }
    )
    copy_store(home / STORE, folder / STORE)
    if (home / PARTITIONS).is_dir():
        # Frozen files never change: links are copies.
        shutil.copytree(home / PARTITIONS, folder / PARTITIONS, copy_function=os.link)
    # The scoring worker and what was read of the references serve all cases.
    workspace = replace(template, settings=settings, _versions={})
    first = delivered.days[0]
    before = workspace.as_of(world.name, first - timedelta(days=1))
    try:
        forget_from(workspace.database, world.name, first)
        _forget_looks_after(workspace, world.name, before)
        yield workspace
    finally:
        workspace.database.engine.dispose()


def template_of(home: Path, model: str) -> Workspace:
    """Open a judged world; its scoring worker asks its own store, not a case's.

    One world is open at a time: a scoring worker holds some 250 MB.
    """
    if home not in _TEMPLATES:
        for other in list(_TEMPLATES):
            _TEMPLATES.pop(other).__exit__()
        _TEMPLATES[home] = open_workspace(home)
        _TEMPLATES[home].scorer(model)
    return _TEMPLATES[home]


def registry_of(workspace: Workspace, there: set[str]) -> RegistryOfTheDay:
    """Return the registry of a judged world, read-only, with some versions alone."""
    kept = workspace.settings.home / "cache" / "registry"
    registry = RegistryOfTheDay(workspace.settings.registry_url, cache=kept)
    registry.there = frozenset(there)
    return registry


def _forget_looks_after(workspace: Workspace, model: str, instant: datetime) -> None:
    """Remove what was learnt of earlier days later than `instant`."""
    with workspace.database.transaction() as connection:
        for kind in (EvaluationRow, ProfileRow, PartitionRow):
            table = table_of(kind)
            later = sa.and_(table.c.model == model, table.c.as_of > instant)
            connection.execute(sa.delete(table).where(later))
