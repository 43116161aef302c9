"""How long the sequential detector runs without and with a change.

Runs are cut off at `HORIZON` days, so that a mean run length is never overstated.
"""

from collections.abc import Callable
from datetime import date, timedelta

import numpy as np
import numpy.typing as npt
import pytest

from monitoring_tasks.compare.change_detector import (
    EFFECTS,
    Step,
    _increments,
    detect,
    gather,
)

pytestmark = pytest.mark.slow

Floats = npt.NDArray[np.float64]
Noise = Callable[[np.random.Generator], Floats]
FIRST = date(2013, 1, 1)
PROMISE = 365.0
SMALLEST = 0.5
HORIZON = 1500
RUNS = 200
"""A mean of 200 runs of roughly exponential length has a standard error of 7 %."""


def autoregressive(correlation: float) -> Noise:
    """Return normal days of variance 1 that foretell each other."""

    def draw(rng: np.random.Generator) -> Floats:
        days = rng.standard_normal(HORIZON)
        for t in range(1, HORIZON):
            new = np.sqrt(1 - correlation**2) * days[t]
            days[t] = correlation * days[t - 1] + new
        return days

    return draw


def student(rng: np.random.Generator) -> Floats:
    """Return days with the heavy tails of Student's t with 5 degrees, variance 1."""
    return np.asarray(rng.standard_t(5, HORIZON) / np.sqrt(5 / 3))


def skewed(rng: np.random.Generator) -> Floats:
    """Return days whose bad side is the long one: chi-squared of 4, variance 1."""
    return np.asarray((rng.chisquare(4, HORIZON) - 4) / np.sqrt(8))


def partly_correlated(rng: np.random.Generator) -> Floats:
    """Return days half of whose variance is a slow movement and half is sampling."""
    slow = autoregressive(0.8)(rng)
    return np.asarray(np.sqrt(0.5) * (slow + rng.standard_normal(HORIZON)))


def make_steps(drops: Floats) -> list[Step]:
    """Return consecutive days with an error of 1."""
    return [
        Step(day=FIRST + timedelta(days=index), drop=float(drop), error=1.0)
        for index, drop in enumerate(drops)
    ]


def alarms(steps: list[Step], correlation: float) -> npt.NDArray[np.bool_]:
    """Return for every day whether the detector alarms, shape (days,)."""
    ceiling = float(np.log(EFFECTS * PROMISE))
    gathered = gather(_increments(steps, SMALLEST, correlation), ceiling)
    return np.asarray(np.logaddexp.reduce(gathered, axis=1) >= ceiling)


def first_alarm(alarmed: npt.NDArray[np.bool_]) -> int:
    """Return the number of the first day in alarm, counted from 1."""
    return int(alarmed.argmax()) + 1 if alarmed.any() else len(alarmed)


def run_length(noise: Noise, *, stated: float) -> tuple[float, float]:
    """Return the mean run length of healthy days, and its standard error."""
    rng = np.random.default_rng(20130101)
    lengths = [first_alarm(alarms(make_steps(noise(rng)), stated)) for _ in range(RUNS)]
    return float(np.mean(lengths)), float(np.std(lengths) / np.sqrt(RUNS))


def test_every_day_is_judged_as_if_it_were_the_last() -> None:
    """What these tests read day by day is what `detect` says of each day."""
    rng = np.random.default_rng(1)
    drops = autoregressive(0.5)(rng)[:120]
    drops[40:80] += 1.5
    steps = make_steps(drops)
    one_by_one = [
        detect(
            steps[:days], smallest_drop=SMALLEST, correlation=0.5, run_length=PROMISE
        ).crossed
        for days in range(1, len(steps) + 1)
    ]
    assert one_by_one == alarms(steps, 0.5).tolist()
    assert True in one_by_one
    assert False in one_by_one


@pytest.mark.parametrize(
    ("noise", "stated"),
    [
        pytest.param(autoregressive(0.0), 0.0, id="independent"),
        pytest.param(autoregressive(0.5), 0.5, id="correlated and stated"),
        pytest.param(autoregressive(0.0), 0.3, id="correlation stated too high"),
        pytest.param(autoregressive(-0.3), 0.0, id="alternating"),
        pytest.param(student, 0.0, id="heavy tails"),
    ],
)
def test_promised_run_length_is_kept(noise: Noise, stated: float) -> None:
    """Healthy days alarm at most once in the promised days, on average.

    Heavy tails are past the assumption and kept by the cut: without it Student's t
    with 5 degrees alarms every 290 days.
    """
    mean, error = run_length(noise, stated=stated)
    assert mean - 2 * error >= PROMISE


def understated(rng: np.random.Generator) -> Floats:
    """Return days whose error is truly a quarter larger than stated."""
    return np.asarray(1.25 * rng.standard_normal(HORIZON))


def off(rng: np.random.Generator) -> Floats:
    """Return days held against a reference that is off by its error over 30 days."""
    return np.asarray(rng.standard_normal(HORIZON) + 1 / np.sqrt(30))


@pytest.mark.parametrize(
    ("noise", "low", "high"),
    [
        pytest.param(autoregressive(0.5), 80, 130, id="correlation of .5 not stated"),
        pytest.param(partly_correlated, 60, 130, id="slow half not stated"),
        pytest.param(understated, 140, 240, id="error understated by a fifth"),
        pytest.param(off, 115, 200, id="reference off"),
        pytest.param(skewed, 300, 500, id="long bad side"),
    ],
)
def test_broken_assumption_costs_run_length(
    noise: Noise, low: float, high: float
) -> None:
    """By how much the promise is missed is known, and stated where it is made.

    The spans are the measured means and three standard errors to either side.
    """
    mean, _ = run_length(noise, stated=0.0)
    assert low <= mean <= high


def delays(drop: float, correlation: float) -> Floats:
    """Return days from the onset, on day 61, to the alarm; false alarms left out."""
    rng = np.random.default_rng(20130302)
    noise = autoregressive(correlation)
    found = []
    for _ in range(RUNS):
        drops = noise(rng)[:360]
        drops[60:] += drop
        alarmed = alarms(make_steps(drops), correlation)
        if not alarmed[:60].any():
            found.append(first_alarm(alarmed[60:]))
    return np.asarray(found, dtype=np.float64)


@pytest.mark.parametrize(
    ("drop", "correlation", "days"),
    [
        pytest.param(1.0, 0.0, 11, id="one error"),
        pytest.param(2.0, 0.0, 5, id="two errors"),
        pytest.param(3.0, 0.0, 3, id="three errors"),
        pytest.param(1.0, 0.5, 30, id="one error, correlated"),
        pytest.param(2.0, 0.5, 10, id="two errors, correlated"),
        pytest.param(3.0, 0.5, 5, id="three errors, correlated"),
    ],
)
def test_drop_is_found_within_days(drop: float, correlation: float, days: int) -> None:
    """The mean delay lies below a bound, and a lasting drop is always found.

    Measured mean (90 of 100 within), smallest drop .5 errors, false alarms a year
    apart: independent days 9.6 (16), 3.7 (6), 2.5 (3) for drops of 1, 2, 3 errors; days
    correlated by .5, where a day adds less: 24.6 (42), 7.6 (14), 4.0 (7).
    """
    waited = delays(drop, correlation)
    assert waited.mean() <= days
    assert waited.max() < 300


def onset_errors(drop: float) -> Floats:
    """Return how many days off the stated onset is when the alarm first sounds."""
    rng = np.random.default_rng(20130303)
    off_by = []
    for _ in range(RUNS):
        drops = rng.standard_normal(120)
        drops[60:] += drop
        steps = make_steps(drops)
        alarmed = alarms(steps, 0.0)
        if alarmed[:60].any() or not alarmed.any():
            continue
        evidence = detect(
            steps[: first_alarm(alarmed)],
            smallest_drop=SMALLEST,
            correlation=0.0,
            run_length=PROMISE,
        )
        assert evidence.since is not None
        off_by.append((evidence.since - FIRST).days - 60)
    return np.asarray(off_by, dtype=np.float64)


@pytest.mark.parametrize(
    ("drop", "share"),
    [
        pytest.param(1.0, 0.5, id="one error"),
        pytest.param(2.0, 0.75, id="two errors"),
        pytest.param(3.0, 0.8, id="three errors"),
    ],
)
def test_onset_is_right_within_days(drop: float, share: float) -> None:
    """The onset is within three days for most alarms: measured 62, 85 and 89 %."""
    off_by = onset_errors(drop)
    assert abs(float(np.median(off_by))) <= 1
    assert float(np.mean(np.abs(off_by) <= 3)) >= share
