"""How often intervals hold the truth, over many days of one known world."""

import math
from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray

from monitoring_tasks.domain.findings import Measurement
from monitoring_tasks.estimate.calibration import learn_calibrator, learn_sampling
from monitoring_tasks.estimate.performance import estimate_performance
from monitoring_tasks.estimate.realized import realize
from tests.estimate.count_by_hand import (
    count_binary,
    count_regression,
    make_profile,
    make_reference,
)

pytestmark = pytest.mark.slow
CONFIDENCE = 0.95
DAYS = 600
"""Coverage is then known to 0.9 percentage points (one standard error)."""
CHANCE = 0.027
"""Three of them."""
Floats = NDArray[np.float64]


def scored(
    random: np.random.Generator, rows: int, *, rate: float = 0.5
) -> tuple[Floats, NDArray[np.int64]]:
    """Draw scores that are the probabilities of their labels, `rate` on average."""
    scores = random.beta(4 * rate, 4 * (1 - rate), rows)
    return scores, (random.random(rows) < scores).astype("int64")


def binary_day(
    random: np.random.Generator, rows: int, *, rate: float
) -> dict[str, Measurement]:
    """Realize a day of a binary model, by metric."""
    scores, labels = scored(random, rows, rate=rate)
    outcome = count_binary(scores, scores >= rate, labels)
    day = make_profile(outcome=outcome, rows=rows)
    return {m.metric: m for m in realize(day, confidence=CONFIDENCE)}


def regression_day(
    random: np.random.Generator, rows: int, *, freedom: float
) -> dict[str, Measurement]:
    """Realize a day of a regression model whose errors are Student's t, by metric."""
    label = random.normal(20, 4, rows)
    predicted = label + random.standard_t(freedom, rows)
    outcome = count_regression(predicted, label)
    day = make_profile(outcome=outcome, rows=rows)
    return {m.metric: m for m in realize(day, confidence=CONFIDENCE)}


def coverage(draw: Callable[[np.random.Generator], Measurement], truth: float) -> float:
    """Return the share of days whose interval holds the truth."""
    random = np.random.default_rng(20130902)
    return held([draw(random) for _ in range(DAYS)], [truth] * DAYS)


def held(numbers: Sequence[Measurement], truths: Sequence[float]) -> float:
    """Return the share of intervals that hold their truth; none without one."""
    hits = [
        m.lower is not None and m.upper is not None and m.lower <= truth <= m.upper
        for m, truth in zip(numbers, truths, strict=True)
    ]
    return sum(hits) / len(hits)


def long_run(metric: str, *, rate: float) -> float:
    """Return a binary number over so many rows that chance is gone."""
    value = binary_day(np.random.default_rng(1), 400_000, rate=rate)[metric].value
    assert value is not None
    return value


@pytest.mark.parametrize(
    ("rows", "rate"),
    [
        pytest.param(200, 0.5, id="small and even"),
        pytest.param(900, 0.5, id="an ordinary day"),
        pytest.param(900, 0.1, id="few positives"),
    ],
)
@pytest.mark.parametrize("metric", ["average_precision", "f1"])
def test_binary_intervals_hold_the_truth(metric: str, rows: int, rate: float) -> None:
    """Wilson's with the positives for the one, of Jaccard's index for the other."""
    truth = long_run(metric, rate=rate)
    found = coverage(lambda r: binary_day(r, rows, rate=rate)[metric], truth)
    assert found == pytest.approx(CONFIDENCE, abs=CHANCE)


@pytest.mark.parametrize(
    ("rows", "freedom", "share"),
    [
        pytest.param(200, 30, CONFIDENCE, id="errors nearly normal"),
        pytest.param(900, 30, CONFIDENCE, id="an ordinary day"),
        pytest.param(900, 5, 0.92, id="now and then a huge error"),
    ],
)
def test_root_mean_square_error_holds_the_truth(
    rows: int, freedom: float, share: float
) -> None:
    """Right but for huge errors: those make it too narrow, and this is how much."""
    truth = math.sqrt(freedom / (freedom - 2))
    found = coverage(lambda r: regression_day(r, rows, freedom=freedom)["rmse"], truth)
    assert found == pytest.approx(share, abs=CHANCE)


@pytest.mark.parametrize(
    ("rows", "shares"),
    [
        (200, {"accuracy": 0.95, "average_precision": 0.93, "f1": 1, "roc_auc": 0.85}),
        (900, {"accuracy": 0.95, "average_precision": 0.91, "f1": 1, "roc_auc": 0.86}),
    ],
)
def test_estimates_hold_what_comes_true(rows: int, shares: dict[str, float]) -> None:
    """Where scores keep their meaning, how often labels fall within CBPE's interval.

    Its standard errors are NannyML's: too small for the AUC, too large for F1.
    """
    random = np.random.default_rng(7)
    scores, labels = scored(random, 10_000)
    decided = (scores >= 0.5).astype("int64")
    known = pd.DataFrame({"score": scores, "predicted": decided, "label": labels})
    reference = make_reference(
        make_profile(),
        calibrator=learn_calibrator(known),
        sampling=learn_sampling(known, value=None, seed=7),
    )
    guessed, came = [], []
    for _ in range(DAYS):
        scores, labels = scored(random, rows)
        outcome = count_binary(scores, scores >= 0.5, labels)
        day = make_profile(outcome=outcome, rows=rows)
        made = estimate_performance(reference, day, confidence=CONFIDENCE)
        guessed.append({m.metric: m for m in made})
        real = realize(day, confidence=CONFIDENCE)
        came.append({m.metric: m.value or 0.0 for m in real})
    for metric, share in shares.items():
        found = held([day[metric] for day in guessed], [day[metric] for day in came])
        assert found == pytest.approx(share, abs=CHANCE), metric
