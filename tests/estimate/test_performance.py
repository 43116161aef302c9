"""Estimates before labels: what they read, and what happens without evidence."""

import numpy as np
import pytest

from monitoring_tasks.domain.counts import RegressionOutcome
from monitoring_tasks.domain.findings import Measurement
from monitoring_tasks.domain.profiles import DayProfile
from monitoring_tasks.domain.reference import Calibrator, ReferenceProfile
from monitoring_tasks.errors import EstimationError
from monitoring_tasks.estimate.performance import estimate_performance
from monitoring_tasks.estimate.realized import realize
from tests.estimate.count_by_hand import count_binary, make_profile, make_reference

SAMPLING = {"roc_auc": (0.3, 0.5), "accuracy": (0.4, 1.0)}
PLAIN = make_reference(make_profile(), sampling=SAMPLING)


def estimated(
    day: DayProfile, reference: ReferenceProfile = PLAIN
) -> dict[str, Measurement]:
    """Estimate, by metric."""
    measured = estimate_performance(reference, day, confidence=0.95)
    return {m.metric: m for m in measured}


def test_estimates_do_not_read_labels() -> None:
    """The same scores give the same estimates, whatever the labels."""
    scores, decisions = [0.2, 0.7, 0.9], [0, 1, 1]
    days = [
        make_profile(outcome=count_binary(scores, decisions, labels))
        for labels in ([-1, -1, -1], [1, 0, 0], [0, 1, 1])
    ]
    first, second, third = (estimated(day) for day in days)
    assert first == second == third


def test_estimates_meet_what_is_realized_when_scores_are_probabilities() -> None:
    """Calibrated scores and labels drawn from them: within sampling error."""
    generator = np.random.default_rng(5)
    score = generator.beta(2, 3, 40_000)
    outcome = count_binary(score, score > 0.5, generator.uniform(size=40_000) < score)
    day = make_profile(outcome=outcome)
    truth = {m.metric: m.value for m in realize(day, confidence=0.95)}
    for metric, number in estimated(day).items():
        assert number.value == pytest.approx(truth[metric], abs=0.015), metric


def test_the_calibrator_turns_scores_into_probabilities() -> None:
    """Scores of 0.8 that come true half of the time are right half of the time."""
    halving = Calibrator(scores=(0.0, 1.0), probabilities=(0.1, 0.6))
    day = make_profile(outcome=count_binary([0.8] * 10, [1] * 10, [-1] * 10))
    found = estimated(day, make_reference(make_profile(), calibrator=halving))
    assert found["precision"].value == pytest.approx(0.5)


def test_interval_is_the_sampling_error_at_the_days_rows() -> None:
    """0.4 / sqrt(100) = 0.04, times 1.96; for AUC half of the rows count."""
    day = make_profile(outcome=count_binary([0.5] * 100, [1] * 100, [-1] * 100))
    accuracy = estimated(day)["accuracy"]
    assert accuracy.value == pytest.approx(0.5)
    assert accuracy.upper == pytest.approx(0.5 + 1.959964 * 0.04)
    auc = estimated(day)["roc_auc"]
    assert auc.lower == pytest.approx(0.5 - 1.959964 * 0.3 / 50**0.5)


def test_a_metric_without_a_learnt_error_says_so() -> None:
    """The value stands, the interval is missing with a reason."""
    day = make_profile(outcome=count_binary([0.4, 0.6], [0, 1], [-1, -1]))
    number = estimated(day)["f1"]
    assert number.value is not None
    assert number.lower is None
    assert "no sampling error" in number.reason


def test_a_day_without_scores_has_reasons_only() -> None:
    """Seven metrics, none with a value."""
    found = estimated(make_profile())
    assert len(found) == 7
    assert all(m.value is None for m in found.values())
    assert {m.reason for m in found.values()} == {"no row has a valid score"}


def test_precision_is_undefined_when_no_row_is_predicted_positive() -> None:
    """NannyML says 0 there; no decision was wrong, so it is not known."""
    number = estimated(make_profile(outcome=count_binary([0.1], [0], [-1])))[
        "precision"
    ]
    assert number.value is None
    assert number.reason == "no row was predicted positive"


def test_a_model_that_is_not_binary_is_refused() -> None:
    """Its estimates need rows."""
    with pytest.raises(EstimationError, match="only binary"):
        estimated(make_profile(outcome=RegressionOutcome()))
