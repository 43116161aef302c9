"""A number that is better nearer zero is guarded on both sides, by every rule."""

from dataclasses import replace
from datetime import timedelta

import pytest

from monitoring_tasks.compare.day_context import DayContext
from monitoring_tasks.compare.judge import judge_day
from monitoring_tasks.compare.loss_sequences import judge_sequences
from monitoring_tasks.compare.objective_forecasts import _broken_from
from monitoring_tasks.contract.objectives import Objective
from monitoring_tasks.domain.findings import Finding, Limit, Verdict
from monitoring_tasks.domain.reference import DailyNoise
from monitoring_tasks.domain.trust import DatedNumber
from tests.builders import COLUMNS, DAY, make_contract, make_measurement, make_reference

OK, BREACH = Verdict.OK, Verdict.BREACH
PROMISE = {"metric": "bias", "source": "realized", "max_drop": 2.0}
NOISE = DailyNoise(mean=0.5, spread=0.3, days=60, sampling=0.3, rows=900)


def context_of(noise: DailyNoise = NOISE, **promise: object) -> DayContext:
    """Return a day of a regression whose bias of 0.5 may grow by 2."""
    return DayContext(
        day=DAY,
        contract=make_contract(
            problem="regression",
            columns=COLUMNS | {"score": None},
            objectives=[PROMISE | promise],
        ),
        references={"1": make_reference(noise={"realized/bias//all": noise})},
        label_coverage={"1": 1.0},
    )


def judged(value: float, **promise: object) -> Finding:
    """Judge one day's bias."""
    number = make_measurement(
        metric="bias", value=value, lower=value - 0.6, upper=value + 0.6
    )
    findings = judge_day([number], context_of(**promise))
    (found,) = [f for f in findings if f.measurement.metric == "bias"]
    return found


@pytest.mark.parametrize(
    ("value", "verdict"),
    [
        pytest.param(0.5, OK, id="as expected"),
        pytest.param(0.0, OK, id="better"),
        pytest.param(2.4, OK, id="within the allowed loss above"),
        pytest.param(-2.4, OK, id="within the allowed loss below"),
        pytest.param(3.0, BREACH, id="predicts too much"),
        pytest.param(-3.0, BREACH, id="predicts too little"),
    ],
)
def test_bias_is_guarded_on_both_sides(value: float, verdict: Verdict) -> None:
    """A model that predicts more and more is as bad as one that does less."""
    found = judged(value)
    assert found.verdict is verdict
    assert found.limit is not None
    assert (found.limit.low, found.limit.high) == (-2.5, 2.5)


def test_chance_has_half_on_each_side() -> None:
    """Two sides together cry wolf as often as one does elsewhere."""
    found = judged(0.5, max_drop=0.5)
    assert found.limit is not None
    assert found.limit.false_alarm == pytest.approx(0.01)


@pytest.mark.parametrize("sign", [1, -1])
def test_small_losses_add_up_on_either_side(sign: int) -> None:
    """A month of bias no day can show is told whichever way it goes."""
    noise = replace(NOISE, mean=0.0, spread=1.0, sampling=0.5)
    numbers = [
        DatedNumber(
            day=DAY - timedelta(days=ago),
            measurement=make_measurement(
                metric="bias",
                value=sign * 3.0,
                lower=sign * 3.0 - 1,
                upper=sign * 3.0 + 1,
            ),
            rows=1000,
            labelled=1000,
        )
        for ago in reversed(range(40))
    ]
    (found,) = judge_sequences(numbers, context_of(noise))
    assert found.verdict is BREACH


def test_forecast_looks_both_ways() -> None:
    """The line may cross either limit; a stated one that is nearer counts."""
    objective = Objective.model_validate(PROMISE | {"max": 1.0})
    assert _broken_from(objective, 0.5) == Limit(low=-2.5, high=1.0)
