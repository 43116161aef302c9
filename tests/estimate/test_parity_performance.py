"""Estimates before labels, and their standard errors, equal NannyML's CBPE."""

from dataclasses import dataclass
from types import ModuleType
from typing import Any

import numpy as np
import pandas as pd
import pytest

from monitoring_tasks.contract.value import BusinessValue
from monitoring_tasks.domain.counts import SCORE_BINS, BinaryOutcome
from monitoring_tasks.domain.profiles import DayProfile
from monitoring_tasks.domain.reference import ReferenceProfile
from monitoring_tasks.estimate.calibration import learn_calibrator, learn_sampling
from monitoring_tasks.estimate.cells import cells_of
from monitoring_tasks.estimate.performance import estimate_performance, standard_error
from monitoring_tasks.statistics.calibration import calibrate
from tests.estimate.count_by_hand import count_binary, make_profile, make_reference

# One chunk is what is wanted, and NannyML uses what pandas 4 will take away.
pytestmark = [
    pytest.mark.filterwarnings("ignore:The resulting number of chunks is too low"),
    pytest.mark.filterwarnings("ignore::pandas.errors.Pandas4Warning"),
]
WORTH = BusinessValue(
    true_positive=5, false_positive=-2, true_negative=1, false_negative=-7
)
METRICS = (
    "roc_auc",
    "average_precision",
    "f1",
    "precision",
    "recall",
    "specificity",
    "accuracy",
    "business_value",
)
DAY_ROWS = 5000
STARTS = (0, 20_000, 45_000)
Rows = tuple[pd.DataFrame, pd.DataFrame]


@dataclass(frozen=True, kw_only=True)
class Pair:
    """NannyML's estimator and our reference, learnt on the same rows."""

    theirs: Any
    ours: ReferenceProfile
    later: pd.DataFrame

    def both(self, start: int) -> tuple["pd.Series[float]", DayProfile]:
        """NannyML's result of a day, and the day's profile."""
        day = self.later[start : start + DAY_ROWS]
        outcome = count_binary(day["score"], day["prediction"], [-1] * len(day))
        result = self.theirs.estimate(day).data.iloc[-1]
        return result, make_profile(outcome=outcome, rows=len(day))


def learn(nannyml: ModuleType, rows: Rows) -> Pair:
    """Fit both on the reference rows."""
    reference, later = rows
    estimator = nannyml.CBPE(
        problem_type="classification_binary",
        y_pred_proba="score",
        y_pred="prediction",
        y_true="label",
        metrics=list(METRICS),
        chunk_number=1,
        business_value_matrix=[[1, -2], [-7, 5]],
    )
    estimator.fit(reference)
    scored = reference.rename(columns={"prediction": "predicted"})
    scored = scored.astype({"label": "int64"})
    ours = make_reference(
        make_profile(),
        calibrator=learn_calibrator(scored),
        sampling=learn_sampling(scored, value=WORTH, seed=1),
    )
    return Pair(theirs=estimator, ours=ours, later=later)


@pytest.fixture(scope="module")
def loans(nannyml: ModuleType, car_loan: Rows) -> Pair:
    """Both learnt on scores of two decimals."""
    return learn(nannyml, car_loan)


@pytest.fixture(scope="module")
def people(nannyml: ModuleType, census: Rows) -> Pair:
    """Both learnt on scores that hardly ever tie."""
    return learn(nannyml, census)


def estimates(pair: Pair, profile: DayProfile) -> dict[str, float]:
    """Our estimates; business value as a total, as NannyML has it."""
    measured = estimate_performance(pair.ours, profile, confidence=0.95, value=WORTH)
    found = {m.metric: m.value for m in measured if m.value is not None}
    found["business_value"] *= DAY_ROWS
    return found


@pytest.mark.parametrize("start", STARTS)
def test_estimates_equal_cbpe_when_a_bin_holds_one_score(
    loans: Pair, start: int
) -> None:
    """The counts lose nothing, so what is left is NannyML's rounding to 5 decimals."""
    result, profile = loans.both(start)
    ours = estimates(loans, profile)
    assert len(ours) == len(METRICS)
    for metric in METRICS:
        theirs = result[(metric, "value")]
        assert ours[metric] == pytest.approx(theirs, rel=1e-8, abs=1e-8), metric


@pytest.mark.parametrize("start", STARTS)
def test_estimates_stay_within_what_knots_blur_when_scores_never_tie(
    people: Pair, start: int
) -> None:
    """In a bin with a knot of the calibrator a cell's mean score is not exact.

    A row of such a bin is off by at most the calibrator's rise over the bin. Moving
    the expected positives by b moves a ratio with k rows under it by at most 2 b / k.
    """
    result, profile = people.both(start)
    ours = estimates(people, profile)
    assert isinstance(profile.outcome, BinaryOutcome)
    cells = cells_of(profile.outcome)
    ends = [(cells.score_bin + step) / SCORE_BINS for step in (0, 1)]
    low, high = (calibrate(end, people.ours.calibrator) for end in ends)
    knots = np.asarray(people.ours.calibrator.scores) * SCORE_BINS
    blurred = np.isin(cells.score_bin, np.floor(knots))
    blur = float(np.sum((cells.rows * (high - low))[blurred]))
    assert blur < DAY_ROWS / 500
    bound = 1e-6 + 2 * blur / (DAY_ROWS / 4)
    for metric in METRICS:
        scale = DAY_ROWS * 12 if metric == "business_value" else 1
        theirs = result[(metric, "value")] / scale
        assert ours[metric] / scale == pytest.approx(theirs, abs=bound), metric
        assert ours[metric] / scale == pytest.approx(theirs, abs=2e-5), metric


@pytest.mark.parametrize("data", ["loans", "people"])
def test_standard_errors_equal_cbpe(request: pytest.FixtureRequest, data: str) -> None:
    """Same components; average precision is a bootstrap of 50 that NannyML leaves
    unseeded, and two such standard deviations differ by 10 % each (1/sqrt(2 x 50)).
    """
    pair: Pair = request.getfixturevalue(data)
    result, _ = pair.both(0)
    for metric in METRICS:
        error = standard_error(pair.ours, metric, DAY_ROWS)
        assert error is not None
        theirs = result[(metric, "sampling_error")]
        theirs /= DAY_ROWS if metric == "business_value" else 1
        tolerance = 0.45 if metric == "average_precision" else 1e-9
        assert error == pytest.approx(theirs, rel=tolerance), metric


def test_the_calibrator_is_the_one_cbpe_fits(loans: Pair) -> None:
    """The knots, joined by straight lines, give NannyML's calibrated probabilities."""
    scores = np.linspace(0, 1, 1001)
    theirs = loans.theirs.calibrator.calibrate(scores)
    assert loans.theirs.needs_calibration
    assert calibrate(scores, loans.ours.calibrator) == pytest.approx(theirs, abs=1e-12)
