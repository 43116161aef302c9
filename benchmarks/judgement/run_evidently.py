"""Evidently at its defaults, in an environment of its own: a script, one job a run.

    python run_evidently.py job.json        answers go to the file the job names

Job: `{out, continuous, categorical, score, prediction, label, units: [{name,
reference, days: [[day, path]], until_all}]}`; with `until_all` the days after one on
which both rules called are not asked. Data drift preset on all rows, classification
preset on those with a label, tests as they are generated; one that fails calls
somebody. Two rules: any test; a test of the classification preset. A preset that stops
with an error calls somebody. Evidently's drawings are left out: most of its time, and
no test needs them.
"""

import json
import sys
import warnings
from pathlib import Path
from typing import Any

warnings.simplefilter("ignore")

import pandas as pd  # noqa: E402 (quiet first)
from evidently import (  # type: ignore[import-not-found]  # noqa: E402 (other environment)
    BinaryClassification,
    DataDefinition,
    Dataset,
    Report,
)
from evidently.core import report as drawing  # type: ignore[import-not-found]  # noqa: E402
from evidently.metrics.column_statistics import (  # type: ignore[import-not-found]  # noqa: E402
    ValueDriftCalculation,
)
from evidently.presets import (  # type: ignore[import-not-found]  # noqa: E402
    ClassificationPreset,
    DataDriftPreset,
)

ANY, PERFORMANCE = "any test", "performance tests"
Job = dict[str, Any]


class NoDrawing:
    """Draws nothing."""

    def render_html(self, _: object) -> list[object]:
        """Give no widget."""
        return []


def main() -> None:
    """Answer the job named on the command line."""
    drawing.find_metric_renderer = lambda *_: NoDrawing()
    ValueDriftCalculation._render = lambda *_: []  # noqa: SLF001 (drawing only)
    DataDriftPreset.render = lambda *_, **__: []
    job = json.loads(Path(sys.argv[1]).read_text())
    found = {unit["name"]: _ask(unit, job) for unit in job["units"]}
    Path(job["out"]).write_text(json.dumps(found))


def _ask(unit: Job, job: Job) -> list[dict[str, Any]]:
    """Answer the days of one reference, in order."""
    reference = _read(unit["reference"], job)
    answers = []
    for day, path in unit["days"]:
        answer = _answer(day, _failed(reference, _read(path, job), job))
        answers.append(answer)
        if unit["until_all"] and all(answer["alerts"].values()):
            break
    return answers


def _read(path: str, job: Job) -> pd.DataFrame:
    rows = pd.read_parquet(path)
    texts = [name for name in job["categorical"] if name in rows.columns]
    return rows.astype(dict.fromkeys(texts, "object"))


def _failed(reference: pd.DataFrame, rows: pd.DataFrame, job: Job) -> list[str]:
    """Name the tests that failed."""
    known = [frame[frame[job["label"]].notna()] for frame in (reference, rows)]
    return [
        *_run("drift", DataDriftPreset(), (reference, rows), job),
        *_run("performance", ClassificationPreset(), (known[0], known[1]), job),
    ]


def _run(
    name: str, preset: object, frames: tuple[pd.DataFrame, pd.DataFrame], job: Job
) -> list[str]:
    try:
        reference, current = (_dataset(frame, job, name=name) for frame in frames)
        result = Report([preset], include_tests=True).run(current, reference)
        tests = json.loads(result.json())["tests"]
    except Exception as error:  # noqa: BLE001 (whatever it is, it is the answer)
        return [f"{name} failed: {type(error).__name__}"]
    return [
        f"{name} {test['name']}"
        for test in tests
        if str(test["status"]).endswith(("FAIL", "ERROR"))
    ]


def _dataset(frame: pd.DataFrame, job: Job, *, name: str) -> object:
    columns = [*job["continuous"], *job["categorical"]]
    known = {"numerical_columns": job["continuous"]}
    known["categorical_columns"] = job["categorical"]
    if name == "drift":
        return Dataset.from_pandas(
            frame[columns], data_definition=DataDefinition(**known)
        )
    label, prediction = job["label"], job["prediction"]
    rows = frame[[*columns, job["score"], prediction, label]]
    rows = rows.astype({label: "int64", prediction: "int64"})
    task = BinaryClassification(
        target=label, prediction_labels=prediction, prediction_probas=job["score"]
    )
    definition = DataDefinition(**known, classification=[task])
    return Dataset.from_pandas(rows, data_definition=definition)


def _answer(day: str, failed: list[str]) -> dict[str, Any]:
    return {
        "day": day,
        "alerts": {
            ANY: bool(failed),
            PERFORMANCE: any(one.startswith("performance") for one in failed),
        },
        "why": ", ".join(failed)[:200],
    }


if __name__ == "__main__":
    main()
