"""Is a day like the reference: which corruption is named, and what is none."""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest

from monitoring_tasks.domain.batch_summary import BatchSummary
from monitoring_tasks.validate.reference_gate import DaysBefore, check_batch
from tests.validate import goods
from tests.validate.goods import (
    ROWS,
    TODAY,
    Change,
    checked,
    recent,
    said,
    summary_of,
)

AT = goods.COLUMNS.timestamp


def lost(share: float, *columns: str) -> Change:
    """Take the values of some columns from the first share of the rows."""

    def change(rows: pd.DataFrame) -> pd.DataFrame:
        first = np.arange(len(rows)) < share * len(rows)
        return rows.assign(**{name: rows[name].mask(first) for name in columns})

    return change


def given(share: float, column: str, value: object) -> Change:
    """Return the first share of the rows one value."""

    def change(rows: pd.DataFrame) -> pd.DataFrame:
        first = np.arange(len(rows)) < share * len(rows)
        return rows.assign(**{column: rows[column].mask(first, value)})

    return change


def later(hours: int) -> Change:
    """Move instants and hours."""
    return lambda rows: rows.assign(
        **{AT: rows[AT] + timedelta(hours=hours), "hour": (rows["hour"] + hours) % 24}
    )


def closed_until(opening: int) -> Change:
    """Let whoever came earlier come at an hour."""

    def change(rows: pd.DataFrame) -> pd.DataFrame:
        wait = (opening - rows["hour"]).clip(lower=0)
        later = rows[AT] + pd.to_timedelta(wait, unit="h")
        return rows.assign(**{AT: later, "hour": rows["hour"] + wait})

    return change


def without(*shops: str) -> Change:
    """Lose the rows of some shops."""
    return lambda rows: rows[~rows["shop"].isin(shops)]


DAMAGE = [
    pytest.param(
        lambda rows: rows.assign(weight=rows["weight"] * 2.2),
        [("values_keep_their_unit", "weight", "critical")],
        "2.1[0-9]* times the usual ones",
        id="kilogrammes to pounds",
    ),
    pytest.param(
        lambda rows: rows.assign(price=rows["price"] * 1.8 + 32),
        [("values_keep_their_unit", "price", "critical")],
        "changed unit",
        id="factor and a little more",
    ),
    pytest.param(
        lambda rows: rows.assign(price=rows["price"] - 5000),
        [("values_lie_where_they_did", "price", "critical")],
        "beyond all usual ones",
        id="from another zero",
    ),
    pytest.param(
        lambda rows: rows.assign(weight=rows["price"], price=rows["weight"]),
        [("columns_hold_their_own_values", "weight, price", "critical")],
        "'weight' has the values of 'price'",
        id="swapped",
    ),
    pytest.param(
        lost(0.5, "weight"),
        [("no_more_nulls_than_usual", "weight", "critical")],
        "50% nulls, usually 0.0%",
        id="half null",
    ),
    pytest.param(
        lost(0.2, "shop"),
        [("no_more_nulls_than_usual", "shop", "warning")],
        "20% nulls",
        id="some null",
    ),
    pytest.param(
        lost(1, "shop"),
        [("no_more_nulls_than_usual", "shop", "critical")],
        "100% nulls",
        id="all null",
    ),
    pytest.param(
        given(1, "weight", 20.0),
        [("values_vary_as_usual", "weight", "critical")],
        "100% of the values are 20, .*frozen",
        id="frozen",
    ),
    pytest.param(
        given(0.5, "price", -999.0),
        [("values_vary_as_usual", "price", "critical")],
        "-999, .*placeholder",
        id="placeholder",
    ),
    pytest.param(
        given(1, "shop", "west"),
        [("values_vary_as_usual", "shop", "critical")],
        "100% of the values are west, .*frozen",
        id="frozen text",
    ),
    pytest.param(
        lambda rows: rows.assign(
            shop=rows["shop"].map(len).map(str) + rows["shop"].str[0]
        ),
        [("categories_are_known", "shop", "critical")],
        "as common as the known ones",
        id="recoded",
    ),
    pytest.param(
        later(5),
        [
            ("hours_are_not_shifted", AT, "critical"),
            ("hours_are_not_shifted", "hour", "critical"),
        ],
        "-5 hours: another time zone",
        id="five hours later",
    ),
    pytest.param(
        lambda rows: rows[rows["hour"] < 19],
        [
            ("hours_are_all_there", AT, "warning"),
            ("hours_are_all_there", "hour", "warning"),
        ],
        "nothing from 17:00 to 22:59, when 9% of the rows usually come",
        id="cut before its last hours",
    ),
    pytest.param(
        without("north"),
        [
            ("as_many_rows_as_usual", "", "warning"),
            ("categories_are_all_there", "shop", "critical"),
        ],
        "times the usual 500",
        id="outage",
    ),
    pytest.param(
        lambda rows: rows.head(60),
        [("as_many_rows_as_usual", "", "critical")],
        "0.12 times the usual 500",
        id="few rows",
    ),
    pytest.param(
        lambda rows: rows.head(40),
        [("as_many_rows_as_usual", "", "critical")],
        "part of the day",
        id="fewer rows than are judged",
    ),
    pytest.param(
        lambda rows: pd.concat([rows, rows]),
        [("no_more_rows_than_usual", "", "warning")],
        "2 times the usual",
        id="twice the rows",
    ),
]
DRIFT = [
    pytest.param(
        lambda rows: rows.assign(weight=rows["weight"] + rows["weight"].std()),
        id="one standard deviation",
    ),
    pytest.param(
        lambda rows: rows.assign(price=rows["price"] + 2 * rows["price"].std()),
        id="two standard deviations",
    ),
    pytest.param(
        lambda rows: rows.assign(weight=rows["weight"] * 1.2), id="a fifth heavier"
    ),
    pytest.param(
        lambda rows: rows.assign(weight=rows["weight"] + 12, price=rows["price"] + 150),
        id="both numbers moved",
    ),
]
HARMLESS = [
    pytest.param(lambda rows: rows, id="nothing"),
    pytest.param(closed_until(13), id="nobody came in the morning"),
    pytest.param(given(0.005, "shop", "new"), id="two rows of a new category"),
    pytest.param(lost(0.01, "weight"), id="five nulls"),
    pytest.param(later(0), id="same hours"),
    pytest.param(lambda rows: rows.head(400), id="a fifth fewer rows"),
    pytest.param(lambda rows: rows.drop(columns="weight"), id="no such column"),
    pytest.param(
        lambda rows: rows.assign(weight=rows["weight"].map(str)), id="numbers as text"
    ),
]


@pytest.mark.parametrize(("change", "expected", "words"), DAMAGE)
def test_damage_is_named(
    change: Change, expected: list[tuple[str, str, str]], words: str
) -> None:
    """Each corruption is seen the same day, as what it is and in its column."""
    checks = checked(summary_of(change=change), recent())
    assert said(checks) == expected
    assert re.search(words, checks[0].observed)


@pytest.mark.parametrize("value", ["n/a", "12.5", True, float("inf")], ids=str)
def test_one_value_that_is_no_number_is_a_placeholder(value: str | float) -> None:
    """A text in place of a number is corruption, and not the end of the judgement."""
    checks = checked(
        summary_of(change=lambda rows: rows.assign(weight=value)), recent()
    )
    assert said(checks) == [("values_vary_as_usual", "weight", "critical")]
    assert "a placeholder" in checks[0].observed


@pytest.mark.parametrize("change", DRIFT)
def test_numbers_that_all_moved_are_told_and_are_no_damage(change: Change) -> None:
    """A level that moved may be the world's: a warning, and no fault of the data."""
    failed = [
        c
        for c in checked(summary_of(change=change), recent())
        if c.status == "failed" and c.severity != "info"
    ]
    assert {(c.name, c.severity, c.is_new) for c in failed} <= {
        ("values_are_spread_as_usual", "warning", False)
    }


@pytest.mark.parametrize("change", HARMLESS)
def test_world_that_moves_is_not_damage(change: Change) -> None:
    """What is no corruption makes nothing fail: it is drift's to tell."""
    assert said(checked(summary_of(change=change), recent())) == []


def test_days_of_the_reference_are_like_it() -> None:
    """No day fails that the baseline were learnt from."""
    for summary in goods.reference_days():
        (check,) = checked(summary)
        assert check.status == "passed"


def test_new_column_is_not_judged() -> None:
    """What the reference does not know is said to be skipped; the others are asked."""
    known = goods.reference_days()
    some = [
        replace(day, nulls={n: s for n, s in day.nulls.items() if n != "weight"})
        for day in known
    ]
    checks = check_batch(summary_of(), goods.baseline(some), goods.contract())
    assert [(c.status, c.column) for c in checks] == [
        ("passed", ""),
        ("skipped", "weight"),
    ]


def test_gate_is_skipped_where_every_column_is_new() -> None:
    """Nothing asked is nothing held."""
    known = [replace(day, nulls={}) for day in goods.reference_days()]
    checks = check_batch(summary_of(), goods.baseline(known), goods.contract())
    assert {check.status for check in checks} == {"skipped"}
    assert {check.column for check in checks} == set(summary_of().nulls)


@pytest.mark.parametrize(
    ("count", "words"),
    [
        pytest.param(None, "no baseline", id="no baseline"),
        pytest.param(2, "2 days of policy.min_rows (50) rows", id="two days"),
        pytest.param(13, "has 13 days", id="one too few"),
    ],
)
def test_too_little_to_learn_from_is_said(count: int | None, words: str) -> None:
    """Without a baseline the gate is skipped, with the reason; never passed."""
    baseline = goods.baseline(goods.reference_days()[:count]) if count else None
    corrupted = summary_of(change=lost(1, "weight"))
    (check,) = check_batch(corrupted, baseline, goods.contract())
    assert (check.status, check.gate) == ("skipped", "reference")
    assert words in check.observed


def test_fewest_days_that_teach_find_a_null_flood() -> None:
    """Fourteen days are enough for what is gross."""
    baseline = goods.baseline(goods.reference_days()[:14])
    corrupted = summary_of(change=lost(1, "weight"))
    checks = check_batch(corrupted, baseline, goods.contract())
    assert said(checks) == [("no_more_nulls_than_usual", "weight", "critical")]


@pytest.mark.parametrize(
    ("share", "severity"),
    [(0.012, None), (0.03, "warning"), (0.248, "warning"), (0.252, "critical")],
)
def test_size_decides_between_nothing_warning_and_unfit(
    share: float, severity: str | None
) -> None:
    """Nulls where none were warn once chance allows no more; .25 make it unfit."""
    found = said(checked(summary_of(change=lost(share, "price"))))
    assert [one[2] for one in found] == ([severity] if severity else [])


@pytest.mark.parametrize(
    ("rows", "severity"),
    [
        (299, "critical"),
        (301, "warning"),
        (349, "warning"),
        (351, None),
        (715, "warning"),
    ],
)
def test_rows_decide_between_nothing_warning_and_unfit(
    rows: int, severity: str | None
) -> None:
    """Under .6 of the usual 500 rows are unfit; under .7 and over 1 / .7 warn."""
    found = said(checked(summary_of(rows=rows)))
    assert [one[2] for one in found] == ([severity] if severity else [])


def test_weekday_of_few_rows_is_held_against_its_like() -> None:
    """A warehouse that is all but closed on Saturdays is not broken on Saturdays."""

    def rows_on(day: date) -> int:
        return 100 if day.weekday() == 5 else ROWS

    days = [goods.FIRST + timedelta(days=n) for n in range(goods.DAYS)]
    baseline = goods.baseline([summary_of(day, rows=rows_on(day)) for day in days])
    saturday, friday = TODAY + timedelta(days=1), TODAY

    def found(day: date, rows: int = 100) -> list[tuple[str, str, str]]:
        summary = summary_of(day, rows=rows)
        return said(check_batch(summary, baseline, goods.contract()))

    assert found(saturday) == []
    for many in (ROWS, 3 * ROWS):
        assert found(saturday, many) == [("no_more_rows_than_usual", "", "warning")]
    assert found(friday) == [("as_many_rows_as_usual", "", "critical")]


def test_rare_category_on_few_rows_is_not_missed() -> None:
    """A category that chance alone may leave out is no outage."""
    summary = summary_of(change=without("west"), rows=100)
    found = checked(summary, notable_share=0.05, gross_share=0.06)
    assert "categories_are_all_there" not in [check.name for check in found]
    many = summary_of(change=without("west"))
    found = checked(many, notable_share=0.05, gross_share=0.06)
    assert "categories_are_all_there" in [check.name for check in found]


def pounds(rows: pd.DataFrame) -> pd.DataFrame:
    """Weigh in pounds."""
    return rows.assign(weight=rows["weight"] * 2.2)


def test_level_that_moved_before_is_a_season() -> None:
    """What the fit days before look like as well did not break; nobody is warned."""
    (check,) = checked(summary_of(change=pounds), recent(pounds))
    assert (check.severity, check.status) == ("info", "failed")
    assert "the last fit days look the same" in check.observed


def test_shift_that_was_there_before_is_the_references() -> None:
    """A version whose training read other hours is warned of; the data is fit."""
    checks = checked(summary_of(change=later(5)), recent(later(5)))
    assert {check.severity for check in checks} == {"warning"}


def test_level_is_no_damage_by_itself_where_no_days_before_tell() -> None:
    """Without days before, only what no season reaches is unfit; the rest is noted."""
    kind = ("values_keep_their_unit", "weight")
    spread = [
        replace(
            day,
            quantiles={"weight": tuple(q * factor for q in day.quantiles["weight"])},
        )
        for day, factor in zip(
            goods.reference_days(), np.linspace(0.8, 1.2, goods.DAYS), strict=True
        )
    ]
    baseline, contract = goods.baseline(spread), goods.contract()
    pound = check_batch(summary_of(change=pounds), baseline, contract)
    assert said(pound) == [(*kind, "info")]
    ounces = summary_of(change=lambda rows: rows.assign(weight=rows["weight"] * 35))
    far = check_batch(ounces, baseline, contract)
    assert said(far) == [(*kind, "critical")]
    overnight = check_batch(
        summary_of(change=pounds), baseline, contract, DaysBefore(summaries=recent())
    )
    assert said(overnight) == [(*kind, "critical")]


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("values_keep_their_unit", lambda x: x * 1.5),
        ("values_lie_where_they_did", lambda x: x + 450),
        ("values_lie_where_they_did", lambda x: (x - 900) * 4 + 1600),
    ],
    ids=["unit", "level alone", "far wider"],
)
def test_unit_moves_level_and_width_alike(
    name: str, change: Callable[[pd.Series], pd.Series]
) -> None:
    """All quantiles at one factor, the day as narrow as ever: a level, and no unit."""
    summary = summary_of(change=lambda rows: rows.assign(price=change(rows["price"])))
    assert said(checked(summary, recent())) == [(name, "price", "critical")]


def test_what_the_reference_does_not_know_is_not_asked_of_the_days_before() -> None:
    """A reference without hours: a changed unit is found all the same."""
    known = [replace(day, hours={}, categories={}) for day in goods.reference_days()]
    heavier = summary_of(change=lambda rows: rows.assign(price=rows["price"] * 1000))
    checks = check_batch(
        heavier,
        goods.baseline(known),
        goods.contract(),
        DaysBefore(summaries=goods.recent()),
    )
    assert said(checks) == [("values_keep_their_unit", "price", "critical")]


@pytest.mark.parametrize(("count", "severity"), [(2, "critical"), (3, "warning")])
def test_two_days_before_are_not_asked(count: int, severity: str) -> None:
    """Two days say nothing of what is usual; a null flood stands without them."""
    flood = lost(0.5, "weight")
    found = checked(summary_of(change=flood), recent(flood)[:count])
    assert said(found) == [("no_more_nulls_than_usual", "weight", severity)]


@pytest.mark.parametrize("value", [0.0, 5.25, -3.0])
def test_number_that_is_one_value_a_day_may_change(value: float) -> None:
    """The rate of the day is not a distribution; another rate is no changed unit."""

    def rate(number: float) -> Change:
        return lambda rows: rows.assign(price=number)

    days = [goods.FIRST + timedelta(days=n) for n in range(goods.DAYS)]
    baseline = goods.baseline([summary_of(day, rate(1.5)) for day in days])
    summary = summary_of(change=rate(value))
    assert said(check_batch(summary, baseline, goods.contract())) == []


def test_column_that_was_always_empty_may_stay_so() -> None:
    """A column of nulls in the reference is usual."""
    days = [goods.FIRST + timedelta(days=n) for n in range(goods.DAYS)]
    baseline = goods.baseline([summary_of(day, lost(1, "price")) for day in days])
    summary = summary_of(change=lost(1, "price"))
    assert said(check_batch(summary, baseline, goods.contract())) == []


NULLS = ("no_more_nulls_than_usual", "price")


def beside(
    change: Change,
    before: Sequence[BatchSummary],
    corrupted: Sequence[date],
    *about: str,
) -> dict[tuple[str, str], tuple[str, bool]]:
    """Return how grave and whether new each failed statement about a day is."""
    checks = check_batch(
        summary_of(change=change),
        goods.baseline(),
        goods.contract(),
        DaysBefore(
            summaries=before,
            corrupted=dict.fromkeys(corrupted, frozenset([about or NULLS])),
        ),
    )
    return {c.about: (c.severity, c.is_new) for c in checks if c.status == "failed"}


def test_damage_is_new_beside_days_that_had_none() -> None:
    """A fifth of the prices lost overnight; three days before are enough to tell."""
    for before in (recent(), recent()[-3:]):
        assert beside(lost(0.2, "price"), before, []) == {NULLS: ("warning", True)}


def test_days_that_were_damaged_alike_do_not_say_what_is_usual() -> None:
    """Lost on the last three days as well: it goes on, and does not become the norm."""
    flood = lost(0.2, "price")
    before = [*recent()[:4], *recent(flood)[4:]]
    days = [day.day for day in before[4:]]
    assert beside(flood, before, days) == {NULLS: ("warning", True)}
    assert beside(flood, before, []) == {NULLS: ("warning", False)}


@pytest.mark.parametrize(("known", "days"), [(14, 1), (14, 2), (5, 2), (4, 1)])
def test_day_or_two_on_which_nothing_showed_yet_excuse_no_damage(
    known: int, days: int
) -> None:
    """On few rows a fault may begin within what chance brings."""
    flood = lost(0.2, "price")
    before = [*recent()[-known:-days], *recent(flood)[-days:]]
    assert beside(flood, before, []) == {NULLS: ("warning", True)}


@pytest.mark.parametrize(("stood", "is_new"), [(0, True), (2, True), (3, False)])
def test_days_like_the_reference_need_not_be_as_sure_once_more(
    stood: int, *, is_new: bool
) -> None:
    """Rows of unsteady days: half of them came, which only the reference is sure of."""
    random = np.random.default_rng(3)
    before = [
        summary_of(TODAY - timedelta(days=back), rows=round(ROWS * factor))
        for back, factor in enumerate(random.uniform(0.75, 1.25, 14), start=1)
    ]
    few = ("as_many_rows_as_usual", "")
    checks = check_batch(
        summary_of(rows=round(0.55 * ROWS)),
        goods.baseline(),
        goods.contract(),
        before=DaysBefore(
            summaries=before[::-1],
            standing={day.day: frozenset([few]) for day in before[:stood]},
        ),
    )
    (check,) = (c for c in checks if c.about == few)
    assert check.is_new is is_new


def test_damage_goes_on_when_no_day_without_it_is_left() -> None:
    """A day that was well in between is too few to say what is usual."""
    flood = lost(0.2, "price")
    before = recent(flood)
    days = [day.day for day in before]
    assert beside(flood, before, days) == {NULLS: ("warning", True)}
    assert beside(flood, before, days[:-1]) == {NULLS: ("warning", True)}
    assert beside(flood, [], days) == {NULLS: ("warning", True)}
    assert beside(flood, before, [])[NULLS] == ("warning", False)


def test_damage_that_goes_on_is_gross_only_beside_itself() -> None:
    """A fifth of the prices lost for days: .3 are no more grave, all of them are."""
    before = recent(lost(0.2, "price"))
    days = [day.day for day in before]
    assert beside(lost(0.3, "price"), before, days)[NULLS] == ("warning", True)
    assert beside(lost(0.9, "price"), before, days)[NULLS] == ("critical", True)
    assert beside(lost(0.9, "price"), [], days)[NULLS] == ("critical", True)


@pytest.mark.parametrize("count", [0, 1, 2])
def test_gross_damage_that_goes_on_stays_gross(count: int) -> None:
    """Pounds for days, each unfit; one or two days before them are left."""
    before = recent()[:count]
    unfit = [TODAY - timedelta(days=back) for back in (2, 1)]
    about = ("values_keep_their_unit", "weight")
    assert beside(pounds, before, unfit, *about)[about] == ("critical", True)


def test_number_that_is_filled_in_more_and_more_is_one_damage() -> None:
    """A third of the weights for days, then nearly all: frozen, and it goes on."""
    before = recent(given(0.3, "weight", 20.0))
    days = [day.day for day in before]
    about = ("values_vary_as_usual", "weight")
    found = beside(given(0.95, "weight", 20.0), before, days, *about)
    assert found[about] == ("critical", True)


@pytest.mark.parametrize("share", [0.05, 0.0])
def test_fault_of_all_values_is_new_where_a_part_was_damaged_before(
    share: float,
) -> None:
    """Nulls for a fortnight are no reason to take another unit for a season."""
    before = recent(lost(0.05, "price"))
    days = [day.day for day in before]
    found = beside(
        lambda rows: lost(share, "price")(rows.assign(price=rows["price"] * 2.2)),
        before,
        days,
    )
    assert found["values_keep_their_unit", "price"] == ("critical", True)


def test_difference_that_stood_before_stays_old_after_another_fault() -> None:
    """Nulls for a fortnight take the sound days away, not what they had said."""
    unit = ("values_keep_their_unit", "price")
    before = recent(lost(0.2, "price"))
    checks = check_batch(
        summary_of(change=lambda rows: rows.assign(price=rows["price"] * 2.2)),
        goods.baseline(),
        goods.contract(),
        DaysBefore(
            summaries=before,
            corrupted={day.day: frozenset([NULLS]) for day in before},
            standing={day.day: frozenset([unit]) for day in before},
        ),
    )
    (check,) = (c for c in checks if c.about == unit)
    assert (check.severity, check.is_new) == ("info", False)


def test_column_of_one_value_a_day_may_go_anywhere() -> None:
    """A tariff of two values says nothing of a third."""

    def tariff(day: date, price: float) -> BatchSummary:
        return summary_of(day, lambda rows: rows.assign(price=price))

    days = [
        tariff(goods.FIRST + timedelta(days=n), 22.0 if n % 7 > 4 else 25.0)
        for n in range(goods.DAYS)
    ]
    checks = check_batch(
        tariff(TODAY, 30.0),
        goods.baseline(days),
        goods.contract(),
        DaysBefore(summaries=days[-7:]),
    )
    assert ("values_lie_where_they_did", "price", "critical") not in said(checks)


def test_job_that_stamps_its_rows_may_be_done_sooner() -> None:
    """All rows within an hour or two: how long it takes says nothing of them."""

    def stamped(day: date, rows: int) -> BatchSummary:
        def stamp(frame: pd.DataFrame) -> pd.DataFrame:
            late = np.arange(len(frame)) >= 350
            at = pd.Timestamp(day, tz="UTC") + pd.to_timedelta(2 + late, unit="h")
            return frame.assign(**{AT: at}).drop(columns="hour")

        return summary_of(day, stamp, rows)

    days = [stamped(goods.FIRST + timedelta(days=n), ROWS) for n in range(goods.DAYS)]
    checks = check_batch(
        stamped(TODAY, 340),
        goods.baseline(days),
        goods.contract(),
        DaysBefore(summaries=days[-7:]),
    )
    assert "hours_are_all_there" not in {c.name for c in checks if c.status == "failed"}


def test_hours_without_rows_never_make_a_day_unfit() -> None:
    """A shop that closed at noon looks the same as a batch that was cut."""
    checks = checked(summary_of(change=lambda rows: rows[rows["hour"] < 13]), recent())
    assert ("hours_are_all_there", AT, "warning") in said(checks)


def test_hours_of_a_column_that_is_half_empty_are_held_against_all_rows() -> None:
    """Rows that came at other hours are there, whoever counts their hours."""
    half = lost(0.5, "hour")
    days = [
        summary_of(goods.FIRST + timedelta(days=n), half) for n in range(goods.DAYS)
    ]
    moved = summary_of(change=lambda rows: half(closed_until(13)(rows)))
    checks = check_batch(
        moved, goods.baseline(days), goods.contract(), DaysBefore(summaries=days[-7:])
    )
    assert "hours_are_all_there" not in {c.name for c in checks if c.status == "failed"}


def test_damage_of_a_column_does_not_hide_the_season_of_another() -> None:
    """All weights moved weeks ago while prices are lost: the weights are a season's."""

    def both(rows: pd.DataFrame) -> pd.DataFrame:
        return pounds(lost(0.2, "price")(rows))

    before = recent(both)
    found = beside(both, before, [day.day for day in before])
    assert found["values_keep_their_unit", "weight"] == ("info", False)
    assert found[NULLS] == ("warning", True)


def test_more_rows_than_usual_are_told_and_no_damage() -> None:
    """They may be growth."""
    checks = checked(summary_of(rows=900), recent())
    (check,) = [c for c in checks if c.status == "failed"]
    assert (check.name, check.is_new) == ("no_more_rows_than_usual", False)


def test_changed_unit_is_not_hidden_by_a_number_that_is_too_common() -> None:
    """Pounds, rounded to eight, are pounds."""

    def rounded(rows: pd.DataFrame) -> pd.DataFrame:
        return rows.assign(weight=(rows["weight"] * 2.2 / 8).round() * 8)

    found = beside(rounded, recent(), [])
    assert found["values_keep_their_unit", "weight"] == ("critical", True)
    assert found["values_vary_as_usual", "weight"] == ("warning", True)
