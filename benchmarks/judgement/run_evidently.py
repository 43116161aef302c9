"""Evidently at its defaults, in an environment of its own: a script, one job a run.

    python run_evidently.py job.json        answers go to the file the job names

Job: `{out, problem, continuous, categorical, score, prediction, label, units: [{name,
reference, days: [[day, path]]}]}`. Data drift preset on all rows, classification or
regression preset on those with a label, tests as they are generated; one that fails
calls somebody. Two rules: any test; a test of the second preset. A preset that stops
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
    MulticlassClassification,
    Regression,
    Report,
)
from evidently.core import report as drawing  # type: ignore[import-not-found]  # noqa: E402
from evidently.metrics.column_statistics import (  # type: ignore[import-not-found]  # noqa: E402
    ValueDriftCalculation,
)
from evidently.presets import (  # type: ignore[import-not-found]  # noqa: E402
    ClassificationPreset,
    DataDriftPreset,
    RegressionPreset,
)

ANY, PERFORMANCE = "any test", "performance tests"
STOPPED = 1_000_000
"""As in `answers.py`: what a preset that stops is counted as."""
FAILED = " failed: "
Job = dict[str, Any]


class NoDrawing:
    """Draws nothing."""

    def render_html(self, _: object) -> list[object]:
        """Return no widget."""
        return []


def main() -> None:
    """Answer the job named on the command line."""
    drawing.find_metric_renderer = lambda *_: NoDrawing()
    ValueDriftCalculation._render = lambda *_: []  # noqa: SLF001 (drawing only)
    for preset in (DataDriftPreset, ClassificationPreset, RegressionPreset):
        preset.render = lambda *_, **__: []
    job = json.loads(Path(sys.argv[1]).read_text())
    found = {unit["name"]: _ask(unit, job) for unit in job["units"]}
    Path(job["out"]).write_text(json.dumps(found))


def _ask(unit: Job, job: Job) -> list[dict[str, Any]]:
    """Answer the days of one reference, in order."""
    reference = _read(unit["reference"], job)
    return [
        _answer(day, _failed(reference, _read(path, job), job))
        for day, path in unit["days"]
    ]


def _read(path: str, job: Job) -> pd.DataFrame:
    rows = pd.read_parquet(path)
    texts = [name for name in job["categorical"] if name in rows.columns]
    return rows.astype(dict.fromkeys(texts, "object"))


def _failed(reference: pd.DataFrame, rows: pd.DataFrame, job: Job) -> list[str]:
    """Name the tests that failed."""
    known = [frame[frame[job["label"]].notna()] for frame in (reference, rows)]
    return [
        *_run("drift", DataDriftPreset(), (reference, rows), job),
        *_run("performance", _preset(job), (known[0], known[1]), job),
    ]


def _preset(job: Job) -> object:
    return RegressionPreset() if _is_number(job) else ClassificationPreset()


def _is_number(job: Job) -> bool:
    return bool(job["problem"] == "regression")


def _run(
    name: str, preset: object, frames: tuple[pd.DataFrame, pd.DataFrame], job: Job
) -> list[str]:
    try:
        reference, current = (_dataset(frame, job, name=name) for frame in frames)
        result = Report([preset], include_tests=True).run(current, reference)
        tests = json.loads(result.json())["tests"]
    except Exception as error:  # noqa: BLE001 (whatever it is, it is the answer)
        return [f"{name}{FAILED}{type(error).__name__}"]
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
    rows = frame[[*columns, *_scores(job), job["prediction"], job["label"]]]
    if _is_number(job):
        task = Regression(target=job["label"], prediction=job["prediction"])
        definition = DataDefinition(**known, regression=[task])
        return Dataset.from_pandas(rows, data_definition=definition)
    rows, task = _classified(rows, job)
    definition = DataDefinition(**known, classification=[task])
    return Dataset.from_pandas(rows, data_definition=definition)


def _scores(job: Job) -> list[str]:
    """Name the score columns: none, one, or one a class."""
    score = job["score"]
    return list(score.values()) if isinstance(score, dict) else [score] if score else []


def _classified(rows: pd.DataFrame, job: Job) -> tuple[pd.DataFrame, object]:
    """Return rows as Evidently reads classes: numbers of two, names of more."""
    label, prediction, score = job["label"], job["prediction"], job["score"]
    if not isinstance(score, dict):
        task = BinaryClassification(
            target=label, prediction_labels=prediction, prediction_probas=score
        )
        return rows.astype({label: "int64", prediction: "int64"}), task
    task = MulticlassClassification(
        target=label, prediction_labels=prediction, prediction_probas=list(score)
    )
    named = rows.rename(columns={column: name for name, column in score.items()})
    return named.astype({label: "object", prediction: "object"}), task


def _answer(day: str, failed: list[str]) -> dict[str, Any]:
    performance = [one for one in failed if one.startswith("performance")]
    return {
        "day": day,
        "alerts": {ANY: bool(failed), PERFORMANCE: bool(performance)},
        "counts": {ANY: _count(failed), PERFORMANCE: _count(performance)},
        "why": ", ".join(failed)[:200],
    }


def _count(failed: list[str]) -> int:
    return STOPPED if any(FAILED in one for one in failed) else len(failed)


if __name__ == "__main__":
    main()
