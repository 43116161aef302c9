"""The contract of a world: what `daywatch init` drafts, nothing tuned to a case.

Beyond the draft it declares one segment column, as a team would that reads the draft's
list of candidates.
"""

from collections.abc import Sequence
from typing import Any

from benchmarks.generalisation.data.schema import (
    ARRIVED,
    ID,
    LABEL,
    PREDICTION,
    SCORE,
    TIME,
    VERSION,
    Schema,
)
from benchmarks.generalisation.data.worlds import World
from monitoring_tasks.domain.problems import Problem
from monitoring_tasks.domain.volumes import suggest_min_rows
from monitoring_tasks.operations.onboarding.promises import Promise


def contract_of(world: World, promises: Sequence[Promise]) -> dict[str, Any]:
    """Return the contract, as `monitor.yaml` holds it.

    Args:
        world: The world.
        promises: What `daywatch init` guesses from the first rows.
    """
    schema = world.data.schema
    delay = "never" if world.delay_days is None else world.delay_days
    return {
        "model": world.name,
        "problem": schema.problem.value,
        **({"classes": list(schema.classes)} if schema.classes else {}),
        "owners": ["a-team"],
        "timezone": world.data.timezone,
        "schedule": {"cron": "0 6 * * *"},
        "sources": {
            "predictions": _files("predictions"),
            "labels": {**_files("labels"), "arrived_at": ARRIVED},
        },
        "columns": _columns(schema),
        "policy": {
            "min_rows": suggest_min_rows([world.rows_a_day]),
            "labels": {"delay_days": delay},
        },
        "objectives": [
            {"metric": one.metric, "source": one.source, **one.limits}
            for one in promises
        ],
        "response": {"mode": "observe"},
    }


def _files(kind: str) -> dict[str, str]:
    return {"kind": "files", "path": f"{kind}/day={{day}}/*.parquet"}


def _columns(schema: Schema) -> dict[str, Any]:
    columns: dict[str, Any] = {
        "id": ID,
        "timestamp": TIME,
        "model_version": VERSION,
        "prediction": PREDICTION,
        "label": LABEL,
        "continuous": list(schema.continuous),
        "categorical": list(schema.categorical),
        "segments": list(schema.segments),
    }
    match schema.problem:
        case Problem.BINARY:
            columns["score"] = SCORE
        case Problem.MULTICLASS:
            columns["score"] = dict(zip(schema.classes, schema.outputs, strict=True))
        case Problem.REGRESSION:
            pass
    return columns
