from dataclasses import replace
from datetime import date, timedelta

import pytest

from monitoring_tasks.compare.versions.release_judgement import (
    judge_release,
    paired_day,
    pool,
    release_of,
    watched_release,
)
from monitoring_tasks.contract.release import ReleasePolicy
from monitoring_tasks.domain.comparisons import Comparison, DecisionChange
from monitoring_tasks.domain.findings import Verdict
from monitoring_tasks.domain.releases import PairedDay, Release, ServedDay
from tests.builders import make_comparison, make_contract

FIRST = date(2013, 7, 1)
POLICY = ReleasePolicy()
RELEASE = Release(version="2", replaced="1", since=FIRST)
KNOWN = Comparison(version="1", metric="roc_auc")


def served(text: str, *, first: date = FIRST) -> list[ServedDay]:
    """Return one day a letter: `1`-`9` a version, `-` no predictions; `!` was bad."""
    days: list[ServedDay] = []
    for letter in text.replace("!", ""):
        version = "" if letter == "-" else letter
        day = first + timedelta(days=len(days))
        days.append(ServedDay(day=day, version=version, in_breach=False))
    for place in [i - 1 for i, letter in enumerate(text) if letter == "!"]:
        assert text.count("!") == 1
        old = days[place]
        days[place] = ServedDay(day=old.day, version=old.version, in_breach=True)
    return days


def paired(*gains: float, error: float = 0.01) -> list[PairedDay]:
    """Return consecutive days of such gains."""
    return [
        PairedDay(
            day=FIRST + timedelta(days=number),
            champion=0.7,
            candidate=0.7 + gain,
            gain=gain,
            error=error,
            rows=900,
        )
        for number, gain in enumerate(gains)
    ]


@pytest.mark.parametrize(
    ("before", "version", "expected"),
    [
        pytest.param("111", "2", ("1", 3), id="first day"),
        pytest.param("11122", "2", ("1", 3), id="third day"),
        pytest.param("111-2-", "2", ("1", 4), id="days without predictions"),
        pytest.param("222", "2", None, id="nobody remembers another"),
        pytest.param("", "2", None, id="nothing remembered"),
        pytest.param("2233", "2", None, id="put back"),
        pytest.param("22332", "2", None, id="put back, second day"),
        pytest.param("22332", "4", ("2", 5), id="released after a rollback"),
        pytest.param("2233!", "4", ("2", 4), id="released straight after a bad one"),
        pytest.param("2!2", "3", ("2", 2), id="a bad day long past"),
        pytest.param("1!", "2", ("1", 1), id="only a bad one before"),
        pytest.param("99", "x", None, id="no number to order by"),
    ],
)
def test_release_is_held_against_the_good_version_before_it(
    before: str, version: str, expected: tuple[str, int] | None
) -> None:
    """The latest older one that was not in breach, if any; none after a rollback."""
    days = served(before)
    found = release_of(days, version, FIRST + timedelta(days=len(days)), watch_days=28)
    wanted = expected and Release(
        version=version,
        replaced=expected[0],
        since=FIRST + timedelta(days=expected[1]),
    )
    assert found == wanted


@pytest.mark.parametrize(("late", "is_watched"), [(0, True), (3, True), (4, False)])
def test_release_is_watched_for_so_many_days(late: int, *, is_watched: bool) -> None:
    """Four days from the release on, its first day included."""
    days = served("1" + "2" * late)
    found = release_of(days, "2", FIRST + timedelta(days=1 + late), watch_days=4)
    assert (found is not None) is is_watched


@pytest.mark.parametrize(("late", "is_watched"), [(0, True), (1, False)])
def test_release_is_unknown_where_nobody_remembers_what_came_before(
    late: int, *, is_watched: bool
) -> None:
    """Whoever read more days than the policy remembers is told the same."""
    policy = make_contract().policy
    gone = policy.remembered_days + late
    days = served("1" + "-" * (gone - 1))
    found = watched_release(
        days,
        "2",
        FIRST + timedelta(days=gone),
        policy,
        stands_as_worse=lambda _: False,
    )
    assert (found is not None) is is_watched


def test_paired_day_reads_the_error_off_the_interval() -> None:
    """Half an interval at 95 % is 1.96 standard errors."""
    found = paired_day(make_comparison(), confidence=0.95)
    assert found is not None
    assert found.error == pytest.approx(0.05 / 1.959964)


@pytest.mark.parametrize("parts", [{"gain": None}, {"upper": float("nan")}])
def test_paired_day_without_a_number_is_none(parts: dict[str, float | None]) -> None:
    """What could not be measured is no point of the series."""
    assert paired_day(make_comparison(**parts), confidence=0.95) is None


@pytest.mark.parametrize(
    ("gains", "expected", "proven"),
    [
        pytest.param(
            (0.04, 0.03, 0.05, 0.04), Verdict.INCONCLUSIVE, False, id="too few"
        ),
        pytest.param((0.05, 0.04, 0.06, 0.05, 0.05), Verdict.BREACH, True, id="better"),
        pytest.param(
            (0.025, 0.02, 0.02, 0.025, 0.02), Verdict.BREACH, False, id="not proven"
        ),
        pytest.param(
            (0.009,) * 30,
            Verdict.INCONCLUSIVE,
            False,
            id="better by nothing that matters",
        ),
        pytest.param(
            (-0.05, -0.04, -0.06, -0.05, -0.05), Verdict.OK, False, id="worse"
        ),
        pytest.param(
            (0.02, 0.03, -0.02, 0.01, 0.0), Verdict.INCONCLUSIVE, False, id="open"
        ),
    ],
)
def test_release_breaches_when_the_old_version_is_surely_better(
    gains: tuple[float, ...], expected: Verdict, *, proven: bool
) -> None:
    """Clear of 0 and larger than the margin; for a rollback the whole interval is."""
    compared = pool(KNOWN, paired(*gains), POLICY, watch_days=28)
    found = judge_release(compared, RELEASE, margin=0.01)
    assert (found.verdict, compared.is_better_by(0.01)) == (expected, proven)


def test_finding_says_by_how_much_and_since_when() -> None:
    """A person reads what was compared, the interval, the days and the release."""
    compared = pool(KNOWN, paired(*[0.05, 0.06] * 4), POLICY, watch_days=28)
    found = judge_release(compared, RELEASE, margin=0.01)
    assert found.reason.startswith("version 1 would have done better by 0.055 [0.0")
    assert found.reason.endswith(
        "] in roc_auc over 8 days since the release on 2013-07-01"
    )
    assert (found.measurement.metric, found.measurement.version) == (
        "roc_auc_gain",
        "2",
    )


def test_days_that_do_not_begin_with_the_release_say_so() -> None:
    """The first ones had no labels, or it was mended since."""
    days = paired(*[0.05, 0.06] * 6)[4:]
    found = judge_release(
        pool(KNOWN, days, POLICY, watch_days=28), RELEASE, margin=0.01
    )
    assert found.reason.endswith(
        "over 8 days since 2013-07-05; it was released on 2013-07-01"
    )


def test_day_that_could_not_be_added_concludes_nothing() -> None:
    """The reason of the comparison is told; absence is never ok."""
    found = judge_release(
        Comparison(version="1", metric="roc_auc", reason="it does not load"),
        RELEASE,
        margin=0.01,
    )
    assert (found.verdict, found.measurement.value) == (Verdict.INCONCLUSIVE, None)
    assert found.reason == (
        "not known yet whether version 1, replaced on 2013-07-01, would have done "
        "better: it does not load"
    )


def test_first_day_says_how_many_are_missing_and_where_both_decide_otherwise() -> None:
    """What can be told at once is told at once."""
    changes = (
        DecisionChange(segment="all", share=0.12, rows=900),
        DecisionChange(segment="carrier=AA", share=0.3, rows=200),
    )
    compared = pool(
        replace(KNOWN, changes=changes), paired(0.05), POLICY, watch_days=28
    )
    assert judge_release(compared, RELEASE, margin=0.01).reason == (
        "not known yet whether version 1, replaced on 2013-07-01, would have done "
        "better: measured days: 1 of the 5 it takes; they decide otherwise on "
        "12.0% of the day's rows, most where carrier=AA (30.0%)"
    )


def test_pooled_values_differ_by_the_gain() -> None:
    """Both values carry the weights of the gain; rows and days are all of them."""
    days = paired(0.02, 0.03, 0.04, 0.03, 0.02, 0.03)
    found = pool(KNOWN, days, ReleasePolicy(correlation=0), watch_days=28)
    assert found.gain is not None
    assert found.champion is not None
    assert found.candidate == pytest.approx(found.champion + found.gain)
    assert (found.rows, len(found.days), found.daily) == (5400, 6, tuple(days))
