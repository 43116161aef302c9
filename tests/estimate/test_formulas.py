"""The table of metrics and the formulas of `estimate` name the same numbers."""

import pytest

from monitoring_tasks.domain.findings import Kind
from monitoring_tasks.domain.metric_table import METRICS
from monitoring_tasks.domain.metrics import metrics_for
from monitoring_tasks.domain.problems import Problem
from monitoring_tasks.estimate import fairness, performance, rowwise, service
from monitoring_tasks.estimate.confusion import RATES
from monitoring_tasks.estimate.realized import FORMULAS
from monitoring_tasks.estimate.weighted_metric import METRICS as WEIGHTED

ESTIMATED = {
    Problem.BINARY: {*performance.RANKINGS, *RATES, "business_value"},
    Problem.MULTICLASS: {*rowwise.MULTICLASS},
    Problem.REGRESSION: {*rowwise.LOSSES},
}
"""What has an estimate, by problem."""


@pytest.mark.parametrize("problem", Problem)
def test_each_realized_metric_has_a_formula_and_each_formula_a_row(
    problem: Problem,
) -> None:
    """Neither is forgotten when a metric is added."""
    rows = {metric.name for metric in metrics_for(Kind.REALIZED, problem)}
    assert rows == FORMULAS[problem]


@pytest.mark.parametrize("problem", Problem)
def test_each_estimated_metric_can_be_estimated(problem: Problem) -> None:
    """A row that promises an estimate has one; a formula alone promises none."""
    rows = {metric.name for metric in metrics_for(Kind.ESTIMATED, problem)}
    assert rows <= ESTIMATED[problem]


@pytest.mark.parametrize("problem", Problem)
def test_each_metric_that_can_be_weighted_is_a_realized_one(problem: Problem) -> None:
    """A weighted metric is the realized one where all weights are equal."""
    assert WEIGHTED[problem] <= FORMULAS[problem]


def test_each_number_of_groups_and_of_the_service_has_a_row() -> None:
    """Gaps, rates of one group and latencies are named alike in both places."""
    fair = {metric.name for metric in METRICS if metric.kind is Kind.FAIRNESS}
    assert fair == {*fairness.GAPS, *fairness.ESTIMATED_GAPS, *fairness.REPORTED}
    served = {metric.name for metric in METRICS if metric.kind is Kind.SERVICE}
    assert served == {"volume", "error_ratio", *service.QUANTILES}
