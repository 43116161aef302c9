"""The figures of the documents: Daywatch beside NannyML, same rows, one run.

    make bench            # a million rows; --rows N for another size

Made data: twenty columns of random numbers and categories, scores and labels; speed
does not depend on what they mean. Each side reads the same Parquet file. Ratios are
what to read: both sides share the machine and its mood.
"""

import argparse
import json
import platform
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pandas as pd

CONTINUOUS = [f"number_{i}" for i in range(15)]
CATEGORICAL = [f"category_{i}" for i in range(5)]
REFERENCE_ROWS = 50_000


def main() -> None:
    """Make the rows, measure both sides in processes of their own, print a table."""
    arguments = argparse.ArgumentParser(prog="benchmarks", description=__doc__)
    arguments.add_argument("--rows", type=int, default=1_000_000)
    arguments.add_argument("--side", choices=("daywatch", "nannyml"))
    arguments.add_argument("--folder", type=Path)
    asked = arguments.parse_args()
    if asked.side:
        measure = {"daywatch": _daywatch, "nannyml": _nannyml}[asked.side]
        print(json.dumps(measure(asked.folder)))  # noqa: T201 (read by the parent)
        return
    with tempfile.TemporaryDirectory() as folder:
        _make(Path(folder), asked.rows)
        found = {side: _run(side, folder) for side in ("daywatch", "nannyml")}
    _print(asked.rows, found)


def _make(folder: Path, rows: int) -> None:
    for name, count, seed in (("reference", REFERENCE_ROWS, 0), ("day", rows, 1)):
        random = np.random.default_rng(seed)
        score = random.beta(2, 5, count).round(6)
        frame = pd.DataFrame(
            {
                "id": np.arange(count).astype(str),
                "at": pd.Timestamp("2026-11-01", tz="UTC")
                + pd.to_timedelta(np.arange(count) * 30 * 86400 // count, unit="s"),
                "version": "1",
                **{column: random.normal(size=count) for column in CONTINUOUS},
                **{
                    column: random.choice(list("abcdefgh"), count)
                    for column in CATEGORICAL
                },
                "score": score,
                "prediction": (score > 0.3).astype("int64"),
                "label": (random.random(count) < score).astype("float64"),
            }
        )
        frame.to_parquet(folder / f"{name}.parquet", index=False)


def _run(side: str, folder: str) -> dict[str, float]:
    command = [sys.executable, "-m", "benchmarks", "--side", side, "--folder", folder]
    done = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603 (ourselves)
    found: dict[str, float] = json.loads(done.stdout.strip().splitlines()[-1])
    return found


def _daywatch(folder: Path) -> dict[str, float]:
    """Count a day and measure drift, estimated and realized performance."""
    import pyarrow.parquet as pq

    from monitoring_tasks.contract.contract import Contract
    from monitoring_tasks.estimate.counting import count_day
    from monitoring_tasks.estimate.version_measurements import measure_version
    from monitoring_tasks.operations.reference_building import make_reference

    source = {"kind": "files", "path": "unused"}
    contract = Contract.model_validate(
        {
            "model": "bench",
            "problem": "binary",
            "owners": ["bench"],
            "sources": {"predictions": source, "labels": source},
            "columns": {
                "id": "id",
                "timestamp": "at",
                "model_version": "version",
                "score": "score",
                "prediction": "prediction",
                "label": "label",
                "continuous": CONTINUOUS,
                "categorical": CATEGORICAL,
            },
        }
    )
    rows = pd.read_parquet(folder / "reference.parquet")
    day = rows["at"].dt.date.iloc[-1]
    reference = make_reference(rows, contract, "1", trained_until=day)
    started, used = time.perf_counter(), time.process_time()
    batch = pq.read_table(folder / "day.parquet")
    profiles = count_day(
        batch, contract=contract, day=day, version="1", bins=reference.bins
    )
    numbers = measure_version(profiles, reference, contract)
    return _spent(started, used) | {"numbers": len(numbers)}


def _nannyml(folder: Path) -> dict[str, float]:
    """Do the same with NannyML's calculators at their defaults, one chunk a day."""
    import nannyml as nml

    rows = pd.read_parquet(folder / "reference.parquet")
    known = {"y_pred_proba": "score", "y_pred": "prediction", "y_true": "label"}
    metrics = ["roc_auc", "average_precision", "f1", "precision", "recall", "accuracy"]
    drift = nml.UnivariateDriftCalculator(
        column_names=[*CONTINUOUS, *CATEGORICAL, "score"],
        treat_as_categorical=CATEGORICAL,
        continuous_methods=["jensen_shannon", "hellinger", "kolmogorov_smirnov",
                            "wasserstein"],
        categorical_methods=["jensen_shannon", "hellinger", "l_infinity", "chi2"],
        chunk_number=5,
    ).fit(rows)  # fmt: skip
    estimator = nml.CBPE(
        metrics=metrics, problem_type="classification_binary", chunk_number=5, **known
    ).fit(rows)
    realized = nml.PerformanceCalculator(
        metrics=metrics, problem_type="classification_binary", chunk_number=5, **known
    ).fit(rows)
    for calculator in (drift, estimator, realized):
        calculator.chunker = nml.chunk.CountBasedChunker(chunk_number=1)
    started, used = time.perf_counter(), time.process_time()
    day = pd.read_parquet(folder / "day.parquet")
    drift.calculate(day)
    estimator.estimate(day)
    realized.calculate(day)
    return _spent(started, used)


def _spent(started: float, used: float) -> dict[str, float]:
    return {
        "seconds": time.perf_counter() - started,
        "cpu_seconds": time.process_time() - used,
        "peak_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


def _print(rows: int, found: dict[str, dict[str, float]]) -> None:
    ours, theirs = found["daywatch"], found["nannyml"]
    lines = [
        f"One day of {rows:,} rows x 20 columns: drift, estimated and realized numbers",
        f"Python {platform.python_version()}, NannyML at its defaults, one chunk",
        f"{'':14}{'daywatch':>12}{'nannyml':>12}{'ratio':>8}",
        *(
            f"{name:14}{ours[name]:12.1f}{theirs[name]:12.1f}"
            f"{theirs[name] / ours[name]:8.1f}"
            for name in ("seconds", "cpu_seconds", "peak_mib")
        ),
    ]
    print("\n".join(lines))  # noqa: T201 (what the command is for)


if __name__ == "__main__":
    main()
