"""A made model of any size: a workspace, a registered version, days of rows.

Fifteen numbers, five categories of 5 to 1,000 values, a score that is right about the
labels, one declared segment and one protected column. Speed does not depend on what the
columns mean.
"""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import yaml
from sklearn.linear_model import LogisticRegression

from monitoring_tasks.operations.references import log_reference
from monitoring_tasks.store.versions import Training
from monitoring_tasks.workspace.workspace import open_workspace

MODEL = "bench"
CONTINUOUS = tuple(f"number_{i}" for i in range(15))
CATEGORIES = {"category_0": 5, "category_1": 20, "category_2": 100, "category_3": 300,
              "category_4": 1000}  # fmt: skip
"""How many values each categorical column has."""
SEGMENT, PROTECTED = "region", "gender"
TRAINED = (date(2026, 1, 1), date(2026, 1, 31))
REFERENCE_FROM, REFERENCE_DAYS, ROWS_A_DAY = date(2026, 2, 1), 28, 1_200
FIRST_DAY = date(2026, 3, 2)
FEATURES = (*CONTINUOUS, *CATEGORIES)


def contract(
    source: dict[str, Any] | None = None, *, model: str = MODEL
) -> dict[str, Any]:
    """Return the contract, as `monitor.yaml` would have it.

    Args:
        source: Where predictions and labels come from, by those names; Parquet files
            in folders by day unless given.
        model: Registered model name.
    """
    files = {
        kind: {"kind": "files", "path": f"{kind}/day={{day}}/*.parquet"}
        for kind in ("predictions", "labels")
    }
    return {
        "model": model,
        "problem": "binary",
        "alias": "champion",
        "owners": ["bench-team"],
        "sources": source or files,
        "columns": {
            "id": "id",
            "timestamp": "at",
            "model_version": "version",
            "score": "score",
            "prediction": "prediction",
            "label": "label",
            "continuous": list(CONTINUOUS),
            "categorical": list(CATEGORIES),
            "segments": [SEGMENT],
            "protected": [PROTECTED],
        },
        "objectives": [
            {"metric": "roc_auc", "source": "realized", "max_drop": 0.05},
            {"metric": "roc_auc", "source": "estimated", "max_drop": 0.05},
        ],
    }


def make_rows(day: date, rows: int) -> pd.DataFrame:
    """Draw a day's scored rows with their labels; a day gives the same rows again.

    Args:
        day: The day, in UTC.
        rows: How many.
    """
    random = np.random.default_rng(day.toordinal())
    numbers = {name: random.normal(i, 1 + i, rows) for i, name in enumerate(CONTINUOUS)}
    pull = sum((numbers[name] - i) / (1 + i) for i, name in enumerate(CONTINUOUS[:5]))
    chance = 1 / (1 + np.exp(-(np.asarray(pull) * 0.7 - 1)))
    start = datetime.combine(day, time(), UTC)
    return pd.DataFrame(
        {
            "id": [f"{day:%y%m%d}-{number:09d}" for number in range(rows)],
            "at": pd.Timestamp(start)
            + pd.to_timedelta(np.arange(rows) * 86_400 // rows, unit="s"),
            "version": "1",
            **numbers,
            **{
                name: pd.Series(random.integers(0, values, rows)).map(
                    dict(enumerate(f"value {v}" for v in range(values)))
                )
                for name, values in CATEGORIES.items()
            },
            SEGMENT: random.choice(["north", "south", "east", "west"], rows),
            PROTECTED: random.choice(["f", "m"], rows),
            "score": chance,
            "prediction": (chance > 0.5).astype("int64"),
            "label": (random.random(rows) < chance).astype("int64"),
        }
    )


def make_reference_rows(rows_a_day: int = ROWS_A_DAY) -> pd.DataFrame:
    """Draw the labelled rows of four weeks that the version is held against.

    Args:
        rows_a_day: How many rows a day.
    """
    days = [REFERENCE_FROM + timedelta(days=n) for n in range(REFERENCE_DAYS)]
    return pd.concat([make_rows(day, rows_a_day) for day in days], ignore_index=True)


def build(
    home: Path,
    models: Sequence[str] = (MODEL,),
    *,
    rows_a_day: int = ROWS_A_DAY,
    **changes: object,
) -> None:
    """Make the workspace: settings, contracts, a version with its reference each.

    Args:
        home: The folder; made.
        models: Registered model names; all read the same rows.
        rows_a_day: Of the reference.
        changes: What their contracts say beside, or instead, by key.
    """
    home.mkdir(parents=True, exist_ok=True)
    (home / "daywatch.yaml").write_text("clock: simulated\n")
    rows = make_reference_rows(rows_a_day)
    example = rows[list(CONTINUOUS)]
    fitted = LogisticRegression().fit(example, rows["label"])
    training = Training(trained_from=TRAINED[0], trained_until=TRAINED[1])
    for model in models:
        write_contract(home / "expectations", model, **changes)
    with open_workspace(home) as workspace:
        for model in models:
            version = workspace.registry.register(
                model, fitted, example=example, training=training
            )
            log_reference(workspace, model, version, rows, trained_until=TRAINED[1])
            workspace.registry.set_alias(model, "champion", version)


def write_contract(expectations: Path, model: str, **changes: object) -> None:
    """Write the contract of a model.

    Args:
        expectations: The folder with one folder per model.
        model: Registered model name.
        changes: What it says beside, or instead, by key.
    """
    folder = expectations / model
    folder.mkdir(parents=True)
    text = yaml.safe_dump(contract(model=model) | changes, sort_keys=False)
    (folder / "monitor.yaml").write_text(text)


def write_day(home: Path, day: date, rows: int) -> None:
    """Deliver a day's predictions and labels as one Parquet file each.

    Args:
        home: The workspace.
        day: The day.
        rows: How many rows.
    """
    made = make_rows(day, rows)
    delivered = {
        "predictions": made.drop(columns="label"),
        "labels": made[["id", "label"]],
    }
    for kind, frame in delivered.items():
        folder = home / kind / f"day={day}"
        folder.mkdir(parents=True, exist_ok=True)
        frame.to_parquet(folder / "part-0.parquet", index=False)
