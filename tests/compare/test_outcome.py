"""Labels that move and scores that no longer fit them: told, never a breach."""

from dataclasses import replace

import pytest

from monitoring_tasks.compare.day_context import DayContext
from monitoring_tasks.compare.judge import judge_day
from monitoring_tasks.compare.outcome import judge_outcome
from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.domain.counts import RegressionOutcome
from monitoring_tasks.domain.findings import ADVISORY, Finding, Kind, Verdict
from monitoring_tasks.domain.reference import DailyNoise
from tests.builders import DAY, make_contract, make_measurement, make_reference

RATE, CALIBRATION = "positive_rate", "calibration_error"
NOISE = {
    f"realized/{RATE}//all": DailyNoise(mean=0.25, spread=0.03, days=40, rows=1000),
    f"realized/{CALIBRATION}//all": DailyNoise(
        mean=0.05, spread=0.01, days=40, rows=1000
    ),
    "realized/label_mean//all": DailyNoise(mean=10, spread=0.01, days=40, rows=1000),
    "realized/label_rate_a//all": DailyNoise(mean=0.5, spread=0.02, days=40, rows=1000),
}
PROMISED = {"metric": RATE, "source": "realized", "min": 0.1}


def context(
    contract: Contract | None = None, *, coverage: float = 1.0, days: int = 40
) -> DayContext:
    """Return a day whose version has a reference with so many days."""
    noise = {key: replace(known, days=days) for key, known in NOISE.items()}
    return DayContext(
        day=DAY,
        contract=contract or make_contract(),
        references={"1": make_reference(noise=noise)},
        label_coverage={"1": coverage},
    )


def told(metric: str, value: float | None, **parts: object) -> list[Finding]:
    """Judge one realized number."""
    number = make_measurement(metric=metric, value=value, **parts)
    return judge_outcome([number], context())


@pytest.mark.parametrize(
    ("metric", "value", "name", "verdict"),
    [
        pytest.param(RATE, 0.25, "label_rate", "ok", id="as ever"),
        pytest.param(RATE, 0.5, "label_rate", "warn", id="more positives"),
        pytest.param(RATE, 0.08, "label_rate", "warn", id="fewer positives"),
        pytest.param(RATE, 0.0, "label_rate", "warn", id="no positive"),
        pytest.param(CALIBRATION, 0.15, CALIBRATION, "warn", id="worse fit"),
        pytest.param(CALIBRATION, 0.0, CALIBRATION, "ok", id="better fit"),
        pytest.param("label_rate_a", 0.8, "label_rate_a", "warn", id="a class"),
        pytest.param("label_mean", 10.5, "label_mean", "warn", id="numeric label"),
    ],
)
def test_move_warns_on_the_sides_that_matter(
    metric: str, value: float, name: str, verdict: str
) -> None:
    """Labels warn on both sides, the calibration error above only."""
    (finding,) = told(metric, value)
    assert (finding.measurement.kind, finding.measurement.metric) == ("outcome", name)
    assert finding.verdict == verdict
    assert finding.p_value is not None
    assert (finding.p_value < 0.001) is (verdict == "warn")


@pytest.mark.parametrize("metric", [RATE, CALIBRATION, "label_mean"])
def test_edge_has_the_promised_probability(metric: str) -> None:
    """A value on the limit is as rare as promised, both sides together."""
    exact = {"min_label_shift": 0, "min_calibration_rise": 0}
    known = context(make_contract(policy={"outcome": exact}))
    number = make_measurement(metric=metric, value=0.2)
    (finding,) = judge_outcome([number], known)
    assert finding.limit
    on_edge = replace(number, value=finding.limit.high)
    (finding,) = judge_outcome([on_edge], known)
    assert finding.p_value == pytest.approx(0.001)


def test_kind_may_warn_only() -> None:
    """What labels are says nothing about how well a promise is kept."""
    assert Kind.OUTCOME in ADVISORY


@pytest.mark.parametrize(
    ("coverage", "count"), [(0.79, 0), (0.8, 1), (0.81, 1)], ids=str
)
def test_nothing_is_said_before_the_labels_are_mature(
    coverage: float, count: int
) -> None:
    """The first labels are not like the rest."""
    number = make_measurement(metric=RATE, value=0.9)
    assert len(judge_outcome([number], context(coverage=coverage))) == count


def test_number_with_an_objective_is_judged_there_alone() -> None:
    """One number, one finding: the promise is the stricter question."""
    number = make_measurement(metric=RATE, value=0.9)
    promised = make_contract(objectives=[PROMISED])
    kinds = [f.measurement.kind for f in judge_day([number], context(promised))]
    assert kinds == [Kind.REALIZED]


@pytest.mark.parametrize("parts", [{"segment": "a=b"}, {"horizon": 7}], ids=str)
def test_segments_and_pools_are_left_out(parts: dict[str, object]) -> None:
    """One finding a number and day, about the whole batch."""
    assert told(RATE, 0.9, **parts) == []


@pytest.mark.parametrize(
    ("value", "rows", "verdict"),
    [
        pytest.param(None, 1000, Verdict.NO_DATA, id="no value"),
        pytest.param(float("nan"), 1000, Verdict.NO_DATA, id="not a number"),
        pytest.param(0.9, 99, Verdict.INCONCLUSIVE, id="few rows"),
        pytest.param(0.9, 100, Verdict.WARN, id="enough rows"),
    ],
)
def test_absence_is_not_ok(value: float | None, rows: int, verdict: Verdict) -> None:
    """What cannot be judged says so."""
    (finding,) = told(RATE, value, rows=rows)
    assert finding.verdict is verdict


@pytest.mark.parametrize(("days", "verdict"), [(13, "inconclusive"), (14, "warn")])
def test_short_reference_teaches_no_limit(days: int, verdict: str) -> None:
    """Below `min_reference_days` nobody knows what is usual."""
    number = make_measurement(metric=RATE, value=0.9)
    (finding,) = judge_outcome([number], context(days=days))
    assert finding.verdict == verdict


def test_small_move_never_warns() -> None:
    """A tenth of a label's standard deviation interests nobody, however unusual."""
    sums = {"y": 1000.0, "y2": 1e4 + 1000 * 4.0, "e": 0.0}
    outcome = RegressionOutcome(rows=100, labelled=100, sums=sums)
    reference = make_reference(noise=NOISE)
    profile = replace(reference.profile, outcome=outcome)
    known = replace(context(), references={"1": replace(reference, profile=profile)})
    for value, verdict in ((10.6, "ok"), (10.7, "warn")):
        number = make_measurement(metric="label_mean", value=value)
        (finding,) = judge_outcome([number], known)
        assert finding.verdict == verdict  # .1 of sqrt(40) is .63


def test_calibration_of_few_rows_is_expected_to_be_worse() -> None:
    """A quarter of the rows doubles what chance makes of the error."""
    few, many = told(CALIBRATION, 0.1, rows=250), told(CALIBRATION, 0.1, rows=1000)
    assert few[0].limit
    assert many[0].limit
    assert few[0].limit.reference == pytest.approx(2 * (many[0].limit.reference or 0))


def test_false_discoveries_are_counted_together_with_drift() -> None:
    """A move barely past its limit is taken back among many quiet columns."""
    columns = [f"x{i}" for i in range(200)]
    contract = make_contract(
        columns={**make_contract().columns.model_dump(), "continuous": columns},
        policy={"outcome": {"false_alarm": 0.02}},
    )
    quiet = [
        make_measurement(
            kind=Kind.DRIFT, metric="jensen_shannon", column=name, value=0.01
        )
        for name in columns
    ]
    noise = {
        f"drift/jensen_shannon/{name}/all": DailyNoise(mean=0.02, spread=0.01, days=40)
        for name in columns
    }
    known = replace(
        context(contract), references={"1": make_reference(noise=NOISE | noise)}
    )
    number = make_measurement(metric=RATE, value=0.335)
    alone = judge_day([number], known)
    among = judge_day([number, *quiet], known)
    verdicts = [
        f.verdict for f in (*alone, *among) if f.measurement.kind is Kind.OUTCOME
    ]
    assert verdicts == [Verdict.WARN, Verdict.OK]
