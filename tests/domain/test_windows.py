from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitoring_tasks.domain.windows import day_of, days_between, window_of

ZONES = (
    "UTC",
    "America/New_York",
    "Asia/Kolkata",
    "Pacific/Kiritimati",
    "Pacific/Pago_Pago",
    "America/Sao_Paulo",
    "Australia/Lord_Howe",
    "Africa/Casablanca",
)
DAYS = st.dates(date(2000, 1, 1), date(2035, 12, 31))


@pytest.mark.parametrize(
    ("day", "zone", "start", "hours"),
    [
        pytest.param("2013-09-02", "UTC", "2013-09-02T00:00", 24, id="utc"),
        pytest.param(
            "2013-09-02", "America/New_York", "2013-09-02T04:00", 24, id="west"
        ),
        pytest.param("2013-09-02", "Asia/Tokyo", "2013-09-01T15:00", 24, id="east"),
        pytest.param(
            "2013-03-10", "America/New_York", "2013-03-10T05:00", 23, id="forward"
        ),
        pytest.param(
            "2013-11-03", "America/New_York", "2013-11-03T04:00", 25, id="back"
        ),
        pytest.param(
            "2018-11-04", "America/Sao_Paulo", "2018-11-04T03:00", 23, id="no midnight"
        ),
        pytest.param(
            "2013-04-07", "Australia/Lord_Howe", "2013-04-06T13:00", 24.5, id="half"
        ),
        pytest.param("2011-12-30", "Pacific/Apia", "2011-12-30T10:00", 0, id="skipped"),
    ],
)
def test_window_lasts_from_midnight_to_midnight_by_the_models_clock(
    day: str, zone: str, start: str, hours: float
) -> None:
    """A day is 23, 24 or 25 hours long, wherever the clock stands."""
    window = window_of(date.fromisoformat(day), zone)
    assert window.start == datetime.fromisoformat(start).replace(tzinfo=UTC)
    assert (window.hours, window.end.tzinfo) == (hours, UTC)


@given(day=DAYS, zone=st.sampled_from(ZONES))
def test_windows_tile_without_gap(day: date, zone: str) -> None:
    """One day ends where the next begins, and every instant within is of the day."""
    window = window_of(day, zone)
    assert window.end == window_of(day + timedelta(days=1), zone).start
    assert day_of(window.start, zone) == day
    assert day_of(window.end - timedelta(microseconds=1), zone) == day
    assert day_of(window.end, zone) == day + timedelta(days=1)


def test_day_is_refused_when_an_instant_has_no_zone() -> None:
    """An instant without a zone has no calendar day anybody could know."""
    with pytest.raises(ValueError, match="no time zone"):
        day_of(datetime(2013, 9, 2), "UTC")  # noqa: DTZ001 (the point of the test)


@given(first=DAYS, length=st.integers(0, 800))
def test_days_between_are_all_and_in_order(first: date, length: int) -> None:
    """Both ends are included and no day is left out."""
    days = list(days_between(first, first + timedelta(days=length)))
    assert days == [first + timedelta(days=i) for i in range(length + 1)]


def test_days_between_refuse_a_reversed_range() -> None:
    """A range that ends before it starts is a mistake, not an empty range."""
    with pytest.raises(ValueError, match="lies before"):
        list(days_between(date(2013, 1, 2), date(2013, 1, 1)))
