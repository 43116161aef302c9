"""Labels held against the days before, by themselves and beside the outputs."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest

from monitoring_tasks.domain.label_days import LabelDay
from monitoring_tasks.domain.label_summary import LabelSummary, NumberCurves
from monitoring_tasks.statistics.arrays import Floats
from monitoring_tasks.statistics.expected_shares import scaled_residuals
from monitoring_tasks.statistics.held_labels import held_level, held_levels
from monitoring_tasks.statistics.share_curves import curve_of

FIRST = date(2024, 1, 1)
AGES = np.array([17.5, 22.0, 27.0, 32.0, 37.0, 42.0])


def days_of(*values: float, level: str = "1", said: float = 0.3) -> list[LabelDay]:
    """Return days in a row with a level of their labels."""
    return [
        LabelDay(
            day=FIRST + timedelta(days=n),
            labels=LabelSummary(
                rows=1000, levels={level: value}, outputs={level: said}
            ),
            is_calm=True,
        )
        for n, value in enumerate(values)
    ]


def number_day(number: int, labels: Floats, said: Floats) -> LabelDay:
    """Return a day of labels that are numbers, and of what the model said of them."""
    summary = LabelSummary(
        rows=len(labels),
        levels=dict.fromkeys(("5%", "25%", "50%", "75%", "95%"), 0.0),
        outputs=dict.fromkeys(("5%", "25%", "50%", "75%", "95%"), 0.0),
        curves=NumberCurves(
            labels=curve_of(labels),
            outputs=curve_of(said),
            residuals=curve_of(labels - said),
            scaled=scaled_residuals(labels, said),
        ),
    )
    return LabelDay(day=FIRST + timedelta(days=number), labels=summary, is_calm=True)


Draw = Callable[[np.random.Generator, int, float], tuple[Floats, Floats]]
"""Labels and predictions of so many rows, the labels moved by so much."""


def ages(random: np.random.Generator, rows: int, move: float) -> tuple[Floats, Floats]:
    """Return ages in classes of five years."""
    said = random.normal(28, 5, rows)
    true = said + random.normal(move, 7, rows)
    return AGES[np.abs(AGES - true[:, None]).argmin(axis=1)], said


def counts(
    random: np.random.Generator, rows: int, move: float
) -> tuple[Floats, Floats]:
    """Return small counts."""
    said = np.exp(random.normal(0.3, 0.5, rows))
    return random.poisson(said * (1 + move / 5)).astype(np.float64), said


def prices(
    random: np.random.Generator, rows: int, move: float
) -> tuple[Floats, Floats]:
    """Return numbers without a finite variance."""
    worth = random.normal(0, 0.5, rows)
    labels = np.exp(worth + move / 10) * (random.pareto(1.5, rows) + 1)
    return labels, 3 * np.exp(worth)


def told(draw: Draw, rows: int, *, move: float, runs: int, span: int = 1) -> float:
    """Return the share of runs in which labels of the last days are told to have moved.

    As the gate asks: each number at one in a thousand, a tenth of a deviation apart.
    """
    random = np.random.default_rng([rows, span])
    count = 0
    for _ in range(runs):
        days = [
            number_day(n, *draw(random, rows, move if n >= 28 else 0.0))
            for n in range(28 + span)
        ]
        held = held_levels(days[:28], days[28:], is_trimmed=span > 1)
        count += any(h.p_value_of_parting < 1e-3 and h.size >= 0.1 for h in held)
    return count / runs


def revenues(
    random: np.random.Generator, rows: int, demand: float
) -> tuple[Floats, Floats]:
    """Return numbers that stray in proportion to what is expected of them."""
    said = demand * np.exp(random.normal(3, 0.8, rows))
    return said * np.exp(random.normal(-0.045, 0.3, rows)), said


def waits(
    random: np.random.Generator, rows: int, demand: float
) -> tuple[Floats, Floats]:
    """Return numbers that stray by as much of any prediction."""
    said = demand * random.normal(100, 20, rows)
    return said + random.normal(0, 15, rows), said


def orders(
    random: np.random.Generator, rows: int, demand: float
) -> tuple[Floats, Floats]:
    """Return counts, of more values than are kept."""
    said = demand * np.exp(random.normal(1.5, 0.6, rows))
    return random.poisson(said).astype(np.float64), said


def rare_sales(
    random: np.random.Generator, rows: int, demand: float
) -> tuple[Floats, Floats]:
    """Return revenues most of which are nothing."""
    worth, said = revenues(random, rows, demand)
    return np.where(random.random(rows) < 0.4, worth / 0.4, 0.0), said


def told_on_a_campaign(draw: Draw, rows: int, demand: float, *, runs: int) -> float:
    """Return the share of runs in which labels are told that predictions foresaw."""
    random = np.random.default_rng(rows)
    count = 0
    for _ in range(runs):
        *before, now = [
            number_day(n, *draw(random, rows, demand if n == 35 else 1.0))
            for n in range(36)
        ]
        held = held_levels(before, [now])
        count += any(h.p_value_of_parting < 1e-3 and h.size >= 0.1 for h in held)
    return count / runs


@pytest.mark.slow
@pytest.mark.parametrize("rows", [500, 3000])
@pytest.mark.parametrize("draw", [revenues, waits, orders, rare_sales])
@pytest.mark.parametrize("demand", [0.75, 1.3])
def test_demand_that_moves_and_is_foreseen_is_hardly_ever_told(
    draw: Draw, rows: int, demand: float
) -> None:
    """However labels stray from predictions."""
    assert told_on_a_campaign(draw, rows, demand, runs=20) <= 0.1


@pytest.mark.parametrize("draw", [revenues, orders, rare_sales])
@pytest.mark.parametrize("demand", [0.75, 1.3])
def test_foreseen_campaign_of_a_large_shop_is_not_told(
    draw: Draw, demand: float
) -> None:
    """Residuals grow with the prediction: small ones have small ones."""
    assert told_on_a_campaign(draw, 8000, demand, runs=3) == 0


def test_sales_beside_a_campaign_that_are_wrong_all_the_same_are_told() -> None:
    """Predictions fell by a fifth, and a sixth of every label is missing."""
    random = np.random.default_rng(9)
    days = [number_day(n, *revenues(random, 3000, 1.0)) for n in range(28)]
    labels, said = revenues(random, 3000, 0.8)
    (alike, wrong) = (number_day(28, x, said) for x in (labels, labels * 5 / 6))
    p_values = [
        min(held.p_value for held in held_levels(days, [now])) for now in (alike, wrong)
    ]
    assert p_values[0] > 0.1
    assert p_values[1] < 1e-3


@pytest.mark.slow
@pytest.mark.parametrize("rows", [24, 150, 500, 3000])
@pytest.mark.parametrize("draw", [ages, counts, prices])
@pytest.mark.parametrize("span", [1, 7])
def test_healthy_numbers_are_hardly_ever_told_few_values_or_heavy_tails(
    draw: Draw, rows: int, span: int
) -> None:
    """Five levels at one in a thousand: no more than that, at any size of the day."""
    # Three of 100 happen with a chance of 1 % where all five levels are independent.
    assert told(draw, rows, move=0.0, runs=100, span=span) <= 0.02


@pytest.mark.parametrize(
    ("draw", "rows", "span"),
    [
        pytest.param(ages, 500, 1, id="ages, 500 a day"),
        pytest.param(ages, 150, 7, id="ages, 150 a day, a week"),
        pytest.param(counts, 500, 1, id="counts, 500 a day"),
        pytest.param(prices, 500, 1, id="prices, 500 a day"),
        pytest.param(prices, 150, 7, id="prices, 150 a day, a week"),
    ],
)
def test_numbers_that_moved_are_told(draw: Draw, rows: int, span: int) -> None:
    """By a third of a deviation, all labels alike."""
    assert told(draw, rows, move=3.0, runs=8, span=span) >= 7 / 8


def of_ages(number: int, at_most_32: int) -> LabelDay:
    """Return a day of 500 ages, so many of them at most 32."""
    labels = np.repeat(AGES[[0, 3, 4]], [125, at_most_32 - 125, 500 - at_most_32])
    said = np.random.default_rng(number).normal(28, 5, 500)
    return number_day(number, labels, said)


def test_quantile_that_jumps_to_the_next_age_is_chance_unless_shares_moved() -> None:
    """It was 32 on each day before, by a little, and is 37 today."""
    before = [of_ages(n, 388 + 3 * (n % 5 - 2)) for n in range(28)]
    by_chance = held_level("75%", before, [of_ages(28, 370)])
    for_sure = held_level("75%", before, [of_ages(28, 320)])
    assert by_chance is not None
    assert for_sure is not None
    assert (by_chance.cut, for_sure.cut) == (32, 32)
    assert for_sure.p_value < 1e-3
    assert by_chance.p_value > 0.01


def test_number_that_the_predictions_moved_along_with_is_chance() -> None:
    """The rows are others, and the model said so."""
    random = np.random.default_rng(4)
    days = [number_day(n, *ages(random, 800, 0.0)) for n in range(28)]
    said = random.normal(32, 5, 800)
    true = said + random.normal(0, 7, 800)
    labels = AGES[np.abs(AGES - true[:, None]).argmin(axis=1)]
    by_rows = held_level("50%", days, [number_day(28, labels, said)])
    by_itself = held_level("50%", days, [number_day(28, labels, said - 4)])
    assert by_rows is not None
    assert by_itself is not None
    assert by_rows.alone.p_value < 1e-6
    assert by_rows.p_value > 0.01
    assert by_itself.p_value < 1e-6


def test_days_kept_without_curves_say_nothing_of_numbers() -> None:
    """They are read all the same; seven days later there is enough to hold."""
    random = np.random.default_rng(5)
    *days, now = [number_day(n, *ages(random, 300, 0.0)) for n in range(11)]
    old = [replace(d, labels=replace(d.labels, curves=None)) for d in days]
    assert held_level("50%", old, [now]) is None
    assert held_level("50%", [*old[:4], *days[4:]], [now]) is None
    held = held_level("50%", [*old[:3], *days[3:]], [now])
    assert held is not None
    assert held.alone.days == 7


def test_strange_day_is_left_out_of_a_week() -> None:
    """The one that lies farthest on the side of most."""
    *before, one, two, strange = days_of(*[0.3, 0.31, 0.29] * 10, 0.3, 0.31, 0.9)
    (with_it,) = held_levels(before, [one, two, strange])
    (without,) = held_levels(before, [one, two, strange], is_trimmed=True)
    assert with_it.p_value < 1e-3 < without.p_value


def test_level_is_told_as_a_share_of_a_class_or_below_what_was_a_quantile() -> None:
    """Whatever scale they are held on."""
    *before, now = days_of(*[0.3, 0.31, 0.29] * 10, 0.4)
    held = held_level("1", before, [now])
    assert held is not None
    assert held.ends == pytest.approx((0.3, 0.4), abs=0.002)
    assert held.size == pytest.approx(0.1 / 0.3**0.5 / 0.7**0.5, rel=0.05)
    assert "40.0% of the labels are positive; it was 30.0%" in held.text
    random = np.random.default_rng(6)
    *before, now = [
        number_day(n, *ages(random, 1000, 6.0 if n == 28 else 0.0)) for n in range(29)
    ]
    held = held_level("75%", before, [now])
    assert held is not None
    assert held.cut == 32.0
    assert held.ends == pytest.approx((0.75, 0.55), abs=0.05)
    assert "of the labels are at most 32; it was " in held.text
    assert "the predictions did not move along" in held.text


def test_move_that_the_outputs_made_as_well_is_chance() -> None:
    """The scores saw why the rate moved."""
    before = days_of(*[0.3, 0.31, 0.29] * 10)
    (now,) = days_of(0.4, said=0.4)
    held = held_level("1", before, [now])
    assert held is not None
    assert held.alone.p_value < 1e-5
    assert held.p_value > 0.01


def test_class_that_is_gone_is_held_as_well() -> None:
    """It is a level of the days before, and of no label now."""
    before = days_of(*[0.3] * 10)
    (now,) = days_of(1.0, level="other")
    assert {held.level for held in held_levels(before, [now])} == {"1", "other"}
    assert list(held_levels([], [now])) == []


def test_number_that_became_one_value_moved_all_the_share_there_is() -> None:
    """Labels that are all alike are the grossest fault, and have no spread."""
    random = np.random.default_rng(7)
    before = [number_day(n, *ages(random, 300, 0.0)) for n in range(28)]
    now = number_day(28, np.full(300, 17.5), random.normal(28, 5, 300))
    farthest = max(held_levels(before, [now]), key=lambda held: held.share)
    assert farthest.share > 0.8
    assert farthest.p_value < 1e-3


def test_class_called_by_a_percentage_is_a_class() -> None:
    """Not a quantile of a number."""
    levels = {"0%": 0.8, "10%": 0.2}
    days = [
        LabelDay(
            day=FIRST + timedelta(days=n),
            labels=LabelSummary(rows=1000, levels=levels, outputs=levels),
            is_calm=True,
        )
        for n in range(31)
    ]
    held = held_level("10%", days[:-1], days[-1:])
    assert held is not None
    assert held.cut is None


def test_labels_that_left_are_held_by_how_far_they_parted_from_the_outputs() -> None:
    """Demand moves both by a tenth; what is beyond that is held by the outputs."""
    demand = (0.3 + 0.05 * np.sin(np.arange(31))).tolist()
    days = [
        days_of(*[share] * (n + 1), said=share)[n] for n, share in enumerate(demand)
    ]
    *before, last = days
    (labels_left,) = days_of(*[0.42] * 31, said=0.3)[30:]
    (outputs_left,) = days_of(*[0.3] * 31, said=0.18)[30:]
    held = [held_level("1", before, [now]) for now in (last, labels_left, outputs_left)]
    p_values = [h.p_value_of_parting for h in held if h is not None]
    assert p_values[0] > 0.05
    assert p_values[1] < 1e-3
    assert p_values[2] == 1.0


def test_one_day_is_certain_far_beyond_chance_and_all_that_was_seen() -> None:
    """Not where a day before parted half as far, nor where it is too small."""
    *calm, far = days_of(*[0.3, 0.31, 0.29] * 10, 0.45)
    seen = [*calm[:20], days_of(*[0.38] * 21)[20], *calm[21:]]
    held, beside_seen = (held_level("1", days, [far]) for days in (calm, seen))
    assert held is not None
    assert beside_seen is not None
    assert held.is_certain(1e-3, least=0.2)
    assert not held.is_certain(1e-3, least=0.5)
    assert not beside_seen.is_certain(1e-3, least=0.2)


def test_move_to_the_end_that_outputs_foresaw_but_for_a_rest_is_small() -> None:
    """All labels where 99 % were expected: a hundredth, log odds without end."""
    before = days_of(*[0.9, 0.91, 0.89] * 10, said=0.9)
    (now,) = days_of(1.0, said=0.99)
    held = held_level("1", before, [now])
    assert held is not None
    assert held.share < 0.02
    assert held.size < 0.1
