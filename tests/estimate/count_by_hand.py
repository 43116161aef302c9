"""Day profiles counted with numpy, the slow and obvious way."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.domain.counts import (
    SCORE_BINS,
    BinaryOutcome,
    Bins,
    CategoricalCounts,
    ColumnCounts,
    ContinuousCounts,
    MulticlassOutcome,
    Outcome,
    RegressionOutcome,
)
from monitoring_tasks.domain.profiles import DayProfile
from monitoring_tasks.domain.reference import Calibrator, ReferenceProfile

DAY = date(2026, 1, 15)


def count_continuous(values: ArrayLike, bins: Bins) -> ContinuousCounts:
    """Count a column with `numpy.histogram` on `numpy.linspace` edges."""
    numbers = np.asarray(values, dtype=np.float64)
    finite = numbers[np.isfinite(numbers)]
    below, above = finite[finite < bins.low], finite[finite > bins.high]
    return ContinuousCounts(
        rows=len(numbers),
        nulls=len(numbers) - len(finite),
        below=len(below),
        above=len(above),
        below_distance=float(np.sum(bins.low - below)),
        above_distance=float(np.sum(above - bins.high)),
        total=float(finite.sum()),
        squares=float(np.sum(finite**2)),
        coarse=_histogram(finite, bins, bins.coarse),
        fine=_histogram(finite, bins, bins.fine),
    )


def count_categorical(values: Iterable[str | float | None]) -> CategoricalCounts:
    """Count a column by the text of its values."""
    texts = [None if pd.isna(value) else str(value) for value in values]
    counts = Counter(text for text in texts if text is not None)
    return CategoricalCounts(
        rows=len(texts), nulls=texts.count(None), counts=dict(counts)
    )


def count_binary(
    scores: ArrayLike, predicted: ArrayLike, labels: ArrayLike
) -> BinaryOutcome:
    """Count rows by score bin, predicted class and label (-1: not known)."""
    score = np.asarray(scores, dtype=np.float64)
    bins = np.minimum(np.floor(score * SCORE_BINS), SCORE_BINS - 1).astype(int)
    cells: Counter[tuple[int, int, int]] = Counter()
    sums: dict[tuple[int, int, int], float] = {}
    decided = np.asarray(predicted, dtype=np.int64).tolist()
    known = np.asarray(labels, dtype=np.int64).tolist()
    rows = zip(bins.tolist(), decided, known, score.tolist(), strict=True)
    for number, decision, label, value in rows:
        key = (number, decision, label)
        cells[key] += 1
        sums[key] = sums.get(key, 0.0) + value
    return BinaryOutcome(cells=dict(cells), score_sums=sums)


def count_multiclass(
    predicted: Iterable[str], labels: Iterable[str | None]
) -> MulticlassOutcome:
    """Count rows by predicted class and label."""
    return MulticlassOutcome(cells=dict(Counter(zip(predicted, labels, strict=True))))


def count_regression(predicted: ArrayLike, labels: ArrayLike) -> RegressionOutcome:
    """Add up the moments of the error; every row is labelled."""
    prediction = np.asarray(predicted, dtype=np.float64)
    label = np.asarray(labels, dtype=np.float64)
    error = prediction - label
    logs = (prediction > -1) & (label > -1)
    log_error = np.log1p(prediction[logs]) - np.log1p(label[logs])
    sums = {
        "e": error,
        "e2": error**2,
        "e4": error**4,
        "abs": np.abs(error),
        "y": label,
        "y2": label**2,
        "sq_log": log_error**2,
        "sq_log2": log_error**4,
        "logs": np.ones(int(logs.sum())),
    }
    return RegressionOutcome(
        rows=len(error),
        labelled=len(error),
        sums={name: float(terms.sum()) for name, terms in sums.items()},
    )


def make_profile(
    *,
    columns: Mapping[str, ColumnCounts] | None = None,
    outcome: Outcome | None = None,
    rows: int = 0,
    segment: str = "all",
    day: date = DAY,
) -> DayProfile:
    """Make a day of a model; the parts that do not matter are empty."""
    return DayProfile(
        model="model",
        day=day,
        version="1",
        segment=segment,
        rows=rows,
        labelled=rows,
        outcome=outcome if outcome is not None else BinaryOutcome(),
        columns=columns or {},
    )


def make_reference(
    profile: DayProfile,
    bins: Mapping[str, Bins] | None = None,
    *,
    calibrator: Calibrator | None = None,
    sampling: Mapping[str, tuple[float, float]] | None = None,
) -> ReferenceProfile:
    """Make a reference around a profile."""
    return ReferenceProfile(
        model=profile.model,
        version=profile.version,
        first_day=profile.day,
        last_day=profile.day,
        trained_until=profile.day,
        profile=profile,
        bins=bins or {},
        calibrator=calibrator or Calibrator(),
        sampling=sampling or {},
    )


def make_contract(problem: str = "binary", **columns: object) -> Contract:
    """Make a contract with the given column roles."""
    source = {"kind": "files", "path": "rows-{day}.parquet"}
    roles = {
        "id": "id",
        "timestamp": "timestamp",
        "model_version": "model_version",
        "prediction": "prediction",
        "label": "label",
        **({"score": "score"} if problem == "binary" else {}),
    }
    return Contract.model_validate(
        {
            "model": "model",
            "problem": problem,
            "owners": ["owner"],
            "sources": {"predictions": source, "labels": source},
            "columns": roles | columns,
        }
    )


def _histogram(finite: ArrayLike, bins: Bins, number: int) -> dict[int, int]:
    edges = np.linspace(bins.low, bins.high, number + 1)
    counts = np.histogram(finite, bins=edges)[0]
    return {int(i): int(counts[i]) for i in np.flatnonzero(counts)}
