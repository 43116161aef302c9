"""The same loans, asked other questions: how many days late, and how they end.

A regression and a model of three classes; the rest is `world`'s. Version 1 learnt from
a handful of rows and was registered without a reference, version 2 is sound, version 3
learnt on amounts of the wrong sign.
"""

import pickle
from datetime import date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple
from zlib import crc32
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
from sklearn.linear_model import LinearRegression, LogisticRegression

from monitoring_tasks import daily
from monitoring_tasks.daily import learn_and_report
from monitoring_tasks.domain.windows import days_between
from monitoring_tasks.operations.backfilling import backfill
from monitoring_tasks.operations.references import log_reference
from monitoring_tasks.store.versions import Training
from monitoring_tasks.workspace.day import Day
from monitoring_tasks.workspace.workspace import Workspace, open_workspace
from tests.scenarios import world, worlds
from tests.templates import template

REGRESSION, MULTICLASS = "regression", "multiclass"
PROBLEMS = (REGRESSION, MULTICLASS)
LABELS = {REGRESSION: "days_late", MULTICLASS: "ending"}
SCORES = {name: f"p_{name}" for name in ("defaulted", "late", "repaid")}
HEALTHY = world.RELEASE - timedelta(days=1)
"""A day served by version 2."""
BAD = (world.RELEASE, world.RELEASE + timedelta(days=1))
"""Days served by version 3."""
AFTER = BAD[1] + timedelta(days=1)
"""The day after the rollback, served by version 2 again."""
LAST = AFTER + timedelta(days=1)
"""A day whose labels have not come yet."""
STORY = tuple(days_between(HEALTHY, LAST))
PROMISED = {
    REGRESSION: {"realized": ("mae", "rmse"), "estimated": ("mae", "rmse")},
    MULTICLASS: {
        "realized": ("accuracy", "f1"),
        "estimated": ("accuracy", "f1", "roc_auc"),
    },
}
BACKFILLED = "backfilled.pickle"
MAX_DROP = {REGRESSION: 1.0, MULTICLASS: 0.1}


def contract(problem: str) -> dict[str, Any]:
    """Return the loan's contract with another problem, label and promises."""
    columns = world.CONTRACT["columns"] | {"label": LABELS[problem]}
    columns |= {"score": SCORES if problem == MULTICLASS else None}
    objectives = [
        {"source": source, "metric": metric, "max_drop": MAX_DROP[problem]}
        for source, metrics in PROMISED[problem].items()
        for metric in metrics
    ]
    parts = {"problem": problem, "columns": columns, "objectives": objectives}
    classes = {"classes": list(SCORES)} if problem == MULTICLASS else {}
    return world.CONTRACT | parts | classes


@cache
def base(problem: str) -> Path:
    """Three registered versions and a healthy day that nobody has looked at yet."""
    return template(problem, lambda home: _build(home, problem))


def _build(home: Path, problem: str) -> None:
    home.mkdir()
    (home / "daywatch.yaml").write_text("clock: simulated\n")
    world.write_contract(home, contract(problem))
    with open_workspace(home) as workspace:
        for version in ("1", "2", "3"):
            _register(workspace, problem, version)
        refer(workspace, problem, "2")
        workspace.registry.set_alias(world.MODEL, world.ALIAS, "2")
    write_day(home, problem, HEALTHY)


class Lived(NamedTuple):
    """A story that was backfilled first and then judged live, day by day.

    Attributes:
        home: The workspace.
        backfilled: The tables of its store when it was backfilled and nothing else.
    """

    home: Path
    backfilled: dict[str, list[tuple[Any, ...]]]


@cache
def lived(problem: str) -> Lived:
    """Judge every day of the story, in which version 3 is released; report its end."""
    home = template(f"{problem}-lived", lambda home: _live(home, problem))
    backfilled = pickle.loads((home / BACKFILLED).read_bytes())  # noqa: S301 (ours)
    return Lived(home, backfilled)


def _live(home: Path, problem: str) -> None:
    world.copy(base(problem), home)
    for day in STORY:
        write_day(home, problem, day, version="3" if day in BAD else "2")
    world.part(home, "labels", LAST).unlink()
    first, last = STORY[0].isoformat(), STORY[-1].isoformat()
    with open_workspace(home) as workspace:
        refer(workspace, problem, "3")
        backfill(world.MODEL, first, last, workspace=workspace)
        (home / BACKFILLED).write_bytes(pickle.dumps(worlds.dump(home)))
        for day in STORY:
            if day == BAD[0]:
                workspace.registry.set_alias(world.MODEL, world.ALIAS, "3")
            daily.run_day(workspace, world.unit_of(workspace, day))
        learn_and_report(Day(workspace, world.unit_of(workspace, BAD[1])))


def _register(workspace: Workspace, problem: str, version: str) -> None:
    first, last = world.TRAINED
    workspace.registry.register(
        world.MODEL,
        fitted(problem, version),
        example=_known(first, version)[world.INPUTS],
        training=Training(trained_from=first, trained_until=last),
    )


def refer(workspace: Workspace, problem: str, version: str) -> None:
    """Log the reference of a version: two weeks with their labels."""
    first = world.REFERENCE[0]
    frames = [_known(first + timedelta(days=n), version) for n in range(14)]
    rows = score(pd.concat(frames, ignore_index=True), problem, version)
    log_reference(workspace, world.MODEL, version, rows, trained_until=world.TRAINED[1])


@cache
def fitted(problem: str, version: str) -> LinearRegression | LogisticRegression:
    """Fit a version on its own training day, as it saw it."""
    rows = _known(world.TRAINED[0] + timedelta(days=int(version)), version)
    rows = rows.head(12) if version == "1" else rows
    model = LinearRegression() if problem == REGRESSION else LogisticRegression()
    return model.fit(rows[world.INPUTS], rows[LABELS[problem]])


def make_rows(day: date) -> pd.DataFrame:
    """Draw a day's loans, with days late (early ones below 0) and ending."""
    rows = world.make_rows(day).drop(columns="repaid")
    random = np.random.default_rng(crc32(f"late {day}".encode()))
    pull = 3 * (rows["amount"] - 10) - 2 * (rows["rate"] - 5)
    late = pull + random.normal(0, 2, len(rows))
    ending = np.select([late < -3, late < 3], ["repaid", "late"], "defaulted")
    return rows.assign(days_late=late, ending=ending)


def _known(day: date, version: str) -> pd.DataFrame:
    """Return rows as a version's training job read them: the third turns the sign."""
    rows = make_rows(day)
    return rows.assign(amount=20 - rows["amount"]) if version == "3" else rows


def score(rows: pd.DataFrame, problem: str, version: str) -> pd.DataFrame:
    """Return the rows as a version's scoring job writes them."""
    model = fitted(problem, version)
    inputs = rows[world.INPUTS]
    scored = rows.assign(prediction=model.predict(inputs), model_version=version)
    if problem == REGRESSION:
        return scored
    names = [SCORES[name] for name in model.classes_]
    return scored.assign(**dict(zip(names, model.predict_proba(inputs).T, strict=True)))


def write_day(home: Path, problem: str, day: date, *, version: str = "2") -> None:
    """Deliver a day: the predictions of a version, and the labels next morning."""
    scored = score(make_rows(day), problem, version)
    world.write(home, "predictions", day, scored.drop(columns=list(LABELS.values())))
    arrival = datetime.combine(day + timedelta(days=1), time(3), ZoneInfo(world.ZONE))
    truth = scored[["id", LABELS[problem]]].assign(arrived_at=pd.Timestamp(arrival))
    world.write(home, "labels", day, truth)
