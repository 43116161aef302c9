"""The demo's model and its three releases, the last of them broken on purpose.

Real: rows and labels. Made: the fault of the third release. Version 1 is trained on
January and February, version 2 on January to June, version 3 on January to August by
a job that reads the scheduled hour twelve hours off. Its own rows are off as well, so
its training metrics look fine; served on correct hours it is worse than chance.
"""

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd
from sklearn.compose import make_column_transformer
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.metrics import brier_score_loss, f1_score, roc_auc_score
from sklearn.model_selection import FixedThresholdClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OrdinalEncoder
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]  # no stubs

from monitoring_tasks.demo.flights import CATEGORICAL, FEATURES
from monitoring_tasks.demo.service import add_service
from monitoring_tasks.store.registry import Registry
from monitoring_tasks.store.versions import Training

MODEL = "flight_delay"
THRESHOLD = 0.25
"""A flight is called late when it is likelier to be than most: just above the base
rate of .24, where F1 on the training windows is about as high as it gets."""
FOLDS = 2
REFERENCE_DAYS = 42
"""The reference is the end of the training window, nearest to the days to come; six
whole weeks, so that every weekday counts the same."""
_HOURS = 24
_THREADS = 1
"""Small trees spend their time waiting for each other; on a busy machine, minutes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """How a version is trained.

    Attributes:
        first: First day of the training rows.
        last: Last day of the training rows.
        hours_off: Error of the training job in reading the scheduled hour.
    """

    first: date
    last: date
    hours_off: int = 0


RECIPES = (
    Recipe(first=date(2013, 1, 1), last=date(2013, 2, 28)),
    Recipe(first=date(2013, 1, 1), last=date(2013, 6, 30)),
    Recipe(first=date(2013, 1, 1), last=date(2013, 8, 31), hours_off=12),
)
"""The releases in order; in a new registry they become versions 1, 2 and 3."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trained:
    """A fitted model with the rows its reference is made of.

    Attributes:
        model: The fitted model.
        example: Some rows of its input.
        reference: Out-of-fold predictions on the last training days: `flight_id`,
            `scheduled_at`, `score`, `prediction`, the features, `latency_seconds` and
            `failed` (made), and `arr_late`, null where the flight never arrived.
        metrics: Metrics of the reference.
    """

    model: FixedThresholdClassifier
    example: pd.DataFrame
    reference: pd.DataFrame
    metrics: dict[str, float]


def train(flights: pd.DataFrame, recipe: Recipe) -> Trained:
    """Train a version and judge it out of fold; the same every time.

    Args:
        flights: As `load_flights` gives them. Not modified.
        recipe: Which rows, and which fault.
    """
    rows = training_rows(flights, recipe)
    reference = predict_out_of_fold(rows)
    labelled = rows[rows["arr_late"].notna()]
    return Trained(
        model=fit(labelled),
        example=labelled[list(FEATURES)].head(100),
        reference=reference.drop(columns="day"),
        metrics=measure(reference),
    )


def register(registry: Registry, trained: Trained, recipe: Recipe) -> str:
    """Register a trained version with its training window; return its number.

    Args:
        registry: Where to.
        trained: The model and the metrics of its reference.
        recipe: How it was trained.
    """
    return registry.register(
        MODEL,
        trained.model,
        example=trained.example,
        training=Training(
            trained_from=recipe.first,
            trained_until=recipe.last,
            metrics=trained.metrics,
            serialization_format="cloudpickle",
        ),
    )


def training_rows(flights: pd.DataFrame, recipe: Recipe) -> pd.DataFrame:
    """Pick the rows of a recipe as its training job saw them.

    Args:
        flights: As `load_flights` returns them. Not modified.
        recipe: Which rows, and which fault.
    """
    days = flights["day"].between(pd.Timestamp(recipe.first), pd.Timestamp(recipe.last))
    rows = flights[days].reset_index(drop=True)
    return rows.assign(hour=(rows["hour"] + recipe.hours_off) % _HOURS)


def fit(rows: pd.DataFrame) -> FixedThresholdClassifier:
    """Fit the demo's model; the threshold travels with it, so every user agrees."""
    with threadpool_limits(_THREADS, user_api="openmp"):
        return _make_model().fit(rows[list(FEATURES)], rows["arr_late"].astype("int64"))


def predict_out_of_fold(rows: pd.DataFrame) -> pd.DataFrame:
    """Score the last `REFERENCE_DAYS` by models that did not see the day they score.

    These days are cut into `FOLDS` contiguous blocks, so that neighbouring flights in
    the same weather are never on both sides; all other rows are trained on.

    Args:
        rows: As `training_rows` gives them; labels may be null. Not modified.
    """
    day = rows["day"].rank(method="dense", ascending=False).astype("int64") - 1
    # Days count from the last one back; block FOLDS is all that is only trained on.
    count = min(REFERENCE_DAYS, int(day.max()) + 1)
    block = (day * FOLDS // count).where(day < count, FOLDS)
    scores = pd.Series(np.nan, index=rows.index)
    for fold in range(FOLDS):
        held_out = block == fold
        trained_on = rows[~held_out & rows["arr_late"].notna()]
        probabilities = fit(trained_on).predict_proba(
            rows.loc[held_out, list(FEATURES)]
        )
        scores[held_out] = probabilities[:, 1]
    wanted = block < FOLDS
    scored = rows[wanted].assign(
        score=scores[wanted],
        prediction=(scores[wanted] >= THRESHOLD).astype("int64"),
    )
    return add_service(scored.reset_index(drop=True))


def measure(predictions: pd.DataFrame) -> dict[str, float]:
    """Compute ROC AUC, F1 and Brier score over the rows whose label is known."""
    labelled = predictions[predictions["arr_late"].notna()]
    late, score = labelled["arr_late"], labelled["score"]
    return {
        "roc_auc": float(roc_auc_score(late, score)),
        "f1": float(f1_score(late, labelled["prediction"])),
        "brier": float(brier_score_loss(late, score)),
    }


def _make_model() -> FixedThresholdClassifier:
    encoder = OrdinalEncoder(
        handle_unknown="use_encoded_value", unknown_value=-1, encoded_missing_value=-1
    )
    columns = make_column_transformer(
        (encoder, list(CATEGORICAL)), remainder="passthrough"
    )
    trees = HistGradientBoostingClassifier(
        max_iter=60,
        learning_rate=0.1,
        max_leaf_nodes=15,
        min_samples_leaf=50,
        early_stopping=False,
        random_state=0,
    )
    return FixedThresholdClassifier(
        make_pipeline(columns, trees),
        threshold=THRESHOLD,
        response_method="predict_proba",
    )
