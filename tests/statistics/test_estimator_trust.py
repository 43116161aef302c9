"""How often the judgement of an estimator is right.

A share of 2,000 runs has a standard error of .005 at .95, of 400 runs .011.
"""

from datetime import date, timedelta

import numpy as np
import numpy.typing as npt
import pandas as pd
import pytest

from monitoring_tasks.contract.trust import TrustPolicy
from monitoring_tasks.domain.counts import BinaryOutcome
from monitoring_tasks.domain.findings import Kind, Measurement
from monitoring_tasks.domain.profiles import DayProfile
from monitoring_tasks.domain.reference import ReferenceProfile
from monitoring_tasks.domain.trust import EstimatorTrust, TrustVerdict
from monitoring_tasks.estimate.calibration import learn_sampling
from monitoring_tasks.estimate.performance import estimate_performance
from monitoring_tasks.estimate.realized import realize
from monitoring_tasks.statistics.daily_errors import summarize
from monitoring_tasks.statistics.estimate_pairs import Pair, half_of
from monitoring_tasks.statistics.estimator_trust import estimator_trust, recalibrated
from tests.builders import make_measurement, make_profile, make_reference

pytestmark = pytest.mark.slow

Floats = npt.NDArray[np.float64]
FIRST = date(2013, 1, 1)
KEY = ("1", "all", "roc_auc")
Z = 1.96


def autoregressive(rng: np.random.Generator, days: int, correlation: float) -> Floats:
    """Return days of variance 1 that resemble the day before."""
    drawn = rng.standard_normal(days)
    for t in range(1, days):
        new = np.sqrt(1 - correlation**2) * drawn[t]
        drawn[t] = correlation * drawn[t - 1] + new
    return drawn


@pytest.mark.parametrize(
    ("days", "correlation", "held"),
    [
        pytest.param(14, 0.0, 0.965, id="14 independent days"),
        pytest.param(14, 0.5, 0.92, id="14 days at .5"),
        pytest.param(60, 0.0, 0.96, id="60 independent days"),
        pytest.param(60, 0.5, 0.945, id="60 days at .5"),
        pytest.param(60, 0.7, 0.94, id="60 days at .7"),
    ],
)
def test_interval_of_a_mean_holds_the_truth_as_often_as_documented(
    days: int, correlation: float, held: float
) -> None:
    """Measured on 20,000 runs; three standard errors of 2,000 runs are .016."""
    rng = np.random.default_rng(2)
    dates = [FIRST + timedelta(days=i) for i in range(days)]
    hits = 0
    for _ in range(2000):
        errors = autoregressive(rng, days, correlation).tolist()
        made = summarize(dates, errors, confidence=0.95)
        hits += (made.lower or 0.0) <= 0 <= (made.upper or 0.0)
    assert hits / 2000 == pytest.approx(held, abs=0.016)


def judged(errors: Floats, *, max_bias: float | None = None) -> EstimatorTrust:
    """Judge estimates whose errors are known; the sampling error is 1."""
    pairs = [
        Pair(
            day=FIRST + timedelta(days=i),
            estimated=number(Kind.ESTIMATED, 100 + float(error)),
            realized=number(Kind.REALIZED, 100.0),
        )
        for i, error in enumerate(errors)
    ]
    policy = TrustPolicy(min_days=14, window_days=60)
    return estimator_trust(KEY, pairs, policy, max_bias=max_bias, confidence=0.95)


def number(kind: Kind, value: float) -> Measurement:
    """Return a number with a standard error of 1."""
    return make_measurement(
        kind=kind,
        value=value,
        lower=value - Z,
        upper=value + Z,
        metric="business_value",
    )


@pytest.mark.parametrize(
    ("days", "beyond", "correlation"),
    [
        pytest.param(14, 0.0, 0.0, id="14 days of sampling"),
        pytest.param(14, 1.0, 0.5, id="14 days, as much beyond sampling"),
        pytest.param(60, 1.0, 0.5, id="60 days, as much beyond sampling"),
        pytest.param(60, 4.0, 0.0, id="60 days, mostly beyond sampling"),
    ],
)
def test_recalibrated_interval_holds_what_comes_true(
    days: int, beyond: float, correlation: float
) -> None:
    """At .95 at least .95, less two standard errors of 1,500 runs."""
    rng = np.random.default_rng(4)
    hits = 0
    for _ in range(1500):
        drift = beyond * autoregressive(rng, days + 1, correlation)
        errors = 0.5 + drift + rng.standard_normal(days + 1)
        known = judged(errors[:-1])
        trust = EstimatorTrust(
            version="1",
            segment="all",
            metric="business_value",
            verdict=TrustVerdict.TRUSTED,
            reason="",
            bias=known.bias,
            reach=known.reach,
        )
        made = recalibrated(number(Kind.ESTIMATED, 100 + float(errors[-1])), trust)
        hits += (made.lower or 0.0) <= 100 <= (made.upper or 0.0)
    assert hits / 1500 >= 0.95 - 2 * 0.0056


@pytest.mark.parametrize(
    ("days", "max_bias", "most"),
    [
        # Three misses in 14 days have a probability of .030, 13 in 60 of 1e-5.
        pytest.param(14, None, 0.030, id="14 days, coverage"),
        pytest.param(60, None, 0.001, id="60 days, coverage"),
        pytest.param(14, 0.1, 0.030 + 0.05, id="14 days, nearly any bias"),
        pytest.param(60, 0.1, 0.05, id="60 days, nearly any bias"),
        pytest.param(60, 0.5, 0.001, id="60 days, bias of half an error"),
    ],
)
def test_right_estimator_is_hardly_ever_demoted(
    days: int, max_bias: float | None, most: float
) -> None:
    """By its coverage as chance has it; by its bias once in 1 / (1 - confidence)."""
    rng = np.random.default_rng(6)
    demoted = sum(
        judged(rng.standard_normal(days), max_bias=max_bias).verdict
        is TrustVerdict.DEMOTED
        for _ in range(2000)
    )
    assert demoted / 2000 <= most + 2 * np.sqrt(most / 2000)


@pytest.mark.parametrize(
    ("days", "found"),
    [pytest.param(14, 0.7, id="14 days"), pytest.param(60, 0.99, id="60 days")],
)
def test_bias_of_real_flights_is_found(days: int, found: float) -> None:
    """.06 too high, days .053 apart beyond sampling of .02, a correlation of .3.

    In units of the sampling error: a bias of 3, a spread of 2.65.
    """
    rng = np.random.default_rng(8)
    demoted = 0
    for _ in range(400):
        beyond = 2.65 * autoregressive(rng, days, 0.3)
        errors = 3 + beyond + rng.standard_normal(days)
        verdict = judged(errors, max_bias=1.0).verdict
        demoted += verdict is TrustVerdict.DEMOTED
    assert demoted / 400 >= found


def drawn_day(rng: np.random.Generator, rows: int, *, labelled: float) -> DayProfile:
    """Draw a day of a calibrated model; some rows have no label yet."""
    score = rng.beta(1.2, 3, rows)
    truth = (rng.random(rows) < score).astype(int)
    label = np.where(rng.random(rows) < labelled, truth, -1)
    bins = np.minimum((score * 10_000).astype(int), 9_999)
    cells: dict[tuple[int, int, int], int] = {}
    sums: dict[tuple[int, int, int], float] = {}
    for key, one in zip(
        zip(
            bins.tolist(),
            (score > 0.5).astype(int).tolist(),
            label.tolist(),
            strict=True,
        ),
        score.tolist(),
        strict=True,
    ):
        cells[key] = cells.get(key, 0) + 1
        sums[key] = sums.get(key, 0.0) + one
    known = int((label >= 0).sum())
    outcome = BinaryOutcome(cells=cells, score_sums=sums)
    return make_profile(outcome=outcome, rows=rows, labelled=known)


@pytest.fixture(scope="module")
def reference() -> ReferenceProfile:
    """The sampling errors of a calibrated model, learnt on 20,000 rows of it."""
    rng = np.random.default_rng(9)
    score = rng.beta(1.2, 3, 20_000)
    truth = (rng.random(20_000) < score).astype(int)
    columns = {"score": score, "predicted": (score > 0.5).astype(int), "label": truth}
    return make_reference(
        sampling=learn_sampling(pd.DataFrame(columns), value=None, seed=1)
    )


@pytest.mark.parametrize("labelled", [1.0, 0.8])
def test_wider_interval_is_wide_enough_for_a_right_estimator(
    reference: ReferenceProfile, labelled: float
) -> None:
    """CBPE on its own ground: at .95 the wider half holds .95, the two added .99.

    That is why the two are not added up: a wrong estimator would pass for right.
    """
    rng = np.random.default_rng(10)
    wider, added = 0, 0
    for _ in range(400):
        day = drawn_day(rng, 1000, labelled=labelled)
        made = estimate_performance(reference, day, confidence=0.95)
        true = realize(day, confidence=0.95)
        (estimated,) = [m for m in made if m.metric == "roc_auc"]
        (realized,) = [m for m in true if m.metric == "roc_auc"]
        pair = Pair(day=FIRST, estimated=estimated, realized=realized)
        side = 1 if pair.error > 0 else -1
        halves = half_of(estimated, -side), half_of(realized, side)
        wider += abs(pair.error) <= (pair.allowed or 0.0)
        added += abs(pair.error) <= np.hypot(halves[0] or 0.0, halves[1] or 0.0)
    assert wider / 400 >= 0.95 - 2 * 0.011
    assert added / 400 >= 0.98
