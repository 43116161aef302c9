"""False breaches of a day's many promised limits, and what is still found."""

import numpy as np
import pytest
from scipy import stats

from monitoring_tasks.compare.day_context import DayContext
from monitoring_tasks.compare.judge import judge_day
from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.domain.findings import Measurement, Verdict
from monitoring_tasks.statistics.intervals import wilson
from tests.builders import COLUMNS, DAY, make_contract, make_measurement

pytestmark = pytest.mark.slow

DAYS = 1500
SEGMENTS = 20
ROWS = 400
LIMIT = 0.8
RATE = 0.05


def contract_of() -> Contract:
    """Promise an accuracy of 0.8 in each of twenty segments."""
    promise = {"metric": "accuracy", "source": "realized", "min": LIMIT}
    return make_contract(
        columns=COLUMNS | {"segments": ["shop"]},
        objectives=[promise | {"segment": f"shop={n}"} for n in range(SEGMENTS)],
        policy={"false_discovery_rate": RATE},
    )


def measured(place: int, hits: int) -> Measurement:
    """Return a segment's accuracy with Wilson's interval."""
    interval = wilson(hits, ROWS, confidence=0.95)
    return make_measurement(
        metric="accuracy",
        segment=f"shop={place}",
        value=hits / ROWS,
        lower=interval[0],
        upper=interval[1],
        rows=ROWS,
    )


def breaches(accuracies: list[float], days: int = DAYS) -> np.ndarray:
    """Judge drawn days; shape (days, SEGMENTS), true where a segment is in breach."""
    rng = np.random.default_rng(20130904)
    hits = rng.binomial(ROWS, accuracies, (days, SEGMENTS))
    contract = contract_of()
    context = DayContext(
        day=DAY, contract=contract, references={}, label_coverage={"1": 1.0}
    )
    found = [
        judge_day([measured(n, int(h)) for n, h in enumerate(day)], context)
        for day in hits
    ]
    return np.array([[f.verdict is Verdict.BREACH for f in day] for day in found])


def test_days_with_a_false_breach_keep_to_the_rate() -> None:
    """Twenty segments exactly on their limit: 5 % of days, and 45 % uncontrolled."""
    false = float(breaches([LIMIT] * SEGMENTS).any(axis=1).mean())
    assert false <= RATE + 3 * np.sqrt(RATE / DAYS)
    assert false >= RATE / 4


@pytest.mark.parametrize(("errors", "low", "high"), [(3.0, 0.3, 0.6), (5.0, 0.95, 1.0)])
def test_segment_that_is_truly_worse_is_found(
    errors: float, low: float, high: float
) -> None:
    """Among twenty a fall of three errors is found on half of days, five on all."""
    error = np.sqrt(LIMIT * (1 - LIMIT) / ROWS)
    days = breaches([LIMIT - errors * error, *[0.9] * (SEGMENTS - 1)], 400)
    assert low <= float(days[:, 0].mean()) <= high
    assert float(days[:, 1:].mean()) < 0.001


def test_chance_is_uniform_on_the_limit() -> None:
    """Of numbers truly on their limit, p-values below p come up about p of the time."""
    rng = np.random.default_rng(20130905)
    contract = contract_of()
    context = DayContext(
        day=DAY, contract=contract, references={}, label_coverage={"1": 1.0}
    )
    hits = rng.binomial(ROWS, LIMIT, 4000)
    found = [
        judge_day([measured(0, int(h))], context)[0].p_value for h in hits.tolist()
    ]
    chances = np.array([p for p in found if p is not None])
    assert len(chances) == len(hits)
    for p in (0.001, 0.01, 0.05, 0.25):
        count = int((chances <= p).sum())
        ends = stats.binomtest(count, len(hits)).proportion_ci(0.999)
        assert ends.low <= 1.6 * p, p
        assert ends.high >= p / 1.6, p
