from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.contract.objectives import Objective
from monitoring_tasks.domain.findings import Finding, Kind, Limit, Measurement, Verdict
from monitoring_tasks.domain.problems import Problem
from monitoring_tasks.report import performance, performance_chart, series
from monitoring_tasks.report.charted import Charted, charted_number, deciding_number
from monitoring_tasks.report.facts import Facts, TimelineDay
from monitoring_tasks.report.pages import render_day
from monitoring_tasks.report.step import gather
from monitoring_tasks.store.database import Database
from monitoring_tasks.store.results import Results
from tests.report.sample import BAD_DAY, day_in, unit_of

Gather = Callable[[date], Facts]
AUC = Charted(kind=Kind.REALIZED, metric="roc_auc")


def judged(
    metric: str,
    verdict: Verdict,
    *,
    kind: Kind = Kind.REALIZED,
    **parts: Any,  # noqa: ANN401 (any field)
) -> Finding:
    """Return a finding on version 4."""
    number = Measurement(kind=kind, metric=metric, version="4", value=0.9, **parts)
    return Finding(measurement=number, verdict=verdict, reason="so")


def test_the_number_in_breach_is_charted_over_its_own_horizon(
    contract: Contract,
) -> None:
    """Not the first objective: the one that decided the day, over the days it took."""
    findings = [
        judged("roc_auc", Verdict.OK),
        judged("f1", Verdict.INCONCLUSIVE),
        judged("f1", Verdict.BREACH, horizon=7),
        judged("f1", Verdict.BREACH, horizon=28),
    ]
    chosen = charted_number(findings, contract, "4")
    assert chosen == Charted(kind=Kind.REALIZED, metric="f1", horizon=7)
    assert chosen.title == "f1 over 7 days"


def test_labels_come_before_guesses_and_the_whole_before_segments(
    contract: Contract,
) -> None:
    """Of several in breach the one a reader can rest most on."""
    estimated = judged("f1", Verdict.BREACH, kind=Kind.ESTIMATED)
    part = judged("accuracy", Verdict.BREACH, segment="a=b")
    gap = judged("tpr", Verdict.BREACH, kind=Kind.FAIRNESS, column="sex", segment="f")
    whole = judged("recall", Verdict.BREACH)
    drift = judged("jensen_shannon", Verdict.BREACH, kind=Kind.DRIFT)
    order = [whole, part, gap, estimated]
    for i, first in enumerate(order):
        chosen = charted_number([drift, *reversed(order[i:])], contract, "4")
        assert (chosen.kind, chosen.metric) == first.measurement.key[:2]


def test_of_several_in_breach_the_first_promised_is_charted(contract: Contract) -> None:
    """Not the first by name: the owners wrote the one they care for most first."""
    promises = [
        Objective(metric=metric, source="realized", min=0.5)
        for metric in ("recall", "accuracy")
    ]
    promised = contract.model_copy(update={"objectives": tuple(promises)})
    findings = [
        judged("accuracy", Verdict.BREACH),
        judged("recall", Verdict.BREACH, horizon=7),
    ]
    chosen = charted_number(findings, promised, "4")
    assert (chosen.metric, chosen.horizon) == ("recall", 7)


def test_another_version_does_not_choose(contract: Contract) -> None:
    """The time line is of the version most rows were scored with."""
    findings = [judged("f1", Verdict.BREACH)]
    assert charted_number(findings, contract, "5") == AUC


@pytest.mark.parametrize(
    ("verdicts", "horizon"),
    [
        ((Verdict.OK, Verdict.OK), 1),
        ((Verdict.INCONCLUSIVE, Verdict.OK), 7),
        ((Verdict.NO_DATA, Verdict.OK), 7),
        ((Verdict.INCONCLUSIVE, Verdict.INCONCLUSIVE), 1),
    ],
)
def test_a_good_day_shows_the_shortest_horizon_that_tells(
    contract: Contract, verdicts: tuple[Verdict, Verdict], horizon: int
) -> None:
    """Where a day is too noisy and its week decided, the week is drawn."""
    day, week = verdicts
    findings = [judged("roc_auc", day), judged("roc_auc", week, horizon=7)]
    assert charted_number(findings, contract, "4").horizon == horizon
    decided = deciding_number(findings, contract, "4")
    tells = {Verdict.OK} & {day, week}
    assert (decided and decided.horizon) == (horizon if tells else None)


@pytest.mark.parametrize("kind", [Kind.SEQUENCE, Kind.COMPARISON, Kind.SERVICE])
def test_a_day_that_something_else_broke_goes_by_no_number(
    contract: Contract, kind: Kind
) -> None:
    """The number promised first may be good on a day of losses added up."""
    findings = [judged("roc_auc", Verdict.OK), judged("m", Verdict.BREACH, kind=kind)]
    assert deciding_number(findings, contract, "4") is None
    assert charted_number(findings, contract, "4").metric == "roc_auc"


@pytest.mark.parametrize(
    ("problem", "metric"),
    [
        pytest.param(Problem.BINARY, "roc_auc", id="binary"),
        pytest.param(Problem.MULTICLASS, "accuracy", id="multiclass"),
        pytest.param(Problem.REGRESSION, "mae", id="regression"),
    ],
)
def test_the_usual_metric_is_charted_when_nothing_realized_is_promised(
    contract: Contract, problem: Problem, metric: str
) -> None:
    """Objectives on estimates do not choose it."""
    estimated = Objective(metric="f1", source="estimated", min=0.5)
    bare = contract.model_copy(update={"problem": problem, "objectives": (estimated,)})
    assert charted_number([], bare, "4").metric == metric


def test_the_first_realized_objective_is_charted(contract: Contract) -> None:
    """A promise about a segment makes that segment's number the charted one."""
    promise = Objective(metric="f1", source="realized", segment="a=b", min=0.5)
    promised = contract.model_copy(update={"objectives": (promise,)})
    chosen = charted_number([], promised, "4")
    assert (chosen.title, chosen.segment) == ("f1 of a=b", "a=b")


def test_the_store_is_asked_for_the_charted_horizon(
    contract: Contract, tmp_path: Path
) -> None:
    """Numbers over seven days are drawn with their own limit."""
    store = Database(f"sqlite:///{tmp_path / 'one.db'}")
    results, unit = Results(store), unit_of(BAD_DAY)
    results.start(unit, predictions=None, labels=None, problem=None)
    week = replace(
        judged("f1", Verdict.BREACH, horizon=7, lower=0.8, upper=1.2, rows=90),
        limit=Limit(low=0.95, origin="min"),
    )
    header = {"version": "4", "rows": 100, "labelled": 100}
    numbers = [week.measurement, judged("f1", Verdict.OK).measurement]
    results.save_measurements(unit, numbers, header=header)
    results.save_findings(unit, [week], [])
    facts = gather(day_in(store, unit, contract))
    (row,) = performance.performance_rows(facts)
    assert isinstance(row, dict)
    assert (row["realized"], row["low"], row["realized_upper"]) == (0.9, 0.95, 1.0)
    assert "Estimate against realized: f1 over 7 days" in render_day(facts)


def test_axis_stays_in_the_range_of_the_metric(facts_of: Gather) -> None:
    """An area under the curve of 1.02 is not drawn, nor is there room above 1."""
    facts = facts_of(BAD_DAY)
    number = judged("roc_auc", Verdict.OK, lower=0.2, upper=1.02).measurement
    key = (Kind.REALIZED, "roc_auc", "", "all")
    look = replace(facts.timeline[BAD_DAY], numbers={key: number}, findings={})
    changed = replace(facts, timeline={BAD_DAY: look}, first_day=BAD_DAY)
    rows = performance.performance_rows(changed)
    assert not isinstance(rows, str)
    assert performance.performance_domain(changed, rows) == [pytest.approx(0.16), 1.0]


@pytest.mark.parametrize(
    ("values", "ends"),
    [
        ([5.0, 5.0], [4.75, 5.25]),
        ([0.0, 0.0], [0.0, 0.05]),
        ([0.0, 10.0], [0.0, 10.5]),
    ],
)
def test_axis_has_room_though_all_values_are_equal(
    values: list[float], ends: list[float]
) -> None:
    """An axis of no length could not be drawn; below zero there is no error."""
    assert performance.axis_ends(values, 0.0, float("inf")) == pytest.approx(ends)


@pytest.fixture
def regression(facts_of: Gather) -> Facts:
    """The days of a model that predicts a value, three of them with labels."""
    facts = facts_of(BAD_DAY)
    contract = facts.contract.model_copy(
        update={"problem": Problem.REGRESSION, "objectives": ()}
    )
    looks = {}
    for day, look in facts.timeline.items():
        off = float((BAD_DAY - day).days)
        numbers = [
            Measurement(kind=Kind.REALIZED, metric=metric, version="4", **values)
            for metric, values in {
                "label_mean": {"value": 100 + off},
                "bias": {"value": 5.0, "lower": 3.0, "upper": 7.0},
                "mae": {"value": 9.0},
            }.items()
        ]
        keyed = {(n.kind, n.metric, "", "all"): n for n in numbers}
        looks[day] = TimelineDay(header=look.header, numbers=keyed if off < 3 else {})
    return replace(facts, contract=contract, timeline=looks, findings=[])


def test_forecast_is_held_against_what_came(regression: Facts) -> None:
    """Mean prediction = mean label + bias; days without labels are gaps."""
    rows = performance.forecast_rows(regression)
    assert not isinstance(rows, str)
    assert len(rows) == len(regression.days)
    last = {name: value for name, value in rows[-1].items() if name != "day"}
    assert last == {
        "actual": 100.0,
        "forecast": 105.0,
        "error": 5.0,
        "error_lower": 3.0,
        "error_upper": 7.0,
        "absolute": 9.0,
    }
    assert rows[-4]["forecast"] is rows[-4]["error"] is None


def test_page_of_a_regression_shows_forecast_and_error(regression: Facts) -> None:
    """Both lines are drawn, and the axis says what they are."""
    page = render_day(regression)
    assert '<h2 id="forecast">' in page
    assert "Mean prediction, mean label and error over" in page
    section = page[page.index('id="forecast"') : page.index('id="estimator"')]
    for colour in ("estimated", "realized", "breach", "muted"):
        assert f'"var(--{colour})"' in section


def test_page_of_a_regression_without_labels_says_so(regression: Facts) -> None:
    """No empty chart: a reason."""
    looks = {
        day: TimelineDay(header=look.header)
        for day, look in regression.timeline.items()
    }
    page = render_day(replace(regression, timeline=looks))
    assert "no data: no day has a label to compare the predictions with" in page


def test_other_models_have_no_forecast(facts_of: Gather) -> None:
    """A class is not forecast against an actual value."""
    assert 'id="forecast"' not in render_day(facts_of(BAD_DAY))


def test_time_line_names_what_it_shows(facts_of: Gather) -> None:
    """The axis carries the metric with its horizon."""
    facts = facts_of(BAD_DAY)
    rows = performance.performance_rows(facts)
    assert not isinstance(rows, str)
    drawn = performance_chart.performance_chart(
        rows,
        events=[],
        verdicts=series.verdict_rows(facts),
        metric="f1 over 7 days",
        domain=[0, 1],
    )
    assert ">f1 over 7 days<" in drawn
