"""Labels while demand moves, and faults of one day: what the gate makes of them.

Days of 10,000 binary labels: sampling error is next to nothing, so that what is left is
how far days move, and how far scores see it.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest

from monitoring_tasks.compare.label_gate import judge_labels
from monitoring_tasks.domain.evaluations import Evaluation
from monitoring_tasks.domain.findings import Verdict
from monitoring_tasks.domain.label_summary import LabelSummary
from monitoring_tasks.domain.label_verdict import LabelVerdict
from monitoring_tasks.domain.partitions import LabelCounts
from monitoring_tasks.estimate.label_slopes import slope_of
from monitoring_tasks.statistics.arrays import Floats
from tests.builders import make_contract, make_evaluation, make_unit

pytestmark = pytest.mark.slow

FIRST = date(2023, 1, 2)
CONTRACT = make_contract()
DAYS, ROWS = 120, 10_000
LOGITS = np.linspace(-4.6, 3.2, 61)
WEIGHTS = np.exp(-(np.linspace(-3, 3, 61) ** 2) / 2)
Demand = Callable[[np.random.Generator], tuple[Floats, float]]
"""Log odds that demand adds on each day, and how much of it the scores see."""
Fault = Callable[[np.random.Generator, Floats, Floats], Floats]
"""Positive labels of each cell of rows, from rows and positive labels."""


def slow(random: np.random.Generator) -> tuple[Floats, float]:
    """Return demand that wanders for weeks, a bit more than half of it seen."""
    days = np.zeros(DAYS)
    for n, shock in enumerate(random.normal(0, 0.2 * (1 - 0.93**2) ** 0.5, DAYS)):
        days[n] = 0.93 * days[n - 1] + shock
    return days, 0.6


def sales(random: np.random.Generator) -> tuple[Floats, float]:
    """Return calm months with a week of a third less or more, seen more or less."""
    days = np.zeros(DAYS)
    days[45:51], days[95:102] = -0.4, 0.3
    return days, float(random.uniform(0.75, 1.25))


def storms(random: np.random.Generator) -> tuple[Floats, float]:
    """Return days of which a few lie far out."""
    return 0.15 * random.standard_t(3, DAYS), 0.7


def steady(random: np.random.Generator) -> tuple[Floats, float]:
    """Return days that hardly differ."""
    return random.normal(0, 0.02, DAYS), 1.0


def a_third_lost(random: np.random.Generator, rows: Floats, positive: Floats) -> Floats:
    """Return the labels without a third of the positive ones."""
    del rows
    return random.binomial(positive.astype(np.int64), 2 / 3).astype(np.float64)


def dealt_anew(random: np.random.Generator, rows: Floats, positive: Floats) -> Floats:
    """Return the same labels, of whatever rows."""
    share = positive.sum() / rows.sum()
    return random.binomial(rows.astype(np.int64), share).astype(np.float64)


def drawn(
    random: np.random.Generator,
    day: int,
    world: tuple[Floats, float],
    fault: Fault | None,
) -> Evaluation:
    """Return a day's labels beside its scores."""
    demand, seen = world
    rows = random.multinomial(ROWS, WEIGHTS / WEIGHTS.sum())
    true, score = (1 / (1 + np.exp(-(LOGITS + x * demand[day]))) for x in (1.0, seen))
    positive = random.binomial(rows, true).astype(np.float64)
    if fault is not None:
        positive = fault(random, rows.astype(np.float64), positive)
    weights = np.concatenate([positive, rows - positive]) / ROWS
    truth = np.repeat([1.0, 0.0], len(LOGITS))
    slope = slope_of(np.tile(score, 2), truth, weights, ROWS)
    summary = LabelSummary(
        rows=ROWS,
        levels={"1": float(positive.sum() / ROWS)},
        outputs={"1": float(rows @ score / ROWS)},
        slope=slope.value,
        slope_error=slope.error,
    )
    return make_evaluation(
        unit=make_unit(day=FIRST + timedelta(days=day)),
        rows=ROWS,
        labelled=ROWS,
        label_verdict=LabelVerdict(
            usable=True, verdict=Verdict.OK, reason="", failed=()
        ),
        label_counts=LabelCounts(rows=ROWS, joined=ROWS, summaries={"all": summary}),
    )


def told(world: Demand, seed: int, *, fault: Fault | None = None) -> list[str]:
    """Return what is said of the days: `critical`, `warning` or nothing.

    Args:
        world: How demand moves.
        seed: Of the days.
        fault: What befalls the labels of the last day.
    """
    random = np.random.default_rng(seed)
    days = world(random)
    past: list[Evaluation] = []
    severities = []
    for day in range(DAYS):
        is_last = day == DAYS - 1
        now = drawn(random, day, days, fault if is_last else None)
        failed = judge_labels(now, past[-60:], CONTRACT, None)
        assert now.label_verdict is not None
        past.append(replace(now, label_verdict=now.label_verdict.with_faults(failed)))
        severities.append(failed[0].severity if failed else "")
    return severities


@pytest.mark.parametrize("world", [steady, slow, sales, storms])
def test_demand_that_moves_is_hardly_ever_a_fault_of_labels(world: Demand) -> None:
    """A thousand days: a statement fails on three of them at most, none for sure."""
    days = [severity for seed in range(10) for severity in told(world, seed)]
    assert sum(map(bool, days)) <= 3
    assert days.count("critical") <= 1


@pytest.mark.parametrize("fault", [a_third_lost, dealt_anew])
def test_one_day_that_is_beyond_doubt_does_not_wait(fault: Fault) -> None:
    """On steady days, whatever was lost: told on the first one nearly always."""
    last = [told(steady, seed, fault=fault)[-1] for seed in range(10)]
    assert last.count("critical") >= 8
