"""What a post-mortem is drafted from, with all that does not matter filled in."""

from datetime import timedelta
from typing import Any

from monitoring_tasks.decide.triage import CAUSE_RULES
from monitoring_tasks.domain.decisions import Severity
from monitoring_tasks.domain.findings import Kind, Verdict
from monitoring_tasks.domain.reasons import ReasonCode
from monitoring_tasks.learn.postmortem.facts import BadDay, PostmortemFacts
from tests.builders import (
    DAY,
    NOW,
    make_comparison,
    make_decision,
    make_evaluation,
    make_finding,
    make_incident,
)

LATER = DAY + timedelta(days=1)


def make_facts(**parts: object) -> PostmortemFacts:
    """Return a P1 of version 2, version 1 better on the same rows, parts replaced."""
    decision = make_decision(
        reasons=("version 1 is better", "auc is below its limit"),
        reason_codes=(ReasonCode.VERSION_BETTER, ReasonCode.LIMIT_CROSSED),
        evidence={"chosen_by": ["comparison/1"]},
    )
    evaluation = make_evaluation(
        decision=decision,
        check_rows=(),
        comparison_rows=[
            {
                "version": "1",
                "metric": "roc_auc",
                "gain": 0.1,
                "lower": 0.05,
                "upper": 0.15,
                "rows": 900,
                "days": [],
            }
        ],
    )
    assert evaluation.comparisons[0].gain == make_comparison().gain
    known: dict[str, Any] = {
        "incident": make_incident(severity=Severity.P1, last_day=LATER),
        "drafted_at": NOW,
        "review_due": None,
        "timezone": "UTC",
        "tier": 1,
        "owners": ("team",),
        "consumers": (),
        "response_mode": "approve",
        "override": None,
        "days": (
            BadDay(day=DAY, version="2", rows=1000, verdict=Verdict.BREACH, action=""),
        ),
        "evaluation": evaluation,
        "findings": [make_finding(Verdict.BREACH, kind=Kind.REALIZED)],
        "rules": tuple(rule.__name__.lstrip("_") for rule in CAUSE_RULES),
        "other_models": (),
        "signals": (),
        "found_by": "opened by the judgement",
        "found_on": LATER,
        "trials": (),
        "took": (),
        "told": (),
        "lead_up": (),
        "estimates": (),
        "moves": (),
        "budgets": (),
    }
    return PostmortemFacts(**known | parts)
