"""What predictions let expect of labels, by the residuals that are usual."""

from dataclasses import replace

import numpy as np
import pytest

from monitoring_tasks.domain.label_summary import NumberCurves
from monitoring_tasks.statistics.arrays import Floats
from monitoring_tasks.statistics.expected_shares import (
    UsualResiduals,
    limits_beside,
    scaled_residuals,
    usual_cuts,
    usual_residuals,
)
from monitoring_tasks.statistics.share_curves import curve_of, shares_at_most


def curves(labels: Floats, said: Floats) -> NumberCurves:
    """Return what a day keeps."""
    return NumberCurves(
        labels=curve_of(labels),
        outputs=curve_of(said),
        residuals=curve_of(labels - said),
        scaled=scaled_residuals(labels, said),
    )


def drawn(power: float, *, demand: float = 1.0, seed: int = 0) -> NumberCurves:
    """Return a day of 5,000 labels that stray by a power of the prediction."""
    random = np.random.default_rng(seed)
    said = demand * np.exp(random.normal(3, 0.6, 5000))
    noise = random.gamma(4, 0.25, 5000) - 1
    return curves(said + 0.4 * 20 ** (1 - power) * said**power * noise, said)


@pytest.mark.parametrize("power", [0.0, 0.5, 1.0])
def test_power_that_fits_the_days_is_chosen_and_foresees_others(power: float) -> None:
    """Below every usual quantile, where predictions are as ever and a third lower."""
    days = [drawn(power, seed=seed) for seed in range(8)]
    usual, cuts = usual_residuals(days), usual_cuts(days)
    assert usual.power == power
    for demand in (1.0, 2 / 3):
        day = drawn(power, demand=demand, seed=99)
        came = shares_at_most(day.labels, cuts)
        assert usual.shares_expected(day, cuts) == pytest.approx(came, abs=0.015)


def test_days_that_kept_no_scaled_residuals_are_read_as_they_were() -> None:
    """Until there are seven that did."""
    days = [drawn(1.0, seed=seed) for seed in range(10)]
    old = [replace(day, scaled=()) for day in days]
    assert usual_residuals(old).power == 0
    assert usual_residuals([*old[:4], *days[4:]]).power == 0
    assert usual_residuals([*old[:3], *days[3:]]).power == 1


@pytest.mark.parametrize(("power", "label"), [(0.0, 7.5), (0.5, 8.75), (1.0, 10.0)])
def test_label_is_at_most_a_cut_where_its_prediction_is_small_enough(
    power: float, label: float
) -> None:
    """5 + 5 to the power x a residual that gives so much."""
    residual = (label - 5) / 5**power
    usual = UsualResiduals(power=power, values=np.array([residual]))
    day = curves(np.array([1.0, 1.0]), np.array([5.0, 6.0]))
    at, below = np.array([label + 1e-9]), np.array([label - 1e-9])
    assert usual.shares_expected(day, at).tolist() == [0.5]
    assert usual.shares_expected(day, below).tolist() == [0.0]


def test_label_that_is_nothing_whatever_the_prediction_is_at_most_nothing() -> None:
    """A residual of minus one prediction."""
    usual = UsualResiduals(power=1.0, values=np.array([-1.0, 1.0]))
    day = curves(np.array([0.0, 8.0]), np.array([4.0, 4.0]))
    expected = usual.shares_expected(day, np.array([0.0, 7.0, 8.0]))
    assert expected.tolist() == [0.5, 0.5, 1.0]


def test_expected_numbers_are_held_against_half_of_the_step_to_the_next_label() -> None:
    """Few values, many that are rounded, and those without a step."""
    random = np.random.default_rng(3)
    few = curves(np.array([17.5, 22.0, 27.0]), np.ones(3))
    counts = curves(random.poisson(100, 900).astype(np.float64), np.ones(900))
    any_value = curves(random.normal(9, 1, 900), np.ones(900))
    assert limits_beside([few], np.array([17.5, 27.0])).tolist() == [19.75, 27.0]
    assert limits_beside([any_value], np.array([9.0])).tolist() == [9.0]
    assert limits_beside([counts], np.array([90.0])).tolist() == [90.5]
    mostly_nothing = curves(np.append(np.zeros(9000), np.arange(1, 31)), np.ones(9030))
    assert limits_beside([mostly_nothing], np.array([0.0])).tolist() == [0.0]


@pytest.mark.parametrize("smallest", [0.0, -1.0, 5e-324])
def test_predictions_that_are_not_above_nothing_are_no_measure(smallest: float) -> None:
    """What cannot be a ratio is not kept, and never endless."""
    assert scaled_residuals(np.array([3.0, 4.0]), np.array([smallest, 2.0])) == ()
