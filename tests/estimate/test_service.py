"""Service: quantiles from log bins, errors, and no silence."""

import math

import numpy as np
import pytest

from monitoring_tasks.domain.counts import LATENCY_GROWTH, ServiceCounts
from monitoring_tasks.domain.findings import Measurement
from monitoring_tasks.domain.profiles import DayProfile
from monitoring_tasks.estimate.service import measure_service
from tests.estimate.count_by_hand import make_contract, make_profile

LOGGED = make_contract(latency="seconds", error="failed").columns
SILENT = make_contract().columns


def service_day(latency: dict[int, int], errors: int, rows: int) -> DayProfile:
    """Make a day with service counts."""
    counts = ServiceCounts(rows=rows, latency=latency, errors=errors)
    day = make_profile(rows=rows)
    return DayProfile(
        model=day.model,
        day=day.day,
        version=day.version,
        segment=day.segment,
        rows=rows,
        labelled=0,
        outcome=day.outcome,
        service=counts,
    )


def by_metric(measured: list[Measurement]) -> dict[str, Measurement]:
    """Index measurements by metric."""
    return {m.metric: m for m in measured}


def test_latency_quantiles_are_within_1_percent() -> None:
    """Bins are 2 % wide and a quantile is taken at the middle of its bin."""
    seconds = np.random.default_rng(2).lognormal(-2, 1, 20_000)
    numbers, rows = np.unique(
        np.floor(np.log(seconds) / math.log(LATENCY_GROWTH)).astype(int),
        return_counts=True,
    )
    latency = dict(zip(numbers.tolist(), rows.tolist(), strict=True))
    day = service_day(latency, 0, 20_000)
    found = by_metric(measure_service(day, columns=LOGGED, confidence=0.95))
    for percent in (50, 95, 99):
        number = found[f"latency_p{percent}_seconds"]
        exact = float(np.quantile(seconds, percent / 100, method="inverted_cdf"))
        assert number.value == pytest.approx(exact, rel=0.0101)
        assert number.lower is not None
        assert number.upper is not None
        assert number.lower <= exact * 1.02
        assert number.upper >= exact / 1.02


def test_error_ratio_is_a_share_with_an_interval() -> None:
    """3 of 100 rows failed."""
    day = service_day({0: 100}, 3, 100)
    found = by_metric(measure_service(day, columns=LOGGED, confidence=0.95))
    ratio = found["error_ratio"]
    assert ratio.value == pytest.approx(0.03)
    assert (ratio.lower, ratio.upper) == pytest.approx((0.0103, 0.0845), abs=1e-4)
    assert found["volume"].value == 100


def test_only_volume_is_measured_when_nothing_is_declared() -> None:
    """What the contract does not log is absent, not 0."""
    measured = measure_service(make_profile(rows=7), columns=SILENT, confidence=0.95)
    assert [m.metric for m in measured] == ["volume"]


def test_declared_but_unlogged_service_has_reasons() -> None:
    """A column that is declared and holds nothing is blindness, not health."""
    measured = measure_service(make_profile(rows=7), columns=LOGGED, confidence=0.95)
    absent = [m for m in measured if m.metric != "volume"]
    assert len(absent) == 4
    assert all(m.value is None and m.reason for m in absent)
