"""Realized metrics: what labels allow, and the intervals' coverage."""

import math
from collections.abc import Callable

import numpy as np
import pytest

from monitoring_tasks.contract.value import BusinessValue
from monitoring_tasks.domain.counts import (
    BinaryOutcome,
    MulticlassOutcome,
    Outcome,
    RegressionOutcome,
)
from monitoring_tasks.domain.findings import Measurement
from monitoring_tasks.domain.metric_table import LABEL_RATE
from monitoring_tasks.domain.problems import Problem
from monitoring_tasks.estimate.realized import FORMULAS, realize
from tests.estimate.count_by_hand import (
    count_binary,
    count_multiclass,
    count_regression,
    make_profile,
)

WORTH = BusinessValue(true_positive=10, false_positive=-1)


def realized(outcome: Outcome) -> dict[str, Measurement]:
    """Realize, by metric."""
    profile = make_profile(outcome=outcome)
    return {m.metric: m for m in realize(profile, confidence=0.95, value=WORTH)}


@pytest.mark.parametrize(
    "outcome",
    [
        pytest.param(count_binary([0.2, 0.9], [0, 1], [-1, -1]), id="binary"),
        pytest.param(BinaryOutcome(), id="no rows"),
        pytest.param(MulticlassOutcome(cells={("a", None): 3}), id="multiclass"),
        pytest.param(RegressionOutcome(rows=9), id="regression"),
    ],
)
def test_without_labels_nothing_has_a_value_and_all_a_reason(
    outcome: Outcome,
) -> None:
    """The same numbers come back as on any other day, empty."""
    found = realized(outcome)
    problem = {
        BinaryOutcome: Problem.BINARY,
        MulticlassOutcome: Problem.MULTICLASS,
        RegressionOutcome: Problem.REGRESSION,
    }[type(outcome)]
    # There are as many rates of labels as labels: none.
    assert found.keys() == FORMULAS[problem] - {LABEL_RATE}
    assert all(m.value is None for m in found.values())
    assert {m.reason for m in found.values()} == {"no row is labelled"}


def test_one_class_only_leaves_undefined_what_needs_both() -> None:
    """All negative: specificity and accuracy are known, rankings and recall not."""
    found = realized(count_binary([0.2, 0.4, 0.9], [0, 0, 1], [0, 0, 0]))
    undefined = {name for name, m in found.items() if m.value is None}
    assert undefined == {"roc_auc", "average_precision", "recall"}
    assert all(found[name].reason for name in undefined)
    assert found["specificity"].value == pytest.approx(2 / 3)


def test_unlabelled_rows_and_undecided_rows_do_not_count() -> None:
    """A label -1 counts nowhere; a predicted class -1 in no decision metric."""
    found = realized(count_binary([0.1, 0.9, 0.9, 0.8], [0, 1, 1, -1], [0, 1, -1, 1]))
    assert found["accuracy"].rows == 2
    assert found["roc_auc"].rows == 3
    assert found["positive_rate"].value == pytest.approx(2 / 3)


def test_business_value_is_the_mean_worth_of_a_prediction() -> None:
    """Two hits at 10, one false alarm at -1, one miss at 0: 19 over 4 rows."""
    found = realized(count_binary([0.9, 0.9, 0.9, 0.1], [1, 1, 1, 0], [1, 1, 0, 1]))
    assert found["business_value"].value == pytest.approx(19 / 4)


def test_rmsle_is_undefined_when_a_value_is_below_minus_1() -> None:
    """There is no logarithm; the other errors remain."""
    found = realized(count_regression([1.0, 2.0], [1.0, -3.0]))
    assert found["rmsle"].value is None
    assert found["mae"].value == pytest.approx(2.5)


def test_one_labelled_row_has_a_value_and_no_interval() -> None:
    """One row has no spread."""
    found = realized(count_regression([3.0], [1.0]))
    assert (found["rmse"].value, found["rmse"].lower) == (2.0, None)
    assert "spread" in found["rmse"].reason


def test_declared_class_without_a_label_has_rate_zero() -> None:
    """A class that vanished is a number that can be judged, not a number that lacks."""
    outcome = count_multiclass(["a", "a", "b"], ["a", "b", "d"])
    profile = make_profile(outcome=outcome)
    measured = realize(profile, confidence=0.95, classes=("a", "b", "c"))
    rates = {m.metric: m.value for m in measured if m.metric.startswith("label_rate")}
    third = pytest.approx(1 / 3)
    assert rates == {
        "label_rate_a": third,
        "label_rate_b": third,
        "label_rate_c": 0,
        "label_rate_d": third,
    }


def test_undeclared_classes_are_not_averaged() -> None:
    """`c` was never declared: its rows count in the accuracy, but it is no class."""
    outcome = count_multiclass(["a", "a", "b", "c", "c"], ["a", "b", "b", "b", "c"])
    profile = make_profile(outcome=outcome)
    measured = realize(profile, confidence=0.95, classes=("a", "b"))
    found = {m.metric: m.value for m in measured}
    assert found["accuracy"] == pytest.approx(3 / 5)
    assert found["recall"] == pytest.approx((1 + 1 / 3) / 2)


def test_macro_intervals_are_as_wide_as_repeated_days_differ() -> None:
    """Half-width over 1.96 is the deviation of the metric between drawn days."""
    generator = np.random.default_rng(13)
    pairs: list[tuple[str, str | None]]
    pairs = [("a", "a"), ("b", "a"), ("a", "b"), ("b", "b"), ("c", "b"), ("c", "c")]
    shares = [0.55, 0.15, 0.02, 0.13, 0.10, 0.05]
    days = []
    for drawn in generator.multinomial(2000, shares, size=400):
        cells = dict(zip(pairs, drawn.tolist(), strict=True))
        days.append(realized(MulticlassOutcome(cells=cells)))
    for metric in ("f1", "precision", "recall"):
        values = [day[metric].value or 0 for day in days]
        upper, value = days[0][metric].upper, days[0][metric].value
        assert upper is not None
        assert value is not None
        assert (upper - value) / 1.96 == pytest.approx(np.std(values), rel=0.12), metric


def binary_day(generator: np.random.Generator) -> Outcome:
    """Scores that are their own probability; the decision falls at 0.5."""
    score = generator.beta(2, 2, 400)
    return count_binary(score, score > 0.5, generator.uniform(size=400) < score)


def regression_day(generator: np.random.Generator) -> Outcome:
    """Normal errors, mean 0.5 and deviation 2."""
    label = generator.uniform(10, 20, 300)
    return count_regression(label + generator.normal(0.5, 2, 300), label)


def multiclass_day(generator: np.random.Generator) -> Outcome:
    """Three classes, right seven times in ten."""
    label = generator.integers(3, size=400)
    wrong = generator.uniform(size=400) < 0.3
    predicted = np.where(wrong, (label + 1) % 3, label)
    return count_multiclass(map(str, predicted), map(str, label))


MakeDay = Callable[[np.random.Generator], Outcome]
TRUTHS: dict[MakeDay, dict[str, float]] = {
    binary_day: {
        "accuracy": 11 / 16,
        "precision": 11 / 16,
        "recall": 11 / 16,
        "f1": 11 / 16,
        "positive_rate": 0.5,
        "brier": 0.2,
    },
    regression_day: {"mse": 4.25, "rmse": math.sqrt(4.25), "bias": 0.5},
    multiclass_day: {"accuracy": 0.7, "f1": 0.7, "precision": 0.7, "recall": 0.7},
}


@pytest.mark.parametrize("make_day", TRUTHS, ids=lambda make: make.__name__)
def test_intervals_cover_the_truth_as_promised(
    make_day: MakeDay,
) -> None:
    """About 95 of 100 days' intervals hold the true value."""
    generator = np.random.default_rng(11)
    days = 200
    held = dict.fromkeys(TRUTHS[make_day], 0)
    for _ in range(days):
        found = realized(make_day(generator))
        for metric, truth in TRUTHS[make_day].items():
            lower, upper = found[metric].lower, found[metric].upper
            assert lower is not None
            assert upper is not None
            held[metric] += lower <= truth <= upper
    assert all(0.90 <= hits / days <= 0.995 for hits in held.values()), held
