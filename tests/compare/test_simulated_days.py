import numpy as np
import pytest
from scipy import stats

from monitoring_tasks.compare.baseline import expect
from monitoring_tasks.compare.expected_on_weekdays import MONDAY
from monitoring_tasks.compare.monitored_metrics import MonitoredMetric
from monitoring_tasks.compare.simulated_days import draw_days, normal_within, pooled
from monitoring_tasks.contract.objectives import Objective
from monitoring_tasks.domain.reference import DailyNoise

NOISE = DailyNoise(
    mean=0.7,
    spread=0.04,
    days=60,
    sampling=0.02,
    correlation=0.5,
    weekdays=(0.02, 0.0, 0.0, 0.0, 0.0, 0.0, -0.02),
)
WATCHED = MonitoredMetric(
    objective=Objective(metric="roc_auc", source="realized", max_drop=0.1),
    noise=NOISE,
    baselines={1: NOISE},
    sampling=0.02,
    rows=900,
)


def test_drawn_days_lie_around_the_reference_as_expected_says() -> None:
    """One day in a hundred falls by more than `Expected` leaves room for."""
    days = draw_days(WATCHED, runs=40_000, days=8, rng=np.random.default_rng(1))
    expected = expect(NOISE, day=MONDAY, horizon=1, sampling=0.02)
    fallen = (days[:, 7] < expected.mean - expected.critical_distance(0.01)).mean()
    assert fallen == pytest.approx(0.01, abs=0.002)  # four binomial errors


def test_drawn_days_follow_weekday_and_yesterday() -> None:
    """Mondays are high, Sundays low, and what is not sampling is correlated."""
    days = draw_days(WATCHED, runs=2_000, days=70, rng=np.random.default_rng(2))
    week = days.reshape(2_000, 10, 7).mean(axis=(0, 1)) - days.mean()
    assert week[[0, 3, 6]] == pytest.approx([0.02, 0.0, -0.02], abs=0.003)
    rest = days - days.mean(axis=1, keepdims=True)
    rest -= np.tile(week, 10)
    together = (rest[:, 1:] * rest[:, :-1]).mean() / (rest**2).mean()
    assert together == pytest.approx(0.5 * 0.8, abs=0.04)  # 80 % is not sampling


def test_same_chance_gives_the_same_days() -> None:
    """Nothing is drawn from anywhere but the generator."""
    first, second = (
        draw_days(WATCHED, runs=3, days=9, rng=np.random.default_rng(7))
        for _ in range(2)
    )
    assert (first == second).all()


def test_pool_is_the_mean_of_its_days() -> None:
    """At the start it holds what there is."""
    days = np.array([[1.0, 2.0, 3.0, 4.0]])
    assert pooled(days, 3).tolist() == [[1.0, 1.5, 2.0, 3.0]]
    assert pooled(days, 1).tolist() == days.tolist()


def test_number_knows_which_way_is_worse() -> None:
    """An error grows, an area under the curve falls."""
    error = Objective(metric="mae", source="realized", max_drop=1)
    assert (WATCHED.worse, MonitoredMetric(
        objective=error, noise=NOISE, baselines={}, sampling=0.0, rows=1
    ).worse) == (-1, 1)  # fmt: skip


@pytest.mark.parametrize(("low", "high"), [(-0.0, 1.0), (-6.0, 0.0), (-9.0, 9.0)])
def test_a_normal_number_between_two_ends_is_scipys(low: float, high: float) -> None:
    """Correlations are drawn as SciPy draws them, in the far tails too."""
    tails = [1e-12, 0.5, 1 - 1e-12]
    shares = np.array([*np.linspace(0.001, 0.999, 99), *tails])
    np.testing.assert_allclose(
        normal_within(shares, low, high),
        stats.truncnorm.ppf(shares, low, high),
        rtol=1e-12,
        atol=1e-12,
    )
