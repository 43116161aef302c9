"""Margins widen with less evidence and with a smaller budget of false alarms."""

from datetime import date, timedelta

import numpy as np
import pytest

from monitoring_tasks.validate.suites.margins import (
    Margin,
    Span,
    make_margin,
    season_over,
    unit_span,
)


def margin(days: int, *, alarms: float = 1.0, every: int = 1) -> Margin:
    reference = [date(2024, 1, 1) + timedelta(days=every * i) for i in range(days)]
    return make_margin(reference, expectations=30, false_alarms_per_year=alarms)


def test_quantile_follows_the_budget_and_the_days() -> None:
    """Student's t at 1 / (2 x 365 x 30) on 59 degrees, for one more day of 60."""
    assert margin(60).quantile == pytest.approx(4.2352, abs=1e-3)
    assert margin(60, alarms=50).quantile < margin(60).quantile < margin(10).quantile


@pytest.mark.parametrize(
    ("days", "every", "season"),
    [
        pytest.param(10, 1, 3.0, id="ten days: at most three times"),
        pytest.param(91, 1, (365 / 91) ** 0.5, id="a quarter: about twice"),
        pytest.param(74, 5, 1.0, id="a year, every fifth day: as it is"),
    ],
)
def test_season_follows_the_length_of_the_reference(
    days: int, every: int, season: float
) -> None:
    """A level that wanders strays with the square root of time, within 1 and 3."""
    assert margin(days, every=every).season == pytest.approx(season)


def test_false_alarms_of_like_days_stay_within_the_budget() -> None:
    """On normal days like the reference about one of 365 x 30 checks fails a year."""
    draw = np.random.default_rng(11)
    plain = Margin(days=60, quantile=margin(60, alarms=200).quantile, season=1.0)
    outside = 0
    for _ in range(2000):
        values = draw.normal(size=60)
        span = plain.span(values)
        outside += int(((new := draw.normal(size=20)) < span.low).sum())
        outside += int((new > span.high).sum())
    assert outside / 40_000 < 200 / (365 * 30)


def test_span_holds_every_day_it_was_made_from() -> None:
    """One wild day in the reference lies inside, even after rounding for readers."""
    values = np.array([5.0] * 29 + [400.0])
    bounds = margin(30).span(values).bounds
    assert bounds["min_value"] < values.min()
    assert bounds["max_value"] > values.max()


@pytest.mark.parametrize(
    ("span", "expected"),
    [
        pytest.param(Span(low=0.12345, high=0.45678), (0.123, 0.457), id="ratio"),
        pytest.param(Span(low=-1234.5, high=98765.0), (-1300, 98800), id="thousands"),
    ],
)
def test_bounds_are_rounded_outwards(span: Span, expected: tuple[float, float]) -> None:
    """A reader sees three digits at most, and never a narrower span."""
    assert tuple(span.bounds.values()) == pytest.approx(expected)


@pytest.mark.parametrize("centre", [1000.0, -40.0])
def test_unit_span_leaves_out_a_changed_unit(centre: float) -> None:
    """Ten per cent stays inside; a factor of 1.6 does not, whatever the sign."""
    span = unit_span(centre)
    assert span.low < min(0.9 * centre, 1.1 * centre)
    assert span.high > max(0.9 * centre, 1.1 * centre)
    for changed in (centre * 1.6, centre / 1.6):
        assert not span.low <= changed <= span.high


def test_unit_span_of_zero_holds_nothing() -> None:
    """Around zero a factor changes nothing, so no unit can be seen there."""
    assert not unit_span(0.0).holds(Span(low=-1, high=1))


@pytest.mark.parametrize(
    ("days", "factor"), [(14, 3.0), (73, 5**0.5), (365, 1.0), (700, 1.0)]
)
def test_season_is_that_of_a_random_walk_within_bounds(
    days: int, factor: float
) -> None:
    """A level strays with the root of time; never less than seen, at most thrice."""
    assert season_over(days) == pytest.approx(factor)
