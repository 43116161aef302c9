from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from monitoring_tasks.contract.persistence import PersistenceRule
from monitoring_tasks.decide.corruption import corrupted, lasting_corruption
from monitoring_tasks.decide.decide import decide
from monitoring_tasks.decide.labels import label_signs
from monitoring_tasks.decide.standing_warnings import StandingWarning
from monitoring_tasks.decide.symptoms import LastingCorruption
from monitoring_tasks.domain.damaged_columns import damaged_columns
from monitoring_tasks.domain.decisions import Cause, Decision, PastDay, Severity
from monitoring_tasks.domain.findings import (
    Check,
    DataVerdict,
    Kind,
    Limit,
    Verdict,
)
from monitoring_tasks.domain.incident_context import IncidentContext
from monitoring_tasks.domain.reproductions import UNREPRODUCED_SHARE
from tests.builders import (
    DAY,
    make_comparison,
    make_contract,
    make_finding,
    make_past,
)
from tests.decide.test_decide import BEFORE, day_facts
from tests.decide.test_lasting_moves import warning
from tests.decide.test_triage import symptoms

RULE = PersistenceRule(bad_days=2, of_days=3)
NULLS = Check(
    gate="reference",
    name="no_more_nulls_than_usual",
    status="failed",
    severity="warning",
    column="temp",
    observed="20% nulls, usually 0.0%",
    is_new=True,
)
FROZEN = replace(NULLS, name="values_vary_as_usual", observed="40% are 1: frozen")
ROWS = replace(NULLS, name="as_many_rows_as_usual", column="", observed="300 rows")
HELD = DataVerdict(verdict=Verdict.OK, reason="all held")
WARNED = DataVerdict(verdict=Verdict.WARN, reason="nulls", checks=(NULLS, ROWS))


def lasting(
    checks: Sequence[Check], history: Sequence[PastDay], rule: PersistenceRule = RULE
) -> tuple[Check, ...]:
    """Return what lasts until today."""
    return tuple(one.check for one in runs(checks, history, rule))


def runs(
    checks: Sequence[Check], history: Sequence[PastDay], rule: PersistenceRule = RULE
) -> tuple[LastingCorruption, ...]:
    """Return what lasts until today, and since when."""
    contract = make_contract(policy={"persistence": rule.model_dump()})
    batch = DataVerdict(verdict=Verdict.WARN, reason="", checks=tuple(checks))
    return lasting_corruption(
        day_facts(contract=contract, batch=batch, history=history)
    )


def days(*checks: Sequence[Check]) -> list[PastDay]:
    """Return the days before, oldest first, by what looked damaged on each."""
    return [
        replace(
            make_past(DAY - timedelta(days=len(checks) - n)),
            corrupted=frozenset(check.about for check in one),
            damaged_columns=damaged_columns(one),
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
    assert lasting(WARNED.checks, history) == found


def test_other_statements_about_the_column_are_the_same_fault() -> None:
    """A unit that changes row by row: first a part lies elsewhere, then all of it."""
    part, whole = replace(NULLS, name="a part"), replace(NULLS, name="all")
    assert lasting([whole], days([part])) == (whole,)
    assert lasting([whole], days([replace(part, column="wind")])) == ()
    assert lasting([ROWS], days([replace(ROWS, name="too many")])) == ()


def test_an_owners_warning_about_the_column_is_another_matter() -> None:
    """It may have stood for years, and what is new has not."""
    suite = replace(NULLS, gate="suite", name="expect_nothing", is_new=False)
    assert lasting([NULLS], days([suite])) == ()
    assert lasting([suite], days([NULLS])) == ()
    assert lasting([suite], days([suite])) == (suite,)


def test_days_without_rows_are_passed_over() -> None:
    """A delivery that failed between two damaged ones ends nothing."""
    missing = replace(make_past(DAY - timedelta(days=1)), version="")
    before = replace(days((NULLS,))[0], day=DAY - timedelta(days=4))
    assert lasting(WARNED.checks, [before, *[missing] * 3]) == (NULLS,)


def test_day_that_was_unfit_for_the_same_reason_counts() -> None:
    """Half of them null yesterday and a fifth today: it went on."""
    unfit = replace(days((NULLS,))[0], version="", verdict=Verdict.NO_DATA)
    assert lasting(WARNED.checks, [unfit]) == (NULLS,)


def test_excluded_day_does_not_count() -> None:
    """Rows were missing on a holiday, and on the day after it."""
    holiday = replace(days((NULLS,))[0], verdict=Verdict.EXCLUDED)
    assert lasting(WARNED.checks, [holiday]) == ()


@pytest.mark.parametrize(("bad_days", "of_days"), [(3, 4), (3, 5), (3, 14)])
def test_short_history_is_counted_whole(bad_days: int, of_days: int) -> None:
    """Two days before today are all there are, and both were damaged."""
    rule = PersistenceRule(bad_days=bad_days, of_days=of_days)
    assert lasting(WARNED.checks, days((NULLS,), (NULLS,)), rule) == (NULLS,)


@pytest.mark.parametrize(
    ("history", "ago"),
    [
        pytest.param(days((NULLS,)), 1, id="yesterday"),
        pytest.param(days(*[(NULLS,)] * 9), 9, id="all of them"),
        pytest.param(days((NULLS,), (), (NULLS,)), 3, id="as many gaps as may be"),
        pytest.param(days((NULLS,), (), (), (NULLS,)), 1, id="one more ends the run"),
    ],
)
def test_damage_began_with_its_run_however_long(
    history: list[PastDay], ago: int
) -> None:
    """Not with the few days that make it an incident."""
    (found,) = runs([NULLS], history)
    assert found.onset == DAY - timedelta(days=ago)


@pytest.mark.parametrize(
    "change",
    [{"is_new": False}, {"status": "passed"}],
    ids=["as on the days before", "held"],
)
def test_what_is_not_new_or_holds_is_no_damage(change: dict[str, Any]) -> None:
    """A reference of other data than is served is not what broke."""
    check = replace(NULLS, **change)
    assert lasting([check], days((NULLS,))) == ()


def test_part_of_the_rows_damaged_for_days_is_an_incident() -> None:
    """However well the model does on them; the sentence says what and for how long."""
    found = decide(day_facts(batch=WARNED, history=days((NULLS,))))
    assert (found.severity, found.cause) == (Severity.P2, Cause.DATA)
    assert found.verdict is Verdict.WARN
    assert found.performance is Verdict.OK
    assert found.reasons[0] == (
        "P2, data: no_more_nulls_than_usual on column 'temp' failed on 2 of the latest "
        "3 days: 20% nulls, usually 0.0%"
    )
    assert found.evidence["chosen_by"] == [
        "check/reference/no_more_nulls_than_usual/temp"
    ]


def test_first_damaged_day_is_told_and_no_more() -> None:
    """A day may be odd once: nobody has to act."""
    found = decide(day_facts(batch=WARNED))
    assert (found.verdict, found.severity) == (Verdict.WARN, Severity.P3)
    assert found.cause is None
    assert found.reasons[0] == "P3: data: nulls"


BROKEN = make_finding(Verdict.BREACH)
LONG_BROKEN = [
    replace(BEFORE, day=DAY - timedelta(days=5)),
    *(make_past(DAY - timedelta(days=ago), Verdict.BREACH) for ago in (4, 3, 2, 1)),
]


@pytest.mark.parametrize(
    ("parts", "severity", "cause"),
    [
        pytest.param({}, Severity.P2, Cause.DATA, id="first bad day"),
        pytest.param(
            {"history": LONG_BROKEN}, Severity.P1, Cause.MODEL, id="broken long before"
        ),
        pytest.param(
            {"findings": [make_finding(Verdict.BREACH, kind=Kind.ESTIMATED)]},
            Severity.P3,
            None,
            id="an estimate is made of the same rows",
        ),
        pytest.param(
            {"batch": replace(WARNED, checks=(ROWS, replace(NULLS, column="score")))},
            Severity.P3,
            None,
            id="few rows and outputs explain no version",
        ),
    ],
)
def test_damage_on_the_day_a_promise_breaks_waits_for_no_second_day(
    parts: dict[str, Any], severity: Severity, cause: Cause | None
) -> None:
    """Two witnesses of one fault; damage that came later brought nothing about."""
    usual = {"batch": WARNED, "findings": [BROKEN], "history": [BEFORE]}
    found = decide(day_facts(comparisons=[make_comparison()], **usual | parts))
    assert (found.severity, found.cause) == (severity, cause)
    if cause is Cause.DATA:
        assert (found.rollback_to, found.evidence.get("blamed")) == (None, None)
        assert "failed as a promise broke" in found.reasons[0]


@pytest.mark.parametrize(
    ("columns", "cause"),
    [
        (("score",), Cause.INTEGRATION),
        (("prediction", "score"), Cause.INTEGRATION),
        (("score", "temp"), Cause.DATA),
    ],
)
def test_outputs_damaged_alone_are_the_scoring_jobs(
    columns: tuple[str, ...], cause: Cause
) -> None:
    """Where the inputs are whole, what is made of them was damaged on its way."""
    checks = tuple(replace(NULLS, column=column) for column in columns)
    batch = replace(WARNED, checks=checks)
    found = decide(day_facts(batch=batch, history=days(checks)))
    assert (found.severity, found.cause) == (Severity.P2, cause)


def release(damage: Sequence[Check], *, damaged_for: int, bad_for: int) -> Decision:
    """Decide a confirmed breach of a release, better otherwise, and damaged rows.

    Args:
        damage: What fails about the rows.
        damaged_for: On how many days before today it failed.
        bad_for: On how many days before today the version was in breach.
    """
    about = frozenset(check.about for check in damage)
    history = [
        replace(
            make_past(
                DAY - timedelta(days=ago),
                Verdict.BREACH if ago <= bad_for else Verdict.OK,
            ),
            corrupted=about if ago <= damaged_for else frozenset(),
        )
        for ago in range(max(damaged_for, bad_for), 0, -1)
    ]
    data = DataVerdict(verdict=Verdict.WARN, reason="nulls", checks=tuple(damage))
    return decide(
        day_facts(
            batch=data,
            history=[replace(BEFORE, day=DAY - timedelta(days=20)), *history],
            findings=[make_finding(Verdict.BREACH)],
            comparisons=[make_comparison()],
        )
    )


@pytest.mark.parametrize(("damaged_for", "bad_for"), [(1, 1), (5, 1), (12, 8)], ids=str)
def test_column_that_was_damaged_before_comes_before_the_model(
    damaged_for: int, bad_for: int
) -> None:
    """Another version may do better on damaged rows, and still cannot fix them."""
    found = release([NULLS], damaged_for=damaged_for, bad_for=bad_for)
    assert (found.severity, found.cause) == (Severity.P1, Cause.DATA)
    assert found.rollback_to is None


@pytest.mark.parametrize(
    ("damage", "damaged_for", "bad_for"),
    [
        pytest.param(ROWS, 5, 5, id="missing rows"),
        pytest.param(NULLS, 1, 5, id="damaged since yesterday"),
        pytest.param(NULLS, 4, 11, id="damaged for longer than days are counted"),
    ],
)
def test_damage_that_did_not_bring_it_about_does_not_excuse_a_release(
    damage: Check, damaged_for: int, bad_for: int
) -> None:
    """Missing rows make no version better than another; the breach was there before."""
    found = release([damage], damaged_for=damaged_for, bad_for=bad_for)
    assert (found.cause, found.rollback_to) == (Cause.MODEL, "1")


def test_several_damages_are_one_sentence() -> None:
    """The first in full, the others counted; all are evidence."""
    both = runs([ROWS, NULLS], days((ROWS, NULLS)))
    found = corrupted(symptoms(corruption=both))
    assert found is not None
    assert found.reason.text == (
        "as_many_rows_as_usual failed on 2 of the latest 3 days: 300 rows (and 1 more)"
    )
    assert len(found.evidence) == 2
    assert corrupted(symptoms()) is None


def test_labels_that_are_overdue_are_an_incident() -> None:
    """The day is judged by estimates alone, and says so; a warning alone is not."""
    late = make_finding(
        Verdict.WARN, kind=Kind.LABELS, metric="label_overdue_days", version="2"
    )
    found = decide(day_facts(findings=[make_finding(Verdict.IMMATURE), late]))
    assert (found.severity, found.cause) == (Severity.P2, Cause.LABEL_QUALITY)
    assert found.reasons[0].startswith(
        "P2, label_quality: it is warn: until they arrive"
    )
    fewer = replace(
        late, measurement=replace(late.measurement, metric="label_coverage_shortfall")
    )
    found = decide(day_facts(findings=[make_finding(Verdict.IMMATURE), fewer]))
    assert found.severity is not Severity.P2


def test_overdue_labels_are_news_however_well_the_days_before_did() -> None:
    """Numbers over a month are good yet; the day warns all the same."""
    late = make_finding(Verdict.WARN, kind=Kind.LABELS, metric="label_overdue_days")
    month = make_finding(Verdict.OK, horizon=28)
    today = make_finding(Verdict.IMMATURE)
    assert decide(day_facts(findings=[today, month, late])).verdict is not Verdict.OK


def test_labels_that_lack_elsewhere_are_no_sign_against_those_that_are_there() -> None:
    """Only a shortfall of the day itself makes its labels suspect."""
    late = make_finding(Verdict.WARN, kind=Kind.LABELS, metric="label_overdue_days")
    few = make_finding(
        Verdict.WARN, kind=Kind.LABELS, metric="label_coverage_shortfall"
    )
    assert list(label_signs(symptoms(findings=[late]))) == []
    assert len(list(label_signs(symptoms(findings=[few])))) == 1


@pytest.mark.parametrize(
    ("columns", "days_since", "cause"),
    [
        pytest.param(("score",), 40, Cause.INTEGRATION, id="long after the release"),
        pytest.param(("score",), 1, Cause.MODEL, id="with the release"),
        pytest.param(("score", "temp"), 1, Cause.DATA, id="an input as well"),
    ],
)
def test_outputs_damaged_with_a_release_are_the_releases(
    columns: tuple[str, ...], days_since: int, cause: Cause
) -> None:
    """Where the inputs are whole, what is made of them is damaged on its way."""
    damage = [
        LastingCorruption(
            check=replace(NULLS, column=column), days=2, onset=DAY - timedelta(days=1)
        )
        for column in columns
    ]
    since = DAY - timedelta(days=days_since)
    found = corrupted(symptoms(corruption=damage, version_since=since))
    assert found is not None
    assert (found.cause, found.rollback_to) == (cause, None)
    is_named = "when version 2 was released" in found.reason.text
    assert is_named is (cause is Cause.MODEL)


REPRODUCED = make_finding(
    Verdict.OK,
    kind=Kind.REPRODUCTION,
    metric=UNREPRODUCED_SHARE,
    value=0.0,
    upper=0.02,
    limit=Limit(high=0.03),
)
INPUT = {"kind": Kind.DRIFT, "metric": "jensen_shannon", "column": "temp"}


@pytest.mark.parametrize(
    ("inputs", "rows", "cause", "says"),
    [
        pytest.param([], 40, Cause.DATA, "look at the inputs together", id="unseen"),
        pytest.param(
            [warning(INPUT)], 40, Cause.COVARIATE_DRIFT, "temp", id="inputs moved"
        ),
        pytest.param(
            [warning(INPUT, is_sudden=True)], 40, Cause.DATA, "overnight", id="jumped"
        ),
        pytest.param([], 1, Cause.INTEGRATION, "failed on 2", id="fewer than may be"),
        pytest.param(
            [warning(INPUT, onset=DAY)],
            40,
            Cause.DATA,
            "look at the inputs together",
            id="moved only later",
        ),
    ],
)
def test_odd_outputs_that_the_version_gives_came_with_the_inputs(
    inputs: list[StandingWarning], rows: int, cause: Cause, says: str
) -> None:
    """Rows scored again clear the scoring job, unless so few are odd."""
    check = replace(FROZEN, column="score", failing_rows=rows)
    damage = LastingCorruption(check=check, days=2, onset=DAY - timedelta(days=1))
    day = symptoms(
        findings=[REPRODUCED],
        corruption=[damage],
        warnings=inputs,
        version_since=DAY - timedelta(days=40),
        context=IncidentContext(total=100),
    )
    diagnosis = corrupted(day)
    assert diagnosis is not None
    assert diagnosis.cause is cause
    assert says in diagnosis.reason.text
    assert "check/reference/values_vary_as_usual/score" in diagnosis.evidence


def test_rows_scored_again_do_not_answer_for_outputs_that_are_missing() -> None:
    """Only rows that have outputs are scored again."""
    check = replace(NULLS, column="score", failing_rows=40)
    damage = LastingCorruption(check=check, days=2, onset=DAY - timedelta(days=1))
    day = symptoms(
        findings=[REPRODUCED],
        corruption=[damage],
        version_since=DAY - timedelta(days=40),
        context=IncidentContext(total=100),
    )
    diagnosis = corrupted(day)
    assert diagnosis is not None
    assert diagnosis.cause is Cause.INTEGRATION
