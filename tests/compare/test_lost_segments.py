"""Segments that lose what is promised of all rows alone."""

from dataclasses import replace
from datetime import timedelta

import pytest

from monitoring_tasks.compare.day_context import DayContext
from monitoring_tasks.compare.judge import judge_day
from monitoring_tasks.compare.lost_segments import judge_segment_losses
from monitoring_tasks.compare.pooled_numbers import by_number
from monitoring_tasks.domain.findings import ADVISORY, Kind, Measurement
from monitoring_tasks.domain.reference import DailyNoise
from monitoring_tasks.domain.trust import DatedNumber
from tests.builders import (
    COLUMNS,
    DAY,
    make_contract,
    make_measurement,
    make_reference,
)

AUC = {"metric": "roc_auc", "source": "realized", "max_drop": 0.05}
USUAL = DailyNoise(mean=0.75, spread=0.005, days=42, sampling=0.015, rows=1000)
NOISE = {f"realized/roc_auc//{name}": USUAL for name in ("all", "a=b", "a=c")}


def context(*promises: dict[str, object], coverage: float = 1.0) -> DayContext:
    """Return a day whose version has a reference, and labels."""
    return DayContext(
        day=DAY,
        contract=make_contract(
            objectives=[AUC, *promises], columns=COLUMNS | {"segments": ["a"]}
        ),
        references={"1": make_reference(noise=NOISE)},
        label_coverage={"1": coverage},
    )


def number(value: float, **parts: object) -> Measurement:
    """Return the realized AUC of a segment with its interval."""
    ends = {"lower": value - 0.03, "upper": value + 0.03, "segment": "a=b"}
    return make_measurement(value=value, **(ends | parts))


@pytest.mark.parametrize(
    ("today", "is_told"),
    [
        pytest.param(number(0.55), True, id="far below"),
        pytest.param(number(0.71), False, id="within the loss that is allowed"),
        pytest.param(number(0.68, rows=100), False, id="within chance of few rows"),
        pytest.param(number(0.95), False, id="better"),
        pytest.param(number(0.55, segment="all"), False, id="all rows have a promise"),
        pytest.param(number(0.55, segment="a=d"), False, id="unknown segment"),
        pytest.param(number(0.55, metric="f1"), False, id="nothing promised of it"),
        pytest.param(number(0.55, kind=Kind.ESTIMATED), False, id="no label says so"),
        pytest.param(number(0.55, rows=99), False, id="few rows"),
    ],
)
def test_loss_is_beyond_chance_and_larger_than_the_allowed_one(
    today: Measurement, *, is_told: bool
) -> None:
    """Of a segment that nobody promised anything of."""
    findings = judge_segment_losses([today], context())
    assert [f.measurement.kind for f in findings] == [Kind.SEGMENT] * is_told
    assert [f.verdict for f in findings] == ["warn"] * is_told


def test_segment_with_a_promise_is_judged_by_it() -> None:
    """One number, one judge."""
    own = AUC | {"segment": "a=b"}
    assert judge_segment_losses([number(0.55)], context(own)) == []


def test_labels_have_to_be_mature() -> None:
    """The first labels are not like the rest."""
    assert judge_segment_losses([number(0.55)], context(coverage=0.79)) == []


@pytest.mark.parametrize(("estimate", "is_told"), [(0.5, False), (0.7, True)])
def test_hard_rows_are_said_to_be_hard(estimate: float, *, is_told: bool) -> None:
    """What the scores say of the same rows, labels may say."""
    numbers = [number(0.55), number(estimate, kind=Kind.ESTIMATED)]
    assert bool(judge_segment_losses(numbers, context())) is is_told


def test_days_together_tell_what_none_can() -> None:
    """A tenth of a small batch is a few rows a day."""
    modest = number(0.65, rows=100, lower=0.56, upper=0.74)
    days = [
        DatedNumber(
            day=DAY - timedelta(days=n), measurement=modest, rows=100, labelled=100
        )
        for n in range(1, 7)
    ]
    assert judge_segment_losses([modest], context()) == []
    (finding,) = judge_segment_losses(
        [modest], replace(context(), recent=by_number(days))
    )
    assert finding.measurement.horizon > 1


def test_it_may_warn_only_and_joins_no_family() -> None:
    """It shares its false alarms among the segments by itself."""
    numbers = [number(0.55), number(0.75, segment="a=c")]
    findings = judge_day(numbers, context())
    assert Kind.SEGMENT in ADVISORY
    (lost,) = (f for f in findings if f.measurement.kind is Kind.SEGMENT)
    assert lost.limit is not None
    assert (lost.verdict, lost.limit.false_alarm) == ("warn", 0.0005)
