import math
from dataclasses import replace

import pytest

from monitoring_tasks.contract.objectives import Objective
from monitoring_tasks.contract.trust import TrustPolicy
from monitoring_tasks.domain.findings import Kind, Measurement
from monitoring_tasks.domain.trust import EstimatorTrust, TrustVerdict
from monitoring_tasks.statistics.estimator_trust import (
    estimator_trust,
    largest_bias,
    recalibrated,
)
from tests.builders import make_measurement
from tests.statistics.pairs import KEY, make_pair

UNTESTED, TRUSTED, DEMOTED = TrustVerdict
ESTIMATE = make_measurement(kind=Kind.ESTIMATED, value=0.7, lower=0.65, upper=0.75)


def trust_of(
    *errors: float, half: float | None = 0.05, max_bias: float | None = 0.02
) -> EstimatorTrust:
    """Judge estimates that erred by so much on consecutive days."""
    pairs = [
        make_pair(0.7 + 0.001 * i + error, 0.7 + 0.001 * i, day=i, half=half)
        for i, error in enumerate(errors)
    ]
    return estimator_trust(
        KEY, pairs, TrustPolicy(), max_bias=max_bias, confidence=0.95
    )


def swinging(days: int, *, bias: float = 0.0) -> list[float]:
    """Return errors of .01 to either side of a bias."""
    return [bias + 0.01 * (-1) ** i for i in range(days)]


@pytest.mark.parametrize(
    ("days", "verdict"), [(0, UNTESTED), (13, UNTESTED), (14, TRUSTED), (15, TRUSTED)]
)
def test_nothing_is_said_before_enough_days(days: int, verdict: TrustVerdict) -> None:
    """Neither trust nor distrust is earned in 13 days where 14 are needed."""
    trust = trust_of(*swinging(days))
    assert trust.verdict is verdict
    assert (trust.days, trust.interval_days) == (days, days)


def test_untested_says_how_many_days_are_missing() -> None:
    """The reason names both numbers."""
    reason = trust_of(*swinging(9)).reason
    assert reason == "9 mature days are fewer than the 14 needed"


def test_estimates_without_intervals_are_untested_however_many() -> None:
    """Coverage that cannot be computed is never taken for a good one."""
    trust = trust_of(*swinging(30), half=None)
    assert (trust.verdict, trust.days, trust.interval_days) == (UNTESTED, 30, 0)
    assert trust.coverage is trust.reach is None
    assert trust.reason == "0 mature days with an interval are fewer than the 14 needed"


@pytest.mark.parametrize(
    ("misses", "verdict"), [(3, TRUSTED), (4, TRUSTED), (5, DEMOTED)]
)
def test_coverage_below_the_rule_demotes(misses: int, verdict: TrustVerdict) -> None:
    """Of 20 days 16 are .8, which is enough; 15 are not."""
    big = [0.06 * (-1) ** i for i in range(misses)]
    trust = trust_of(*big, *swinging(20 - misses))
    assert trust.coverage == pytest.approx(1 - misses / 20)
    assert trust.verdict is verdict


@pytest.mark.parametrize(
    ("bias", "max_bias", "verdict"),
    [
        pytest.param(0.03, 0.02, DEMOTED, id="large and clear"),
        pytest.param(-0.03, 0.02, DEMOTED, id="too low"),
        pytest.param(0.02, 0.03, TRUSTED, id="clear and small"),
        pytest.param(0.03, None, TRUSTED, id="nobody cares"),
    ],
)
def test_bias_demotes_when_it_is_clear_and_matters(
    bias: float, max_bias: float | None, verdict: TrustVerdict
) -> None:
    """Significance and size; without a size the bias is told and not judged."""
    trust = trust_of(*swinging(20, bias=bias), max_bias=max_bias)
    assert trust.bias == pytest.approx(bias)
    assert trust.verdict is verdict
    assert ("sets no limit on the bias" in trust.reason) is (max_bias is None)


def test_bias_that_chance_explains_does_not_demote() -> None:
    """A mean above what matters whose interval holds 0 proves nothing."""
    errors = [0.045, 0.045, 0.045, 0.045, 0.045, -0.02, -0.03] * 2
    trust = trust_of(*errors, max_bias=0.01)
    assert (trust.bias or 0.0) > 0.01
    assert (trust.lower or 0.0) < 0
    assert trust.verdict is TRUSTED


def test_numbers_behind_the_verdict() -> None:
    """Bias is signed, the absolute error is not; correlation goes by the days."""
    trust = trust_of(*swinging(14, bias=0.03))
    assert trust.mean_absolute_error == pytest.approx(0.03)
    assert trust.correlation is not None
    assert 0 < trust.correlation < 1
    flat = [make_pair(0.7, 0.7, day=i) for i in range(14)]
    still = estimator_trust(KEY, flat, TrustPolicy(), max_bias=None, confidence=0.95)
    assert still.correlation is None


def test_recalibrated_estimate_is_freed_of_bias_and_wider() -> None:
    """Value less bias; each half the root of the sum of squares with the reach."""
    trust = replace(trust_of(*swinging(20, bias=0.03)), reach=0.12)
    made = recalibrated(ESTIMATE, trust)
    assert made.value == pytest.approx(0.67)
    assert made.lower == pytest.approx(0.67 - 0.13)
    assert made.upper == pytest.approx(0.67 + 0.13)
    assert made.reason == "corrected for a bias of +0.030 over 20 days"


def test_reach_is_nearly_nothing_when_errors_are_only_sampling() -> None:
    """What the intervals explain is not added to them again; the bias' error is."""
    trust = trust_of(*swinging(60))
    assert trust.reach == pytest.approx((trust.upper or 0.0) - (trust.bias or 0.0))


def test_reach_grows_with_errors_beyond_sampling() -> None:
    """Errors of .1 where chance allows .0001: the next may be about 2 x .1 off."""
    errors = [10 * error for error in swinging(60)]
    reach = trust_of(*errors, half=0.0001).reach
    assert reach == pytest.approx(2.001 * 0.1008 * math.sqrt(1 + 1 / 60), rel=0.01)


@pytest.mark.parametrize(
    ("metric", "value", "expected"),
    [
        ("roc_auc", 0.99, (1.0, 0.8717, 1.0)),
        ("mae", 0.01, (0.11, 0.0, 0.2383)),
        ("business_value", -0.5, (-0.4, -0.5283, -0.2717)),
    ],
)
def test_recalibrated_estimate_keeps_to_the_range_of_its_metric(
    metric: str, value: float, expected: tuple[float, float, float]
) -> None:
    """An area under a curve is at most 1, an error not below 0, a worth anything."""
    known = trust_of(*swinging(14))
    trust = replace(known, metric=metric, bias=-0.1, reach=0.08)
    around = {"lower": value - 0.1, "upper": value + 0.1}
    estimate = replace(ESTIMATE, metric=metric, value=value, **around)
    made = recalibrated(estimate, trust)
    assert (made.value, made.lower, made.upper) == pytest.approx(expected, abs=6e-4)


@pytest.mark.parametrize(
    ("estimate", "days", "reason"),
    [
        pytest.param(
            ESTIMATE,
            9,
            "untested: 9 mature days are fewer than the 14 needed",
            id="few",
        ),
        pytest.param(
            replace(ESTIMATE, lower=None), 20, "the estimate has no interval", id="bare"
        ),
        pytest.param(replace(ESTIMATE, value=None, reason="-"), 20, "-", id="none"),
    ],
)
def test_recalibrated_estimate_has_no_value_when_it_cannot_be_known(
    estimate: Measurement, days: int, reason: str
) -> None:
    """No value and the reason; never the estimate as it was."""
    made = recalibrated(estimate, trust_of(*swinging(days)))
    assert made.value is None
    assert made.reason == reason


def test_recalibrating_by_another_numbers_trust_is_refused() -> None:
    """The errors of one metric say nothing of another."""
    trust = replace(trust_of(*swinging(20)), metric="f1")
    with pytest.raises(ValueError, match="cannot be held against"):
        recalibrated(ESTIMATE, trust)


def test_largest_bias_is_the_policys_else_the_smallest_drop_allowed() -> None:
    """Only objectives about the same number count; without any nobody said so."""
    objectives = (
        Objective(metric="roc_auc", source="estimated", max_drop=0.1),
        Objective(metric="roc_auc", source="realized", max_drop=0.05),
        Objective(metric="roc_auc", source="realized", segment="a=b", max_drop=0.01),
        Objective(metric="roc_auc", source="fairness", max_drop=0.02),
        Objective(metric="f1", source="realized", min=0.3),
    )
    assert largest_bias(KEY, objectives, TrustPolicy()) == 0.05
    assert largest_bias(KEY, objectives, TrustPolicy(max_bias=0.03)) == 0.03
    assert largest_bias(("1", "all", "f1"), objectives, TrustPolicy()) is None
