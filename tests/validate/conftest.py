"""A small binary model, its rows, and a way to write suites."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from monitoring_tasks.contract.contract import Contract

ODD = 'naïve "x" col\''


@pytest.fixture
def contract() -> Contract:
    """A binary model with one column whose name holds quotes and an accent."""
    return Contract.model_validate(
        {
            "model": "late",
            "problem": "binary",
            "owners": ["a@example.org"],
            "sources": {
                "predictions": {"kind": "files", "path": "p"},
                "labels": {"kind": "files", "path": "l"},
            },
            "columns": {
                "id": "id",
                "timestamp": "at",
                "model_version": "version",
                "score": "score",
                "prediction": "predicted",
                "label": "label",
                "continuous": ["distance", ODD],
                "categorical": ["carrier"],
                "error": "failed",
            },
            "policy": {"min_rows": 50},
        }
    )


@pytest.fixture
def day() -> Callable[..., pa.Table]:
    """Make a day of good rows, with columns replaced or, by None, left out."""

    def make(rows: int = 200, seed: int = 7, **replaced: object) -> pa.Table:
        draw = np.random.default_rng(seed)
        score = draw.random(rows)
        columns: dict[str, Any] = {
            "id": [f"r{i}" for i in range(rows)],
            "at": pa.array([1_700_000_000 + i for i in range(rows)], pa.timestamp("s")),
            "version": pa.array([1] * rows, pa.int64()),
            "score": score,
            "predicted": (score > 0.5).astype(int),
            "distance": draw.normal(1000, 300, rows),
            ODD: draw.normal(0, 1, rows),
            "carrier": pa.array(
                [["AA", "ÜÄ's"][i % 2] for i in range(rows)]
            ).dictionary_encode(),
            "failed": [False] * rows,
        }
        columns.update(replaced)
        return pa.table({k: v for k, v in columns.items() if v is not None})

    return make


@pytest.fixture
def suite(tmp_path: Path) -> Callable[..., Path]:
    """Write a suite of (type, kwargs, severity) to a file."""

    def write(
        *stated: tuple[str, dict[str, Any], str], name: str = "predictions.json"
    ) -> Path:
        path = tmp_path / name
        expectations = [
            {"type": f"expect_{kind}", "severity": severity, "kwargs": kwargs}
            for kind, kwargs, severity in stated
        ]
        path.write_text(
            json.dumps({"name": "s", "expectations": expectations}, indent=1)
        )
        return path

    return write
