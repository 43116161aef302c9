"""Outputs proven not to be the version's: an incident by themselves, no rollback."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from monitoring_tasks.decide.decide import decide
from monitoring_tasks.decide.reproduction import are_reproduced
from monitoring_tasks.decide.standing_warnings import standing_warnings
from monitoring_tasks.domain.decisions import Cause, Decision, PastDay
from monitoring_tasks.domain.findings import Finding, Kind, Limit, Verdict
from monitoring_tasks.domain.reasons import ReasonCode
from monitoring_tasks.domain.reproductions import UNREPRODUCED_SHARE
from monitoring_tasks.domain.standing_warnings import DayWarnings
from tests.builders import (
    DAY,
    make_comparison,
    make_contract,
    make_finding,
    make_past,
)
from tests.decide.test_decide import day_facts

GOOD = make_finding(Verdict.OK)
BROKEN = make_finding(Verdict.BREACH)
INPUT = make_finding(
    Verdict.WARN,
    limit=Limit(high=0.1, advisory=True),
    kind=Kind.DRIFT,
    metric="jensen_shannon",
    column="age",
    value=0.11,
)
LIMIT = Limit(high=0.05, reference=0.0, advisory=True)


def unlike(share: float, *, proven: bool = False) -> Finding:
    """Return the finding of rows with other outputs."""
    finding = make_finding(
        Verdict.WARN,
        limit=LIMIT,
        kind=Kind.REPRODUCTION,
        metric=UNREPRODUCED_SHARE,
        value=share,
    )
    code = ReasonCode.OUTPUTS_NOT_REPRODUCED if proven else None
    return replace(finding, reason="other outputs", reason_code=code)


def days(*ratios: float | None) -> tuple[PastDay, ...]:
    """Return the days before, and how far past its limit the share lay on each."""
    key = ("reproduction", UNREPRODUCED_SHARE, "", "all")
    return tuple(
        replace(
            make_past(DAY - timedelta(days=ago), version="1"),
            warnings=DayWarnings(ratios={key: ratio} if ratio else {}),
        )
        for ago, ratio in zip(range(len(ratios), 0, -1), ratios, strict=True)
    )


def decided(*findings: Finding, **facts: Any) -> Decision:  # noqa: ANN401 (any part)
    """Decide a day of these findings, with the warnings that stand."""
    parts = {"contract": make_contract(), "history": (), **facts}
    warnings = standing_warnings(findings, parts["history"], parts["contract"], day=DAY)
    return decide(day_facts(findings=list(findings), warnings=warnings, **parts))


@pytest.mark.parametrize(("tier", "severity"), [(1, "P1"), (2, "P2"), (3, "P2")])
def test_proof_is_an_incident_on_its_first_day(tier: int, severity: str) -> None:
    """Labels that show no loss do not make the outputs those of the version."""
    contract = make_contract(tier=tier)
    decision = decided(GOOD, unlike(0.4, proven=True), contract=contract)
    assert (decision.severity, decision.cause) == (severity, Cause.INTEGRATION)
    assert (decision.verdict, decision.performance) == (Verdict.WARN, Verdict.OK)
    assert "other outputs: look at the job that scores" in decision.reasons[0]
    assert decision.reason_codes[0] is ReasonCode.OUTPUTS_NOT_REPRODUCED


def test_proof_goes_before_a_version_that_looks_better() -> None:
    """It would be held against outputs that are no version's: nothing is put back."""
    history = [
        make_past(DAY - timedelta(days=3), version="1"),
        make_past(DAY - timedelta(days=2), Verdict.BREACH),
        make_past(DAY - timedelta(days=1), Verdict.BREACH),
    ]
    facts = {"history": history, "comparisons": [make_comparison(version="1")]}
    blamed = decided(BROKEN, **facts)
    proven = decided(BROKEN, unlike(0.4, proven=True), **facts)
    assert (blamed.cause, blamed.rollback_to) == (Cause.MODEL, "1")
    assert (proven.cause, proven.rollback_to) == (Cause.INTEGRATION, None)
    assert proven.confirmed


@pytest.mark.parametrize("others", [(), (INPUT,)], ids=["alone", "an input moved"])
@pytest.mark.parametrize(
    ("history", "severity", "cause"),
    [
        pytest.param(days(None, None), None, None, id="once"),
        pytest.param(days(None, 2.0), "P2", Cause.INTEGRATION, id="two days of three"),
    ],
)
def test_smaller_share_waits_for_a_second_day(
    history: tuple[PastDay, ...],
    severity: str | None,
    cause: Cause | None,
    others: tuple[Finding, ...],
) -> None:
    """One day warns; what stands is an incident, and its sentence the finding's."""
    decision = decided(
        make_finding(Verdict.INCONCLUSIVE), unlike(0.1), *others, history=history
    )
    assert (decision.severity, decision.cause) == (severity, cause)
    assert decision.verdict is Verdict.WARN
    if cause:
        assert decision.reason_codes[0] is ReasonCode.OUTPUTS_NOT_REPRODUCED


def test_what_was_not_checked_calls_nobody() -> None:
    """It is said, and the day is what it is without it."""
    remark = replace(unlike(0.0), verdict=Verdict.NO_DATA, reason="version 2 is gone")
    decision = decided(GOOD, remark)
    assert (decision.verdict, decision.severity) == (Verdict.OK, None)
    assert any("version 2 is gone" in reason for reason in decision.reasons)


def alike(upper: float, verdict: Verdict = Verdict.OK) -> Finding:
    """Return the finding of rows with their version's outputs, up to a share."""
    return make_finding(
        verdict,
        limit=LIMIT,
        kind=Kind.REPRODUCTION,
        metric=UNREPRODUCED_SHARE,
        value=0.0,
        lower=0.0,
        upper=upper,
    )


@pytest.mark.parametrize(
    ("findings", "share", "is_reproduced"),
    [
        pytest.param([alike(0.02)], 1.0, True, id="all rows"),
        pytest.param([alike(0.02)], 0.1, True, id="more than may be unlike"),
        pytest.param([alike(0.02)], 0.01, False, id="as few as may be unlike"),
        pytest.param([alike(0.2)], 1.0, False, id="too few rows to tell"),
        pytest.param([alike(0.02, Verdict.WARN)], 1.0, False, id="unlike"),
        pytest.param([alike(0.02), unlike(0.5)], 1.0, False, id="of one version"),
        pytest.param([GOOD], 1.0, False, id="not asked"),
    ],
)
def test_outputs_are_cleared_only_where_rows_prove_it(
    findings: list[Finding], share: float, *, is_reproduced: bool
) -> None:
    """By the whole interval, and for more rows than may have others."""
    assert are_reproduced(findings, share=share) is is_reproduced
