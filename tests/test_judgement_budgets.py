"""The benchmark's budgets: pages of the ledger, matched rules, what the words say."""

from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from benchmarks.judgement import ledger, matched, places, replays, words
from benchmarks.judgement.answers import Answer, load, save
from benchmarks.judgement.catalogue import CASES
from benchmarks.judgement.natural import Month
from benchmarks.judgement.worlds import WATCHED

FIRST = date(2013, 9, 1)
WORLD = "flights"
CONTRACT = WATCHED[WORLD].parsed


def said(marks: str, *, severity: str = "P1") -> list[Answer]:
    """One answer of Daywatch a character: `!` an alarm, `.` a good day, `?` neither."""
    return [
        Answer(
            day=FIRST + timedelta(days=number),
            alerts={"pages": mark == "!"},
            cause="concept_drift" if mark == "!" else "",
            remedy="incident" if mark == "!" else "none",
            severity=severity if mark == "!" else "",
            performance={"!": "breach", ".": "ok", "?": "no_data"}[mark],
            version="2",
            why="worse" if mark == "!" else "",
        )
        for number, mark in enumerate(marks)
    ]


def counted(counts: Sequence[int], *, first: date = FIRST) -> list[Answer]:
    """One answer of a peer a number: so many alerts."""
    return [
        Answer(
            day=first + timedelta(days=number),
            alerts={"any alert": count > 0, "performance alerts": False},
            counts={"any alert": count, "performance alerts": 0},
        )
        for number, count in enumerate(counts)
    ]


def month(days: int, *, value: float = 0.73) -> Month:
    """A month of version 2 whose reference has an AUC of .73."""
    dates = tuple(FIRST + timedelta(days=number) for number in range(days))
    return Month(version="2", name="2013-09", value=value, reference=0.73, days=dates)


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Answers are kept in a folder of the test's own."""
    monkeypatch.setattr(places, "CACHE", tmp_path)
    monkeypatch.setenv(places.SETTLED, "test")
    monkeypatch.setenv(places.SETTLED_WORLDS, "test")
    return tmp_path


def test_answers_are_read_as_they_were_saved(tmp_path: Path) -> None:
    """Counts, performance and version come back."""
    written = [*said("!."), *counted([3])]
    save(tmp_path / "a.json", written)
    assert load(tmp_path / "a.json") == written


@pytest.mark.parametrize(
    ("marks", "severity", "opened", "paged"),
    [
        pytest.param("....", "P1", 0, 0, id="quiet"),
        pytest.param("!....!", "P1", 1, 1, id="a-p1-stays-open"),
        pytest.param("!....!", "P2", 1, 0, id="a-p2-pages-nobody-and-is-opened-again"),
        pytest.param("!............!", "P2", 2, 0, id="much-later-it-is-another"),
        pytest.param("!????????????!", "P2", 1, 0, id="silence-ends-nothing"),
    ],
)
def test_ledger_counts_incidents_not_days(
    marks: str, severity: str, opened: int, paged: int
) -> None:
    """What the runs of alarms call two pages may be one incident."""
    kept = ledger.entries(said(marks, severity=severity), CONTRACT)
    assert len(kept) == opened
    assert sum(entry.paged is not None for entry in kept) == paged


def test_ledger_pages_are_of_clean_days_alone(cache: Path) -> None:
    """What was opened in a bad month and goes on in a clean one is no false page."""
    assert cache.is_dir()
    save(places.answers("daywatch") / f"{WORLD}-clean.json", said("!.....!..."))
    days = [month(10).days[:5], month(10).days[5:]]
    months = [
        Month(version="2", name=name, value=value, reference=0.73, days=mine)
        for name, value, mine in (("a", 0.6, days[0]), ("b", 0.73, days[1]))
    ]
    rows = {row["world"]: row for row in replays.ledger_pages({WORLD: months})}
    assert (rows[WORLD]["paged"]["count"], rows[WORLD]["paged"]["of"]) == (0, 5)
    runs = [r for r in replays.false_pages({WORLD: months}) if r["tool"] == "daywatch"]
    assert {row["pages"]["count"] for row in runs} == {1}


def test_peer_is_held_to_the_days_daywatch_alarms_on(cache: Path) -> None:
    """One day in four is allowed: two alerts are asked for, and one finds nothing."""
    assert cache.is_dir()
    save(places.answers("daywatch") / f"{WORLD}-clean.json", said("!..."))
    save(places.answers("nannyml") / f"{WORLD}-clean-2.json", counted([1, 1, 1, 2]))
    rows = list(matched.thresholds({WORLD: [month(4)]}))
    needed = {(row["tool"], row["rule"]): row["least"] for row in rows}
    assert needed["nannyml", "any alert"] == 2
    gross = [c for c in CASES if c.world == WORLD and c.is_gross][-1:]
    found = []
    for count in (1, 2):
        answers = counted([count], first=gross[0].onset)
        save(places.answers("nannyml") / f"{gross[0].name}.json", answers)
        found += [
            row["in_time"]["count"]
            for row in matched.found(rows)
            if (row["tool"], row["rule"]) == ("nannyml", "any alert")
        ]
    assert found == [0, 1]


@pytest.mark.parametrize(
    ("loss", "days", "expected"),
    [
        pytest.param(0.071, None, "because the contract allows 0.10", id="allowed"),
        pytest.param(0.12, None, "though the contract allows only 0.10", id="missed"),
        pytest.param(0.071, 3, "", id="found"),
    ],
)
def test_page_says_why_a_real_loss_raised_no_alarm(
    loss: float, days: int | None, expected: str
) -> None:
    """A loss the contract allows is told from one that was missed."""
    assert replays.allowed_loss(WORLD) == pytest.approx(0.10)
    row = {
        "tool": "daywatch", "rule": "pages", "world": WORLD, "version": "2",
        "from": "2013-10-01", "until": "2013-11-30", "split": "evaluation",
        "loss": loss, "metric": "roc_auc", "allowed": replays.allowed_loss(WORLD),
        "days_to_find": days, "cause": "",
    }  # fmt: skip
    empty = ("clean", "ledger", "faults", "drifted", "fleet", "sizes", "cases")
    facts: dict[str, Any] = {
        name: [] for name in (*empty, "months", "matched", "matched_rules")
    }
    facts |= {
        "natural": [row],
        "worlds": {},
        "environment": {},
    }
    told = words.render(facts)
    assert (expected in told) if expected else ("raised no alarm" not in told)


def test_drifted_half_is_told_and_not_counted_clean(cache: Path) -> None:
    """Alarms before and after the makers' drift are counted apart."""
    assert cache.is_dir()
    world = WATCHED["used-car"]
    since = world.drifted_from
    assert since is not None
    first = since - timedelta(days=2)
    answers = counted([0, 0, 0, 4], first=first)
    save(places.answers("nannyml") / f"{world.name}-clean-1.json", answers)
    days = [answer.day for answer in answers]
    months = [
        Month(
            version="1", name="m", metric="mae", value=700, reference=846,
            days=tuple(mine), is_drifted=is_drifted,
        )
        for mine, is_drifted in ((days[:2], False), (days[2:], True))
    ]  # fmt: skip
    row = next(
        row
        for row in replays.drifted_halves({world.name: months})
        if row["rule"] == "any alert"
    )
    assert (row["before"]["count"], row["before"]["of"]) == (0, 2)
    assert (row["after"]["count"], row["after"]["of"], row["first"]) == (1, 2, 2)
    assert row["loss"] < 0
    assert replays.clean_days(world.name, months, "evaluation") == set(days[:2])
