"""How far a share may lie from its usual one."""

import math

import numpy as np
import pytest

from monitoring_tasks.contract.reference_gate import ReferenceGatePolicy
from monitoring_tasks.domain.batch_baseline import Baseline, BatchBaseline
from monitoring_tasks.domain.batch_summary import BatchSummary
from monitoring_tasks.validate.corruption.batch_test import (
    BatchTest,
    control_limit,
    share_limit,
)
from tests.validate import goods

DAYS = 42
STEADY = Baseline(mean=math.log(1000), spread=0.1, low=6.8, high=7.0, jump=0.1)


def make_test(rows: int = 1000) -> BatchTest:
    """Return a day of so many rows, where a thousand are usual."""
    return BatchTest(
        summary=BatchSummary(day=goods.TODAY, rows=rows),
        baseline=BatchBaseline(days=DAYS, rows=STEADY),
        policy=ReferenceGatePolicy(),
        rows_alarm=1e-5,
        level_alarm=0.003,
    )


def shares(mean: float, spread: float, high: float) -> Baseline:
    """Return how a share lies on healthy days."""
    return Baseline(mean=mean, spread=spread, low=0.0, high=high, jump=spread)


def test_limit_of_a_steady_share_is_near_the_normal_one() -> None:
    """Far from 0 and 1 both intervals say the same."""
    normal = 0.4 + control_limit(1e-5, DAYS) * 0.01
    assert share_limit(0.4, 0.01, 1e-5, DAYS) == pytest.approx(normal, abs=0.005)


@pytest.mark.parametrize(("draws", "mean"), [(3, 0.05), (40, 0.1), (1_000, 0.01)])
def test_limit_is_exceeded_as_seldom_as_it_says(draws: int, mean: float) -> None:
    """Days of few draws and of many: 1 % of the healthy ones at most."""
    random = np.random.default_rng(6)
    beyond = [
        random.binomial(draws, mean) / draws
        > share_limit(*_learnt(random.binomial(draws, mean, DAYS) / draws), 0.01, DAYS)
        for _ in range(4_000)
    ]
    assert np.mean(beyond) < 0.015


def _learnt(days: np.ndarray) -> tuple[float, float]:
    # As `is_notable` learns them: never less than chance.
    return max(float(days.mean()), 1e-4), max(float(days.std(ddof=1)), 1e-3)


def test_share_that_is_all_or_nothing_has_no_limit() -> None:
    """Rows that come and go together tell nothing by their number."""
    assert share_limit(0.02, 0.14, 1e-5, DAYS) > 0.99


@pytest.mark.parametrize(
    ("usual", "smallest"),
    [(shares(0.0, 0.0, 0.0), 0.01), (shares(0.004, 0.0008, 0.009), 0.014)],
)
def test_what_never_had_a_hundredth_is_notable_from_there(
    usual: Baseline, smallest: float
) -> None:
    """On a hundred thousand rows chance is small, and the size decides."""
    test = make_test()
    assert not test.is_notable(smallest - 0.0005, usual, 100_000)
    assert test.is_notable(smallest + 0.0005, usual, 100_000)


def test_what_varies_is_notable_from_three_hundredths() -> None:
    """Where a day had 2 %, 1 % more than the usual 1.5 is no news."""
    usual = shares(0.015, 0.001, 0.02)
    assert not make_test().is_notable(0.044, usual, 100_000)
    assert make_test().is_notable(0.046, usual, 100_000)


def test_distances_are_larger_on_fewer_rows() -> None:
    """By the root of the rows; more than usual are taken as usual."""
    usual = shares(0.02, 0.01, 0.05)
    fewer = make_test().at_rows(usual, 250)
    assert (fewer.mean, fewer.spread, fewer.high) == pytest.approx((0.04, 0.02, 0.1))
    assert make_test().at_rows(usual, 4_000) == usual


@pytest.mark.parametrize(
    ("share", "smallest", "rows", "is_there"),
    [
        (0.2, 0.12, 120, True),
        (0.04, 0.02, 1_000, True),
        (0.04, 0.001, 1_000, False),
        (0.02, 0.005, 100, False),
    ],
)
def test_category_is_missed_where_chance_cannot_leave_it_out(
    share: float, smallest: float, rows: int, *, is_there: bool
) -> None:
    """By its share, by how it varies from day to day, and by today's rows."""
    assert make_test().is_always_there(share, smallest, rows) is is_there
