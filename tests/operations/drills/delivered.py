"""A day to put faults into: a binary model with a column of every role."""

from typing import Any

import numpy as np
import pandas as pd

from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.operations.drills.deliveries import Delivery, Terms
from tests.builders import COLUMNS, make_contract

ROWS = 1_000
ROLES = COLUMNS | {
    "continuous": ["weight", "rate", "idle"],
    "categorical": ["channel"],
    "calendar": ["hour", "weekday"],
    "segments": ["region"],
    "protected": ["sex"],
}


def contract(**parts: object) -> Contract:
    """Return the contract of the day, parts replaced."""
    return make_contract(**{"columns": ROLES} | parts)


def delivery(rows: int = ROWS) -> Delivery:
    """Return a day: the score follows weight most, then rate, and not idle at all."""
    random = np.random.default_rng(7)
    weight, rate = random.normal(10, 2, rows), random.normal(5, 1, rows)
    score = 1 / (1 + np.exp(-(1.2 * (weight - 10) - 0.6 * (rate - 5))))
    hours = np.arange(rows) % 24
    start = pd.Timestamp("2013-09-02", tz="UTC")
    predictions = pd.DataFrame(
        {
            "id": [f"r{number}" for number in range(rows)],
            "at": start + pd.to_timedelta(hours, unit="h"),
            "version": "1",
            "weight": weight,
            "rate": rate,
            "idle": random.normal(0, 3, rows),
            "channel": np.where(weight > 10, "web", "shop"),
            "region": random.choice(["n", "s", "w"], rows, p=[0.6, 0.3, 0.1]),
            "sex": random.choice(["f", "m"], rows, p=[0.4, 0.6]),
            "hour": hours,
            "weekday": 0,
            "score": score,
            "prediction": (score >= 0.5).astype("int64"),
        }
    )
    truth = (random.random(rows) < score).astype("int64")
    labels = pd.DataFrame({"id": predictions["id"], "label": truth})
    return Delivery(predictions=predictions, labels=labels)


def terms(
    size: float = 1.0, *, example: pd.DataFrame | None = None, **parts: object
) -> Terms:
    """Return terms of a size, with chance that always starts the same."""
    return Terms(
        contract=contract(**parts),
        example=delivery().predictions if example is None else example,
        random=np.random.default_rng(1),
        size=size,
    )


def differing(before: pd.DataFrame, after: pd.DataFrame) -> list[Any]:
    """Name the columns whose values differ; the rows are the same ones."""
    return [name for name in before if not before[name].equals(after[name])]
