"""Numbers of a few days together, whenever trouble began."""

from datetime import timedelta

import pytest

from monitoring_tasks.compare.pooled_numbers import (
    by_number,
    longest_pool,
    pools_of,
)
from monitoring_tasks.contract.policy import Policy
from monitoring_tasks.domain.findings import Measurement
from monitoring_tasks.domain.reference import DailyNoise
from monitoring_tasks.domain.trust import DatedNumber
from tests.builders import DAY, make_measurement

POLICY = Policy()
NOISE = DailyNoise(mean=0.5, spread=0.01, days=28)


def number(value: float | None, *, rows: int = 100, **parts: object) -> Measurement:
    """Return a number with an error of .01."""
    ends = {} if value is None else {"lower": value - 0.0196, "upper": value + 0.0196}
    return make_measurement(value=value, rows=rows, **(ends | parts))


def before(*values: float | None, **parts: object) -> list[DatedNumber]:
    """Return the days before, the latest first."""
    return [
        DatedNumber(
            day=DAY - timedelta(days=place),
            measurement=number(value, **parts),
            rows=100,
            labelled=100,
        )
        for place, value in enumerate(values, start=1)
    ]


def pools(
    today: float, days: list[DatedNumber], policy: Policy = POLICY
) -> dict[int, Measurement]:
    """Return the pools that end today, by how many days they reach back."""
    found = pools_of(number(today), days, policy, day=DAY, noise=NOISE)
    return {pool.horizon: pool for pool in found}


def test_some_pool_is_full_of_trouble_whenever_it_began() -> None:
    """Three days of it fill the pool of three; longer ones are diluted."""
    values = {n: p.value for n, p in pools(0.8, before(0.8, 0.8, *[0.5] * 4)).items()}
    assert list(values) == [3, 4, 5, 6, 7]
    assert values[3] == pytest.approx(0.8)
    assert values[7] == pytest.approx((2 * 0.8 + 4 * 0.5) / 6)


def test_one_strange_day_is_left_out_on_whichever_side() -> None:
    """Today's as well as an earlier one's."""
    assert pools(0.5, before(1.0, 0.5))[3].value == pytest.approx(0.5)
    assert pools(0.0, before(0.5, 0.5))[3].value == pytest.approx(0.5)


def test_mean_and_error_are_by_rows() -> None:
    """A day of many rows says more."""
    large = before(0.7, rows=300)
    pool = pools(0.6, [*large, *before(None, 0.9)])[3]
    assert pool.value == pytest.approx((0.6 * 100 + 0.7 * 300) / 400)
    assert (pool.rows, pool.horizon) == (400, 3)
    assert pool.upper is not None
    error = (25**2 + 75**2) ** 0.5 / 100 * 0.01
    assert pool.upper - (pool.value or 0) == pytest.approx(1.96 * error, rel=1e-3)


@pytest.mark.parametrize(
    ("days", "spans"),
    [
        pytest.param(before(0.5), [], id="one day before"),
        pytest.param(before(0.5, 0.5), [3, 4, 5, 6], id="half of six days"),
        pytest.param(before(0.5, None, 0.5), [4, 5, 6], id="a day without a value"),
        pytest.param(before(*[0.5] * 20), [3, 4, 5, 6, 7], id="no longer than a week"),
    ],
)
def test_pool_needs_three_days_and_half_of_its_own(
    days: list[DatedNumber], spans: list[int]
) -> None:
    """Days without the number are none."""
    assert list(pools(0.5, days)) == spans


def test_excluded_days_are_left_out() -> None:
    """The contract says that they mean nothing."""
    excluded = Policy(excluded_days=(DAY - timedelta(days=1),))
    assert list(pools(0.5, before(0.5, 0.5), excluded)) == []


def test_without_a_longer_horizon_nothing_is_pooled() -> None:
    """One day is its own horizon."""
    alone = Policy.model_validate({"horizons": [{"days": 1, "false_alarm": 0.01}]})
    assert longest_pool(alone) == 1
    assert pools(0.5, before(0.5, 0.5), alone) == {}


def test_numbers_are_told_apart_by_what_they_are_about() -> None:
    """Version, segment and metric; days are not."""
    same, other = before(0.5, 0.6), before(0.5, version="2")
    grouped = by_number([*same, *other])
    assert grouped == {number(0.5).key: same, number(0.5, version="2").key: other}


def test_a_healthy_week_is_no_move_on_any_day_of_it() -> None:
    """No pool is a whole week: each day is freed of what its weekday adds."""
    adds = (0.02, 0.02, 0.02, 0.02, 0.02, -0.05, -0.05)
    weekly = DailyNoise(mean=0.5, spread=0.01, days=28, weekdays=adds)
    days = [DAY - timedelta(days=n) for n in range(7)]
    today, *earlier = (0.5 + adds[day.weekday()] for day in days)
    found = pools_of(number(today), before(*earlier), POLICY, day=DAY, noise=weekly)
    assert [pool.value for pool in found] == pytest.approx([0.5] * 5)
