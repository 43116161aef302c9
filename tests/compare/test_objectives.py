from typing import Any

import pytest

from monitoring_tasks.compare.day_context import DayContext
from monitoring_tasks.compare.judge import judge_day
from monitoring_tasks.decide.single_days import is_loss_beyond_doubt
from monitoring_tasks.domain.counts import (
    BinaryOutcome,
    MulticlassOutcome,
    Outcome,
    RegressionOutcome,
)
from monitoring_tasks.domain.findings import Finding, Kind, Measurement, Verdict
from monitoring_tasks.domain.reference import DailyNoise
from tests.builders import (
    DAY,
    make_contract,
    make_measurement,
    make_profile,
    make_reference,
)

OK, WARN, BREACH = Verdict.OK, Verdict.WARN, Verdict.BREACH
INCONCLUSIVE, NO_DATA = Verdict.INCONCLUSIVE, Verdict.NO_DATA
NOISE = DailyNoise(mean=0.7, spread=0.02, days=60, sampling=0.02, rows=900)


def number(value: float | None, horizon: int = 1, **parts: Any) -> Measurement:  # noqa: ANN401 (fields)
    """Return an AUC with a standard error of 0.02 on the day, less over several."""
    if value is None:
        return make_measurement(value=None, reason="one class", horizon=horizon)
    half = 1.96 * 0.02 / horizon**0.5
    ends = {"lower": value - half, "upper": value + half}
    return make_measurement(value=value, horizon=horizon, **ends | parts)


def judged(
    *numbers: Measurement, noise: DailyNoise = NOISE, **promise: object
) -> list[Finding]:
    """Judge a day whose realized AUC may lose 0.05 against the reference's 0.7."""
    objective = {"metric": "roc_auc", "source": "realized", "max_drop": 0.05} | promise
    context = DayContext(
        day=DAY,
        contract=make_contract(objectives=[objective]),
        references={"1": make_reference(noise={"realized/roc_auc//all": noise})},
        label_coverage={"1": 1.0},
    )
    return judge_day(numbers, context)


@pytest.mark.parametrize(
    ("value", "verdict"),
    [
        pytest.param(0.74, OK, id="better"),
        pytest.param(0.7, OK, id="as expected"),
        pytest.param(0.651, OK, id="within the allowed loss"),
        pytest.param(0.649, INCONCLUSIVE, id="more, but chance can do it"),
        pytest.param(0.632, INCONCLUSIVE, id="just within chance"),
        pytest.param(0.628, BREACH, id="beyond chance"),
        pytest.param(None, NO_DATA, id="not measured"),
        pytest.param(float("nan"), NO_DATA, id="no number"),
        pytest.param(float("-inf"), NO_DATA, id="infinitely bad"),
    ],
)
def test_loss_of_a_day(value: float | None, verdict: Verdict) -> None:
    """Chance brings .069 once in a hundred days; less than that is no breach."""
    (found,) = judged(number(value))
    assert (found.verdict, bool(found.reason)) == (verdict, True)
    assert found.p_value is None or 0 <= found.p_value <= 1


def test_finding_says_how_likely_chance_is() -> None:
    """The p-value falls with the loss, and the limit carries its promise."""
    (near,), (far,) = judged(number(0.69)), judged(number(0.6))
    assert near.p_value is not None
    assert far.p_value is not None
    assert 0.3 < near.p_value < 0.5
    assert far.p_value < 0.01
    assert far.limit is not None
    assert far.limit.false_alarm == pytest.approx(0.01)


def test_number_too_noisy_to_tell_is_not_ok() -> None:
    """Where chance brings twice the allowed loss, no loss seen says little."""
    restless = DailyNoise(mean=0.7, spread=0.05, days=60, sampling=0.02, rows=900)
    (found,) = judged(number(0.7), noise=restless)
    assert found.verdict is INCONCLUSIVE
    assert "could be told apart from chance" in found.reason


def test_week_sees_what_a_day_cannot() -> None:
    """A loss of .06 is chance on a day and none over a week that still has it."""
    day, week = judged(number(0.64), number(0.64, 7, rows=7000))
    assert (day.verdict, week.verdict) == (INCONCLUSIVE, BREACH)
    assert week.measurement.horizon == 7


def test_trouble_that_is_over_does_not_breach() -> None:
    """A bad week whose latest day is well again is a warning."""
    day, week = judged(number(0.7), number(0.64, 7))
    assert (day.verdict, week.verdict) == (OK, WARN)
    assert "the latest day is within its limits" in week.reason


def test_promised_floor_holds_over_days_as_well() -> None:
    """A static limit is judged by the interval, and taken back in the same way."""
    day, week = judged(number(0.59), number(0.57, 7), min=0.6, max_drop=None)
    assert (day.verdict, week.verdict) == (INCONCLUSIVE, BREACH)
    day, week = judged(number(0.61), number(0.57, 7), min=0.6, max_drop=None)
    assert (day.verdict, week.verdict) == (INCONCLUSIVE, WARN)


def test_worse_of_promise_and_loss_counts() -> None:
    """A floor that is met does not excuse a loss, nor the other way round."""
    (loss,) = judged(number(0.6), min=0.5)
    (floor,) = judged(number(0.6), min=0.65, max_drop=0.2)
    assert (loss.verdict, floor.verdict) == (BREACH, BREACH)
    assert floor.limit is not None
    assert floor.limit.origin == "contract"


@pytest.mark.parametrize("promise", [{}, {"min": 0.65}, {"min": 0.3}])
@pytest.mark.parametrize("spread", [0.0, 0.001, 0.02])
def test_loss_that_is_far_is_beyond_doubt_however_it_is_promised(
    promise: dict[str, float], spread: float
) -> None:
    """Steady days prove no less, though the limit lies far beyond their chance."""
    steady = DailyNoise(mean=0.7, spread=spread, days=60, sampling=0.001, rows=900)
    objective = {"metric": "roc_auc", "source": "realized", "max_drop": 0.05}
    contract = make_contract(objectives=[objective | promise])
    (far,), (near,) = (
        judged(number(auc, lower=auc - 0.01, upper=auc + 0.01), noise=steady, **promise)
        for auc in (0.52, 0.6)
    )
    assert (far.verdict, near.verdict) == (BREACH, BREACH)
    assert is_loss_beyond_doubt(far, contract)
    assert not is_loss_beyond_doubt(near, contract)


def test_horizon_without_a_number_has_no_finding() -> None:
    """A version that serves its first day has no week yet; the day is still due."""
    assert [f.measurement.horizon for f in judged(number(0.7))] == [1]
    found = judged(number(0.7, 7))
    assert [(f.measurement.horizon, f.verdict) for f in found] == [
        (1, NO_DATA),
        (7, OK),
    ]


def test_short_reference_says_nothing_of_weeks() -> None:
    """How days hang together takes longer to learn than how they vary."""
    short = DailyNoise(mean=0.7, spread=0.02, days=27, sampling=0.02, rows=900)
    day, week = judged(number(0.7), number(0.7, 7), noise=short)
    assert (day.verdict, week.verdict) == (OK, INCONCLUSIVE)
    assert "too few days" in week.reason


def test_horizon_that_is_asked_for_alone_is_judged() -> None:
    """A bad day and a good week are nothing to a promise over 28 days."""
    numbers = [number(0.5), number(0.7, 7), number(0.69, 28, rows=20_000)]
    (found,) = judged(*numbers, over="28d")
    assert (found.measurement.horizon, found.verdict) == (28, OK)
    (found,) = judged(number(0.6), number(0.62, 7), number(0.6, 28), over="28d")
    assert (found.measurement.horizon, found.verdict) == (28, BREACH)


def test_horizon_that_is_asked_for_waits_for_its_days() -> None:
    """Before half of its days are there nothing is known, good or bad."""
    (found,) = judged(number(0.5), number(0.7, 7), over="28d")
    assert (found.measurement.horizon, found.verdict) == (28, INCONCLUSIVE)
    assert "fewer than half of the 28 days" in found.reason


@pytest.mark.parametrize(
    ("outcome", "is_unlabelled"),
    [
        pytest.param(BinaryOutcome(cells={(5, 1, -1): 9}), True, id="binary"),
        pytest.param(
            BinaryOutcome(cells={(5, 1, -1): 9, (5, 1, 1): 1}), False, id="one"
        ),
        pytest.param(MulticlassOutcome(cells={("a", None): 9}), True, id="multiclass"),
        pytest.param(MulticlassOutcome(cells={("a", "b"): 9}), False, id="classes"),
        pytest.param(RegressionOutcome(rows=9), True, id="regression"),
        pytest.param(RegressionOutcome(rows=9, labelled=1), False, id="numbers"),
        pytest.param(BinaryOutcome(), False, id="nothing"),
    ],
)
def test_estimate_by_a_reference_without_labels_is_never_ok(
    outcome: Outcome, *, is_unlabelled: bool
) -> None:
    """However good the number: nobody ever held the scores against a label."""
    objective = {"metric": "roc_auc", "source": "estimated", "min": 0.5}
    context = DayContext(
        day=DAY,
        contract=make_contract(objectives=[objective]),
        references={"1": make_reference(profile=make_profile(outcome=outcome))},
        label_coverage={},
    )
    (found,) = judge_day([number(0.9, kind=Kind.ESTIMATED)], context)
    assert found.verdict is (Verdict.IMMATURE if is_unlabelled else OK)
    assert ("reference has no labels" in found.reason) is is_unlabelled
