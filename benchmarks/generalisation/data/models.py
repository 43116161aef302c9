"""Models of a data set: fitted here, registered, and asked again for broken inputs."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.compose import make_column_transformer
from sklearn.ensemble import (
    HistGradientBoostingClassifier,
    HistGradientBoostingRegressor,
)
from sklearn.model_selection import FixedThresholdClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OrdinalEncoder
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]  # no stubs

from benchmarks.generalisation.data.schema import LABEL, PREDICTION, Schema
from monitoring_tasks.domain.problems import Problem

TREES = {"max_iter": 60, "early_stopping": False, "random_state": 0}


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """A fitted estimator and the columns it reads.

    Attributes:
        schema: The columns.
        estimator: Fitted; of two classes it decides at a threshold of its own.
    """

    schema: Schema
    estimator: Any

    def scored(self, rows: pd.DataFrame) -> pd.DataFrame:
        """Return the rows with the outputs their inputs lead to."""
        if rows.empty:
            return rows
        with threadpool_limits(1, user_api="openmp"):
            return with_outputs(rows, self._outputs(rows), self.schema, self.threshold)

    def _outputs(self, rows: pd.DataFrame) -> NDArray[np.float64]:
        inputs = rows[self.schema.features]
        if self.schema.problem is Problem.REGRESSION:
            found = self.estimator.predict(inputs)
            return np.asarray(found, dtype="float64").reshape(len(rows), -1)
        # The last of two classes is the positive one.
        order = list(self.estimator.classes_)
        wanted = self.schema.classes or order[-1:]
        places = [order.index(name) for name in wanted]
        found = self.estimator.predict_proba(inputs)[:, places]
        return np.asarray(found, dtype="float64")

    @property
    def threshold(self) -> float:
        """From which score on a row is positive."""
        return float(getattr(self.estimator, "threshold", 0.5))


def with_outputs(
    rows: pd.DataFrame, outputs: NDArray[np.float64], schema: Schema, threshold: float
) -> pd.DataFrame:
    """Return the rows with outputs, and the decisions that follow from them.

    Args:
        rows: Rows of predictions.
        outputs: A column for each of `schema.outputs`; NaN decides for the negative
            class, or the first one.
        schema: The columns.
        threshold: From which score on a row of two classes is positive.
    """
    changed = dict(zip(schema.outputs, outputs.T, strict=True))
    match schema.problem:
        case Problem.BINARY:
            changed[PREDICTION] = (outputs[:, 0] >= threshold).astype("int64")
        case Problem.MULTICLASS:
            best = np.nan_to_num(outputs, nan=-1.0).argmax(axis=1)
            changed[PREDICTION] = np.array(schema.classes)[best]
        case Problem.REGRESSION:
            pass
    return rows.assign(**changed)


def fit(rows: pd.DataFrame, schema: Schema) -> Model:
    """Fit gradient-boosted trees; of two classes as many are called as there are."""
    encoder = OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=-1)
    columns = make_column_transformer(
        (encoder, list(schema.categorical)), remainder="passthrough"
    )
    is_number = schema.problem is Problem.REGRESSION
    kind = (
        HistGradientBoostingRegressor if is_number else HistGradientBoostingClassifier
    )
    pipeline = make_pipeline(columns, kind(**TREES))
    inputs, label = rows[schema.features], rows[LABEL]
    with threadpool_limits(1, user_api="openmp"):
        pipeline.fit(inputs, label)
        if schema.problem is not Problem.BINARY:
            return Model(schema=schema, estimator=pipeline)
        score = pipeline.predict_proba(inputs)[:, 1]
        cut = float(np.quantile(score, 1 - label.mean()))
        decider = FixedThresholdClassifier(
            pipeline, threshold=cut, response_method="predict_proba"
        ).fit(inputs, label)
        return Model(schema=schema, estimator=decider)


def plain_scores(rows: pd.DataFrame, schema: Schema) -> NDArray[np.float64]:
    """Return the outputs of rows as an array, a column for each of `schema.outputs`."""
    return rows[schema.outputs].to_numpy(dtype="float64", na_value=np.nan)
