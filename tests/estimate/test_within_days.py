"""A pooled AUC is a mean of days: what differs between days does not move it."""

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest

from monitoring_tasks.domain.counts import BinaryOutcome
from monitoring_tasks.domain.findings import Kind, Measurement
from monitoring_tasks.domain.profiles import DayProfile, merge
from monitoring_tasks.estimate.performance import estimate_performance
from monitoring_tasks.estimate.realized import realize
from monitoring_tasks.estimate.within_days import ranked_within_days
from tests.builders import DAY, make_profile, make_reference

REFERENCE = make_reference()
CONFIDENCE = 0.95


def day(
    ago: int, *, rows: int = 400, rate: float = 0.3, lift: int = 0, seed: int = 0
) -> DayProfile:
    """Return a day of so many rows, its scores lifted by so many bins."""
    random = np.random.default_rng(seed + ago)
    labels = (random.random(rows) < rate).astype(int)
    bins = random.integers(1000, 4000, rows) + 900 * labels + lift
    cells: dict[tuple[int, int, int], int] = {}
    for bin_, label in zip(bins.tolist(), labels.tolist(), strict=True):
        cells[bin_, 1, label] = cells.get((bin_, 1, label), 0) + 1
    sums = {cell: cell[0] / 10_000 * count for cell, count in cells.items()}
    return make_profile(
        day=DAY - timedelta(days=ago),
        rows=rows,
        labelled=rows,
        outcome=BinaryOutcome(cells=cells, score_sums=sums),
    )


def pooled(*days: DayProfile, kind: Kind = Kind.REALIZED) -> Measurement:
    """Return the AUC of days added up, taken within days."""
    together = merge(list(days))
    numbers = [
        *realize(together, confidence=CONFIDENCE),
        *estimate_performance(REFERENCE, together, confidence=CONFIDENCE),
    ]
    (number,) = (n for n in numbers if (n.kind, n.metric) == (kind, "roc_auc"))
    (found,) = ranked_within_days([number], days, REFERENCE, confidence=CONFIDENCE)
    return found


def auc(of_day: DayProfile) -> float:
    """Return the plain AUC of one day."""
    (number,) = (
        n for n in realize(of_day, confidence=CONFIDENCE) if n.metric == "roc_auc"
    )
    return number.value or 0.0


@pytest.mark.parametrize("kind", [Kind.REALIZED, Kind.ESTIMATED])
def test_one_day_is_its_plain_auc_with_its_interval(kind: Kind) -> None:
    """Pooling a day alone says what the day says."""
    plain = (
        realize(day(0), confidence=CONFIDENCE)
        if kind is Kind.REALIZED
        else estimate_performance(REFERENCE, day(0), confidence=CONFIDENCE)
    )
    (number,) = (n for n in plain if n.metric == "roc_auc")
    found = pooled(day(0), kind=kind)
    assert found.value == pytest.approx(number.value)
    assert (found.lower, found.upper) == pytest.approx((number.lower, number.upper))


def test_scores_of_a_day_that_are_all_higher_move_nothing() -> None:
    """Within the day the order is the same; a plain pool would rank days apart."""
    days, lifted = [day(0), day(1)], [day(0), day(1, lift=4000)]
    plain = [pooled(*days).value, auc(merge(days)), auc(merge(lifted))]
    assert pooled(*lifted).value == pytest.approx(plain[0])
    assert plain[2] != pytest.approx(plain[1], abs=0.01)


def test_base_rates_that_differ_with_the_level_move_nothing() -> None:
    """High scores on the days of many positives look like skill in a plain pool."""
    days = [day(0, rate=0.1), day(1, rate=0.6, lift=3000)]
    of_days = [auc(one) for one in days]
    found = pooled(*days)
    assert min(of_days) <= (found.value or 0) <= max(of_days)
    assert auc(merge(days)) > max(of_days) + 0.05


def test_days_of_one_class_have_no_weight() -> None:
    """They have no area; those that have one speak."""
    days = [day(0), day(1, rate=0.0)]
    assert pooled(*days).value == pytest.approx(auc(days[0]))
    assert pooled(day(0, rate=0.0), day(1, rate=1.0)).value is None


def test_interval_narrows_with_the_days() -> None:
    """Four alike days have half the error of one."""
    one, four = pooled(day(0)), pooled(*(day(ago) for ago in range(4)))
    widths = [(n.upper or 0) - (n.lower or 0) for n in (one, four)]
    assert widths[0] / widths[1] == pytest.approx(2.0, rel=0.1)


def test_perfect_days_are_not_certain() -> None:
    """Nobody ranks every pair rightly for ever: Wilson's interval, as of one day."""
    right = {(2000, 0, 0): 20, (8000, 1, 1): 20}
    sums = {cell: cell[0] / 10_000 * count for cell, count in right.items()}
    outcome = BinaryOutcome(cells=right, score_sums=sums)
    perfect = [replace(day(ago), outcome=outcome) for ago in range(2)]
    found = pooled(*perfect)
    assert found.value == 1.0
    assert found.lower is not None
    assert 0.8 < found.lower < 1.0


def test_rows_that_are_no_binary_outcome_stay_as_they_were() -> None:
    """Nothing else is ranked from counts."""
    number = Measurement(kind=Kind.REALIZED, metric="accuracy", version="1", value=0.5)
    assert ranked_within_days([number], [day(0)], None, confidence=CONFIDENCE) == [
        number
    ]
