from collections.abc import Sequence
from datetime import date, timedelta
from math import exp, inf, log, nan, sqrt

import numpy as np
import pytest

from monitoring_tasks.compare.change_detector import (
    EFFECTS,
    SHARPEST,
    Evidence,
    Step,
    detect,
)

FIRST = date(2013, 1, 1)


def make_steps(drops: Sequence[float], *, error: float = 1.0) -> list[Step]:
    """Return consecutive days of drops, in errors."""
    return [
        Step(day=FIRST + timedelta(days=index), drop=drop * error, error=error)
        for index, drop in enumerate(drops)
    ]


def detected(
    steps: Sequence[Step],
    *,
    smallest_drop: float = 0.5,
    correlation: float = 0.0,
    run_length: float = 365,
) -> Evidence:
    """Detect with a yearly false alarm."""
    return detect(
        steps,
        smallest_drop=smallest_drop,
        correlation=correlation,
        run_length=run_length,
    )


def by_hand(
    drops: Sequence[float], correlation: float = 0.0, smallest: float = 0.5
) -> float:
    """Return the statistic of consecutive days, as the formula says it."""
    total = 0.0
    for effect in range(EFFECTS):
        m = before = 0.0
        for index, z in enumerate(drops):
            c = correlation if index else 0.0
            low = smallest * sqrt((1 - c) / (1 + c))
            lam = low * (SHARPEST / low) ** (effect / (EFFECTS - 1))
            e = min((z - c * max(before, 0.0)) / sqrt(1 - c**2), SHARPEST)
            m = exp(lam * e - lam**2 / 2) * (m + 1)
            before = z
        total += m
    return total / EFFECTS


@pytest.mark.parametrize("correlation", [0.0, 0.5])
@pytest.mark.parametrize(
    "drops",
    [
        pytest.param([1.0], id="one day"),
        pytest.param([-1.0, 0.5, 1.5], id="a good day first"),
        pytest.param([1.0, 2.0, -0.5], id="a good day last"),
        pytest.param([0.0, 7.0], id="a day beyond the sharpest"),
    ],
)
def test_statistic_is_the_formulas(drops: list[float], correlation: float) -> None:
    """The statistic is the Shiryaev-Roberts recursion, averaged over sizes."""
    evidence = detected(make_steps(drops), correlation=correlation)
    assert evidence.value == pytest.approx(by_hand(drops, correlation))
    assert (evidence.steps, evidence.threshold) == (len(drops), 365)


@pytest.mark.parametrize("days", [1, 2, 3, 10])
def test_gap_fades_the_correlation(days: int) -> None:
    """After days without a number the last one foretells less."""
    steps = [
        Step(day=FIRST, drop=1, error=1),
        Step(day=FIRST + timedelta(days=days), drop=2, error=1),
    ]
    value = detected(steps, correlation=0.5).value
    first, m = by_hand([1.0]), 0.0
    c = 0.5**days
    low, old = 0.5 * sqrt((1 - c) / (1 + c)), 0.5
    for effect in range(EFFECTS):
        share = effect / (EFFECTS - 1)
        lam, before = low * (SHARPEST / low) ** share, old * (SHARPEST / old) ** share
        e = (2 - c) / sqrt(1 - c**2)
        m += exp(lam * e - lam**2 / 2) * (exp(before - before**2 / 2) + 1) / EFFECTS
    assert first > 0
    assert value == pytest.approx(m)


def test_no_day_is_no_evidence() -> None:
    """Without a day there is no value, and nothing is crossed."""
    evidence = detected([])
    assert (evidence.value, evidence.crossed, evidence.since) == (None, False, None)
    assert (evidence.steps, evidence.reason) == (0, "no usable day")


def test_one_ordinary_day_proves_nothing() -> None:
    """A single day at the reference lowers the evidence below 1 and has no onset."""
    evidence = detected(make_steps([0.0]))
    assert evidence.value is not None
    assert 0 < evidence.value < 1
    assert (evidence.crossed, evidence.since) == (False, None)


@pytest.mark.parametrize(
    ("drop", "error"),
    [
        pytest.param(nan, 1.0, id="drop is no number"),
        pytest.param(inf, 1.0, id="drop is infinite"),
        pytest.param(1.0, nan, id="error is no number"),
        pytest.param(1.0, inf, id="error is infinite"),
        pytest.param(1.0, 0.0, id="no error"),
        pytest.param(1.0, -1.0, id="negative error"),
    ],
)
def test_unusable_day_is_a_missing_day(drop: float, error: float) -> None:
    """What cannot be put in units of its error counts as missing, and is told."""
    unusable = Step(day=FIRST + timedelta(days=1), drop=drop, error=error)
    first, _, last = make_steps([2.0, 0.0, 1.0])
    evidence = detected([first, unusable, last], correlation=0.5)
    assert evidence.value == detected([first, last], correlation=0.5).value
    assert evidence.steps == 2
    assert evidence.reason.endswith("; 1 without a usable number left out")
    alone = detected([unusable])
    assert (alone.value, alone.crossed, alone.steps) == (None, False, 0)
    assert alone.reason == "no usable day; 1 without a usable number left out"


@pytest.mark.parametrize(
    "days",
    [
        pytest.param([0, 0], id="a day twice"),
        pytest.param([1, 0], id="backwards"),
        pytest.param([0, 2, 2], id="a day twice at the end"),
    ],
)
def test_days_that_do_not_grow_are_refused(days: list[int]) -> None:
    """A day counted twice or out of order would be wrong evidence."""
    steps = [Step(day=FIRST + timedelta(days=d), drop=0, error=1) for d in days]
    with pytest.raises(ValueError, match="days must be in order"):
        detected(steps)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("smallest_drop", 0.0),
        ("smallest_drop", -0.1),
        ("smallest_drop", nan),
        ("smallest_drop", inf),
        ("correlation", -0.1),
        ("correlation", 1.0),
        ("correlation", nan),
        ("run_length", 1.0),
        ("run_length", nan),
        ("run_length", inf),
    ],
)
def test_arguments_out_of_range_are_refused(name: str, value: float) -> None:
    """A setting that makes no sense is an error, even without a day."""
    known = {"smallest_drop": 0.5, "correlation": 0.0, "run_length": 365.0}
    with pytest.raises(ValueError, match="must"):
        detect([], **known | {name: value})


def test_alarm_comes_exactly_at_the_run_length() -> None:
    """The threshold itself alarms, the next larger one does not."""
    steps = make_steps([2.0, 2.0])
    value = by_hand([2.0, 2.0])
    assert detected(steps, run_length=value * (1 - 1e-9)).crossed
    assert not detected(steps, run_length=value * (1 + 1e-9)).crossed


def test_onset_is_the_first_bad_day() -> None:
    """The most likely onset is where the drop began, not where it was noticed."""
    evidence = detected(make_steps([0.0] * 30 + [2.0] * 5))
    assert evidence.crossed
    assert evidence.since == FIRST + timedelta(days=30)


def test_onset_is_the_second_drops_after_a_recovery() -> None:
    """A drop that was over long ago is not where today's began."""
    drops = [3.0] * 200 + [0.0] * 100 + [3.0] * 4
    assert detected(make_steps(drops)).since == FIRST + timedelta(days=300)


def test_recovered_model_stops_alarming() -> None:
    """However long it was bad, evidence is not banked beyond the alarm."""
    bad = [2.0] * 300
    assert detected(make_steps(bad)).crossed
    assert not detected(make_steps(bad + [0.0] * 14)).crossed


@pytest.mark.parametrize("correlation", [0.0, 0.5, 0.9])
def test_end_of_a_good_spell_is_no_drop(correlation: float) -> None:
    """Coming back to the reference from better days is not evidence of a loss."""
    drops = ([-4.0] * 5 + [0.0] * 5) * 20
    assert not detected(make_steps(drops), correlation=correlation).crossed


def test_better_days_never_alarm() -> None:
    """The detector looks to one side only."""
    evidence = detected(make_steps([-3.0] * 500))
    assert evidence.value == pytest.approx(by_hand([-3.0] * 500))
    assert not evidence.crossed


def test_one_wild_day_does_not_alarm_alone() -> None:
    """Beyond the sharpest size a day counts no more, so heavy tails do no harm."""
    wild, sharp = detected(make_steps([1e9])), detected(make_steps([SHARPEST]))
    assert wild.value == sharp.value
    assert not wild.crossed


def test_units_do_not_matter() -> None:
    """A metric in thousandths is judged as the same metric in ones."""
    drops = [0.3, 1.2, -0.4, 2.0]
    small = detected(make_steps(drops, error=0.001), smallest_drop=0.0005)
    assert small.value == pytest.approx(detected(make_steps(drops)).value)


def test_correlated_days_count_for_less() -> None:
    """Three days that foretell each other say less than three independent ones."""
    steps = make_steps([2.0, 2.0, 2.0])
    alone, together = detected(steps).value, detected(steps, correlation=0.5).value
    assert alone is not None
    assert together is not None
    assert together < alone / 2


def test_precise_days_look_for_the_smallest_drop_alone() -> None:
    """A smallest drop of many errors is the only size there is."""
    z, lam = 6.0, 5.0
    value = detected(make_steps([z]), smallest_drop=lam, run_length=1e6).value
    assert value == pytest.approx(exp(lam * min(z, lam) - lam**2 / 2), rel=1e-6)


@pytest.mark.parametrize(
    ("drop", "error"),
    [
        pytest.param(1e300, 1e-300, id="huge and sharp"),
        pytest.param(-1e300, 1e-300, id="huge gain"),
        pytest.param(1e-300, 1e300, id="nothing and vague"),
        pytest.param(0.0, 5e-324, id="smallest error"),
    ],
)
def test_extreme_numbers_do_not_overflow(drop: float, error: float) -> None:
    """The statistic stays a finite number whatever comes in."""
    steps = [
        Step(day=FIRST + timedelta(days=d), drop=drop, error=error) for d in (0, 1)
    ]
    value = detected(steps, correlation=0.5).value
    assert value is not None
    assert np.isfinite(value)
    assert value >= 0


def test_ten_thousand_bad_days_do_not_overflow() -> None:
    """Evidence is gathered in logs and held at the level of the alarm."""
    evidence = detected(make_steps([50.0] * 10_000))
    assert evidence.crossed
    assert evidence.value is not None
    assert log(evidence.value) <= log(EFFECTS * 365) + 1e-9
    assert evidence.since == FIRST


def test_steps_are_left_as_they_are() -> None:
    """The same days give the same evidence again: nothing is kept between calls."""
    steps = make_steps([1.0, nan, 2.0])
    assert detected(steps) == detected(list(steps))
