from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitoring_tasks.domain.units import Mode, Unit
from tests.builders import DAY, make_comparison, make_unit

OFFSETS = st.integers(-12, 14).map(lambda hours: timezone(timedelta(hours=hours)))
INSTANTS = st.datetimes(
    datetime(2000, 1, 1),  # noqa: DTZ001 (the strategy adds the zone)
    datetime(2100, 1, 1),  # noqa: DTZ001 (the strategy adds the zone)
    timezones=OFFSETS,
)


@given(
    model=st.from_regex(r"\A[A-Za-z0-9][A-Za-z0-9_-]{0,20}\Z"),
    day=st.dates(),
    as_of=INSTANTS,
    mode=st.sampled_from(Mode),
)
def test_unit_is_read_back_from_its_key(
    model: str, day: date, as_of: datetime, mode: Mode
) -> None:
    """The key is the whole unit: what a task hands on as text is what it had."""
    unit = Unit(model=model, day=day, as_of=as_of, mode=mode)
    assert Unit.from_key(unit.key) == unit
    assert unit.as_of <= as_of


def test_key_is_the_same_wherever_the_clock_stands() -> None:
    """An instant written in another zone is the same look."""
    berlin = timezone(timedelta(hours=2))
    here = make_unit(as_of=datetime(2013, 9, 3, 12, tzinfo=berlin))
    assert here.key == "flights/2013-09-02/2013-09-03T10:00:00Z/live"
    assert here == make_unit(as_of=datetime(2013, 9, 3, 10, tzinfo=UTC))


@pytest.mark.parametrize(
    "key",
    [
        "flights/2013-09-02/2013-09-03T10:00:00Z",
        "flights/2013-09-02/2013-09-03T10:00:00Z/loud",
        "flights/2013-09-31/2013-09-03T10:00:00Z/live",
        "flights/2013-09-02/2013-09-03T10:00:00/live",
        "",
    ],
)
def test_unit_is_refused_when_its_key_is_not_one(key: str) -> None:
    """A key that lacks a part, a zone or a real day is refused."""
    with pytest.raises(ValueError, match="is not model/day/as_of/mode"):
        Unit.from_key(key)


def test_unit_is_refused_without_a_zone() -> None:
    """What was known at an instant without a zone cannot be said."""
    with pytest.raises(ValueError, match="no time zone"):
        make_unit(as_of=datetime(DAY.year, 1, 1))  # noqa: DTZ001 (the point of the test)


@pytest.mark.parametrize(
    ("lower", "better"), [(0.02, True), (0.01, False), (-0.1, False), (None, False)]
)
def test_comparison_is_better_only_past_the_margin(
    lower: float | None, *, better: bool
) -> None:
    """The whole interval must lie past the margin; no interval proves nothing."""
    assert make_comparison(lower=lower).is_better_by(0.01) is better
