"""Numbers so good that something must be wrong."""

from dataclasses import replace
from datetime import timedelta

import pytest

from monitoring_tasks.compare.day_context import DayContext
from monitoring_tasks.compare.pooled_numbers import by_number
from monitoring_tasks.compare.too_good import judge_gains
from monitoring_tasks.domain.findings import ADVISORY, Finding, Kind, Measurement
from monitoring_tasks.domain.reference import DailyNoise
from monitoring_tasks.domain.trust import DatedNumber
from tests.builders import DAY, make_contract, make_measurement, make_reference

AUC = {"metric": "roc_auc", "source": "realized", "max_drop": 0.05}
BRIER = {"metric": "brier", "source": "realized", "max_drop": 0.05}
USUAL = DailyNoise(mean=0.75, spread=0.005, days=42, sampling=0.015, rows=1000)
NOISE = {
    **{f"realized/roc_auc//{segment}": USUAL for segment in ("all", "a=b", "a=c")},
    "estimated/roc_auc//all": USUAL,
    "realized/brier//all": replace(USUAL, mean=0.2),
}


def context(*, coverage: float = 1.0) -> DayContext:
    """Return a day whose version has a reference, and labels."""
    return DayContext(
        day=DAY,
        contract=make_contract(objectives=[AUC, BRIER]),
        references={"1": make_reference(noise=NOISE)},
        label_coverage={"1": coverage},
    )


def number(value: float | None, **parts: object) -> Measurement:
    """Return a realized AUC with its interval."""
    ends = {} if value is None else {"lower": value - 0.03, "upper": value + 0.03}
    return make_measurement(value=value, **(ends | parts))


def said(*numbers: Measurement, **day: float) -> list[Finding]:
    """Judge the numbers of a day."""
    return judge_gains(numbers, context(**day))


@pytest.mark.parametrize(
    ("today", "is_told"),
    [
        pytest.param(number(0.95), True, id="far above"),
        pytest.param(number(0.79), False, id="within the loss that is allowed"),
        pytest.param(number(0.82, rows=100), False, id="within chance of few rows"),
        pytest.param(number(0.5), False, id="worse"),
        pytest.param(number(0.95, segment="a=b"), True, id="a segment"),
        pytest.param(number(0.95, segment="a=d"), False, id="unknown segment"),
        pytest.param(number(0.95, horizon=7), False, id="days added up"),
        pytest.param(number(0.95, metric="f1"), False, id="nothing promised of it"),
        pytest.param(number(0.95, rows=99), False, id="few rows"),
        pytest.param(number(None), False, id="no value"),
        pytest.param(number(0.95, version="2"), False, id="no reference"),
        pytest.param(number(0.05, metric="brier"), True, id="hardly any error"),
        pytest.param(number(0.4, metric="brier"), False, id="more error"),
    ],
)
def test_gain_is_beyond_chance_and_larger_than_the_allowed_loss(
    today: Measurement, *, is_told: bool
) -> None:
    """On the side on which a metric gets better."""
    findings = said(today)
    assert bool(findings) is is_told
    assert all(f.measurement.kind is Kind.TOO_GOOD for f in findings)
    assert all(f.verdict == "warn" for f in findings)


def test_perfect_day_has_the_error_of_a_usual_one() -> None:
    """A ranking that is perfect by chance has hardly an interval."""
    assert said(number(0.88, lower=0.879, upper=0.881, rows=100)) == []
    assert said(number(0.88, lower=0.879, upper=0.881, rows=1000)) != []


def test_labels_have_to_be_mature() -> None:
    """The first labels are not like the rest."""
    assert said(number(0.95), coverage=0.79) == []


@pytest.mark.parametrize(
    ("promised", "told"), [(0.96, []), (0.94, []), (0.8, ["too_good"])]
)
def test_easy_rows_are_promised_to_be_easy(promised: float, told: list[str]) -> None:
    """What the scores promise of the same rows, or nearly, labels may say."""
    estimate = number(promised, kind=Kind.ESTIMATED)
    kinds = [f.measurement.kind.value for f in said(number(0.95), estimate)]
    assert [kind for kind in kinds if kind == "too_good"] == told


def test_scores_that_are_sharper_than_ever_are_outputs_that_moved() -> None:
    """Before any label is known."""
    (finding,) = said(number(0.95, kind=Kind.ESTIMATED), coverage=0.0)
    about = (finding.measurement.kind, finding.measurement.metric)
    assert about == (Kind.OUTPUT, "promised_roc_auc")


def test_segments_share_the_false_alarms() -> None:
    """All of them together are as often wrong as the whole day."""
    parts = [number(0.95, segment=f"a={value}") for value in "bc"]
    findings = said(number(0.95), *parts)
    alarms = [f.limit.false_alarm for f in findings if f.limit]
    assert alarms == [0.001, 0.0005, 0.0005]


@pytest.mark.parametrize(
    ("labelled", "horizons"),
    [pytest.param(1000, [7], id="mature"), pytest.param(100, [], id="immature")],
)
def test_days_together_tell_what_none_can(labelled: int, horizons: list[int]) -> None:
    """A gain that is within chance of each day, on mature days."""
    modest = number(0.84, rows=100, lower=0.75, upper=0.93)
    days = [
        DatedNumber(
            day=DAY - timedelta(days=n),
            measurement=modest,
            rows=1000,
            labelled=labelled,
        )
        for n in range(1, 7)
    ]
    findings = judge_gains([modest], replace(context(), recent=by_number(days)))
    assert [f.measurement.horizon for f in findings] == horizons


def test_pools_of_too_few_rows_hide_no_longer_ones() -> None:
    """What cannot be judged is not what chance explains least."""
    few = number(0.95, rows=30, lower=0.9, upper=1.0)
    days = [
        DatedNumber(
            day=DAY - timedelta(days=n), measurement=few, rows=1000, labelled=1000
        )
        for n in range(1, 7)
    ]
    findings = judge_gains([few], replace(context(), recent=by_number(days)))
    assert [f.measurement.rows >= 100 for f in findings] == [True]


def test_kind_may_warn_only() -> None:
    """Nothing that was promised is broken."""
    assert Kind.TOO_GOOD in ADVISORY
