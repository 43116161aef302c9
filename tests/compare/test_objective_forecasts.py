from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest

from monitoring_tasks.compare.day_context import DayContext
from monitoring_tasks.compare.objective_forecasts import judge_forecasts
from monitoring_tasks.domain.findings import Finding, Kind, Verdict
from monitoring_tasks.domain.reference import DailyNoise
from monitoring_tasks.domain.trust import DatedNumber
from tests.builders import (
    COLUMNS,
    DAY,
    make_contract,
    make_measurement,
    make_reference,
)

NOISE = DailyNoise(mean=0.7, spread=0.01, days=60, sampling=0.01, rows=900)
CHANCE = np.random.default_rng(3).normal(0, 0.008, 90)


def days(slope: float, *, count: int = 40, last: float = 0.68) -> list[DatedNumber]:
    """Return a realized AUC a day that ends at `last`."""
    numbers = []
    for ago in reversed(range(count)):
        value = last - slope * ago + CHANCE[ago]
        number = make_measurement(
            value=value, lower=value - 0.02, upper=value + 0.02, rows=900
        )
        day = DAY - timedelta(days=ago)
        numbers.append(DatedNumber(day=day, measurement=number, rows=900, labelled=900))
    return numbers


def told(
    numbers: list[DatedNumber], *, noise: DailyNoise | None = NOISE, **parts: object
) -> list[Finding]:
    """Look ahead for version 1, whose AUC of .7 may lose .05."""
    promise = {"metric": "roc_auc", "source": "realized", "max_drop": 0.05} | parts
    key = f"{promise['metric']}/{promise.get('column', '')}/all"
    known = {} if noise is None else {f"{promise['source']}/{key}": noise}
    contract = make_contract(
        objectives=[promise], columns=COLUMNS | {"protected": ["sex"], "error": "error"}
    )
    context = DayContext(
        day=DAY,
        contract=contract,
        references={"1": make_reference(noise=known)},
        label_coverage={"1": 1.0},
    )
    return judge_forecasts(numbers, context)


@pytest.mark.parametrize(
    ("slope", "verdict"),
    [
        pytest.param(-0.002, Verdict.WARN, id="15 days away"),
        pytest.param(-0.0008, Verdict.OK, id="37 days away"),
        pytest.param(0.002, Verdict.OK, id="getting better"),
        pytest.param(0.0, Verdict.OK, id="flat"),
    ],
)
def test_decline_is_told_while_there_is_time(slope: float, verdict: Verdict) -> None:
    """From .68 to .65 it is so many days; further off than 28 nothing is said."""
    (found,) = told(days(slope))
    assert (found.measurement.kind, found.verdict) == (Kind.FORECAST, verdict)
    assert found.limit is not None
    assert found.limit.advisory


def test_nearer_limit_counts() -> None:
    """A floor of .66 is nearer than a loss of .05 from .7."""
    (loss,) = told(days(-0.002))
    (floor,) = told(days(-0.002), min=0.66)
    assert (floor.measurement.value or 0) < (loss.measurement.value or 0)


def test_number_that_may_not_rise_is_followed_upwards() -> None:
    """A loss of the Brier score is a rise: the same days are a gain of the AUC."""
    rising = days(0.002, last=0.72)
    (better,) = told(rising)
    (worse,) = told(
        [
            replace(day, measurement=replace(day.measurement, metric="brier"))
            for day in rising
        ],
        metric="brier",
    )
    assert (better.verdict, worse.verdict) == (Verdict.OK, Verdict.WARN)


@pytest.mark.parametrize(("count", "findings"), [(20, 0), (21, 1), (22, 1)])
def test_forecast_needs_mature_days(count: int, findings: int) -> None:
    """One too few and nothing is said: neither ok nor a warning."""
    assert len(told(days(-0.002, count=count))) == findings


def test_days_without_a_usable_error_have_no_forecast() -> None:
    """A number that cannot be weighed is no proof that all goes well."""
    certain = [
        replace(day, measurement=replace(day.measurement, lower=None, upper=None))
        for day in days(-0.002)
    ]
    still = replace(NOISE, spread=0, sampling=0)
    assert told(certain, noise=still) == []


def test_number_without_a_reference_has_no_forecast() -> None:
    """How far chance moves it is not known."""
    assert told(days(-0.002), noise=None) == []


def test_day_whose_own_labels_are_young_has_no_forecast() -> None:
    """A line that ends yesterday was told yesterday."""
    assert told(days(-0.002)[:-1]) == []


def test_crossing_that_may_be_far_off_is_not_told() -> None:
    """Next to the limit, with a slope that may lead there in months: nobody is told."""
    (slow,) = told(days(-0.0002, count=56, last=0.656))
    (fast,) = told(days(-0.002, count=56, last=0.656))
    number = slow.measurement
    assert (number.value or 99) < 28
    assert number.upper is None or number.upper > 56
    assert (slow.verdict, fast.verdict) == (Verdict.OK, Verdict.WARN)


ERRORS = {"source": "service", "metric": "error_ratio", "max_drop": None, "max": 0.75}
GAP = ERRORS | {
    "source": "fairness",
    "metric": "equal_opportunity_gap",
    "column": "sex",
}
PARITY = GAP | {"metric": "demographic_parity_gap"}


def named(numbers: list[DatedNumber], **parts: object) -> list[DatedNumber]:
    """Return the same days of another number."""
    known = {name: parts[name] for name in ("metric", "column") if name in parts}
    kind = Kind(str(parts["source"]))
    return [
        replace(day, measurement=replace(day.measurement, kind=kind, **known))
        for day in numbers
    ]


@pytest.mark.parametrize(
    ("promise", "rising", "name"),
    [
        pytest.param(
            {"source": "estimated", "metric": "roc_auc"},
            False,
            "estimated_roc_auc",
            id="an estimate",
        ),
        pytest.param(ERRORS, True, "error_ratio", id="failures"),
        pytest.param(GAP, True, "equal_opportunity_gap", id="a gap from labels"),
        pytest.param(PARITY, True, "demographic_parity_gap", id="a gap without labels"),
    ],
)
def test_every_promise_is_looked_ahead_of(
    promise: dict[str, object], name: str, *, rising: bool
) -> None:
    """Estimates, service and fairness are told of before they break, each by name."""
    series = days(0.002, last=0.72) if rising else days(-0.002)
    (found,) = told(named(series, **promise), **promise)
    assert (found.verdict, found.measurement.metric) == (Verdict.WARN, name)
    assert found.measurement.column == promise.get("column", "")


@pytest.mark.parametrize(
    ("promise", "findings"),
    [
        pytest.param({"source": "estimated", "metric": "roc_auc"}, 1, id="an estimate"),
        pytest.param(ERRORS, 1, id="failures"),
        pytest.param(PARITY, 1, id="a gap without labels"),
        pytest.param(GAP, 0, id="a gap from labels"),
        pytest.param({}, 0, id="realized"),
    ],
)
def test_only_what_needs_labels_waits_for_them(
    promise: dict[str, object], findings: int
) -> None:
    """With half of the labels a number from labels is no evidence; others are."""
    known = {"source": "realized", "metric": "roc_auc"} | promise
    early = [replace(day, labelled=day.rows // 2) for day in days(-0.002)]
    assert len(told(named(early, **known), **promise)) == findings


def test_number_of_another_column_or_kind_is_not_taken() -> None:
    """The gap of one attribute says nothing about that of another."""
    assert told(named(days(0.002), **GAP | {"column": "age"}), **GAP) == []
    assert told(days(-0.002), source="estimated") == []


def test_estimate_and_truth_of_one_number_are_two_findings() -> None:
    """Both are kept: a finding is known by its kind, metric, column and segment."""
    both = [
        {"metric": "roc_auc", "source": source, "max_drop": 0.05}
        for source in ("realized", "estimated")
    ]
    context = DayContext(
        day=DAY,
        contract=make_contract(objectives=both),
        references={"1": make_reference(noise={"realized/roc_auc//all": NOISE})},
        label_coverage={"1": 1.0},
    )
    numbers = [*days(-0.002), *named(days(-0.002), source="estimated")]
    found = judge_forecasts(numbers, context)
    assert len({finding.measurement.key for finding in found}) == 2
