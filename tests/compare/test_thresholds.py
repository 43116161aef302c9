from dataclasses import replace
from typing import Any

import pytest

from monitoring_tasks.compare.baseline import Expected, expect_distance
from monitoring_tasks.compare.thresholds import (
    drift_limit,
    expected_value,
    learnt_limit,
    noise_of,
    promised_limit,
)
from monitoring_tasks.contract.objectives import Objective
from monitoring_tasks.domain.findings import Kind, Limit
from monitoring_tasks.domain.reference import DailyNoise, ReferenceProfile
from tests.builders import DAY, make_contract, make_measurement, make_reference


def reference(
    key: str = "realized/roc_auc//all", *, days: int = 30, mean: float = 0.7
) -> ReferenceProfile:
    """Return a reference that knows how one number moves."""
    return make_reference(noise={key: DailyNoise(mean=mean, spread=0.05, days=days)})


def objective(**parts: object) -> Objective:
    """Promise something about the realized AUC."""
    return Objective.model_validate({"metric": "roc_auc", "source": "realized"} | parts)


POLICY = make_contract().policy
DAILY = POLICY.horizons[0]


@pytest.mark.parametrize(
    ("parts", "low", "high"),
    [
        pytest.param({"min": 0.6, "max_drop": 0.1}, 0.6, None, id="low"),
        pytest.param({"max": 0.9}, None, 0.9, id="high"),
        pytest.param({"min": 0.6, "max": 0.9}, 0.6, 0.9, id="both sides"),
    ],
)
def test_promise_stands_as_it_is(
    parts: dict[str, Any], low: float | None, high: float | None
) -> None:
    """What the contract states needs no reference."""
    limit = promised_limit(objective(**parts))
    assert limit == Limit(low=low, high=high, origin="contract")
    assert promised_limit(objective(max_drop=0.1)) is None


@pytest.mark.parametrize(
    ("error", "room"),
    [
        pytest.param(0.01, 0.1, id="calm: the allowed loss"),
        pytest.param(0.1, 0.2462, id="restless: what chance brings"),
    ],
)
@pytest.mark.parametrize(("metric", "sign"), [("roc_auc", -1), ("mae", 1)])
def test_loss_has_to_pass_both_the_allowed_one_and_chance(
    error: float, room: float, metric: str, sign: int
) -> None:
    """Significance and size together; a rise is the loss where lower is better."""
    expected = Expected(mean=0.7, error=error, degrees_of_freedom=29)
    promise = objective(metric=metric, max_drop=0.1)
    limit = learnt_limit(promise, expected, DAILY)
    edge = limit.low if sign < 0 else limit.high
    assert edge == pytest.approx(0.7 + sign * room, abs=1e-4)
    assert (limit.high if sign < 0 else limit.low) is None
    assert limit.false_alarm is not None
    assert limit.false_alarm <= DAILY.false_alarm * (1 + 1e-9)


@pytest.mark.parametrize(
    ("metric", "mean", "low", "high"),
    [
        pytest.param("roc_auc", 0.7, 0.0, None, id="no AUC lies below 0"),
        pytest.param("brier", 0.4, None, 1.0, id="no Brier score lies above 1"),
        pytest.param("mae", 0.7, None, 3.162, id="an error has no end above"),
    ],
)
def test_learnt_limit_stays_in_the_range_of_its_metric(
    metric: str, mean: float, low: float | None, high: float | None
) -> None:
    """Where chance reaches past all a number can be, no limit beyond that is shown."""
    limit = learnt_limit(
        objective(metric=metric, max_drop=0.1),
        Expected(mean=mean, error=1.0, degrees_of_freedom=29),
        DAILY,
    )
    assert limit.low == low
    assert limit.high == (high if high is None else pytest.approx(high, abs=0.01))


def test_limit_of_a_distance_stays_in_its_range() -> None:
    """A Jensen-Shannon distance is 1 at most."""
    limit = drift_limit(
        POLICY, "jensen_shannon", Expected(mean=0.5, error=1.0, degrees_of_freedom=29)
    )
    assert limit.high == 1.0


def test_limit_without_an_allowed_loss_is_an_error() -> None:
    """Nothing is learnt for a promise that speaks of no loss."""
    with pytest.raises(ValueError, match="allows any loss"):
        learnt_limit(
            objective(min=0.5), Expected(mean=1, error=1, degrees_of_freedom=9), DAILY
        )


@pytest.mark.parametrize(
    ("days", "horizon", "known"),
    [(13, 1, False), (14, 1, True), (15, 1, True), (27, 7, False), (28, 7, True)],
)
def test_few_reference_days_teach_nothing(
    days: int, horizon: int, *, known: bool
) -> None:
    """The policy says how many are needed, and more for numbers over several days."""
    number = make_measurement(horizon=horizon)
    assert (noise_of(number, reference(days=days), POLICY) is not None) is known


def test_sampling_error_follows_from_the_interval() -> None:
    """A number of few rows is expected to lie farther off."""
    noise = DailyNoise(mean=0.7, spread=0.0, days=10_000)
    number = make_measurement(value=0.7, lower=0.602, upper=0.798)
    expected = expected_value(number, noise, day=DAY, confidence=0.95)
    assert expected.error == pytest.approx(0.05, rel=1e-3)


@pytest.mark.parametrize(
    ("parts", "known"),
    [
        pytest.param({}, True, id="realized"),
        pytest.param({"kind": Kind.ESTIMATED}, True, id="an estimate of it"),
        pytest.param({"kind": Kind.SERVICE}, False, id="another kind"),
        pytest.param({"metric": "f1"}, False, id="another metric"),
        pytest.param({"segment": "a=b"}, False, id="another segment"),
        pytest.param({"column": "x"}, False, id="another column"),
    ],
)
def test_noise_is_found_by_what_the_number_is(
    parts: dict[str, Any], *, known: bool
) -> None:
    """An estimate is held against the realized values it claims to be."""
    number = make_measurement(**parts)
    assert (noise_of(number, reference(), POLICY) is not None) is known
    assert noise_of(number, None, POLICY) is None


CALM = DailyNoise(mean=-0.15, spread=0.05, days=30)
RESTLESS = DailyNoise(mean=0.05, spread=0.05, days=30)


def expect_drift(noise: DailyNoise) -> Expected:
    """What a distance of a day of a thousand rows is expected to be."""
    return expect_distance(noise, day=DAY, rows=1000)


@pytest.mark.parametrize(
    ("noise", "high"),
    [
        pytest.param(None, 0.1, id="no reference"),
        pytest.param(CALM, 0.1, id="calm column"),
        pytest.param(RESTLESS, 0.2226, id="restless column"),
    ],
)
def test_limit_of_a_distance(noise: DailyNoise | None, high: float) -> None:
    """Never under the smallest distance of the policy, and always advisory."""
    limit = drift_limit(POLICY, "jensen_shannon", noise and expect_drift(noise))
    assert limit.high == pytest.approx(high, abs=1e-4)
    assert (limit.low, limit.advisory) == (None, True)


def test_limit_says_how_often_chance_passes_it() -> None:
    """A learnt limit carries its false-alarm rate."""
    limit = drift_limit(POLICY, "jensen_shannon", expect_drift(RESTLESS))
    assert limit.false_alarm == pytest.approx(0.001)
    assert "once in 1000 days" in limit.origin


def test_distance_without_a_scale_has_no_limit_without_a_reference() -> None:
    """0.1 of an unknown unit would be a number out of thin air."""
    limit = drift_limit(POLICY, "wasserstein", None)
    assert (limit.low, limit.high, limit.advisory) == (None, None, True)
    learnt = drift_limit(
        POLICY, "wasserstein", expect_drift(replace(RESTLESS, mean=3.0))
    )
    assert learnt.high == pytest.approx(3.173, abs=1e-3)


def test_estimate_of_what_is_never_realized_is_held_against_its_own_days() -> None:
    """A multiclass `roc_auc` is only ever estimated; it has a limit all the same."""
    number = make_measurement(kind=Kind.ESTIMATED)
    known = noise_of(number, reference("estimated/roc_auc//all"), POLICY)
    assert known == DailyNoise(mean=0.7, spread=0.05, days=30)
