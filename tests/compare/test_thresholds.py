from typing import Any

import pytest

from monitoring_tasks.compare.thresholds import drift_limit, noise_of, objective_limit
from monitoring_tasks.domain.findings import Kind
from monitoring_tasks.domain.policies import DriftPolicy, Objective
from monitoring_tasks.domain.profiles import DailyNoise, ReferenceProfile
from tests.builders import make_measurement, make_reference


def reference(
    key: str = "realized/roc_auc//all", *, days: int = 30, mean: float = 0.7
) -> ReferenceProfile:
    """Give a reference that knows how one number moves."""
    return make_reference(noise={key: DailyNoise(mean=mean, spread=0.05, days=days)})


def objective(**parts: object) -> Objective:
    """Promise something about the realized AUC."""
    return Objective.model_validate({"metric": "roc_auc", "source": "realized"} | parts)


@pytest.mark.parametrize(
    ("parts", "low", "high"),
    [
        pytest.param({"min": 0.6}, 0.6, None, id="static"),
        pytest.param({"min": 0.6, "max": 0.9}, 0.6, 0.9, id="both sides"),
        pytest.param({"max_drop": 0.1}, 0.55, None, id="drop"),
        pytest.param({"min": 0.5, "max_drop": 0.1}, 0.55, None, id="drop tightens"),
        pytest.param({"min": 0.6, "max_drop": 0.1}, 0.6, None, id="promise stands"),
    ],
)
def test_limit_of_an_objective(
    parts: dict[str, Any], low: float | None, high: float | None
) -> None:
    """A drop leaves room for one daily spread and only ever tightens a promise."""
    limit = objective_limit(objective(**parts), make_measurement(), reference())
    assert limit.low == pytest.approx(low)
    assert limit.high == high
    assert limit.reference == 0.7
    assert not limit.advisory
    assert limit.origin == "contract" or limit.origin.startswith("reference 0.700")


def test_drop_is_a_rise_where_lower_is_better() -> None:
    """An error that grows is a loss."""
    number = make_measurement(metric="mae")
    rise = objective(metric="mae", max_drop=0.1)
    limit = objective_limit(rise, number, reference("realized/mae//all"))
    assert limit.low is None
    assert limit.high == pytest.approx(0.85)
    tighter = objective(metric="mae", max_drop=0.1, max=0.8)
    limit = objective_limit(tighter, number, reference("realized/mae//all"))
    assert (limit.high, limit.origin) == (0.8, "contract")


@pytest.mark.parametrize(("days", "known"), [(6, False), (7, True), (30, True)])
def test_few_reference_days_teach_nothing(days: int, *, known: bool) -> None:
    """Fewer than a week of days say nothing about how a number moves."""
    assert (noise_of(make_measurement(), reference(days=days)) is not None) is known


@pytest.mark.parametrize(
    ("parts", "known"),
    [
        pytest.param({}, True, id="realized"),
        pytest.param({"kind": Kind.ESTIMATED}, True, id="an estimate of it"),
        pytest.param({"kind": Kind.SERVICE}, False, id="another kind"),
        pytest.param({"metric": "f1"}, False, id="another metric"),
        pytest.param({"segment": "a=b"}, False, id="another segment"),
        pytest.param({"column": "x"}, False, id="another column"),
    ],
)
def test_noise_is_found_by_what_the_number_is(
    parts: dict[str, Any], *, known: bool
) -> None:
    """An estimate is held against the realized values it claims to be."""
    number = make_measurement(**parts)
    assert (noise_of(number, reference()) is not None) is known
    assert noise_of(number, None) is None


DISTANCE = "drift/jensen_shannon/x/all"


@pytest.mark.parametrize(
    ("known", "high", "origin"),
    [
        pytest.param(None, 0.1, "policy", id="no reference"),
        pytest.param(reference(DISTANCE, days=3), 0.1, "policy", id="few days"),
        pytest.param(reference(DISTANCE, mean=-0.15), 0.1, "policy", id="calm column"),
        pytest.param(
            reference(DISTANCE, mean=0.05),
            0.25,
            "reference 0.050",
            id="restless column",
        ),
    ],
)
def test_limit_of_a_distance(
    known: ReferenceProfile | None, high: float, origin: str
) -> None:
    """Never under the smallest distance of the policy, and always advisory."""
    number = make_measurement(kind=Kind.DRIFT, metric="jensen_shannon", column="x")
    limit = drift_limit(DriftPolicy(), number, known)
    assert limit.high == pytest.approx(high)
    assert (limit.low, limit.advisory) == (None, True)
    assert limit.origin.startswith(origin)


def test_distance_without_a_scale_has_no_limit_without_a_reference() -> None:
    """0.1 of an unknown unit would be a number out of thin air."""
    number = make_measurement(kind=Kind.DRIFT, metric="wasserstein", column="x")
    limit = drift_limit(DriftPolicy(), number, None)
    assert (limit.low, limit.high, limit.advisory) == (None, None, True)
    learnt = drift_limit(
        DriftPolicy(spreads=2), number, reference("drift/wasserstein/x/all", mean=3)
    )
    assert learnt.high == pytest.approx(3.1)
