"""What a fault costs, measured on many rows by the truth. Pure."""

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import pandas as pd
from sklearn.metrics import accuracy_score, mean_absolute_error, roc_auc_score

from benchmarks.generalisation.data.schema import (
    ID,
    LABEL,
    PREDICTION,
    SCORE,
    Batch,
    Schema,
)
from monitoring_tasks.domain.problems import Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class Harm:
    """What a fault costs while all the rows it can hit are hit.

    Attributes:
        loss: Realized loss by the truth: of ROC AUC, of accuracy, as a share of the
            mean absolute error.
        flipped: Share of the rows that were decided otherwise, or not at all.
        spoiled: Share of the rows that should have a label and have none.
        misled: How far the labels as delivered move the metric.
        changed: Share of the rows in which anything differs, their labels included.
    """

    loss: float
    flipped: float
    spoiled: float
    misled: float
    changed: float

    def to_json(self) -> dict[str, float]:
        """Return plain numbers."""
        return asdict(self)


def harm_of(clean: Batch, broken: Batch, schema: Schema, where: str) -> Harm:
    """Measure what a fault costs.

    Args:
        clean: A day as it should have been.
        broken: The same day as it was delivered.
        schema: Which column is what.
        where: Where the fault lies: what changes in the world changes the truth.
    """
    is_world = where in {"relation", "population"}
    truth = broken.labels if is_world else clean.labels
    said = broken.predictions.dropna(subset=[ID]).drop_duplicates(ID)
    before = quality(clean.predictions, clean.labels, schema)
    after = quality(said, truth, schema)
    told = quality(said, broken.labels, schema)
    with_label = clean.predictions[ID].isin(_labelled(broken)).mean()
    return Harm(
        loss=_lost(before, after, schema),
        flipped=0.0 if is_world else _flipped(clean.predictions, said, schema),
        spoiled=0.0 if is_world else 1 - float(with_label),
        misled=0.0 if is_world else abs(_lost(after, told, schema)),
        changed=max(
            _changed(clean.predictions, broken.predictions),
            _changed(clean.labels, broken.labels),
        ),
    )


def _labelled(batch: Batch) -> "pd.Index[Any]":
    """Return the ids whose labels do not contradict each other."""
    values = batch.labels.dropna(subset=[LABEL]).groupby(ID)[LABEL].nunique()
    return values.index[values.eq(1)]


def _changed(clean: pd.DataFrame, broken: pd.DataFrame) -> float:
    """Return the share of rows that are others, are gone or have come."""
    plain = [
        pd.util.hash_pandas_object(rows[list(clean.columns)], index=False)
        for rows in (clean, broken)
    ]
    before, after = (values.value_counts() for values in plain)
    kept = before.clip(upper=after.reindex(before.index).fillna(0)).sum()
    return 1 - float(kept) / max(len(clean), len(broken), 1)


def _lost(before: float, after: float, schema: Schema) -> float:
    if np.isnan(after) or np.isnan(before):
        return 0.0
    if schema.problem is Problem.REGRESSION:
        return after / before - 1
    return before - after


def _flipped(clean: pd.DataFrame, said: pd.DataFrame, schema: Schema) -> float:
    """Return the share of rows decided otherwise; numbers: of those without any."""
    decided = clean[ID].map(said.set_index(ID)[PREDICTION])
    if schema.problem is Problem.REGRESSION:
        return float(decided.isna().mean())
    return float((decided.isna() | decided.ne(clean[PREDICTION])).mean())


def quality(said: pd.DataFrame, labels: pd.DataFrame, schema: Schema) -> float:
    """Return ROC AUC, accuracy or mean absolute error; NaN where there is none.

    A row without a score counts as the mean one: it says nothing.
    """
    truth = labels.dropna(subset=[LABEL]).drop_duplicates(ID).set_index(ID)[LABEL]
    label = said[ID].map(truth)
    is_known = label.notna().to_numpy()
    if not is_known.any():
        return float("nan")
    rows: Any = said[is_known]
    label = label[is_known]
    match schema.problem:
        case Problem.BINARY:
            score = rows[SCORE].astype("float64")
            score = score.fillna(score.mean() if score.notna().any() else 0.0)
            given = label.astype("float64").gt(0.5)
            if given.nunique() < 2:
                return float("nan")
            return float(roc_auc_score(given, score))
        case Problem.MULTICLASS:
            decided = rows[PREDICTION].astype("str")
            return float(accuracy_score(label.astype("str"), decided))
        case Problem.REGRESSION:
            number = rows[PREDICTION].astype("float64")
            number = number.fillna(float(label.astype("float64").mean()))
            return float(mean_absolute_error(label.astype("float64"), number))
