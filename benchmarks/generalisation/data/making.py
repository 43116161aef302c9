"""The files of a world: models, references, and every day as it should be.

days/<day>.parquet       scored rows with their label
versions/<version>/      model.joblib, reference.parquet (days in order)
training.parquet         rows a release may be trained on
contract.json
"""

import json
import shutil
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import joblib  # type: ignore[import-untyped]  # no stubs
import numpy as np
import pandas as pd

from benchmarks.generalisation.data.contracts import contract_of
from benchmarks.generalisation.data.dealing import OLDER_SHARE, dealt, split
from benchmarks.generalisation.data.models import Model, fit
from benchmarks.generalisation.data.schema import (
    ARRIVED,
    ID,
    LABEL,
    OLDER,
    PREDICTION,
    SERVED,
    VERSION,
    Batch,
)
from benchmarks.generalisation.data.worlds import WORLDS, World
from monitoring_tasks.domain.problems import Problem
from monitoring_tasks.operations.onboarding.promises import guess_promises

DONE = "done"
FEWEST_TRAINED = 150
MOST_TRAINED = 40_000
MOST_REFERENCE = 5_000
"""Rows of a reference day; thinned evenly beyond: a reference is often a sample."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeWorld:
    """A world whose files are there."""

    world: World
    folder: Path

    def model(self, version: str) -> Model:
        """Return a version's model."""
        estimator = _load(self.folder / "versions" / version / "model.joblib")
        return Model(schema=self.world.data.schema, estimator=estimator)

    def day(self, day: date) -> Batch:
        """Return a day as it should be."""
        rows = pd.read_parquet(self.folder / "days" / f"{day}.parquet")
        return as_batch(rows, self.world, day)

    def reference(self, version: str = SERVED) -> pd.DataFrame:
        """Return the labelled rows a version's reference is made of."""
        return pd.read_parquet(self.folder / "versions" / version / "reference.parquet")

    def training(self) -> pd.DataFrame:
        """Return the rows a release may be trained on."""
        return pd.read_parquet(self.folder / "training.parquet")

    @property
    def contract(self) -> dict[str, Any]:
        """The contract, as `monitor.yaml` holds it."""
        return dict(json.loads((self.folder / "contract.json").read_text()))


@cache
def _load(path: Path) -> Any:  # noqa: ANN401 (any estimator)
    return joblib.load(path)


def as_batch(rows: pd.DataFrame, world: World, day: date) -> Batch:
    """Split scored, labelled rows into what is delivered of them, and when."""
    known = pd.Timestamp(world.known_at(day)).tz_convert("UTC")
    labels = rows[[ID, LABEL]].assign(**{ARRIVED: known})
    return Batch(predictions=rows.drop(columns=LABEL), labels=labels)


def make_world(name: str, folder: Path) -> None:
    """Make the files of a world, unless they are there."""
    if (folder / DONE).is_file():
        return
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "days").mkdir(parents=True)
    world = WORLDS[name]
    training, served = split(world.data)
    training = training.head(MOST_TRAINED) if len(training) > MOST_TRAINED else training
    models = _models(world, training)
    training.drop(columns=["block", "day", "at"], errors="ignore").to_parquet(
        folder / "training.parquet", index=False
    )
    by_day = dealt(world, served)
    for day in world.days:
        rows = models[SERVED].scored(by_day[day]).assign(**{VERSION: SERVED})
        rows.to_parquet(folder / "days" / f"{day}.parquet", index=False)
    parts = [_thinned(by_day[day]) for day in world.reference_days]
    reference = pd.concat(parts, ignore_index=True)
    scored = {version: model.scored(reference) for version, model in models.items()}
    for version, model in models.items():
        home = folder / "versions" / version
        home.mkdir(parents=True)
        joblib.dump(model.estimator, home / "model.joblib")
        rows = scored[version].assign(**{VERSION: version})
        rows.to_parquet(home / "reference.parquet", index=False)
    contract = contract_of(world, _promises(world, scored[SERVED]))
    (folder / "contract.json").write_text(json.dumps(contract))
    (folder / DONE).touch()


def _models(world: World, training: pd.DataFrame) -> dict[str, Model]:
    """Fit the version that serves, and an older one on few of its rows."""
    schema = world.data.schema
    few = max(FEWEST_TRAINED, round(OLDER_SHARE * len(training)))
    older = training.sample(few, random_state=1)
    return {OLDER: fit(older, schema), SERVED: fit(training, schema)}


def _thinned(rows: pd.DataFrame) -> pd.DataFrame:
    step = max(1, int(np.ceil(len(rows) / MOST_REFERENCE)))
    return rows.iloc[::step].reset_index(drop=True)


def _promises(world: World, reference: pd.DataFrame) -> Any:  # noqa: ANN401 (promises)
    problem = world.data.schema.problem
    is_number = problem is Problem.REGRESSION
    empty = np.empty(0)
    has_labels = world.delay_days is not None
    predicted = reference[PREDICTION].to_numpy("float64") if is_number else empty
    truth = reference[LABEL].to_numpy("float64") if is_number and has_labels else empty
    if is_number and not has_labels:
        truth = np.full(len(predicted), np.nan)
    return guess_promises(problem, predicted, truth, has_labels=has_labels)
