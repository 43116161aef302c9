from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from monitoring_tasks.decide.damage import damaged, lasting_damage
from monitoring_tasks.decide.decide import decide
from monitoring_tasks.domain.evaluations import Cause, PastDay, Severity
from monitoring_tasks.domain.findings import Check, DataVerdict, Kind, Verdict
from monitoring_tasks.domain.policies import Persistence
from tests.builders import DAY, make_comparison, make_finding, make_past
from tests.decide.test_decide import BAD, known
from tests.decide.test_triage import symptoms

RULE = Persistence(bad_days=2, of_days=3)
NULLS = Check(
    gate="reference",
    name="no_more_nulls_than_usual",
    status="failed",
    severity="warning",
    column="temp",
    observed="20% nulls, usually 0.0%",
    is_new=True,
)
ROWS = replace(NULLS, name="as_many_rows_as_usual", column="", observed="300 rows")
HELD = DataVerdict(verdict=Verdict.OK, reason="all held")
WARNED = DataVerdict(verdict=Verdict.WARN, reason="nulls", checks=(NULLS, ROWS))


def days(*checks: Sequence[Check]) -> list[PastDay]:
    """Give the days before, oldest first, by what looked damaged on each."""
    return [
        replace(
            make_past(DAY - timedelta(days=len(checks) - n)),
            damaged=frozenset(check.about for check in one),
        )
        for n, one in enumerate(checks)
    ]


@pytest.mark.parametrize(
    ("history", "found"),
    [
        pytest.param([], (), id="the first day"),
        pytest.param(days((NULLS,)), (NULLS,), id="the second day"),
        pytest.param(days((NULLS,), ()), (NULLS,), id="two of three"),
        pytest.param(days((NULLS,), (), ()), (), id="too long ago"),
        pytest.param(days((ROWS,)), (ROWS,), id="another statement"),
        pytest.param(days((NULLS, ROWS), ()), (NULLS, ROWS), id="both"),
    ],
)
def test_damage_lasts_once_enough_of_the_latest_days_have_it(
    history: list[PastDay], found: tuple[Check, ...]
) -> None:
    """The same statement about the same column, today's included."""
    assert lasting_damage(WARNED.checks, history, RULE) == found


def test_days_without_rows_are_passed_over() -> None:
    """A delivery that failed between two damaged ones ends nothing."""
    missing = replace(make_past(DAY - timedelta(days=1)), version="")
    before = replace(days((NULLS,))[0], day=DAY - timedelta(days=4))
    history = [before, *[missing] * 3]
    assert lasting_damage(WARNED.checks, history, RULE) == (NULLS,)


def test_one_day_is_enough_where_the_owners_say_so() -> None:
    """Days before are not asked then."""
    rule = Persistence(bad_days=1, of_days=1)
    assert lasting_damage(WARNED.checks, days((NULLS,)), rule) == (NULLS, ROWS)


@pytest.mark.parametrize(
    "change",
    [{"is_new": False}, {"status": "passed"}],
    ids=["as on the days before", "held"],
)
def test_what_is_not_new_or_holds_is_no_damage(change: dict[str, Any]) -> None:
    """A reference of other data than is served is not what broke."""
    check = replace(NULLS, **change)
    assert lasting_damage([check], days((NULLS,)), RULE) == ()


def test_part_of_the_rows_damaged_for_days_is_an_incident() -> None:
    """However well the model does on them; the sentence says what and for how long."""
    found = decide(known(data=WARNED, history=days((NULLS,))))
    assert (found.severity, found.cause) == (Severity.P2, Cause.DATA)
    assert found.verdict is Verdict.WARN
    assert found.performance is Verdict.OK
    assert found.reasons[0] == (
        "P2, data: no_more_nulls_than_usual on column 'temp' fails on 2 of 3 days or "
        "more: 20% nulls, usually 0.0%"
    )
    assert found.evidence["chosen_by"] == [
        "check/reference/no_more_nulls_than_usual/temp"
    ]


def test_first_damaged_day_is_told_and_no_more() -> None:
    """A day may be odd once."""
    found = decide(known(data=WARNED))
    assert (found.severity, found.cause) == (None, None)
    assert found.reasons[0] == "data: nulls"


def test_damage_comes_before_the_model_as_a_cause() -> None:
    """Another version may do better on damaged rows, and still cannot mend them."""
    history = [replace(BAD[0], damaged=frozenset({NULLS.about}))]
    parts = {"findings": [make_finding(Verdict.BREACH)], "history": history}
    found = decide(known(data=WARNED, comparisons=[make_comparison()], **parts))
    assert (found.severity, found.cause) == (Severity.P1, Cause.DATA)
    assert found.rollback_to is None
    healthy = decide(known(data=HELD, comparisons=[make_comparison()], **parts))
    assert healthy.cause is not Cause.DATA


def test_several_damages_are_one_sentence() -> None:
    """The first in full, the others counted; all are evidence."""
    found = damaged(symptoms(damage=(ROWS, NULLS)), known().contract)
    assert found is not None
    assert found.reason == (
        "as_many_rows_as_usual fails on 2 of 3 days or more: 300 rows (and 1 more)"
    )
    assert len(found.evidence) == 2
    assert damaged(symptoms(), known().contract) is None


def test_labels_that_are_overdue_are_an_incident() -> None:
    """The day is judged by estimates alone, and says so; a warning alone is not."""
    late = make_finding(
        Verdict.WARN, kind=Kind.LABELS, metric="label_overdue_days", version="2"
    )
    found = decide(known(findings=[make_finding(Verdict.IMMATURE), late]))
    assert (found.severity, found.cause) == (Severity.P2, Cause.LABEL_QUALITY)
    assert found.reasons[0].startswith("P2, label_quality: it is warn: until they come")
    fewer = replace(
        late, measurement=replace(late.measurement, metric="label_coverage_shortfall")
    )
    found = decide(known(findings=[make_finding(Verdict.IMMATURE), fewer]))
    assert found.severity is not Severity.P2
