"""The rules on arrays against the day's own code, number by number."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest

from monitoring_tasks.compare.day_context import DayContext
from monitoring_tasks.compare.expected_on_weekdays import MONDAY
from monitoring_tasks.compare.loss_sequences import judge_sequences
from monitoring_tasks.compare.monitored_metrics import MonitoredMetric
from monitoring_tasks.compare.multiplicity import control
from monitoring_tasks.compare.objectives import judge_objective
from monitoring_tasks.compare.simulated_codes import (
    BREACH,
    INCONCLUSIVE,
    OK,
    WARN,
    Judged,
)
from monitoring_tasks.compare.simulated_control import control_groups
from monitoring_tasks.compare.simulated_days import pooled
from monitoring_tasks.compare.simulated_sequences import judge_sequence
from monitoring_tasks.compare.simulated_verdicts import judge_horizons
from monitoring_tasks.compare.thresholds import noise_of
from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.domain.findings import Kind, Limit, Measurement, Verdict
from monitoring_tasks.domain.reference import DailyNoise, ReferenceProfile
from monitoring_tasks.domain.trust import DatedNumber
from tests.builders import COLUMNS, make_contract, make_finding, make_reference

CODES = {
    Verdict.OK: OK,
    Verdict.INCONCLUSIVE: INCONCLUSIVE,
    Verdict.WARN: WARN,
    Verdict.BREACH: BREACH,
}
NOISE = DailyNoise(
    mean=0.7,
    spread=0.03,
    days=42,
    sampling=0.02,
    correlation=0.4,
    weekdays=(0.01, 0.0, 0.0, 0.0, 0.0, -0.02, 0.01),
    rows=900,
)
ERROR = 0.02
EVERY = {OK, INCONCLUSIVE, WARN, BREACH}
PLAIN = EVERY - {WARN}
UNSURE = {INCONCLUSIVE, BREACH}
AUC = {"metric": "roc_auc", "source": "realized"}
GAP = {"metric": "estimated_equal_opportunity_gap", "source": "fairness"} | {
    "column": "sex"
}
PARITY = GAP | {"metric": "demographic_parity_gap"}
MAE = {"metric": "mae", "source": "realized"}
BIAS = {"metric": "bias", "source": "realized"}


def world_of(
    objective: Mapping[str, Any], *, days: int = 42, **policy: object
) -> tuple[Contract, ReferenceProfile, MonitoredMetric]:
    """Return a contract of one objective, the reference, and what is drawn for it."""
    is_regression = objective["metric"] in {"mae", "bias"}
    contract = make_contract(
        problem="regression" if is_regression else "binary",
        objectives=[dict(objective)],
        policy=policy,
        columns=COLUMNS
        | {"protected": ["sex"], "segments": ["c"]}
        | ({"score": None} if is_regression else {}),
    )
    asked = contract.objectives[0]
    noise = DailyNoise(**{
        name: getattr(NOISE, name) for name in NOISE.__slots__
    } | {"days": days})  # fmt: skip
    key = f"{asked.source}/{asked.metric}/{asked.column}/{asked.segment}"
    reference = make_reference(noise={key: noise})
    baselines = {
        horizon.days: noise_of(
            number(contract, value=0.7, horizon=horizon.days),
            reference,
            contract.policy,
        )
        for horizon in contract.policy.horizons
    }
    monitored = MonitoredMetric(
        objective=asked, noise=noise, baselines=baselines, sampling=ERROR, rows=900
    )
    return contract, reference, monitored


def number(contract: Contract, *, value: float, horizon: int = 1) -> Measurement:
    """Return the objective's number with its interval."""
    asked, half = contract.objectives[0], 1.959964 * ERROR / horizon**0.5
    return Measurement(
        kind=Kind(asked.source),
        metric=asked.metric,
        column=asked.column,
        segment=asked.segment,
        version="1",
        value=value,
        lower=value - half,
        upper=value + half,
        rows=900 * horizon,
        horizon=horizon,
    )


def drawn(days: int = 200, seed: int = 1) -> np.ndarray[Any, np.dtype[np.float64]]:
    """Return daily numbers that wander through every verdict."""
    rng = np.random.default_rng(seed)
    drift = 0.1 * np.sin(np.arange(days) / 15)
    return np.asarray(0.68 + drift + 0.05 * rng.standard_normal(days))[None, :]


@pytest.mark.parametrize(
    ("objective", "policy", "told"),
    [
        pytest.param(AUC | {"min": 0.66}, {}, [PLAIN, EVERY, EVERY], id="static"),
        pytest.param(
            AUC | {"max": 0.7, "min": 0.6}, {}, [PLAIN, EVERY, EVERY], id="both sides"
        ),
        pytest.param(
            AUC | {"max_drop": 0.05},
            {},
            [PLAIN, EVERY, EVERY - {INCONCLUSIVE}],
            id="learnt",
        ),
        pytest.param(
            AUC | {"max_drop": 0.01}, {}, [UNSURE, UNSURE, EVERY - {OK}], id="hopeless"
        ),
        pytest.param(
            AUC | {"max_drop": 0.05, "min": 0.66},
            {},
            [PLAIN, EVERY, EVERY],
            id="static and learnt",
        ),
        pytest.param(
            MAE | {"max_drop": 0.03}, {}, [UNSURE, EVERY, EVERY], id="lower is better"
        ),
        pytest.param(
            BIAS | {"max_drop": 0.03},
            {},
            [UNSURE, EVERY - {OK}, EVERY],
            id="nearer zero is better",
        ),
        pytest.param(
            GAP | {"max": 0.65, "max_drop": 0.04},
            {},
            [{INCONCLUSIVE, WARN}, EVERY - {BREACH}, EVERY - {BREACH}],
            id="a guessed gap",
        ),
        pytest.param(
            PARITY | {"max": 0.65}, {}, [PLAIN, EVERY, EVERY], id="a gap, static"
        ),
        pytest.param(
            PARITY | {"max": 0.72, "min": 0.6},
            {},
            [PLAIN, EVERY, EVERY],
            id="a gap, static, both sides",
        ),
        pytest.param(
            PARITY | {"max": 0.65, "max_drop": 0.04},
            {},
            [UNSURE, EVERY, EVERY],
            id="a gap, both limits",
        ),
        pytest.param(
            AUC | {"min": 0.66},
            {"min_rows": 5000},
            [{INCONCLUSIVE}, EVERY, EVERY],
            id="too few rows",
        ),
    ],
)
def test_horizons_are_judged_as_the_day_judges_them(
    objective: dict[str, Any], policy: dict[str, Any], told: list[set[int]]
) -> None:
    """Every verdict and p-value of every horizon on every day is the same.

    The days are such that each horizon comes to the verdicts in `told`, shortest first.
    """
    contract, reference, monitored = world_of(objective, **policy)
    values = drawn()
    judged = judge_horizons(monitored, values, contract.policy)
    horizons = [horizon.days for horizon in contract.policy.horizons]
    seen: dict[int, set[int]] = {horizon: set() for horizon in horizons}
    for place in range(28, values.shape[1]):
        day = MONDAY + timedelta(days=place)
        numbers = [
            number(contract, value=float(pooled(values, h)[0, place]), horizon=h)
            for h in horizons
        ]
        found = judge_objective(
            contract.objectives[0], "1", numbers, context_of(contract, reference, day)
        )
        expected = [CODES[finding.verdict] for finding in found]
        assert [int(one.codes[0, place]) for one in judged] == expected, day
        for one, finding in zip(judged, found, strict=True):
            chance = None if one.p_values is None else one.p_values[0, place]
            is_grouped = one.p_values is not None
            assert chance == pytest.approx(finding.p_value if is_grouped else None)
        for horizon, code in zip(horizons, expected, strict=True):
            seen[horizon].add(code)
    assert list(seen.values()) == told


def context_of(
    contract: Contract, reference: ReferenceProfile, day: date
) -> DayContext:
    """Return a day whose labels are all known."""
    return DayContext(
        day=day,
        contract=contract,
        references={"1": reference},
        label_coverage={"1": 1.0},
    )


def test_short_reference_teaches_no_pool() -> None:
    """Below `min_pooled_reference_days` only the day has a learnt limit."""
    contract, _, monitored = world_of(AUC | {"max_drop": 0.05}, days=27)
    day, week, _ = judge_horizons(monitored, drawn(), contract.policy)
    assert set(week.codes[0]) == {INCONCLUSIVE}
    assert set(day.codes[0]) != {INCONCLUSIVE}


def test_groups_that_never_move_have_a_chance_all_the_same() -> None:
    """Without any error a loss is certain, and no loss is none."""
    contract, _, monitored = world_of(GAP | {"max_drop": 0.04})
    still = replace(NOISE, spread=0, sampling=0, weekdays=())
    monitored = replace(
        monitored, sampling=0, baselines=dict.fromkeys((1, 7, 28), still)
    )
    values = np.array([[0.7, 0.8, 0.7]])
    day, *_ = judge_horizons(monitored, values, contract.policy)
    assert day.p_values is not None
    assert day.p_values.tolist() == [[1, 0, 1]]


@pytest.mark.parametrize(("promise", "detectors"), [(AUC, 1), (BIAS, 2)])
def test_losses_are_added_up_as_the_day_adds_them(
    promise: dict[str, Any], detectors: int
) -> None:
    """The detector and the mean loss since its onset say the same, day by day."""
    contract, reference, monitored = world_of(
        promise | {"max_drop": 0.04}, sequence_days=365, run_length_days=100
    )
    values = drawn(120)
    codes = judge_sequence(monitored, values, contract.policy, detectors=detectors)
    assert codes is not None
    numbers = [
        DatedNumber(
            day=MONDAY + timedelta(days=place),
            measurement=number(contract, value=float(value)),
            rows=900,
            labelled=900,
        )
        for place, value in enumerate(values[0])
    ]
    for place in range(120):
        day = MONDAY + timedelta(days=place)
        (found,) = judge_sequences(
            numbers[: place + 1], context_of(contract, reference, day)
        )
        assert CODES[found.verdict] == codes[0, place], day
    assert set(codes[0]) == {OK, BREACH}


@pytest.mark.parametrize(
    "objective",
    [
        pytest.param(AUC | {"min": 0.6}, id="no loss is spoken of"),
        pytest.param(AUC | {"source": "estimated", "max_drop": 0.1}, id="an estimate"),
    ],
)
def test_only_realized_losses_are_added_up(objective: dict[str, Any]) -> None:
    """Nothing else has a detector."""
    contract, _, monitored = world_of(objective)
    assert judge_sequence(monitored, drawn(), contract.policy, detectors=1) is None


def test_groups_are_controlled_as_the_day_controls_them() -> None:
    """Benjamini-Hochberg on arrays keeps what it keeps one day at a time."""
    rng = np.random.default_rng(3)
    p_values = rng.beta(0.3, 3, (6, 1, 200))
    p_values[rng.random(p_values.shape) < 0.2] = np.nan
    codes = np.full((1, 200), BREACH, dtype=np.int8)
    judged = {
        place: [Judged(codes=codes, p_values=p_values[place])] for place in range(6)
    }
    controlled = control_groups(judged, 0.05)
    for day in range(200):
        findings = [
            make_finding(Verdict.BREACH, segment=f"a={place}", limit=Limit())
            for place in range(6)
        ]
        findings = [
            type(f)(**{n: getattr(f, n) for n in f.__slots__} | {"p_value": p})
            for f, p in zip(findings, as_told(p_values[:, 0, day]), strict=True)
        ]
        kept = control(findings, rate=0.05, dependence=False)
        expected = [CODES[finding.verdict] for finding in kept]
        assert [int(controlled[p][0][0, day]) for p in range(6)] == expected


@pytest.mark.parametrize(
    ("hard", "code"), [(0.599, WARN), (0.601, BREACH), (None, WARN)]
)
def test_hard_limit_stands_among_many(hard: float | None, code: int) -> None:
    """What lies past a hard limit is not put down to the number of tests."""
    parts = {"min": 0.61, "segment": "c=a"} | ({"hard_min": hard} if hard else {})
    contract, _, monitored = world_of(AUC | parts)
    odd = np.full((1, 1), 0.6 - 1.959964 * ERROR)
    judged = {0: judge_horizons(monitored, odd, contract.policy)[:1]}
    for place in range(1, 20):
        judged[place] = judge_horizons(monitored, odd + 0.2, contract.policy)[:1]
    assert control_groups(judged, 0.001)[0][0].tolist() == [[code]]


def as_told(p_values: np.ndarray[Any, Any]) -> list[float | None]:
    """Return a day's p-values as findings have them."""
    return [None if np.isnan(chance) else float(chance) for chance in p_values]
