"""Evidently asked from here: a process of its own environment, one job a process."""

import json
import os
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from benchmarks.judgement import places
from benchmarks.judgement.answers import Answer
from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.settings import TELEMETRY_OFF

Job = dict[str, Any]
LAST_WORDS = 2_000
"""Characters of what a failed process said that are shown."""


def evidently_job(
    contract: Contract, units: Sequence[Mapping[str, Any]], outputs: Sequence[str] = ()
) -> Job:
    """Return a job of `run_evidently.py`.

    Args:
        contract: Which column is what.
        units: Each with `name`, `reference`, `presets` and `days`.
        outputs: Scores and predictions whose drift is looked for; none: inputs alone.
    """
    columns = contract.columns
    return {
        "units": list(units),
        "problem": str(contract.problem),
        "continuous": list(columns.continuous),
        "categorical": list(columns.categorical),
        "outputs": list(outputs),
        "score": columns.score,
        "prediction": columns.prediction,
        "label": columns.label,
    }


def ask_evidently(job: Job) -> dict[str, list[Answer]]:
    """Return what Evidently says of each unit of a job, day by day.

    Raises:
        RuntimeError: If the process ends with an error; its last words are in it.
    """
    with tempfile.TemporaryDirectory(prefix="evidently-") as folder:
        path, out = Path(folder) / "job.json", Path(folder) / "out.json"
        path.write_text(json.dumps(job | {"out": str(out)}))
        done = subprocess.run(  # noqa: S603 (our own script)
            [places.EVIDENTLY_PYTHON, places.HERE / "run_evidently.py", path],
            check=False,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            env=os.environ | TELEMETRY_OFF,
        )
        if done.returncode:
            last = done.stderr[-LAST_WORDS:]
            raise RuntimeError(f"Evidently ended with {done.returncode}: {last}")
        answered = json.loads(out.read_text())
    return {
        unit: [Answer(**{**a, "day": date.fromisoformat(a["day"])}) for a in answers]
        for unit, answers in answered.items()
    }
