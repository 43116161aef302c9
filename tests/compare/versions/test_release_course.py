"""A release that was worse is as good again once its newest days show it."""

from datetime import date, timedelta

import numpy as np
import pytest

from monitoring_tasks.compare.versions.release_course import course_of
from monitoring_tasks.contract.policy import Policy
from monitoring_tasks.domain.releases import PairedDay

FIRST = date(2013, 7, 1)
POLICY = Policy.model_validate({"versions": {"margin": 0.01}})


def paired(*gains: float, error: float = 0.004, seed: int = 1) -> list[PairedDay]:
    """Return consecutive days that stray around such gains by their sampling error."""
    strays = np.random.default_rng(seed).standard_normal(len(gains)) * error
    return [
        PairedDay(
            day=FIRST + timedelta(days=number),
            champion=0.7,
            candidate=0.7 + gain,
            gain=gain + float(stray),
            error=error,
            rows=900,
        )
        for number, (gain, stray) in enumerate(zip(gains, strays, strict=True))
    ]


WORSE = (0.05,) * 14


def test_release_that_is_worse_is_judged_by_all_its_days() -> None:
    """Nothing is forgotten while it goes on."""
    days = paired(*WORSE)
    course = course_of(days, POLICY)
    assert (course.days, course.is_worse) == (tuple(days), True)


@pytest.mark.parametrize("count", [5, 28, 56])
def test_release_that_never_was_worse_is_judged_by_all_its_days(count: int) -> None:
    """A good week begins nothing anew."""
    days = paired(*(0.0,) * count)
    course = course_of(days, POLICY)
    assert (course.days, course.is_worse) == (tuple(days), False)


def test_release_is_as_good_again_a_week_after_it_was_mended() -> None:
    """Its worse days, twice as many, are no longer among those that count."""
    mended = paired(*WORSE, *(0.0,) * 7)
    course = course_of(mended, POLICY)
    assert (course.days, course.is_worse) == (tuple(mended[14:]), False)
    assert course_of(mended[:-1], POLICY).is_worse


def test_days_after_a_recovery_are_added_to_it() -> None:
    """The series that began anew grows."""
    days = paired(*WORSE, *(0.0,) * 12)
    assert course_of(days, POLICY).days == tuple(days[14:])


def test_noisy_days_take_longer_to_show_that_a_release_is_mended() -> None:
    """A week may be either; absent evidence ends nothing."""
    days = paired(*(0.08,) * 14, *(0.0,) * 21, error=0.012)
    assert course_of(days[:21], POLICY).is_worse
    assert not course_of(days, POLICY).is_worse


@pytest.mark.parametrize("gain", [0.012, 0.02])
def test_release_that_stays_worse_does_not_come_to_look_mended(gain: float) -> None:
    """Little past the margin, for eight weeks, twenty times each."""
    ended = [
        course_of(paired(*(gain,) * 56, seed=seed), POLICY).is_worse
        for seed in range(20)
    ]
    assert all(ended)


def test_loss_that_comes_back_is_told_again() -> None:
    """By the days since it was as good: the first loss does not count twice."""
    days = paired(*WORSE, *(0.0,) * 7, *(0.06,) * 14)
    course = course_of(days, POLICY)
    assert (course.days, course.is_worse) == (tuple(days[14:]), True)
