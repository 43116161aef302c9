"""What `policy explain` promises, against the day's own judgement of healthy years.

Each model is a world of its own, its days as strongly correlated as any may be: 42
reference days teach its noise (`learn_noise`), then a year of healthy days is judged
by `judge_day` and confirmed as `decide` does.
"""

from datetime import date, timedelta
from statistics import fmean

import numpy as np
import numpy.typing as npt
import pytest

from monitoring_tasks.compare.alarm_rates import Size
from monitoring_tasks.compare.day_context import DayContext
from monitoring_tasks.compare.detection_power import find_drops
from monitoring_tasks.compare.false_alarms import false_alarms_of_days
from monitoring_tasks.compare.judge import judge_day
from monitoring_tasks.compare.loss_sequences import judge_sequences
from monitoring_tasks.compare.monitored_metrics import MonitoredMetric
from monitoring_tasks.compare.simulated_days import pooled
from monitoring_tasks.compare.thresholds import noise_of
from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.decide.assess import performance_verdict
from monitoring_tasks.decide.persistence import confirmed_by_any
from monitoring_tasks.domain.findings import Finding, Kind, Measurement, Verdict
from monitoring_tasks.domain.reference import MOST_CORRELATED, ReferenceProfile
from monitoring_tasks.domain.trust import DatedNumber
from monitoring_tasks.statistics.day_to_day import learn_noise
from tests.builders import make_contract, make_past, make_reference

pytestmark = pytest.mark.slow

Floats = npt.NDArray[np.float64]
REFERENCE, WARM, YEAR = 42, 28, 365
MEAN, SPREAD, SAMPLING, ROWS = 0.75, 0.02, 0.02, 900
FIRST = date(2024, 1, 1)
MODELS = 60
"""Breach days a year differ between references by about their own mean, for each
reference is off in its own way, false alarm days by three times theirs."""
OBJECTIVE = {"metric": "roc_auc", "source": "realized", "max_drop": 0.02, "min": 0.68}


def healthy(days: int, correlation: float, rng: np.random.Generator) -> Floats:
    """Draw days around the true mean, correlated beyond sampling; shape (days,)."""
    state = rng.standard_normal(days)
    for place in range(1, days):
        fresh = np.sqrt(1 - correlation**2) * state[place]
        state[place] = correlation * state[place - 1] + fresh
    return np.asarray(MEAN + SPREAD * state + SAMPLING * rng.standard_normal(days))


def reference_of(values: Floats) -> ReferenceProfile:
    """Learn the noise of reference days as `daywatch reference` does."""
    days = [FIRST + timedelta(days=place) for place in range(len(values))]
    errors = [SAMPLING] * len(values)
    noise = learn_noise(days, list(values), errors, [ROWS] * len(values))
    return make_reference(noise={"realized/roc_auc//all": noise})


def number(value: float, horizon: int) -> Measurement:
    """Return a number with the interval of its rows."""
    half = 1.959964 * SAMPLING / horizon**0.5
    return Measurement(
        kind=Kind.REALIZED,
        metric="roc_auc",
        version="1",
        value=value,
        lower=value - half,
        upper=value + half,
        rows=ROWS * horizon,
        horizon=horizon,
    )


def judged(
    values: Floats, reference: ReferenceProfile, contract: Contract
) -> list[tuple[bool, bool]]:
    """Judge days after a warm-up; give of each whether in breach, and confirmed."""
    policy = contract.policy
    pools = {h.days: pooled(values, h.days) for h in policy.horizons}
    numbers: list[DatedNumber] = []
    past = [make_past(FIRST, version="0")]
    told = []
    for place in range(len(values)):
        day = FIRST + timedelta(days=REFERENCE + place)
        today = [number(float(pool[place]), h) for h, pool in pools.items()]
        numbers.append(
            DatedNumber(day=day, measurement=today[0], rows=ROWS, labelled=ROWS)
        )
        context = DayContext(
            day=day,
            contract=contract,
            references={"1": reference},
            label_coverage={"1": 1.0},
        )
        findings: list[Finding] = judge_day(today, context)
        findings += judge_sequences(numbers[-policy.sequence_days :], context)
        verdict = performance_verdict(findings)
        rules = (policy.persistence, policy.slow_persistence)
        past.append(make_past(day, verdict, version="1"))
        lasting = confirmed_by_any(past[-1], past[-40:-1], rules)
        told.append((verdict is Verdict.BREACH, lasting.confirmed))
    return told[WARM:]


def watched_of(reference: ReferenceProfile, contract: Contract) -> MonitoredMetric:
    """Return what is drawn for the contract's one objective."""
    return MonitoredMetric(
        objective=contract.objectives[0],
        noise=reference.noise["realized/roc_auc//all"],
        baselines={
            horizon.days: noise_of(
                number(MEAN, horizon.days), reference, contract.policy
            )
            for horizon in contract.policy.horizons
        },
        sampling=SAMPLING,
        rows=ROWS,
    )


def test_promised_false_alarms_are_those_that_come() -> None:
    """Breach days and false alarm days a year, on average over references.

    Each promise is for its own reference; over many of them promise and outcome agree
    within a third.
    """
    contract = make_contract(objectives=[OBJECTIVE])
    promised, came = [], []
    for model in range(MODELS):
        rng = np.random.default_rng(model)
        correlation = rng.uniform(0.0, MOST_CORRELATED)
        reference = reference_of(healthy(REFERENCE, correlation, rng))
        found = false_alarms_of_days(
            [watched_of(reference, contract)],
            contract.policy,
            labels_known=True,
            seed=model,
            size=Size(runs=200),
        )
        promised.append((found.breaches.value, found.confirmed.value))
        days = judged(healthy(WARM + YEAR, correlation, rng), reference, contract)
        came.append(tuple(sum(kind) for kind in zip(*days, strict=True)))
    for kind in (0, 1):
        expected = fmean(one[kind] for one in promised)
        seen = fmean(one[kind] for one in came)
        assert seen == pytest.approx(expected, rel=1 / 3)


def test_promised_power_is_what_is_found() -> None:
    """A lasting drop is confirmed within 28 days as often as promised.

    200 onsets leave 7 % open at two standard errors; 10 % is allowed.
    """
    contract = make_contract(objectives=[OBJECTIVE])
    drop, promised, found = 0.035, [], 0
    for model in range(200):
        rng = np.random.default_rng(1000 + model)
        correlation = rng.uniform(0.0, MOST_CORRELATED)
        reference = reference_of(healthy(REFERENCE, correlation, rng))
        if model % 5 == 0:
            drawn = find_drops(
                [watched_of(reference, contract)],
                0,
                contract.policy,
                drops=[drop],
                seed=model,
                size=Size(runs_a_drop=100, reach_days=28),
            )
            promised.append((drawn.page_days <= 28).mean())
        values = healthy(WARM + 28, correlation, rng)
        values[WARM:] -= drop
        days = judged(values, reference, contract)
        found += any(confirmed for _, confirmed in days)
    assert found / 200 == pytest.approx(fmean(promised), abs=0.1)
