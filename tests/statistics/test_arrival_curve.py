from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from monitoring_tasks.domain.label_coverage import LabelCoverage, LabelRound
from monitoring_tasks.statistics.arrival_curve import Arrived, arrival_curve
from monitoring_tasks.statistics.label_arrival import (
    LabelHistory,
    earlier_shares,
    label_histories,
)

FIRST = date(2013, 1, 1)


def look(
    day: int, age: int, labelled: int, *, rows: int = 100, hour: int = 6
) -> LabelCoverage:
    """Look at the nth day at six in the morning, so many whole days after its end."""
    end = datetime(2013, 1, 2, tzinfo=UTC) + timedelta(days=day)
    at = end + timedelta(days=age, hours=hour)
    return LabelCoverage(
        day=FIRST + timedelta(days=day), known_at=at, rows=rows, labelled=labelled
    )


AT = look(0, 4, 0).known_at
UTC_TIME: dict[str, Any] = {"timezone": "UTC"}


def histories(*looks: LabelCoverage) -> list[LabelHistory]:
    """Fill in histories in UTC, without any round."""
    return label_histories(looks, timezone="UTC")


def history(*known: int, day: int = 0, rows: int = 100, first: int = 0) -> LabelHistory:
    """Return the nth day's labels by age."""
    return LabelHistory(
        day=FIRST + timedelta(days=day), rows=rows, first_age=first, labelled=known
    )


def curve(*days: LabelHistory, min_days: int = 1) -> list[Arrived]:
    """Return the curve of days, with a small bootstrap."""
    return arrival_curve(
        days, min_days=min_days, confidence=0.9, replicates=200, seed=1
    )


def test_day_that_is_never_looked_at_again_is_known_at_that_age_only() -> None:
    """A backfill sees each day once: nothing follows about what came later."""
    made = histories(look(0, 0, 60), look(1, 0, 70))
    assert [(h.first_age, h.labelled) for h in made] == [(0, (60,)), (0, (70,))]


def test_labels_stand_between_two_looks_at_the_day() -> None:
    """Nobody saw any come in between, and a look that finds some leaves a trace."""
    (made,) = histories(look(0, 0, 60), look(0, 3, 90))
    assert made.labelled == (60, 60, 60, 90)


def test_round_without_any_news_says_that_all_days_stood() -> None:
    """Asked on the fourth day after: what was known at first was known until then."""
    looks = [look(0, 0, 60), look(1, 0, 70)]
    made = label_histories(
        looks, [LabelRound(known_at=AT, look_back_days=30)], **UTC_TIME
    )
    assert [h.labelled for h in made] == [(60,) * 5, (70,) * 4]


def test_round_says_nothing_of_days_it_did_not_reach_back_to() -> None:
    """Three days were looked back at then, whatever the contract says by now."""
    looks = [look(0, 0, 60), look(1, 0, 70), look(2, 0, 80)]
    made = label_histories(
        looks, [LabelRound(known_at=AT, look_back_days=3)], **UTC_TIME
    )
    assert [h.labelled for h in made] == [(60,), (70,), (80,) * 3]


def test_round_that_found_news_elsewhere_says_that_a_day_had_none() -> None:
    """Day 1 was asked too when day 0 was judged again, and stood where it stood."""
    looks = [look(0, 0, 60), look(1, 0, 70), look(0, 4, 90)]
    asked = [LabelRound(known_at=AT, look_back_days=30)]
    first, second = label_histories(looks, asked, **UTC_TIME)
    assert first.labelled == (60, 60, 60, 60, 90)
    assert second.labelled == (70, 70, 70, 70)


def test_day_that_alone_was_judged_again_says_nothing_of_the_others() -> None:
    """A person asked for its labels only: whether day 1 had news nobody knows."""
    first, second = histories(look(0, 0, 60), look(1, 0, 70), look(0, 4, 90))
    assert first.labelled == (60, 60, 60, 60, 90)
    assert second.labelled == (70,)


@pytest.mark.parametrize(("look_back_days", "ages"), [(3, 1), (4, 4), (5, 4)])
def test_round_asks_only_as_far_back_as_it_goes(look_back_days: int, ages: int) -> None:
    """A day older than that was not asked: nothing more is known of it."""
    last = look(3, 1, 60)
    asked = [LabelRound(known_at=last.known_at, look_back_days=look_back_days)]
    made = label_histories([look(1, 0, 70), look(3, 0, 50), last], asked, **UTC_TIME)
    assert len(made[0].labelled) == ages


def test_labels_that_are_taken_back_do_not_lower_what_was_known() -> None:
    """A broken delivery hides labels for a day; they had arrived before."""
    (made,) = histories(look(0, 0, 60), look(0, 1, 0), look(0, 2, 80))
    assert made.labelled == (60, 60, 80)


@pytest.mark.parametrize(
    "useless",
    [
        pytest.param(look(0, -1, 60), id="before the day's end"),
        pytest.param(look(0, 0, 0, rows=0), id="no rows"),
    ],
)
def test_look_that_says_nothing_does_not_count(useless: LabelCoverage) -> None:
    """A day with such a look alone has no history."""
    assert histories(useless) == []


def test_first_look_that_came_late_keeps_its_age() -> None:
    """What was known before it nobody knows."""
    (made,) = histories(look(0, 5, 60), look(0, 6, 61))
    assert (made.first_age, made.last_age) == (5, 6)
    assert [made.share_at(age) for age in (4, 5, 6, 7)] == [None, 0.6, 0.61, None]


def test_age_goes_by_the_models_own_calendar() -> None:
    """The day ends at midnight there: 23 hours later is age 0, 24 hours age 1."""
    at = datetime(2013, 1, 2, 5, tzinfo=UTC)
    ages = [
        label_histories(
            [LabelCoverage(day=FIRST, known_at=at + wait, rows=9, labelled=1)],
            timezone="America/New_York",
        )[0].first_age
        for wait in (timedelta(hours=23), timedelta(hours=24))
    ]
    assert ages == [0, 1]


def test_curve_is_the_share_known_when_all_days_are_old() -> None:
    """Without censoring Kaplan and Meier's estimate is the share itself."""
    shares = [a.share for a in curve(history(50, 80, 90), history(30, 60, 90, day=1))]
    assert shares == pytest.approx([0.4, 0.7, 0.9])


def test_curve_goes_on_with_the_old_days_when_young_ones_stop() -> None:
    """Of the rows without a label at age 0, the old day's half got one at age 1."""
    made = curve(history(60, 80), history(20, day=1))
    assert [a.share for a in made] == pytest.approx([0.4, 0.7])
    assert [a.days for a in made] == [2, 1]


def test_curve_takes_late_first_looks_in_from_then_on() -> None:
    """When the labels before a late look came is unknown; those after it count."""
    made = curve(history(50, 50, 75), history(90, 100, day=1, first=1))
    assert [a.share for a in made] == pytest.approx([0.5, 0.5, 1 - 0.5 * 25 / 60])


@pytest.mark.parametrize(("min_days", "ages"), [(1, 3), (2, 2), (3, 1), (4, 0)])
def test_curve_ends_where_too_few_days_were_watched(min_days: int, ages: int) -> None:
    """An age that one day reached is not known where two are asked for."""
    days = (history(50, 60, 70), history(50, 60, day=1), history(50, day=2))
    assert len(curve(*days, min_days=min_days)) == ages


def test_curve_stays_at_one_when_every_label_is_there() -> None:
    """Nothing left to come is not the same as not watched."""
    made = curve(history(50, 100, 100, 100))
    assert [a.share for a in made] == pytest.approx([0.5, 1, 1, 1])


def test_curve_is_empty_without_days() -> None:
    """No day, no curve."""
    assert curve() == []


def test_interval_is_made_of_days_not_of_rows() -> None:
    """Two kinds of day, a million rows each: as unsure as of two kinds of coin."""
    days = [
        history(900_000 if i % 2 else 100_000, day=i, rows=1_000_000) for i in range(20)
    ]
    (made,) = curve(*days)
    assert made.share == pytest.approx(0.5)
    assert made.upper - made.lower == pytest.approx(2 * 1.645 * 0.4 / 20**0.5, rel=0.2)
    assert curve(*days) == [made]


def test_rows_that_say_when_they_arrived_are_believed_before_looks() -> None:
    """One late look finds all 90 labels: 30 had come at once, 60 on the fifth day."""
    said = {FIRST: {0: 30, 5: 60}}
    (made,) = label_histories([look(0, 8, 90)], arrived=said, **UTC_TIME)
    assert (made.first_age, made.last_age) == (0, 8)
    assert [made.share_at(age) for age in (0, 4, 5, 8)] == [0.3, 0.3, 0.9, 0.9]


def test_earlier_days_are_asked_what_they_had_at_the_age_of_a_day() -> None:
    """Not what they have by now; those first seen when they were older are left out."""
    days = [date(2024, 3, n) for n in (1, 2, 3, 4)]
    grown = LabelHistory(day=days[0], rows=100, first_age=0, labelled=(40, 70, 95))
    late = LabelHistory(day=days[1], rows=100, first_age=2, labelled=(95,))
    today = LabelHistory(day=days[2], rows=100, first_age=0, labelled=(30, 60))
    later = LabelHistory(day=days[3], rows=100, first_age=0, labelled=(30, 60))
    assert earlier_shares([grown, late, today, later], days[2]) == {days[0]: 0.7}
    assert earlier_shares([grown], days[2]) == {}
