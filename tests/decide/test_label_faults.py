"""Labels unlike those of the days before: what lasts, and what does not wait."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from monitoring_tasks.decide.decide import decide
from monitoring_tasks.domain.decisions import Cause, PastDay
from monitoring_tasks.domain.findings import LABEL_GATE, Check, Verdict
from monitoring_tasks.domain.label_verdict import LabelVerdict
from tests.builders import DAY, make_finding, make_past
from tests.decide.test_decide import day_facts as make_facts

FINE = make_finding(Verdict.OK)
ABOUT = ("labels_are_as_common_as_before", "region=north")


def verdict(severity: str = "warning") -> LabelVerdict:
    """Return labels of which one statement fails."""
    name, column = ABOUT
    check = Check(
        gate=LABEL_GATE,
        name=name,
        column=column,
        status="failed",
        severity=severity,
        observed="40.0% of the labels are positive",
        is_new=True,
    )
    return LabelVerdict(usable=True, verdict=Verdict.WARN, reason="", failed=(check,))


def past(ago: int, *, failed: bool = False, share: float = 1.0) -> PastDay:
    """Return a day before, on which the same statement failed or held."""
    return replace(
        make_past(DAY - timedelta(days=ago), version="1"),
        label_faults=frozenset({ABOUT}) if failed else frozenset(),
        label_share=share,
    )


@pytest.mark.parametrize(
    ("severity", "history", "cause"),
    [
        pytest.param("warning", (past(2), past(1)), None, id="once"),
        pytest.param(
            "warning",
            (past(2), past(1, failed=True)),
            Cause.LABEL_QUALITY,
            id="two days",
        ),
        pytest.param(
            "warning",
            (past(3, failed=True), past(2, share=0.1), past(1, share=0.1)),
            Cause.LABEL_QUALITY,
            id="days without labels are passed over",
        ),
        pytest.param(
            "critical", (past(2), past(1)), Cause.LABEL_QUALITY, id="gross, at once"
        ),
    ],
)
def test_label_faults_that_last_or_are_gross_open_an_incident_without_a_breach(
    severity: str, history: tuple[PastDay, ...], cause: Cause | None
) -> None:
    """One odd day is told and no incident; the objectives are met all the while."""
    facts: Any = make_facts(findings=[FINE], history=history, labels=verdict(severity))
    decided = decide(facts)
    assert decided.cause is cause
    assert decided.severity == ("P2" if cause else "P3")
    assert decided.verdict is Verdict.WARN
    says = "check the labels and their definition" if cause else "P3: labels: 40.0%"
    assert says in decided.reasons[0]
