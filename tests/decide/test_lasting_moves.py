"""Where numbers that moved come from: inputs, the scoring, a release, the answer."""

from datetime import date, timedelta

import pytest

from monitoring_tasks.decide.lasting_moves import lasting_move
from monitoring_tasks.decide.moved_numbers import (
    moved_outputs,
    release_at,
)
from monitoring_tasks.decide.standing_warnings import StandingWarning
from monitoring_tasks.domain.decisions import Cause
from monitoring_tasks.domain.findings import Finding, Kind, Limit, Verdict
from monitoring_tasks.domain.incident_context import IncidentContext
from tests.builders import DAY, make_finding
from tests.decide.test_triage import symptoms

LONG_AGO = DAY - timedelta(days=40)
YESTERDAY = DAY - timedelta(days=1)
OUTPUT = {"kind": Kind.OUTPUT, "metric": "decision_rate"}
INPUT = {"kind": Kind.DRIFT, "metric": "jensen_shannon", "column": "temp"}
LABEL = {"kind": Kind.OUTCOME, "metric": "label_rate"}
GAIN = {"kind": Kind.TOO_GOOD, "metric": "roc_auc"}


def past_limit(**parts: object) -> Finding:
    """Return a number past its limit."""
    known = {"value": 0.9, "version": "2"} | parts
    limit = Limit(low=0.1, high=0.5, reference=0.3)
    return make_finding(Verdict.WARN, limit=limit, **known)


def warning(
    about: dict[str, object], *, onset: date = YESTERDAY, **parts: bool
) -> StandingWarning:
    """Return a number that has been past its limit for two days, and is grave."""
    known = {
        "stands": True,
        "is_told": True,
        "is_harmless": False,
        "is_sudden": False,
        "is_grave": True,
    }
    return StandingWarning(
        finding=past_limit(**about),
        onset=onset,
        ratio=1.5,
        first_ratio=1.5,
        **known | parts,
    )


@pytest.mark.parametrize(
    ("since", "cause", "says"),
    [
        pytest.param(LONG_AGO, Cause.INTEGRATION, "the job that scores", id="long ago"),
        pytest.param(None, Cause.INTEGRATION, "the job that scores", id="unknown"),
        pytest.param(YESTERDAY, Cause.MODEL, "look at the release", id="that day"),
        pytest.param(
            DAY - timedelta(days=7),
            Cause.MODEL,
            "version 2 was released",
            id="the week",
        ),
        pytest.param(
            DAY - timedelta(days=8), Cause.INTEGRATION, "the job", id="a week before"
        ),
        pytest.param(DAY, Cause.INTEGRATION, "the job", id="only after it"),
    ],
)
def test_outputs_that_moved_with_a_release_are_the_releases(
    since: date | None, cause: Cause, says: str
) -> None:
    """Without one, the job around the model is to be looked at."""
    day = symptoms(version_since=since, warnings=[warning(OUTPUT)])
    diagnosis = lasting_move(day)
    assert diagnosis is not None
    assert (diagnosis.cause, diagnosis.rollback_to) == (cause, None)
    assert says in diagnosis.reason.text
    release = ("2", since) if cause is Cause.MODEL else None
    assert release_at(YESTERDAY, day) == release


def test_single_day_blames_no_release() -> None:
    """Outputs far off at once are told; whose fault it is, a second day says."""
    moved = warning(OUTPUT, stands=False)
    diagnosis = lasting_move(symptoms(version_since=YESTERDAY, warnings=[moved]))
    assert diagnosis is not None
    assert (diagnosis.cause, diagnosis.blamed) == (Cause.INTEGRATION, "")
    # Nor does one more output that goes far today take the blame from it.
    far = warning(OUTPUT, onset=DAY, stands=False)
    both = [warning(OUTPUT), far]
    diagnosis = lasting_move(symptoms(version_since=YESTERDAY, warnings=both))
    assert diagnosis is not None
    assert (diagnosis.cause, diagnosis.blamed) == (Cause.MODEL, "2")


def test_release_may_begin_with_a_part_of_the_rows() -> None:
    """The version most rows carry has served for long; another one has not."""
    context = IncidentContext(releases={"3": YESTERDAY})
    day = symptoms(version_since=None, context=context, warnings=[warning(OUTPUT)])
    diagnosis = lasting_move(day)
    assert diagnosis is not None
    assert (diagnosis.cause, diagnosis.blamed) == (Cause.MODEL, "3")
    assert "version 3 was released" in diagnosis.reason.text


def test_segment_of_an_output_is_named() -> None:
    """Whoever reads it knows which rows to look at."""
    segment = warning(OUTPUT | {"segment": "region=north"})
    diagnosis = lasting_move(symptoms(warnings=[segment]))
    assert diagnosis is not None
    assert "decision_rate where region=north" in diagnosis.reason.text


@pytest.mark.parametrize(
    ("others", "cause"),
    [
        pytest.param([], Cause.LABEL_QUALITY, id="alone"),
        pytest.param([OUTPUT], Cause.INTEGRATION, id="the scores moved along"),
        pytest.param([LABEL], Cause.LABEL_QUALITY, id="the labels moved along"),
        pytest.param([LABEL, OUTPUT], Cause.INTEGRATION, id="labels and scores did"),
        pytest.param([INPUT, OUTPUT], Cause.DATA, id="an input moved along"),
    ],
)
def test_answer_leaks_in_where_something_moved_along(
    others: list[dict[str, object]], cause: Cause
) -> None:
    """An input that knows it, a score made after it, labels made from decisions."""
    known = [warning(GAIN), *(warning(other, is_grave=False) for other in others)]
    diagnosis = lasting_move(symptoms(warnings=known))
    assert diagnosis is not None
    assert diagnosis.cause is cause
    assert "too good to be true" in diagnosis.reason.text
    assert "knows the answer" in diagnosis.reason.text


def test_gain_that_is_not_grave_yet_has_no_cause() -> None:
    """It is told first, and a ticket once it is far or long."""
    day = symptoms(warnings=[warning(GAIN, is_grave=False)])
    assert lasting_move(day) is None


@pytest.mark.parametrize(
    ("others", "cause"),
    [
        pytest.param([], Cause.SEGMENT, id="alone"),
        pytest.param([LABEL], Cause.SEGMENT, id="labels moved too"),
        pytest.param([INPUT], Cause.SEGMENT, id="an input moved a little"),
        pytest.param([OUTPUT], Cause.INTEGRATION, id="outputs moved alone"),
    ],
)
def test_segment_that_lost_is_named(
    others: list[dict[str, object]], cause: Cause
) -> None:
    """Unless what is delivered moved: then the scoring comes first."""
    lost = warning({"kind": Kind.SEGMENT, "metric": "accuracy", "segment": "a=b"})
    known = [lost, *(warning(other) for other in others)]
    diagnosis = lasting_move(symptoms(version_since=None, warnings=known))
    assert diagnosis is not None
    assert diagnosis.cause is cause
    assert ("accuracy where a=b" in diagnosis.reason.text) is (cause is Cause.SEGMENT)


@pytest.mark.parametrize(
    ("onset", "parts", "is_told"),
    [
        pytest.param(YESTERDAY, {}, True, id="with the breach"),
        pytest.param(LONG_AGO, {}, True, id="before it"),
        pytest.param(DAY, {}, True, id="as late as persistence lets pass"),
        pytest.param(DAY + timedelta(days=1), {}, False, id="later"),
        pytest.param(YESTERDAY, {"is_told": False}, False, id="on one day alone"),
    ],
)
def test_breach_is_blamed_on_outputs_that_moved_by_then(
    onset: date, parts: dict[str, bool], *, is_told: bool
) -> None:
    """The breach of these symptoms began yesterday."""
    day = symptoms(version_since=None, warnings=[warning(OUTPUT, onset=onset, **parts)])
    diagnosis = moved_outputs(day)
    assert (diagnosis is not None) is is_told
    assert diagnosis is None or diagnosis.cause is Cause.INTEGRATION


@pytest.mark.parametrize(
    ("is_sudden", "cause"),
    [(False, Cause.COVARIATE_DRIFT), (True, Cause.DATA)],
)
def test_outputs_that_moved_and_are_the_versions_followed_the_inputs(
    cause: Cause, *, is_sudden: bool
) -> None:
    """No input shows it alone; the scoring job is cleared by rows scored again."""
    alike = make_finding(
        Verdict.OK,
        kind=Kind.REPRODUCTION,
        upper=0.02,
        lower=0.0,
        value=0.0,
        limit=Limit(high=0.03),
    )
    day = symptoms(
        findings=[alike],
        version_since=None,
        warnings=[warning(OUTPUT, is_sudden=is_sudden)],
    )
    diagnosis = moved_outputs(day)
    assert diagnosis is not None
    assert diagnosis.cause is cause
    assert "what the version gives for the inputs" in diagnosis.reason.text


def test_input_that_moved_explains_outputs() -> None:
    """However little it moved."""
    day = symptoms(warnings=[warning(OUTPUT), warning(INPUT, is_grave=False)])
    assert moved_outputs(day) is None


@pytest.mark.parametrize(
    ("version", "others", "cause"),
    [
        pytest.param("3", [], Cause.MODEL, id="rows of the release alone"),
        pytest.param("3", ["2"], Cause.DATA, id="rows of the other version too"),
        pytest.param("2", [], Cause.DATA, id="rows of the other version alone"),
    ],
)
def test_input_that_moved_for_a_release_alone_is_its_references(
    version: str, others: list[str], cause: Cause
) -> None:
    """The rows are as ever; what they are held against is another reference."""
    moved = warning(INPUT | {"version": version}, is_sudden=True)
    day = symptoms(
        version_since=None,
        context=IncidentContext(releases={"3": YESTERDAY}),
        findings=[past_limit(**INPUT, version=name) for name in (version, *others)],
        warnings=[moved],
    )
    diagnosis = lasting_move(day)
    assert diagnosis is not None
    assert (diagnosis.cause, diagnosis.rollback_to) == (cause, None)
