"""Evidently at its defaults, in an environment of its own: a script, one job a run.

    python run_evidently.py job.json        answers go to the file the job names

Job: `{out, problem, continuous, categorical, outputs, score, prediction, label, units:
[{name, reference, presets, days: [[day, path]]}]}`. Presets: `drift` and `summary` look
at all rows, at their inputs and the columns named as outputs; `performance`
(classification or regression) at the rows with a label. Tests as they are generated;
one that fails calls somebody. Three rules: any test; a test of drift; a test of
performance. A preset that stops with an error calls somebody. Evidently's drawings are
left out: most of its time, and no test needs them.
"""

import json
import sys
import warnings
from collections.abc import Callable
from functools import lru_cache, partial
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
from evidently.metrics import (  # type: ignore[import-not-found]  # noqa: E402
    column_statistics,
)
from evidently.presets import (  # type: ignore[import-not-found]  # noqa: E402
    ClassificationPreset,
    DataDriftPreset,
    DataSummaryPreset,
    RegressionPreset,
)

ANY, DRIFT, PERFORMANCE = "any test", "drift tests", "performance tests"
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
    column_statistics.ValueDriftCalculation._render = lambda *_: []  # noqa: SLF001 (drawing only)
    column_statistics.distribution = lambda *_, **__: []
    for preset in (
        *(DataDriftPreset, DataSummaryPreset),
        *(ClassificationPreset, RegressionPreset),
    ):
        preset.render = lambda *_, **__: []
    job = json.loads(Path(sys.argv[1]).read_text())
    found = {unit["name"]: _ask(unit, job) for unit in job["units"]}
    Path(job["out"]).write_text(json.dumps(found))


def _ask(unit: Job, job: Job) -> list[dict[str, Any]]:
    """Answer the days of one reference, in order."""
    columns = json.dumps({key: job[key] for key in job.keys() - {"units", "out"}})
    reference = partial(_reference, unit["reference"], columns)
    return [
        _answer(day, _failed(unit["presets"], reference, _read(path, job), job))
        for day, path in unit["days"]
    ]


@lru_cache(3)
def _reference(path: str, columns: str, name: str) -> object:
    """Return a reference as a preset sees it; the days of many cases share it."""
    job = json.loads(columns)
    return _dataset(_read(path, job), job, name=name)


def _read(path: str, job: Job) -> pd.DataFrame:
    rows = pd.read_parquet(path)
    texts = [name for name in job["categorical"] if name in rows.columns]
    return rows.astype(dict.fromkeys(texts, "object"))


def _failed(
    presets: list[str],
    reference: Callable[[str], object],
    rows: pd.DataFrame,
    job: Job,
) -> list[str]:
    """Name the tests that failed."""
    return [test for name in presets for test in _run(name, reference, rows, job)]


def _preset(name: str, job: Job) -> object:
    if name == "performance":
        return RegressionPreset() if _is_number(job) else ClassificationPreset()
    return {"drift": DataDriftPreset, "summary": DataSummaryPreset}[name]()


def _is_number(job: Job) -> bool:
    return bool(job["problem"] == "regression")


def _run(
    name: str, reference: Callable[[str], object], rows: pd.DataFrame, job: Job
) -> list[str]:
    try:
        current = _dataset(rows, job, name=name)
        report = Report([_preset(name, job)], include_tests=True)
        result = report.run(current, reference(name))
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
    if name != "performance":
        numbers, names = _outputs(job)
        known["numerical_columns"] = [*job["continuous"], *numbers]
        known["categorical_columns"] = [*job["categorical"], *names]
        return Dataset.from_pandas(
            frame[[*columns, *numbers, *names]], data_definition=DataDefinition(**known)
        )
    frame = frame[frame[job["label"]].notna()]
    rows = frame[[*columns, *_scores(job), job["prediction"], job["label"]]]
    if _is_number(job):
        task = Regression(target=job["label"], prediction=job["prediction"])
        definition = DataDefinition(**known, regression=[task])
        return Dataset.from_pandas(rows, data_definition=definition)
    rows, task = _classified(rows, job)
    definition = DataDefinition(**known, classification=[task])
    return Dataset.from_pandas(rows, data_definition=definition)


def _outputs(job: Job) -> tuple[list[str], list[str]]:
    """Name the outputs that are watched: numbers, and names."""
    names = [] if _is_number(job) else [job["prediction"]]
    watched = job["outputs"]
    numbers = [name for name in watched if name not in names]
    return numbers, [name for name in names if name in watched]


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
    by_rule = {
        ANY: failed,
        DRIFT: [test for test in failed if test.startswith("drift")],
        PERFORMANCE: [test for test in failed if test.startswith("performance")],
    }
    return {
        "day": day,
        "alerts": {rule: bool(tests) for rule, tests in by_rule.items()},
        "counts": {rule: _count(tests) for rule, tests in by_rule.items()},
        "why": ", ".join(failed)[:200],
    }


def _count(failed: list[str]) -> int:
    return STOPPED if any(FAILED in one for one in failed) else len(failed)


if __name__ == "__main__":
    main()
