"""What was measured on a day of what an incident rests on; silence is no answer."""

from dataclasses import dataclass, replace
from datetime import date

import pytest

from monitoring_tasks.domain.decisions import Cause
from monitoring_tasks.domain.evaluations import Evaluation
from monitoring_tasks.domain.findings import Check, Finding, Kind, Measurement, Verdict
from monitoring_tasks.domain.volumes import ENOUGH_ROWS
from monitoring_tasks.respond.recovery.day_answers import Answer
from monitoring_tasks.respond.recovery.incident_basis import IncidentBasis
from monitoring_tasks.respond.recovery.measured_answers import (
    Numbers,
    answer_of,
    answers_on,
    is_measured,
)
from tests.builders import (
    DAY,
    make_evaluation,
    make_finding,
    make_incident,
    make_measurement,
)

GOOD, BAD, NOTHING = Answer.GOOD, Answer.BAD, Answer.NOTHING
MEAN, RATE = "output/score_mean//all", "output/decision_rate//all"


def rests_on(*names: str) -> IncidentBasis:
    """Return what an incident rests on that numbers alone told of."""
    return IncidentBasis(moved=frozenset(names), has_more=False)


def output(verdict: Verdict, metric: str = "score_mean", **parts: object) -> Finding:
    """Return what was thought of a level of the outputs."""
    known = {"kind": Kind.OUTPUT, "metric": metric, "version": "2"} | parts
    return make_finding(verdict, **known)


def answer(
    basis: IncidentBasis,
    *numbers: Finding | Measurement,
    checks: tuple[Check, ...] = (),
    blamed: str = "2",
) -> Answer:
    """Return what a day says of what an incident rests on."""
    return answer_of(
        basis, blamed, numbers=numbers, checks=checks, is_labelled=False
    ).moved


@pytest.mark.parametrize(
    ("numbers", "expected"),
    [
        pytest.param([output(Verdict.OK)], GOOD, id="within"),
        pytest.param([output(Verdict.WARN)], BAD, id="past"),
        pytest.param([], NOTHING, id="not measured"),
        pytest.param([output(Verdict.NO_DATA)], NOTHING, id="no value"),
        pytest.param([output(Verdict.INCONCLUSIVE)], NOTHING, id="too few rows"),
        pytest.param([output(Verdict.OK, "decision_rate")], NOTHING, id="another"),
        pytest.param(
            [output(Verdict.OK, segment="region=a")], NOTHING, id="a part of the rows"
        ),
        pytest.param(
            [make_measurement(kind=Kind.OUTPUT, metric="score_mean", version="2")],
            NOTHING,
            id="not judged",
        ),
        pytest.param(
            [output(Verdict.OK), output(Verdict.WARN, horizon=5)],
            BAD,
            id="days before weigh on it",
        ),
        pytest.param(
            [output(Verdict.OK, version="1"), output(Verdict.NO_DATA)],
            NOTHING,
            id="of the version that is to blame",
        ),
        pytest.param(
            [output(Verdict.WARN, version="1"), output(Verdict.OK)],
            GOOD,
            id="whatever the other version does",
        ),
        pytest.param([output(Verdict.OK, version="1")], GOOD, id="of what replaced it"),
    ],
)
def test_number_is_answered_by_itself(numbers: Numbers, expected: Answer) -> None:
    """Measured, and within its limits on the day and the days pooled with it."""
    assert answer(rests_on(MEAN), *numbers) is expected


@pytest.mark.parametrize(
    ("rate", "expected"),
    [
        pytest.param(Verdict.OK, GOOD, id="all"),
        pytest.param(Verdict.WARN, BAD, id="one is not"),
        pytest.param(Verdict.NO_DATA, NOTHING, id="one is not known"),
    ],
)
def test_all_that_moved_has_to_be_within_its_limits(
    rate: Verdict, expected: Answer
) -> None:
    """Half an answer is none."""
    numbers = [output(Verdict.OK), output(rate, "decision_rate")]
    assert answer(rests_on(MEAN, RATE), *numbers) is expected


def test_what_is_said_only_where_it_warns_is_answered_by_what_it_is_made_from() -> None:
    """Scores that promise too much: that they were counted, and warn no more."""
    basis = rests_on("output/promised_roc_auc//all")
    estimate = make_measurement(kind=Kind.ESTIMATED, version="2")
    warning = output(Verdict.WARN, "promised_roc_auc")
    assert answer(basis, estimate) is GOOD
    assert answer(basis, estimate, warning) is BAD
    lost = make_measurement(kind=Kind.ESTIMATED, version="2", value=None)
    assert answer(basis, lost) is NOTHING
    assert answer(basis, make_measurement(version="2")) is NOTHING


def check(status: str, name: str = "nulls", column: str = "score") -> Check:
    """Return a statement of the reference gate about a column."""
    return Check(
        gate="reference",
        name=name,
        status=status,
        severity="warning",
        column=column,
        is_new=True,
    )


@pytest.mark.parametrize(
    ("checks", "expected"),
    [
        pytest.param([check("failed")], BAD, id="still damaged"),
        pytest.param([check("passed", "like", "")], GOOD, id="nothing failed"),
        pytest.param([check("failed", column="rate")], GOOD, id="another column did"),
        pytest.param([check("failed", "unit")], NOTHING, id="damaged otherwise"),
        pytest.param([], NOTHING, id="nobody asked"),
        pytest.param([check("skipped", "like", "")], NOTHING, id="no baseline"),
        pytest.param(
            [check("passed", "like", ""), check("skipped", "like")],
            NOTHING,
            id="the column was left out",
        ),
        pytest.param(
            [check("passed", "like", ""), check("errored", "like", "")],
            NOTHING,
            id="a statement of the table could not be asked",
        ),
    ],
)
def test_damage_is_answered_where_its_gate_was_asked(
    checks: list[Check], expected: Answer
) -> None:
    """A gate names what fails; what it could not ask is open."""
    basis = rests_on("check/reference/nulls/score")
    assert answer(basis, checks=tuple(checks)) is expected


def test_day_of_too_few_rows_says_nothing_of_a_column() -> None:
    """Of them the reference gate asks how many there are, and calls that passed."""
    passed = check("passed", "rows_look_like_the_reference", "")
    few = replace(check("failed", ENOUGH_ROWS, ""), gate="rows", is_new=False)
    basis = rests_on("check/reference/nulls/score")
    assert answer(basis, checks=(passed,)) is GOOD
    assert answer(basis, checks=(passed, few)) is NOTHING


def test_other_gates_say_nothing_of_damage_that_one_gate_told() -> None:
    """Each looks at something else."""
    keys = Check(gate="keys", name="unique", status="passed", severity="critical")
    basis = rests_on("check/reference/nulls/score")
    assert answer(basis, checks=(keys,)) is NOTHING


def test_incident_that_rests_on_nothing_measured_has_no_answer() -> None:
    """Nothing asked is nothing answered."""
    assert answer(rests_on(), output(Verdict.OK)) is NOTHING


@dataclass(frozen=True)
class Written:
    """A day as it was written down."""

    day: date
    evaluation: Evaluation
    numbers: Numbers


@pytest.mark.parametrize(
    ("cause", "serving"), [(Cause.MODEL, True), (Cause.INTEGRATION, False)]
)
def test_days_say_who_served_and_whether_labels_came(
    cause: Cause, *, serving: bool
) -> None:
    """The version that is to blame, where one is."""
    incident, basis = make_incident(cause=cause, version="2"), rests_on(MEAN)
    evaluation = make_evaluation(version="1", rows=100, labelled=80)
    day = Written(DAY, evaluation, [output(Verdict.OK)])
    answers = answers_on([day], incident, basis, label_coverage=0.8)
    said = answers.by_day[DAY]
    assert answers.basis is basis
    assert (said.moved, said.is_blamed_serving) == (GOOD, serving)
    assert said.is_labelled
    later = answers_on([day], incident, basis, label_coverage=0.81)
    assert not later.by_day[DAY].is_labelled


def test_day_that_was_not_fit_says_nothing() -> None:
    """Nothing may be wrong with the few rows that came."""
    evaluation = make_evaluation(data_verdict=Verdict.BREACH)
    day = Written(DAY, evaluation, [output(Verdict.OK)])
    basis = rests_on(MEAN)
    answers = answers_on([day], make_incident(version="2"), basis, label_coverage=0.8)
    assert answers.by_day == {}


def test_numbers_are_read_only_where_they_matter() -> None:
    """Where a version is to blame, or where numbers alone told of it."""
    labels, data = IncidentBasis(), make_incident(cause=Cause.DATA)
    assert is_measured(make_incident(), labels)
    assert is_measured(data, rests_on(MEAN))
    assert not is_measured(data, labels)
