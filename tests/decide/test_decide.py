from datetime import timedelta
from typing import Any

import pytest

from monitoring_tasks.decide.decide import MAX_REASONS, Known, decide
from monitoring_tasks.domain.evaluations import Cause, Severity
from monitoring_tasks.domain.findings import DataVerdict, Kind, Verdict
from tests.builders import (
    DAY,
    make_comparison,
    make_contract,
    make_finding,
    make_past,
)

V = Verdict
YESTERDAY = DAY - timedelta(days=1)
BAD = [make_past(YESTERDAY, V.BREACH)]
BEFORE = make_past(DAY - timedelta(days=2), version="1")


def known(**parts: object) -> Known:
    """Give a good day of version 2, with nothing before it."""
    usual: dict[str, Any] = {
        "day": DAY,
        "contract": make_contract(),
        "version": "2",
        "data": DataVerdict(verdict=V.OK, reason="all held"),
        "problem": None,
        "findings": [make_finding(V.OK)],
        "comparisons": [],
        "history": [],
    }
    return Known(**usual | parts)


def test_good_day_needs_nobody() -> None:
    """A good day says by which number it is good."""
    found = decide(known())
    assert (found.verdict, found.severity, found.cause) == (V.OK, None, None)
    assert found.reasons == ("realized roc_auc: it is ok",)


def test_excluded_day_is_recorded_and_never_judged() -> None:
    """Not even a breach, nor broken data, on a day the owners excluded."""
    contract = make_contract(policy={"excluded_days": [DAY.isoformat()]})
    broken = DataVerdict(verdict=V.BREACH, reason="broken")
    for data in (known().data, broken):
        parts = {"findings": [make_finding(V.BREACH)], "history": BAD, "data": data}
        found = decide(known(contract=contract, **parts))
        assert (found.verdict, found.severity) == (V.EXCLUDED, None)


@pytest.mark.parametrize(
    ("data", "problem", "verdict", "cause", "says"),
    [
        pytest.param(V.BREACH, None, V.NO_DATA, Cause.DATA, "bad data", id="broken"),
        pytest.param(
            V.NO_DATA,
            {"error": "NoDataError", "text": "no file"},
            V.NO_DATA,
            Cause.INTEGRATION,
            "no data: no file",
            id="missing",
        ),
        pytest.param(
            V.NO_DATA,
            {"error": "UnreadableDataError", "text": "cut off"},
            V.NO_DATA,
            Cause.INTEGRATION,
            "no data: cut off",
            id="unreadable",
        ),
        pytest.param(
            V.ERROR, None, V.ERROR, Cause.INTEGRATION, "bad data", id="not checked"
        ),
    ],
)
def test_unfit_day_is_about_its_data_and_never_about_the_model(
    *,
    data: Verdict,
    problem: dict[str, Any] | None,
    verdict: Verdict,
    cause: Cause,
    says: str,
) -> None:
    """No rollback can mend rows that are missing or broken."""
    fitness = DataVerdict(verdict=data, reason="a check failed")
    parts = {"findings": [make_finding(V.BREACH)], "comparisons": [make_comparison()]}
    found = decide(known(data=fitness, problem=problem, history=BAD, **parts))
    assert (found.verdict, found.performance, found.cause) == (verdict, verdict, cause)
    assert (found.confirmed, found.rollback_to) == (False, None)
    assert found.severity is Severity.P2
    assert found.reasons[0].startswith(says)


@pytest.mark.parametrize(
    "findings",
    [
        pytest.param([], id="nothing"),
        pytest.param([make_finding(V.OK, kind=Kind.DRIFT)], id="drift only"),
        pytest.param([make_finding(V.NO_DATA, value=None)], id="no number"),
    ],
)
def test_day_without_a_number_is_never_ok(findings: list[Any]) -> None:
    """Absence of evidence is told as such."""
    found = decide(known(findings=findings))
    assert found.verdict is V.NO_DATA
    assert found.reasons


def test_data_warning_is_told_on_a_day_that_is_judged() -> None:
    """A day with a blemish counts, and the blemish is in the reasons."""
    data = DataVerdict(verdict=V.WARN, reason="few rows")
    assert "data: few rows" in decide(known(data=data)).reasons


def test_first_bad_day_waits() -> None:
    """One bad day is written down, and nobody is woken for it."""
    found = decide(known(findings=[make_finding(V.BREACH)]))
    assert (found.verdict, found.confirmed, found.severity, found.cause) == (
        V.BREACH,
        False,
        Severity.P3,
        None,
    )
    assert found.reasons[0].startswith("1 of the last 1 valid days in breach")


def test_confirmed_breach_of_a_bad_release_names_the_version_to_put_back() -> None:
    """A second bad day, a release just before, and an older version that is better."""
    found = decide(
        known(
            findings=[make_finding(V.BREACH)],
            comparisons=[make_comparison()],
            history=[BEFORE, *BAD],
        )
    )
    assert (found.cause, found.rollback_to) == (Cause.MODEL, "1")
    assert (found.confirmed, found.severity) == (True, Severity.P1)
    assert found.evidence == {
        "bad_days": 2,
        "of_days": 2,
        "onset": YESTERDAY.isoformat(),
    }


def test_release_before_memory_is_not_known() -> None:
    """Where every remembered day is of one version nobody knows its release."""
    found = decide(
        known(
            findings=[make_finding(V.BREACH)],
            comparisons=[make_comparison()],
            history=BAD,
        )
    )
    assert (found.cause, found.rollback_to) == (Cause.UNDETERMINED, None)


def test_day_without_rows_is_no_release() -> None:
    """A day nobody scored has no version; the days around it are one run."""
    gap = make_past(DAY - timedelta(days=2), V.NO_DATA, version="")
    served = make_past(DAY - timedelta(days=3), version="2")
    old = make_past(DAY - timedelta(days=4), version="1")
    parts: dict[str, Any] = {
        "findings": [make_finding(V.BREACH)],
        "comparisons": [make_comparison()],
        "history": [old, served, gap, *BAD],
    }
    for onset_days, cause in ((2, Cause.MODEL), (1, Cause.UNDETERMINED)):
        contract = make_contract(policy={"onset_days": onset_days})
        assert decide(known(contract=contract, **parts)).cause is cause


@pytest.mark.parametrize("verdict", [V.OK, V.BREACH])
def test_stale_alias_is_an_integration_fault_whatever_the_numbers_say(
    verdict: Verdict,
) -> None:
    """Consumers who do not follow the registry are not helped by moving an alias."""
    found = decide(
        known(
            stale_alias="3",
            findings=[make_finding(verdict)],
            comparisons=[make_comparison()],
            history=[BEFORE, *BAD],
        )
    )
    assert (found.cause, found.rollback_to) == (Cause.INTEGRATION, None)
    assert found.severity in {Severity.P1, Severity.P2}
    assert "does not follow the registry" in found.reasons[0]


def test_reasons_are_few_and_the_worst_come_first() -> None:
    """Breaches before drift, and never more than anybody reads."""
    drifts = [
        make_finding(V.WARN, kind=Kind.DRIFT, column=f"c{i}", segment="a=b")
        for i in range(20)
    ]
    found = decide(known(findings=[*drifts, make_finding(V.BREACH)]))
    assert len(found.reasons) == MAX_REASONS
    assert found.reasons[1] == "realized roc_auc: it is breach"
    assert found.reasons[2] == "drift roc_auc of c0 (a=b): it is warn"
