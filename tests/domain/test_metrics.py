import math

import pytest

from monitoring_tasks.domain.direction import Better, loss, loss_on_side
from monitoring_tasks.domain.findings import Kind
from monitoring_tasks.domain.metric_table import METRICS
from monitoring_tasks.domain.metrics import (
    comparison_metrics,
    find_metric,
    in_percent,
    metric_of,
    metrics_for,
    needs_labels,
)
from monitoring_tasks.domain.problems import Problem
from monitoring_tasks.domain.texts import did_you_mean

REALIZED, FAIRNESS = Kind.REALIZED, Kind.FAIRNESS


@pytest.mark.parametrize(
    ("name", "better", "low", "high"),
    [
        ("roc_auc", Better.HIGHER, 0, 1),
        ("brier", Better.LOWER, 0, 1),
        ("log_loss", Better.LOWER, 0, math.inf),
        ("mae", Better.LOWER, 0, math.inf),
        ("bias", Better.NEARER_ZERO, -math.inf, math.inf),
        ("business_value", Better.HIGHER, -math.inf, math.inf),
        ("positive_rate", Better.NONE, 0, 1),
        ("label_rate_cat", Better.NONE, 0, 1),
    ],
)
def test_metric_knows_its_direction_and_range(
    name: str, better: Better, low: float, high: float
) -> None:
    """One row says what is better and what can be."""
    metric = metric_of(REALIZED, name)
    assert (metric.better, metric.low, metric.high) == (better, low, high)


def test_every_row_is_known_by_its_name_once() -> None:
    """No metric of a kind stands in the table twice, and each has values."""
    names = [(metric.kind, metric.name) for metric in METRICS]
    assert len(names) == len(set(names))
    assert all(metric.low < metric.high for metric in METRICS)


def test_unknown_metric_names_the_nearest() -> None:
    """A misspelt name is an error that says what was probably meant."""
    with pytest.raises(LookupError, match="did you mean 'roc_auc'"):
        metric_of(REALIZED, "roc_acu")
    assert find_metric(REALIZED, "label_rate_") is None
    assert did_you_mean("zzz", ["mae"]) == ""


def test_versions_are_compared_by_the_main_metric_first() -> None:
    """Each problem has its own; the first is the default."""
    assert {problem: comparison_metrics(problem) for problem in Problem} == {
        Problem.BINARY: ("roc_auc", "accuracy", "brier"),
        Problem.MULTICLASS: ("accuracy",),
        Problem.REGRESSION: ("mae", "rmse"),
    }


def test_metrics_of_a_problem_are_those_it_can_have() -> None:
    """A regression has no AUC, and only a binary model has gaps between groups."""
    regression = {m.name for m in metrics_for(REALIZED, Problem.REGRESSION)}
    assert regression == {"mae", "rmse", "mse", "rmsle", "bias", "label_mean"}
    assert metrics_for(FAIRNESS, Problem.REGRESSION) == []


@pytest.mark.parametrize(
    ("kind", "name", "needed"),
    [
        (REALIZED, "roc_auc", True),
        (Kind.ESTIMATED, "roc_auc", False),
        (FAIRNESS, "selection_rate", False),
        (FAIRNESS, "demographic_parity_ratio", False),
        (FAIRNESS, "estimated_equal_opportunity_gap", False),
        (FAIRNESS, "equal_opportunity_gap", True),
        (FAIRNESS, "tpr", True),
        (Kind.SERVICE, "error_ratio", False),
    ],
)
def test_what_waits_for_labels(kind: Kind, name: str, *, needed: bool) -> None:
    """Selection and estimates are known before any label."""
    assert needs_labels(kind, name) is needed


@pytest.mark.parametrize(
    ("better", "value", "lost"),
    [
        (Better.HIGHER, 0.6, 0.1),
        (Better.LOWER, 0.6, -0.1),
        (Better.LOWER, 0.8, 0.1),
        (Better.NEARER_ZERO, 0.8, 0.1),
        (Better.NEARER_ZERO, -0.8, 0.1),
        (Better.NEARER_ZERO, 0.0, -0.7),
    ],
)
def test_loss_is_positive_on_the_worse_side(
    better: Better, value: float, lost: float
) -> None:
    """Of what is better nearer zero both sides are worse."""
    assert loss(better, value, 0.7) == pytest.approx(lost)


def test_loss_of_one_side_does_not_see_the_other() -> None:
    """Days are added up on each side by itself: noise around zero is no loss."""
    better = Better.NEARER_ZERO
    assert loss_on_side(better, -0.5, 0.2, 1) == pytest.approx(-0.7)
    assert loss_on_side(better, -0.5, 0.2, -1) == pytest.approx(0.3)


def test_shares_people_know_as_percent_are_written_so() -> None:
    """How a number is printed stands in its row, too."""
    assert {m.name for m in METRICS if in_percent(m.name)} == {
        "error_ratio",
        "demographic_parity_ratio",
    }
