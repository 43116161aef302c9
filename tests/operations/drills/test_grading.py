import re
from dataclasses import replace
from datetime import date

import pytest

from monitoring_tasks.domain.decisions import Cause, Severity
from monitoring_tasks.domain.findings import Verdict
from monitoring_tasks.operations.drills.grading import (
    DayAnswer,
    Remedy,
    RightAnswer,
    grade,
)

MUST_FIND = RightAnswer(
    verdicts=frozenset({Verdict.NO_DATA}),
    causes=frozenset({Cause.DATA}),
    remedies=frozenset({Remedy.INCIDENT}),
    within_days=2,
)
MAY_FIND = replace(
    MUST_FIND,
    remedies=frozenset({Remedy.NONE, Remedy.INCIDENT}),
    within_days=None,
)
QUIET = RightAnswer(
    verdicts=frozenset({Verdict.OK, Verdict.WARN}),
    causes=frozenset({None}),
    remedies=frozenset({Remedy.NONE}),
)
WELL = DayAnswer(
    day=date(2013, 9, 1),
    is_faulty=False,
    verdict=Verdict.OK,
    severity=None,
    cause=None,
    remedy=Remedy.NONE,
)
MISSED = replace(WELL, day=date(2013, 9, 2), is_faulty=True)
FOUND = replace(
    MISSED,
    day=date(2013, 9, 3),
    verdict=Verdict.NO_DATA,
    severity=Severity.P2,
    cause=Cause.DATA,
    remedy=Remedy.INCIDENT,
)
FALSE_ALARM = replace(FOUND, is_faulty=False)


@pytest.mark.parametrize(
    ("expected", "days", "right", "why"),
    [
        pytest.param(MUST_FIND, [WELL, FOUND], True, "faulty day 1", id="at once"),
        pytest.param(MUST_FIND, [MISSED, FOUND], True, "faulty day 2", id="in time"),
        pytest.param(
            MUST_FIND,
            [MISSED, MISSED, FOUND],
            False,
            "day 3, expected by day 2",
            id="late",
        ),
        pytest.param(
            MUST_FIND, [MISSED, MISSED], False, "no action .* 2 faulty", id="missed"
        ),
        pytest.param(
            MUST_FIND, [FALSE_ALARM, FOUND], False, "before the fault", id="false alarm"
        ),
        pytest.param(
            MUST_FIND,
            [replace(FOUND, remedy=Remedy.ROLLBACK)],
            False,
            "remedy rollback, expected incident",
            id="wrong remedy",
        ),
        pytest.param(
            MUST_FIND,
            [FOUND, replace(FOUND, cause=None)],
            False,
            "cause none, expected data",
            id="right first, wrong later",
        ),
        pytest.param(
            MUST_FIND,
            [replace(FOUND, cause=None), replace(FOUND, remedy=Remedy.ROLLBACK)],
            False,
            "remedy rollback",
            id="a wrong rollback is the worst",
        ),
        pytest.param(
            MUST_FIND,
            [replace(FOUND, verdict=Verdict.OK)],
            False,
            "verdict ok, expected no_data",
            id="wrong verdict",
        ),
        pytest.param(
            MAY_FIND, [MISSED], True, "no action was called", id="may be silent"
        ),
        pytest.param(MAY_FIND, [MISSED, FOUND], True, "day 2", id="may be found"),
        pytest.param(
            MAY_FIND,
            [replace(FOUND, cause=Cause.MODEL)],
            False,
            "cause model",
            id="may not blame another",
        ),
        pytest.param(QUIET, [WELL, MISSED], True, "no action was called", id="quiet"),
        pytest.param(QUIET, [MISSED, FOUND], False, "remedy incident", id="not quiet"),
        pytest.param(
            QUIET,
            [replace(MISSED, verdict=Verdict.BREACH)],
            False,
            "verdict breach, expected ok or warn",
            id="quiet and yet a breach",
        ),
    ],
)
def test_grade(
    expected: RightAnswer, days: list[DayAnswer], *, right: bool, why: str
) -> None:
    """An answer is right in time, in cause and in remedy, or it is wrong and why."""
    graded = grade(expected, days)
    assert graded.is_right == right
    assert re.search(why, graded.why), graded.why


def test_grade_tells_when_it_was_found() -> None:
    """Also of a wrong answer one wants to know how soon it came."""
    graded = grade(QUIET, [WELL, MISSED, FOUND])
    assert (graded.found_on, graded.days_to_find) == (FOUND.day, 2)


def test_grade_of_no_faulty_day_is_refused() -> None:
    """Where nothing was broken nothing was tried."""
    with pytest.raises(ValueError, match="tries nothing"):
        grade(QUIET, [WELL])
