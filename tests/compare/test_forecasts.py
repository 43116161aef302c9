from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest

from monitoring_tasks.compare.forecasts import judge_forecasts
from monitoring_tasks.compare.objectives import DayContext
from monitoring_tasks.domain.findings import Finding, Kind, Verdict
from monitoring_tasks.domain.reference import DailyNoise
from monitoring_tasks.domain.trust import DatedNumber
from tests.builders import DAY, make_contract, make_measurement, make_reference

NOISE = DailyNoise(mean=0.7, spread=0.01, days=60, sampling=0.01, rows=900)
CHANCE = np.random.default_rng(3).normal(0, 0.008, 90)


def days(slope: float, *, count: int = 40, last: float = 0.68) -> list[DatedNumber]:
    """Give a realized AUC a day that ends at `last`."""
    numbers = []
    for ago in reversed(range(count)):
        value = last - slope * ago + CHANCE[ago]
        number = make_measurement(
            value=value, lower=value - 0.02, upper=value + 0.02, rows=900
        )
        day = DAY - timedelta(days=ago)
        numbers.append(DatedNumber(day=day, measurement=number, rows=900, labelled=900))
    return numbers


def told(
    numbers: list[DatedNumber], *, noise: DailyNoise | None = NOISE, **parts: object
) -> list[Finding]:
    """Look ahead for version 1, whose AUC of .7 may lose .05."""
    promise = {"metric": "roc_auc", "source": "realized", "max_drop": 0.05} | parts
    known = {} if noise is None else {f"realized/{promise['metric']}//all": noise}
    context = DayContext(
        day=DAY,
        contract=make_contract(objectives=[promise]),
        references={"1": make_reference(noise=known)},
        label_coverage={"1": 1.0},
    )
    return judge_forecasts(numbers, context)


@pytest.mark.parametrize(
    ("slope", "verdict"),
    [
        pytest.param(-0.002, Verdict.WARN, id="15 days away"),
        pytest.param(-0.0008, Verdict.OK, id="37 days away"),
        pytest.param(0.002, Verdict.OK, id="getting better"),
        pytest.param(0.0, Verdict.OK, id="flat"),
    ],
)
def test_decline_is_told_while_there_is_time(slope: float, verdict: Verdict) -> None:
    """From .68 to .65 it is so many days; further off than 28 nothing is said."""
    (found,) = told(days(slope))
    assert (found.measurement.kind, found.verdict) == (Kind.FORECAST, verdict)
    assert found.limit is not None
    assert found.limit.advisory


def test_nearer_limit_counts() -> None:
    """A floor of .66 is nearer than a loss of .05 from .7."""
    (loss,) = told(days(-0.002))
    (floor,) = told(days(-0.002), min=0.66)
    assert (floor.measurement.value or 0) < (loss.measurement.value or 0)


def test_number_that_may_not_rise_is_followed_upwards() -> None:
    """A loss of the Brier score is a rise: the same days are a gain of the AUC."""
    rising = days(0.002, last=0.72)
    (better,) = told(rising)
    (worse,) = told(
        [
            replace(day, measurement=replace(day.measurement, metric="brier"))
            for day in rising
        ],
        metric="brier",
    )
    assert (better.verdict, worse.verdict) == (Verdict.OK, Verdict.WARN)


@pytest.mark.parametrize(("count", "findings"), [(20, 0), (21, 1), (22, 1)])
def test_forecast_needs_mature_days(count: int, findings: int) -> None:
    """One too few and nothing is said: neither ok nor a warning."""
    assert len(told(days(-0.002, count=count))) == findings


def test_days_without_a_usable_error_have_no_forecast() -> None:
    """A number that cannot be weighed is no proof that all goes well."""
    certain = [
        replace(day, measurement=replace(day.measurement, lower=None, upper=None))
        for day in days(-0.002)
    ]
    still = replace(NOISE, spread=0, sampling=0)
    assert told(certain, noise=still) == []


def test_number_without_a_reference_has_no_forecast() -> None:
    """How far chance moves it is not known."""
    assert told(days(-0.002), noise=None) == []


def test_day_whose_own_labels_are_young_has_no_forecast() -> None:
    """A line that ends yesterday was told yesterday."""
    assert told(days(-0.002)[:-1]) == []


def test_crossing_that_may_be_far_off_is_not_told() -> None:
    """Next to the limit, with a slope that may lead there in months: nobody is told."""
    (slow,) = told(days(-0.0002, count=56, last=0.656))
    (fast,) = told(days(-0.002, count=56, last=0.656))
    number = slow.measurement
    assert (number.value or 99) < 28
    assert number.upper is None or number.upper > 56
    assert (slow.verdict, fast.verdict) == (Verdict.OK, Verdict.WARN)
