from datetime import timedelta

import pytest

from monitoring_tasks.domain.findings import Kind, Measurement
from monitoring_tasks.statistics.label_arrival import LabelHistory
from monitoring_tasks.statistics.label_maturity import (
    coverage_shortfall,
    expected_coverage,
    provisional_error,
)
from tests.builders import make_measurement
from tests.statistics.test_arrival_curve import FIRST, history

TODAY = history(40, day=200)


def shortfall(
    day: LabelHistory, *earlier: LabelHistory, min_days: int = 1
) -> Measurement:
    """Measure the shortfall at .9."""
    return coverage_shortfall(
        day, earlier, version="1", min_days=min_days, confidence=0.9
    )


def expected(
    day: LabelHistory, *earlier: LabelHistory, min_days: int = 1
) -> Measurement:
    """Measure the coverage to expect after two days, at .9."""
    return expected_coverage(
        day, earlier, version="1", horizon_days=2, min_days=min_days, confidence=0.9
    )


def test_shortfall_is_what_the_median_day_had_more() -> None:
    """Other ages of the earlier days do not matter."""
    made = shortfall(TODAY, history(50, 99), history(70, 99), history(60))
    assert (made.kind, made.metric) == (Kind.LABELS, "label_coverage_shortfall")
    assert (made.value, made.rows) == (pytest.approx(0.2), 100)


@pytest.mark.parametrize(
    ("days", "ends"),
    [
        # k = floor((n + 1) / 20) of n shares .50, .51, .52 ...; below 19 days k is 0.
        pytest.param(18, (0.0, 1.0), id="one short"),
        pytest.param(19, (0.50, 0.68), id="the extremes"),
        pytest.param(38, (0.50, 0.87), id="one short of the next"),
        pytest.param(39, (0.51, 0.87), id="the second from either end"),
    ],
)
def test_shortfall_is_clear_only_beyond_what_days_have_shown(
    days: int, ends: tuple[float, float]
) -> None:
    """With few days even the worst day seen excludes nothing."""
    made = shortfall(TODAY, *(history(50 + i, day=i) for i in range(days)))
    assert (made.lower, made.upper) == pytest.approx((ends[0] - 0.4, ends[1] - 0.4))


def test_day_whose_labels_stayed_away_does_not_teach_that_they_may() -> None:
    """The next such day is told of like the first."""
    before = [history(90 + i % 5, day=i) for i in range(39)]
    assert shortfall(TODAY, *before).lower == pytest.approx(0.5)
    lapsed = [*before[:37], history(5, day=37), history(8, day=38)]
    assert shortfall(TODAY, *lapsed).lower == pytest.approx(0.5)


@pytest.mark.parametrize(
    ("days", "reason"),
    [
        ([history(50)], "1 days known at age 0 are fewer than 2"),
        ([history(50), history(50, first=1)], "1 days known at age 0 are fewer than 2"),
        ([history(50), history(50)], ""),
    ],
)
def test_shortfall_has_no_value_without_enough_days_at_that_age(
    days: list[LabelHistory], reason: str
) -> None:
    """A day that nobody looked at at this age says nothing."""
    made = shortfall(TODAY, *days, min_days=2)
    assert (made.value is None) is bool(reason)
    assert made.reason == reason


def test_expected_coverage_adds_the_share_of_missing_labels_that_come() -> None:
    """Half of what was missing came on the median day: .4 + .6 x .5."""
    days = (history(50, 50, 75), history(20, 30, 28), history(60, 80, 96))
    made = expected(TODAY, *days)
    assert (made.metric, made.value) == (
        "label_coverage_expected",
        pytest.approx(0.7),
    )
    assert (made.lower, made.upper) == pytest.approx((0.4, 1.0))


def test_expected_coverage_lies_between_the_days_seen_when_there_are_many() -> None:
    """Nineteen days at .9: the smallest and the largest gain."""
    days = [history(50, 50, 60 + i, day=i) for i in range(19)]
    made = expected(TODAY, *days)
    ends = (0.4 + 0.6 * 0.2, 0.4 + 0.6 * 0.38, 0.4 + 0.6 * 0.56)
    assert (made.lower, made.value, made.upper) == pytest.approx(ends)


@pytest.mark.parametrize(
    "day",
    [
        pytest.param(history(40, 50, 70, day=200), id="at the horizon"),
        pytest.param(history(100, day=200), id="all there"),
    ],
)
def test_expected_coverage_is_known_when_nothing_can_come(day: LabelHistory) -> None:
    """No earlier day is needed then."""
    made = expected(day)
    assert made.value == made.lower == made.upper == day.share_at(day.last_age)


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(history(50, 60), id="not watched to the horizon"),
        pytest.param(history(50, 60, first=1), id="not watched from the start"),
        pytest.param(history(100, 100, 100), id="nothing was missing"),
    ],
)
def test_expected_coverage_has_no_value_without_enough_days(
    other: LabelHistory,
) -> None:
    """A day that cannot say what came of missing labels does not count."""
    made = expected(TODAY, history(50, 60, 70), other, min_days=2)
    assert made.value is None
    assert made.reason == "1 days watched from age 0 to 2 are fewer than 2"


def test_day_without_rows_has_no_coverage() -> None:
    """No rows, no share."""
    empty = history(0, rows=0)
    assert shortfall(empty, history(50)).value is None
    assert expected(empty, history(50, 50, 50)).reason == "the day has no rows"


def test_provisional_error_is_what_early_labels_said_too_much() -> None:
    """Provisional less final; days whose labels were all there do not count."""
    days = [FIRST + timedelta(days=i) for i in range(8)]
    first = {day: make_measurement(value=0.8, rows=400) for day in days}
    final = {day: make_measurement(value=0.7, rows=900) for day in days}
    final[days[0]] = make_measurement(value=0.1, rows=400)
    final[days[1]] = make_measurement(value=None, rows=900)
    del final[days[2]]
    made = provisional_error(first, final, confidence=0.95)
    assert (made.days, made.mean) == (5, pytest.approx(0.1))
    assert made.lower is not None


def test_provisional_error_is_unknown_without_days() -> None:
    """Nothing to hold against each other."""
    assert provisional_error({}, {}, confidence=0.95).mean is None
