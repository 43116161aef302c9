"""For how long a release is watched, and from which day on its days count."""

from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest

from monitoring_tasks.compare.versions.release_watch import ReleaseWatch
from monitoring_tasks.domain.releases import PairedDay, Release, ServedDay
from tests.builders import make_contract

if TYPE_CHECKING:
    import pandas as pd

FIRST = date(2013, 7, 1)
CONTRACT = make_contract(policy={"onset_days": 28, "look_back_days": 30})
SERVED = [ServedDay(day=FIRST - timedelta(days=1), version="1", in_breach=False)]
SERVED += [
    ServedDay(day=FIRST + timedelta(days=i), version="2", in_breach=False)
    for i in range(60)
]


def paired_days(*gains: float) -> list[PairedDay]:
    """Return consecutive days of such gains, from the release on."""
    return [
        PairedDay(
            day=FIRST + timedelta(days=number),
            champion=0.7,
            candidate=0.7 + gain,
            gain=gain,
            error=0.002,
            rows=900,
        )
        for number, gain in enumerate(gains)
    ]


def watch(
    age: int, gains: tuple[float, ...], *, mended_on: date | None = None
) -> Release | None:
    """Return what is watched so many days after the release."""

    def rows_of(version: str) -> "pd.DataFrame":
        raise AssertionError(version)  # no row is needed to say what is watched

    day = FIRST + timedelta(days=age)
    return ReleaseWatch(
        contract=CONTRACT,
        day=day,
        paired_days=lambda _: paired_days(*gains),
        mended_on=lambda _: mended_on,
        registered=list,
        rows_of=rows_of,
        score=lambda _rows, _versions: {},
    ).release([s for s in SERVED if s.day < day], "2")


@pytest.mark.parametrize(
    ("age", "gains", "is_watched"),
    [
        pytest.param(27, (0.0,) * 27, True, id="young"),
        pytest.param(28, (0.0,) * 28, False, id="as good, and no release any more"),
        pytest.param(28, (0.05,) * 28, True, id="worse"),
        pytest.param(50, (0.05,) * 50, True, id="worse for long"),
        pytest.param(50, (0.05,) * 30 + (0.0,) * 20, False, id="as good again"),
        pytest.param(59, (0.05,) * 59, False, id="nobody remembers the one before"),
    ],
)
def test_release_is_watched_until_it_is_no_longer_worse(
    age: int, gains: tuple[float, ...], *, is_watched: bool
) -> None:
    """That the time is over does not mend it."""
    assert (watch(age, gains) is not None) is is_watched


@pytest.mark.parametrize(
    ("days_ago", "is_watched"),
    [
        pytest.param(1, False, id="days before it are gone"),
        pytest.param(-1, True, id="late"),
    ],
)
def test_days_before_a_person_said_it_is_mended_do_not_count(
    days_ago: int, *, is_watched: bool
) -> None:
    """A day before that word, judged after it, is judged as it would have been."""
    said = FIRST + timedelta(days=40 - days_ago)
    release = watch(40, (0.05,) * 40, mended_on=said)
    assert (release is not None) is is_watched
