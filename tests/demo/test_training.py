from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import roc_auc_score

from monitoring_tasks.demo.flights import FEATURES
from monitoring_tasks.demo.scoring_job import load_version
from monitoring_tasks.demo.training import (
    FOLDS,
    MODEL,
    RECIPES,
    THRESHOLD,
    Recipe,
    fit,
    measure,
    predict_out_of_fold,
    register,
    train,
    training_rows,
)
from monitoring_tasks.store.registry import Registry

pytestmark = [
    # MLflow's own tables use a loader strategy that SQLAlchemy 2.1 deprecates.
    pytest.mark.filterwarnings("ignore:The ``noload`` loader strategy"),
    # MLflow warns about type hints of its own classes while it is imported.
    pytest.mark.filterwarnings("ignore:.*Any type hint is inferred as AnyType"),
]

WEEK = Recipe(first=date(2013, 1, 5), last=date(2013, 1, 12))


@pytest.fixture(scope="module")
def week(flights: pd.DataFrame) -> pd.DataFrame:
    return training_rows(flights, WEEK)


def test_training_rows_end_with_the_last_day(week: pd.DataFrame) -> None:
    """Both ends of the window belong to it."""
    assert week["day"].min() == pd.Timestamp(WEEK.first)
    assert week["day"].max() == pd.Timestamp(WEEK.last)


def test_only_the_third_recipe_reads_the_hour_wrong() -> None:
    """The first two releases are honest."""
    assert [one.hours_off for one in RECIPES] == [0, 0, 12]


def test_training_rows_turn_the_hour_when_it_is_read_wrong(
    flights: pd.DataFrame, week: pd.DataFrame
) -> None:
    """The fault shifts the hour round the clock and touches nothing else."""
    wrong = training_rows(flights, replace(WEEK, hours_off=12))
    assert ((wrong["hour"] - week["hour"]).abs() == 12).all()
    assert wrong["hour"].between(0, 23).all()
    pd.testing.assert_frame_equal(wrong.drop(columns="hour"), week.drop(columns="hour"))


def test_out_of_fold_scores_do_not_see_their_own_day(week: pd.DataFrame) -> None:
    """Labels of a block may change without changing its own scores."""
    first_block = week["day"] < week["day"].min() + pd.Timedelta(days=8 // FOLDS)
    flipped = week.assign(arr_late=week["arr_late"].where(~first_block, 0.0))
    before = predict_out_of_fold(week)["score"]
    after = predict_out_of_fold(flipped)["score"]
    assert (before[first_block] == after[first_block]).all()
    assert (before[~first_block] != after[~first_block]).any()


def test_out_of_fold_scores_every_row_the_same_each_time(week: pd.DataFrame) -> None:
    """No row is lost, unlabelled ones included, and a second run agrees."""
    first, second = predict_out_of_fold(week), predict_out_of_fold(week)
    assert first["score"].between(0, 1).all()
    assert len(first) == len(week)
    pd.testing.assert_frame_equal(first, second)


def test_prediction_follows_the_threshold(week: pd.DataFrame) -> None:
    """The model's own predictions and the reference's use one threshold."""
    known = week[week["arr_late"].notna()]
    fitted = fit(known)
    inputs = known[list(FEATURES)]
    late = fitted.predict_proba(inputs)[:, 1] >= THRESHOLD
    assert (fitted.predict(inputs) == late).all()
    reference = predict_out_of_fold(week)
    assert (reference["prediction"] == (reference["score"] >= THRESHOLD)).all()


def test_model_takes_an_airport_it_never_saw(week: pd.DataFrame) -> None:
    """A new destination is scored, not refused."""
    known = week[week["arr_late"].notna()]
    strange = known[list(FEATURES)].head(3).assign(dest="XXX")
    assert np.isfinite(fit(known).predict_proba(strange)).all()


def test_measure_leaves_out_unknown_labels() -> None:
    """A flight that never arrived counts neither way."""
    predictions = pd.DataFrame(
        {
            "arr_late": [0.0, 1.0, None, 1.0],
            "score": [0.1, 0.9, 0.8, 0.05],
            "prediction": [0, 1, 1, 0],
        }
    )
    assert measure(predictions) == pytest.approx(
        {"roc_auc": 0.5, "f1": 2 / 3, "brier": (0.01 + 0.01 + 0.9025) / 3}
    )


@pytest.mark.slow
def test_the_third_release_looks_fine_and_is_broken(
    flights: pd.DataFrame, tmp_path: Path
) -> None:
    """Its own metrics are about as good as the second's; on correct hours it is worse
    than chance in the first week of September.
    """
    registry = Registry(f"sqlite:///{tmp_path / 'mlflow.db'}")
    second, third = (train(flights, one) for one in RECIPES[1:])
    versions = [
        register(registry, trained, recipe)
        for trained, recipe in zip((second, third), RECIPES[1:], strict=True)
    ]
    assert third.metrics["roc_auc"] > second.metrics["roc_auc"] - 0.03
    assert registry.version(MODEL, "2").trained_until == date(2013, 8, 31)
    week = flights[flights["day"].between("2013-09-01", "2013-09-07")].dropna(
        subset="arr_late"
    )
    means = []
    for version in versions:
        raw = load_version(registry, version).get_raw_model()  # type: ignore[no-untyped-call]  # MLflow's
        score = pd.Series(raw.predict_proba(week[list(FEATURES)])[:, 1], week.index)
        daily = [
            roc_auc_score(rows["arr_late"], score[rows.index])
            for _, rows in week.groupby("day")
        ]
        means.append(np.mean(daily))
    assert means[0] > 0.6
    assert means[1] < 0.5
