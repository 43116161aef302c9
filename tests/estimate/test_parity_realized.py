"""Realized metrics from counts equal NannyML's and scikit-learn's from rows."""

from types import ModuleType

import numpy as np
import pandas as pd
import pytest
from sklearn import metrics as sk

from monitoring_tasks.domain.counts import SCORE_BINS, BinaryOutcome, Outcome
from monitoring_tasks.estimate.ranking import auc_bin_error
from monitoring_tasks.estimate.realized import realize
from tests.estimate.count_by_hand import (
    count_binary,
    count_multiclass,
    count_regression,
    make_profile,
)

# One chunk is what is wanted, and NannyML uses what pandas 4 will take away.
pytestmark = [
    pytest.mark.filterwarnings("ignore:The resulting number of chunks is too low"),
    pytest.mark.filterwarnings("ignore::pandas.errors.Pandas4Warning"),
]
Rows = tuple[pd.DataFrame, pd.DataFrame]
DECISIONS = ("f1", "precision", "recall", "specificity", "accuracy")
DAY_ROWS = 5000


def realized(outcome: Outcome, classes: tuple[str, ...] = ()) -> dict[str, float]:
    """Our realized values by metric."""
    profile = make_profile(outcome=outcome, rows=DAY_ROWS)
    measured = realize(profile, confidence=0.95, classes=classes)
    return {m.metric: m.value for m in measured if m.value is not None}


def nannyml_realized(
    nannyml: ModuleType,
    rows: Rows,
    day: pd.DataFrame,
    *,
    metrics: list[str],
    **arguments: object,
) -> dict[str, float]:
    """NannyML's realized values by metric."""
    calculator = nannyml.PerformanceCalculator(
        y_pred="prediction",
        y_true="label",
        chunk_number=1,
        metrics=metrics,
        **arguments,
    )
    # The reference sets NannyML's thresholds only, not the values.
    calculator.fit(rows[0][:2000])
    result = calculator.calculate(day).data.iloc[-1]
    return {name: float(result[(name, "value")]) for name in metrics}


def binary_outcome(day: pd.DataFrame) -> BinaryOutcome:
    """Count a day of a binary model."""
    return count_binary(day["score"], day["prediction"], day["label"])


@pytest.mark.parametrize("start", [0, 30_000])
def test_binary_metrics_equal_nannyml_when_a_bin_holds_one_score(
    nannyml: ModuleType, car_loan: Rows, start: int
) -> None:
    """The counts lose nothing."""
    day = car_loan[1][start : start + DAY_ROWS]
    names = ["roc_auc", "average_precision", *DECISIONS]
    theirs = nannyml_realized(
        nannyml,
        car_loan,
        day,
        metrics=names,
        y_pred_proba="score",
        problem_type="classification_binary",
    )
    ours = realized(binary_outcome(day))
    for metric in names:
        assert ours[metric] == pytest.approx(theirs[metric], abs=1e-12), metric


@pytest.mark.parametrize("start", [0, 60_000, 150_000])
def test_rankings_stay_within_bound_when_scores_never_tie(
    census: Rows, start: int
) -> None:
    """Rows of one bin count as tied: AUC is off by half their pairs at most, and
    average precision lies between the best and the worst order within the bins.
    """
    day = census[1][start : start + DAY_ROWS]
    truth, score = day["label"].to_numpy(), day["score"].to_numpy()
    outcome = binary_outcome(day)
    ours = realized(outcome)
    bound = auc_bin_error(outcome)
    assert bound < 2e-4
    assert ours["roc_auc"] == pytest.approx(sk.roc_auc_score(truth, score), abs=bound)
    number = np.floor(score * SCORE_BINS)
    worst, best = (
        sk.average_precision_score(truth, number + first / 2)
        for first in (1 - truth, truth)
    )
    assert worst - 1e-12 <= ours["average_precision"] <= best + 1e-12
    assert best - worst < 2e-3


def test_decisions_equal_nannyml_when_scores_never_tie(
    nannyml: ModuleType, census: Rows
) -> None:
    """Decisions do not depend on the bins at all."""
    day = census[1][:DAY_ROWS]
    theirs = nannyml_realized(
        nannyml,
        census,
        day,
        metrics=list(DECISIONS),
        y_pred_proba="score",
        problem_type="classification_binary",
    )
    ours = realized(binary_outcome(day))
    for metric in DECISIONS:
        assert ours[metric] == pytest.approx(theirs[metric], abs=1e-12), metric


@pytest.mark.parametrize("data", ["car_loan", "census"])
def test_probability_losses_equal_sklearn(
    request: pytest.FixtureRequest, data: str
) -> None:
    """Brier: off by a quarter of a squared bin width at most (2.5e-9). Log loss: by
    the curvature of the logarithm within a bin, below 1e-6 on these scores.
    """
    rows: Rows = request.getfixturevalue(data)
    day = rows[1][:DAY_ROWS]
    ours = realized(binary_outcome(day))
    brier = sk.brier_score_loss(day["label"], day["score"])
    assert ours["brier"] == pytest.approx(brier, abs=2.6e-9)
    log_loss = sk.log_loss(day["label"], day["score"])
    assert ours["log_loss"] == pytest.approx(log_loss, abs=1e-6)


def test_calibration_error_equals_the_definition(census: Rows) -> None:
    """Ten equal-width bins: mean gap of mean score and positive share, by rows."""
    day = census[1][:DAY_ROWS]
    group = np.minimum(np.floor(day["score"] * 10), 9)
    gaps = (day["score"] - day["label"]).groupby(group).sum().abs()
    ours = realized(binary_outcome(day))
    expected = gaps.sum() / DAY_ROWS
    assert ours["calibration_error"] == pytest.approx(expected, abs=1e-12)


def test_regression_metrics_equal_nannyml(nannyml: ModuleType, car_price: Rows) -> None:
    """Moments lose nothing but rounding."""
    day = car_price[1][:DAY_ROWS]
    names = ["mae", "mse", "rmse", "rmsle"]
    theirs = nannyml_realized(
        nannyml, car_price, day, metrics=names, problem_type="regression"
    )
    ours = realized(count_regression(day["prediction"], day["label"]))
    for metric in names:
        assert ours[metric] == pytest.approx(theirs[metric], rel=1e-9), metric
    assert ours["bias"] == pytest.approx((day["prediction"] - day["label"]).mean())


def test_multiclass_metrics_equal_nannyml(nannyml: ModuleType, cards: Rows) -> None:
    """The confusion matrix holds all that the metrics need."""
    day = cards[1][:DAY_ROWS]
    classes = ("highstreet_card", "prepaid_card", "upmarket_card")
    theirs = nannyml_realized(
        nannyml,
        cards,
        day,
        metrics=["f1", "precision", "recall", "accuracy"],
        y_pred_proba={name: f"y_pred_proba_{name}" for name in classes},
        problem_type="classification_multiclass",
    )
    ours = realized(count_multiclass(day["prediction"], day["label"]), classes=classes)
    for metric, value in theirs.items():
        assert ours[metric] == pytest.approx(value, abs=1e-12), metric
