"""A small world: a loan model with three versions and days of predictions and labels.

Versions 1 and 2 are sound; version 3 learnt on amounts of the wrong sign, so its own
reference looks fine and what it serves is worse than chance.
"""

import shutil
import sqlite3
from collections.abc import Callable, Mapping
from contextlib import closing
from datetime import date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from zlib import crc32
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import yaml
from sklearn.linear_model import LogisticRegression

from monitoring_tasks.domain.units import Mode, Unit
from monitoring_tasks.domain.windows import days_between
from monitoring_tasks.operations.references import log_reference
from monitoring_tasks.store.versions import Training
from monitoring_tasks.workspace.workspace import Workspace, open_workspace

MODEL, ALIAS, ZONE = "loan", "champion", "Europe/Berlin"
INPUTS = ["amount", "rate"]
PREDICTIONS = [
    "id", "at", "model_version", "score", "prediction",
    "amount", "rate", "channel", "region", "gender",
]  # fmt: skip
REGIONS = ["Köln", 'O\'Brien "Q" <b>']
TRAINED = (date(2024, 1, 1), date(2024, 2, 29))
REFERENCE = (date(2024, 3, 1), date(2024, 3, 14))
HISTORY = (date(2024, 3, 18), date(2024, 3, 25))
"""Healthy days served by version 2."""
RELEASE = date(2024, 3, 26)
"""The first day that version 3 serves, in the stories where it is released."""
CLOCK_CHANGE = date(2024, 3, 31)
ROWS = 400
Change = Callable[[pd.DataFrame], pd.DataFrame]

CONTRACT: dict[str, Any] = {
    "model": MODEL,
    "problem": "binary",
    "alias": ALIAS,
    "owners": ["loan-team"],
    "timezone": ZONE,
    "sources": {
        "predictions": {"kind": "files", "path": "predictions/day={day}/*.parquet"},
        "labels": {
            "kind": "files",
            "path": "labels/day={day}/*.parquet",
            "arrived_at": "arrived_at",
        },
    },
    "columns": {
        "id": "id",
        "timestamp": "at",
        "model_version": "model_version",
        "score": "score",
        "prediction": "prediction",
        "label": "repaid",
        "continuous": INPUTS,
        "categorical": ["channel"],
        "segments": ["region"],
        "protected": ["gender"],
    },
    "objectives": [
        {"metric": "roc_auc", "source": "realized", "max_drop": 0.1},
        {"metric": "roc_auc", "source": "estimated", "max_drop": 0.1},
    ],
    "policy": {
        "recovery_days": 2,
        "drift": {"multivariate": False, "min_distance": 0.25},
        # Most stories are about something else; see `test_outputs_checked.py`.
        "versions": {"rescore": {"rows": 0}},
    },
    "response": {"mode": "auto", "autonomy": {"decisions": 0}},
}


def build(home: Path) -> None:
    """Make the world: settings, contract, versions with references, healthy days."""
    home.mkdir(parents=True, exist_ok=True)
    write_settings(home)
    write_contract(home, CONTRACT)
    with open_workspace(home) as workspace:
        for version in ("1", "2", "3"):
            _register(workspace, version)
        workspace.registry.set_alias(MODEL, ALIAS, "2")
    for day in days_between(*HISTORY):
        write_day(home, day)


def _register(workspace: Workspace, version: str) -> None:
    registered = workspace.registry.register(
        MODEL,
        fitted(version),
        example=_known(TRAINED[0], version)[INPUTS],
        training=Training(trained_from=TRAINED[0], trained_until=TRAINED[1]),
    )
    days = [_known(day, version) for day in days_between(*REFERENCE)]
    rows = _score(pd.concat(days, ignore_index=True), version)
    log_reference(workspace, MODEL, registered, rows, trained_until=TRAINED[1])


def copy(template: Path, home: Path) -> Path:
    """Copy a world; MLflow's addresses of its files move along."""
    from mlflow.tracking._tracking_service import (  # noqa: PLC0415 (seconds to import)
        utils as artifact_places,
    )

    # MLflow remembers by the version's id alone where a process' files lie.
    artifact_places._artifact_repos_cache.clear()
    shutil.copytree(template, home)
    moved = {
        "experiments": "artifact_location",
        "runs": "artifact_uri",
        "logged_models": "artifact_location",
        "model_versions": "storage_location",
    }
    with closing(sqlite3.connect(home / "mlflow.db")) as connection, connection:
        for table, column in moved.items():
            connection.execute(
                f"UPDATE {table} SET {column} = replace({column}, ?, ?)",  # noqa: S608 (constants)
                (f"{template}/", f"{home}/"),
            )
    return home


@cache
def fitted(version: str) -> LogisticRegression:
    """Fit a version on its own training day, as it saw it."""
    rows = _known(TRAINED[0] + timedelta(days=int(version)), version)
    return LogisticRegression().fit(rows[INPUTS], rows["repaid"])


def make_rows(day: date, rows: int = ROWS) -> pd.DataFrame:
    """Draw a day's rows with their truth; the same day gives the same rows."""
    random = np.random.default_rng(crc32(day.isoformat().encode()))
    amount = random.normal(10, 2, rows)
    rate = random.normal(5, 1, rows)
    pull = 1.2 * (amount - 10) - 0.8 * (rate - 5)
    start = datetime.combine(day, time(8), ZoneInfo(ZONE))
    return pd.DataFrame(
        {
            "id": [f"{day}-{number:05d}" for number in range(rows)],
            "at": pd.Timestamp(start) + pd.to_timedelta(np.arange(rows), unit="s"),
            "amount": amount,
            "rate": rate,
            "channel": random.choice(["branch", "web"], rows),
            "region": random.choice(REGIONS, rows),
            "gender": random.choice(["f", "m"], rows),
            "repaid": (random.random(rows) < 1 / (1 + np.exp(-pull))).astype("int64"),
        }
    )


def _known(day: date, version: str) -> pd.DataFrame:
    """Return rows as a version's training job read them: the third turns the sign."""
    rows = make_rows(day)
    return rows.assign(amount=20 - rows["amount"]) if version == "3" else rows


def _score(rows: pd.DataFrame, version: str) -> pd.DataFrame:
    score = fitted(version).predict_proba(rows[INPUTS])[:, 1]
    prediction = (score >= 0.5).astype("int64")
    return rows.assign(score=score, prediction=prediction, model_version=version)


def write_day(
    home: Path,
    day: date,
    *,
    version: str = "2",
    rows: int = ROWS,
    change: Change | None = None,
    labels: Change | None = None,
) -> None:
    """Deliver a day: the predictions of a version, and the labels next morning.

    Args:
        home: The workspace.
        day: The calendar day.
        version: The version that serves.
        rows: How many rows.
        change: What happens to the scored rows on their way, if anything.
        labels: What happens to the labels on their way, if anything.
    """
    scored = _score(make_rows(day, rows), version)
    delivered = change(scored[PREDICTIONS]) if change else scored[PREDICTIONS]
    write(home, "predictions", day, delivered)
    arrival = datetime.combine(day + timedelta(days=1), time(3), ZoneInfo(ZONE))
    truth = scored[["id", "repaid"]].assign(arrived_at=pd.Timestamp(arrival))
    write(home, "labels", day, labels(truth) if labels else truth)


def coin_labels(labels: pd.DataFrame) -> pd.DataFrame:
    """Let chance decide the truth: the features mean nothing any more."""
    random = np.random.default_rng(len(labels))
    return labels.assign(repaid=random.integers(0, 2, len(labels)))


def write(home: Path, kind: str, day: date, rows: pd.DataFrame) -> Path:
    """Write a batch where the contract looks for it."""
    path = part(home, kind, day)
    path.parent.mkdir(parents=True, exist_ok=True)
    rows.to_parquet(path, index=False)
    return path


def part(home: Path, kind: str, day: date) -> Path:
    """Say where a batch lies."""
    return home / kind / f"day={day.isoformat()}" / "part-0.parquet"


def write_settings(home: Path, store_url: str | None = None) -> Path:
    """Say where the store lies, if not in the workspace; give the workspace."""
    settings = {"clock": "simulated"} | ({"store_url": store_url} if store_url else {})
    (home / "daywatch.yaml").write_text(yaml.safe_dump(settings))
    return home


def write_contract(home: Path, contract: Mapping[str, Any]) -> Path:
    """Write the contract as a person would."""
    path = home / "expectations" / MODEL / "monitor.yaml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(yaml.safe_dump(dict(contract), allow_unicode=True, sort_keys=False))
    return path


def amend(home: Path, part_name: str, **changes: Any) -> None:  # noqa: ANN401 (YAML)
    """Change keys of one part of the contract."""
    path = home / "expectations" / MODEL / "monitor.yaml"
    contract = yaml.safe_load(path.read_text())
    contract[part_name] = {**contract.get(part_name, {}), **changes}
    write_contract(home, contract)


def unit_of(workspace: Workspace, day: date, mode: Mode = Mode.LIVE) -> Unit:
    """Return the unit that the schedule would run for a day."""
    return Unit(model=MODEL, day=day, as_of=workspace.as_of(MODEL, day), mode=mode)
