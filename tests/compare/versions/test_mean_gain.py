from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest
from scipy import stats

from monitoring_tasks.compare.versions.mean_gain import look_level, mean_gain
from monitoring_tasks.contract.release import ReleasePolicy
from monitoring_tasks.domain.releases import PairedDay
from tests.compare.versions.test_release_judgement import paired

PLAIN = ReleasePolicy(correlation=0.0)
GAINS = (0.02, 0.05, 0.03, 0.06, 0.01, 0.04)


def gain_of(days: list[PairedDay], policy: ReleasePolicy = PLAIN) -> tuple[float, ...]:
    """Return gain, lower and upper."""
    found = mean_gain(days, policy, watch_days=28)
    assert found is not None
    return (found.gain, found.lower, found.upper)


@pytest.mark.parametrize(("count", "known"), [(4, False), (5, True), (6, True)])
def test_fewer_days_than_needed_have_no_interval(count: int, *, known: bool) -> None:
    """Five days are the least."""
    found = mean_gain(paired(*GAINS[:count]), PLAIN, watch_days=28)
    assert (found is not None) is known


def test_days_of_one_error_are_a_t_interval() -> None:
    """At the level of one look among many, by SciPy's own one-sample t."""
    gain, lower, upper = gain_of(paired(*GAINS, error=0.001))
    level = 1 - 2 * look_level(PLAIN.false_alarm, 5, 28)
    wanted = stats.ttest_1samp(GAINS, 0).confidence_interval(level)
    assert (lower, upper) == pytest.approx((wanted.low, wanted.high))
    assert gain == pytest.approx(sum(GAINS) / len(GAINS))


def test_interval_is_never_narrower_than_sampling_alone() -> None:
    """Days that agree by luck tell no more than their rows."""
    _, lower, upper = gain_of(paired(*[0.03] * 6, error=0.02))
    reach = stats.t.isf(look_level(PLAIN.false_alarm, 5, 28), 5) * 0.02 / 6**0.5
    assert (lower, upper) == pytest.approx((0.03 - reach, 0.03 + reach))


def test_day_that_tells_less_counts_less() -> None:
    """Half the weight in the root: a quarter in the mean."""
    days = paired(0.0, 0.0, 0.0, 0.0, 0.0, 0.13)
    days[-1] = replace(days[-1], error=0.02)
    assert gain_of(days)[0] == pytest.approx(0.13 * 0.25 / 5.25)


@pytest.mark.parametrize("error", [0.0, 1e-9])
def test_day_without_an_error_does_not_decide_alone(error: float) -> None:
    """It counts as half the median error does, four times as much."""
    days = paired(0.0, 0.0, 0.0, 0.0, 0.0, 0.09)
    days[-1] = replace(days[-1], error=error)
    assert gain_of(days)[0] == pytest.approx(0.09 * 4 / 9)


def test_versions_that_say_the_same_gain_nothing() -> None:
    """No error and no gain: surely no better."""
    assert gain_of(paired(*[0.0] * 6, error=0.0)) == (0.0, 0.0, 0.0)


def test_correlated_days_tell_less() -> None:
    """The interval widens with the stated correlation, less so over a gap."""
    days = paired(*GAINS)
    apart = [replace(d, day=d.day + timedelta(days=9 * i)) for i, d in enumerate(days)]
    tight, loose, gaps = (
        gain_of(days),
        gain_of(days, ReleasePolicy(correlation=0.5)),
        gain_of(apart, ReleasePolicy(correlation=0.5)),
    )
    assert loose[2] - loose[1] > tight[2] - tight[1]
    assert gaps == pytest.approx(tight, abs=1e-3)


def test_gain_is_the_least_squares_of_correlated_days() -> None:
    """Generalized least squares by matrices, over gaps and unlike errors."""
    errors = np.array([0.001, 0.002, 0.001, 0.0015, 0.001, 0.002])
    places = np.array([0, 1, 4, 5, 6, 9])
    days = [
        replace(day, day=day.day + timedelta(days=int(at - n)), error=float(error))
        for n, (day, at, error) in enumerate(
            zip(paired(*GAINS), places, errors, strict=True)
        )
    ]
    likeness = 0.5 ** np.abs(places[:, None] - places)
    inverse = np.linalg.inv(likeness * np.outer(errors, errors))
    told = float(inverse.sum())
    gain = float(inverse.sum(axis=0) @ GAINS) / told
    rest = np.array(GAINS) - gain
    error = float(rest @ inverse @ rest / 5 / told) ** 0.5
    reach = float(stats.t.isf(look_level(PLAIN.false_alarm, 5, 28), 5)) * error
    wanted = (gain, gain - reach, gain + reach)
    assert gain_of(days, ReleasePolicy(correlation=0.5)) == pytest.approx(wanted)


def test_days_out_of_order_are_refused() -> None:
    """A day that comes twice would count twice."""
    days = paired(*GAINS)
    with pytest.raises(ValueError, match="days must be in order"):
        mean_gain([*days, days[-1]], PLAIN, watch_days=28)


def test_more_looks_lower_the_level_of_each() -> None:
    """One look is a plain test; 24 of them need five times the evidence."""
    assert look_level(0.05, 10, 10) == pytest.approx(0.05, rel=0.05)
    assert 0.008 < look_level(0.05, 5, 28) < 0.0105
