"""Outputs that moved: of a day, of a week of few rows, of a segment."""

from dataclasses import replace
from datetime import timedelta

import pytest

from monitoring_tasks.compare.day_context import DayContext
from monitoring_tasks.compare.judge import judge_day
from monitoring_tasks.compare.output_levels import judge_outputs
from monitoring_tasks.compare.pooled_numbers import by_number
from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.domain.findings import ADVISORY, Finding, Kind, Measurement
from monitoring_tasks.domain.reference import DailyNoise
from monitoring_tasks.domain.trust import DatedNumber
from tests.builders import DAY, make_contract, make_measurement, make_reference

ROWS = 30
USUAL = DailyNoise(mean=0.4, spread=0.01, days=42, sampling=0.09, rows=ROWS)
NOISE = {
    "output/decision_rate//all": USUAL,
    "output/decision_rate//a=b": USUAL,
    "output/score_mean//all": replace(USUAL, sampling=0.03),
}
FEW = make_contract(policy={"min_rows": 10})


def number(
    value: float | None, *, metric: str = "decision_rate", **parts: object
) -> Measurement:
    """Return how the outputs of a day of 30 rows lie."""
    half = 0.17 if metric == "decision_rate" else 0.06
    ends = {} if value is None else {"lower": value - half, "upper": value + half}
    known = {"kind": Kind.OUTPUT, "metric": metric, "value": value, "rows": ROWS}
    return make_measurement(**(known | ends | parts))


def before(*values: float, **parts: object) -> tuple[DatedNumber, ...]:
    """Return the days just before, oldest first."""
    return tuple(
        DatedNumber(
            day=DAY - timedelta(days=len(values) - place),
            measurement=number(value, **parts),
            rows=ROWS,
            labelled=0,
        )
        for place, value in enumerate(values)
    )


def context(
    outputs: tuple[DatedNumber, ...] = (), contract: Contract = FEW
) -> DayContext:
    """Return a day of a version with a reference."""
    return DayContext(
        day=DAY,
        contract=contract,
        references={"1": make_reference(noise=NOISE)},
        label_coverage={},
        recent=by_number(outputs),
    )


def said(
    today: Measurement, *values: float, **parts: object
) -> dict[tuple[str, str], str]:
    """Return what is said of a day after some others, by segment, of day and pool."""
    findings = judge_outputs([today], context(before(*values, **parts)))
    return {
        (
            f.measurement.segment,
            "day" if f.measurement.horizon == 1 else "pool",
        ): f.verdict.value
        for f in findings
    }


def test_day_alone_tells_what_is_far_off() -> None:
    """All rows decided alike, where two in five are usual."""
    assert said(number(0.4)) == {("all", "day"): "ok"}
    assert said(number(1.0)) == {("all", "day"): "warn"}
    assert said(number(0.02, metric="score_mean")) == {("all", "day"): "warn"}


def test_days_together_tell_what_none_can() -> None:
    """Of 30 rows a share of .65 is nothing; of five such days it is."""
    days = [0.65] * 5
    assert said(number(0.65), *days) == {("all", "day"): "ok", ("all", "pool"): "warn"}
    segment = {"segment": "a=b"}
    assert said(number(0.65, **segment), *days, **segment)["a=b", "pool"] == "warn"


def test_one_strange_day_is_that_days_news() -> None:
    """The day farthest off is left out, wherever it stands."""
    assert said(number(0.4), 1.0, 0.4, 0.4, 0.4)["all", "pool"] == "ok"
    assert said(number(1.0), 0.4, 0.4, 0.4, 0.4) == {
        ("all", "day"): "warn",
        ("all", "pool"): "ok",
    }


@pytest.mark.parametrize(
    ("days", "parts"),
    [
        pytest.param(1, {}, id="too few days"),
        pytest.param(5, {"version": "2"}, id="another version"),
        pytest.param(5, {"segment": "a=b"}, id="another segment"),
        pytest.param(5, {"metric": "score_mean"}, id="another number"),
    ],
)
def test_only_days_of_the_same_number_are_added_up(
    days: int, parts: dict[str, str]
) -> None:
    """And three of them at least, the farthest one left out."""
    assert said(number(0.65), *[0.65] * days, **parts) == {("all", "day"): "ok"}


def test_excluded_days_are_left_out() -> None:
    """The contract says that they mean nothing."""
    excluded = [DAY - timedelta(days=n) for n in range(1, 6)]
    contract = make_contract(policy={"min_rows": 10, "excluded_days": excluded})
    findings = judge_outputs([number(0.65)], context(before(*[0.65] * 5), contract))
    assert [f.measurement.horizon for f in findings] == [1]


@pytest.mark.parametrize(
    "parts",
    [
        pytest.param({"value": None}, id="no value"),
        pytest.param({"rows": 9}, id="few rows"),
        pytest.param({"segment": "c=d"}, id="unknown to the reference"),
    ],
)
def test_segment_that_cannot_be_judged_is_not_told(parts: dict[str, object]) -> None:
    """Segments are many; of the whole day absence is said."""
    value = parts.pop("value", 1.0)
    assert said(number(value, **({"segment": "a=b"} | parts))) == {}  # type: ignore[arg-type]


def test_whole_day_that_cannot_be_judged_says_so() -> None:
    """A reference logged before outputs were measured is to be logged again."""
    unmeasured = replace(context(), references={"1": make_reference()})
    (finding,) = judge_outputs([number(0.4)], unmeasured)
    assert finding.verdict == "inconclusive"
    assert "`daywatch reference`" in finding.reason
    assert said(number(None)) == {("all", "day"): "no_data"}


def test_limits_are_stricter_over_days() -> None:
    """All pools of a week together are as often wrong as the day."""
    findings = judge_outputs([number(0.4)], context(before(*[0.4] * 6)))
    alarms = [f.limit.false_alarm for f in findings if f.limit]
    assert alarms == [1e-4, pytest.approx(1e-4 / 7)]


def test_kind_may_warn_only_and_is_of_the_drift_family() -> None:
    """One output of very many that moved a little is chance's."""
    drifts = [
        make_measurement(
            kind=Kind.DRIFT, metric="jensen_shannon", column=f"c{n}", value=0.01
        )
        for n in range(3)
    ]
    findings: list[Finding] = judge_day([*drifts, number(1.0)], context())
    assert Kind.OUTPUT in ADVISORY
    assert [f.verdict for f in findings if f.measurement.kind is Kind.OUTPUT] == [
        "warn"
    ]
