"""What days have in common."""

import math
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from monitoring_tasks.domain.batch_summary import BatchSummary, Grain
from monitoring_tasks.validate.baseline.batch_baseline import learn_baseline, widened_by
from monitoring_tasks.validate.summary.distributions import GRID
from monitoring_tasks.validate.summary.hours import distance
from tests.validate import goods

NO_MIDDLES = (0.0, 0.0, 0.0)


def day(number: int, **parts: object) -> BatchSummary:
    """Return the summary of a day."""
    known: dict[str, Any] = {"day": goods.FIRST + timedelta(days=number), "rows": 100}
    return BatchSummary(**(known | parts))


def nulls(*shares: float) -> list[BatchSummary]:
    """Return days of so many nulls."""
    return [day(n, nulls={"weight": share}) for n, share in enumerate(shares)]


def test_one_day_teaches_nothing() -> None:
    """One day says nothing of what days have in common."""
    assert learn_baseline(nulls(0.1), recent_days=7) is None
    assert learn_baseline([], recent_days=7) is None


def test_share_is_told_by_mean_spread_and_ends() -> None:
    """The spread is the sample's standard deviation between days."""
    usual = goods.baseline(nulls(0.1, 0.2, 0.3)).shares["nulls/weight"]
    assert [usual.mean, usual.spread] == pytest.approx([0.2, 0.1])
    assert (usual.low, usual.high) == (0.1, 0.3)


def test_jump_is_taken_from_the_days_just_before() -> None:
    """A steady climb spreads widely and jumps little; days may come in any order."""
    climb = nulls(*(n / 100 for n in range(40)))
    learnt = learn_baseline(climb[::-1], recent_days=2)
    assert learnt is not None
    usual = learnt.shares["nulls/weight"]
    assert usual.jump == pytest.approx(0.015)
    assert usual.spread > 0.1


def test_few_days_jump_as_far_as_they_spread() -> None:
    """Where no day has so many before it, the spread is all there is."""
    usual = goods.baseline(nulls(0.1, 0.3)).shares["nulls/weight"]
    assert usual.jump == usual.spread


def test_decimals_are_shares_of_the_values_that_have_some() -> None:
    """Of a column that is 0 on most days nothing is known, nor of a few values."""
    zeros = Grain(100, 0, 0, (0, 0, 0), NO_MIDDLES, NO_MIDDLES)
    known = {"finer0/weight": 0.25, "finer1/weight": 0.1, "finer2/weight": 0.0}
    for distinct, blank, learnt in ((5, 2, known), (5, 3, {}), (4, 2, {})):
        grain = Grain(100, 80, distinct, (20, 8, 0), NO_MIDDLES, NO_MIDDLES)
        days = [
            day(
                n,
                grain={"weight": of_day},
                value={"weight": "7"},
                distributions={"weight": (1.0,) * len(GRID)},
            )
            for n, of_day in enumerate([grain, grain, *[zeros] * blank])
        ]
        shares = goods.baseline(days).shares
        means = {key: of.mean for key, of in shares.items() if key in known}
        assert means == pytest.approx(learnt)


def test_unseen_is_what_no_other_day_has() -> None:
    """A category of one day alone is as new as any to come."""
    counts = [{"a": 9, "b": 1}, {"a": 10}, {"a": 5, "c": 5}]
    learnt = goods.baseline(
        [day(n, categories={"shop": c}) for n, c in enumerate(counts)]
    )
    assert learnt.shares["unseen/shop"].high == pytest.approx(0.5)
    assert learnt.least == {"shop": {"a": 0.5}}
    assert learnt.categories["shop"] == pytest.approx(
        {"a": 0.8, "b": 1 / 30, "c": 1 / 6}
    )


def test_hours_of_a_day_are_held_against_those_of_the_others() -> None:
    """A day's own hours are no part of what is usual for it."""
    early, late = [10] + [0] * 23, [0] * 23 + [10]
    days = [day(n, hours={"at": h}) for n, h in enumerate([early, early, late])]
    usual = goods.baseline(days).shares["hours/at"]
    assert (usual.low, usual.high) == pytest.approx((0.5, 1))


def test_logarithm_is_known_of_medians_above_zero_alone() -> None:
    """One day at zero or below, and the column has no factors."""
    steps = [(1.0,) * 5, (math.e,) * 5]
    learnt = goods.baseline([day(n, quantiles={"w": q}) for n, q in enumerate(steps)])
    assert learnt.logarithms["w"].mean == pytest.approx(0.5)
    zero = [*(day(n, quantiles={"w": q}) for n, q in enumerate(steps))]
    zero.append(day(2, quantiles={"w": (0.0,) * 5}))
    assert not goods.baseline(zero).logarithms


def test_weekday_is_learnt_from_four_of_each() -> None:
    """27 days have three Sundays; 28 have four of every weekday."""

    def busy(count: int) -> list[BatchSummary]:
        return [day(n, rows=50 if n % 7 == 5 else 100) for n in range(count)]

    assert goods.baseline(busy(27)).weekdays == ()
    learnt = goods.baseline(busy(28))
    assert learnt.weekdays[5] == pytest.approx(-math.log(2) * 6 / 7)
    assert learnt.rows.spread == pytest.approx(0, abs=1e-9)


def test_recent_days_are_at_least_as_unsteady_as_the_reference() -> None:
    """Few days that happen to agree do not make the next one strange."""
    reference, calm = goods.baseline(), goods.recent()
    steady = goods.baseline([replace(calm[0], day=summary.day) for summary in calm])
    widened = widened_by(steady, reference)
    assert widened.days == reference.days
    for name, usual in widened.shares.items():
        assert usual.spread == pytest.approx(reference.shares[name].jump)
    for name, quantiles in widened.quantiles.items():
        known = reference.quantiles[name]
        assert [q.spread for q in quantiles] == [q.jump for q in known]
    assert widened.logarithms["price"].spread == reference.logarithms["price"].jump


def test_distance_is_the_share_of_rows_elsewhere() -> None:
    """Half the sum of the absolute differences."""
    assert distance([5, 5], [0.5, 0.5]) == 0
    assert distance([10, 0], [0.5, 0.5]) == pytest.approx(0.5)
