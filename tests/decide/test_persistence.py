from dataclasses import replace
from datetime import timedelta

import pytest

from monitoring_tasks.contract.persistence import PersistenceRule
from monitoring_tasks.contract.policy import Policy
from monitoring_tasks.decide.persistence import (
    BadRun,
    bad_run,
    breach_onset,
    confirmed_by_any,
    persistence_of,
    warns_for_long,
)
from monitoring_tasks.domain.decisions import PastDay
from monitoring_tasks.domain.findings import Verdict
from tests.builders import DAY, make_past

V = Verdict
LETTERS = {
    "b": V.BREACH,
    "w": V.WARN,
    ".": V.OK,
    "?": V.NO_DATA,
    "i": V.INCONCLUSIVE,
    "e": V.ERROR,
    "x": V.EXCLUDED,
}


def days(letters: str) -> list[PastDay]:
    """Return days that end today; an upper-case letter is a day of another version."""
    first = DAY - timedelta(days=len(letters) - 1)
    return [
        make_past(
            first + timedelta(days=i),
            LETTERS[letter.lower()],
            version="1" if letter.isupper() else "2",
        )
        for i, letter in enumerate(letters)
    ]


@pytest.mark.parametrize(
    ("letters", "bad", "of", "confirmed"),
    [
        ("b", 1, 1, False),
        ("bb", 2, 2, True),
        (".b", 1, 2, False),
        ("b.b", 2, 3, True),
        ("bb.", 2, 3, False),
        ("b..b", 1, 3, False),
        ("bbbb", 3, 3, True),
        ("b?b", 2, 2, True),
        ("b????b", 2, 2, True),
        ("biexb", 2, 2, True),
        ("b?.b", 2, 3, True),
        ("Bb", 1, 1, False),
        ("bBb", 2, 2, True),
        ("bb?", 2, 2, False),
        ("bbw", 2, 3, False),
        ("?", 0, 0, False),
        ("...", 0, 3, False),
    ],
)
def test_breach_is_confirmed_by_two_of_three_valid_days(
    letters: str, bad: int, of: int, *, confirmed: bool
) -> None:
    """Missing evidence neither confirms a breach nor ends one; today must be bad."""
    *history, today = days(letters)
    found = persistence_of(today, history, PersistenceRule())
    assert (found.bad_days, found.of_days, found.confirmed) == (bad, of, confirmed)


def test_trouble_that_comes_and_goes_is_confirmed_by_the_slow_rule() -> None:
    """Every third day bad is never two of three, and is four of fourteen."""
    rules = (PersistenceRule(), PersistenceRule(bad_days=4, of_days=14))
    *history, today = days("b..b..b..b")
    assert not persistence_of(today, history, rules[0]).confirmed
    found = confirmed_by_any(today, history, rules)
    assert (found.confirmed, found.bad_days, found.of_days) == (True, 4, 10)
    *history, today = days("b..b..b")
    assert confirmed_by_any(today, history, rules) == persistence_of(
        today, history, rules[0]
    )


def test_one_of_one_confirms_at_once() -> None:
    """Who wants to hear of every bad day says so in the contract."""
    rule = PersistenceRule(bad_days=1, of_days=1)
    assert persistence_of(days("b")[0], [], rule).confirmed


@pytest.mark.parametrize(
    ("letters", "ago"),
    [
        pytest.param("b...b?b", 2, id="an older episode is another"),
        pytest.param("." + "b" * 40, 39, id="however long"),
        pytest.param(".bb.bb.bb", 7, id="a good day does not end it"),
    ],
)
def test_onset_is_that_of_the_episode(letters: str, ago: int) -> None:
    """Windows that roll past it do not move it."""
    *history, today = days(letters)
    onset = breach_onset(today, history, PersistenceRule())
    assert onset == DAY - timedelta(days=ago)


def test_onset_outlasts_what_is_remembered() -> None:
    """A run that reaches the oldest day has the onset that was kept with it."""
    kept = DAY - timedelta(days=90)
    *history, today = [replace(day, onset=kept) for day in days("bbbb")]
    assert breach_onset(today, history, PersistenceRule()) == kept
    *ended, today = [replace(day, onset=kept) for day in days("...bb")]
    assert breach_onset(today, ended, PersistenceRule()) == DAY - timedelta(days=1)


@pytest.mark.parametrize(
    ("letters", "streak"),
    [("b", 1), ("bbbbb", 5), ("bb.bb", 2), ("bb?bb", 4), ("bb.", 0), ("Bbb", 2)],
)
def test_streak_counts_back_to_the_last_good_day(letters: str, streak: int) -> None:
    """Days that say nothing do not break it; days of another version are passed."""
    *history, today = days(letters)
    assert persistence_of(today, history, PersistenceRule()).streak == streak


@pytest.mark.parametrize(
    ("letters", "lasts"),
    [
        pytest.param("w", False, id="one day"),
        pytest.param("wwwwww", False, id="six days"),
        pytest.param("wwwwwww", True, id="seven days"),
        pytest.param("w.w.ww.w", True, id="good days that are let pass"),
        pytest.param("wwww..wwww", False, id="two runs"),
        pytest.param("bwwwwww", True, id="a breach is worse than a warning"),
        pytest.param("ww??www", True, id="nothing known between"),
        pytest.param("Wwwwwww", False, id="of another version"),
        pytest.param("wwwwwww.", False, id="over today"),
    ],
)
def test_warnings_last_by_the_rule_of_breaches(letters: str, *, lasts: bool) -> None:
    """A week of them, today's too."""
    *history, today = days(letters)
    assert warns_for_long(today, history, Policy()) is lasts


@pytest.mark.parametrize(
    ("before", "rule", "count", "ago"),
    [
        pytest.param("", (2, 3), 1, 0, id="the first day"),
        pytest.param(".b", (2, 3), 2, 1, id="yesterday too"),
        pytest.param("bb.", (2, 3), 2, 3, id="a good day is let pass"),
        pytest.param("bb..", (2, 3), 1, 0, id="two end a run"),
        pytest.param("bbbbb", (2, 3), 3, 5, id="the run is longer than the rule"),
        pytest.param("bbb", (1, 1), 1, 3, id="one of one counts today alone"),
    ],
)
def test_bad_run_counts_the_latest_days_and_reaches_back_to_its_first(
    before: str, rule: tuple[int, int], count: int, ago: int
) -> None:
    """Today is one of the days that count."""
    k_of_n = PersistenceRule(bad_days=rule[0], of_days=rule[1])
    earlier = [(d.day, d.performance is V.BREACH) for d in days(f"{before}b")[:-1]]
    onset = DAY - timedelta(days=ago)
    assert bad_run(earlier, k_of_n, day=DAY) == BadRun(days=count, onset=onset)
