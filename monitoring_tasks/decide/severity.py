"""How much it matters: the gravest row of a table, raised and capped. Pure.

The table is that of docs/architecture.md, "Severity". It is monotone: no input that is
worse, or that is not known, ever gives a lesser severity.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from monitoring_tasks.contract.severity import SeverityPolicy
from monitoring_tasks.domain.decisions import Severity
from monitoring_tasks.domain.impact import (
    DataLevel,
    DriftLevel,
    Impact,
    Level,
    PipelineLevel,
    SeverityRow,
)

P0, P1, P2, P3 = Severity.P0, Severity.P1, Severity.P2, Severity.P3
PROMISES = {
    Level.TREND: (P3, "a warning, or a breach that is not confirmed"),
    Level.WARNING: (P2, "lasting warnings, or trouble that comes and goes"),
    Level.BEYOND_DOUBT: (P2, "one day, far past what is allowed and beyond chance"),
    Level.CONFIRMED: (P1, "an objective is broken, confirmed"),
    Level.HARD: (P0, "past the hard limit, or worse than no model"),
}
DATA = {
    DataLevel.ODD: (P3, "part of the rows, or the labels, look damaged today"),
    DataLevel.CORRUPTED: (
        P2,
        "part of the rows has looked damaged for days, or as a promise broke",
    ),
    DataLevel.HELD: (P2, "the batch is broken and held back"),
    DataLevel.USED: (P1, "the batch is broken and was used"),
    DataLevel.WRONG_POPULATION: (P0, "rows of another population were scored and used"),
}
PIPELINE = {
    PipelineLevel.BLIND: (P2, "a day could not be judged properly"),
    PipelineLevel.BLIND_AGAIN: (P1, "most of the latest days could not be judged"),
}
DRIFT = {
    DriftLevel.SEEN: (P3, "a warning that stands, with no objective broken"),
    DriftLevel.LASTS: (P2, "far off or for long, and not known to be harmless"),
    DriftLevel.PREDICTS_LOSS: (P2, "inputs moved and the scores predict a loss"),
}
RAISED = {P0: P0, P1: P0, P2: P1, P3: P2}


@dataclass(frozen=True, slots=True, kw_only=True)
class Graded:
    """A severity, and every row of the table that chose it.

    Attributes:
        severity: How much it matters; None when nobody must act.
        rows: The rows that apply, then what raised or capped them.
    """

    severity: Severity | None
    rows: tuple[SeverityRow, ...]


def grade(impact: Impact, policy: SeverityPolicy) -> Graded:
    """Return the severity: the gravest row, raised by one each, capped for tier 3.

    severity = cap(raise(max over rows)). A row is about objectives, protected groups,
    the data, the pipeline, drift, other models, or value. Raised by one: a tier-1
    model after `long_breach_days` of breach; a breach after Daywatch's own rollback; a
    spent error budget, which never makes a P0. Tier 3 is a P1 at most, protected
    groups aside.

    Args:
        impact: What the day touches.
        policy: Shares, days and values from which on a row changes.
    """
    rows = tuple(_rows(impact, policy))
    if not rows:
        return Graded(severity=None, rows=())
    # P0 < P3 as text: the gravest is the smallest.
    gravest = min(rule.severity for rule in rows)
    changes = tuple(_changes(gravest, impact, policy))
    severity = changes[-1].severity if changes else gravest
    return Graded(severity=severity, rows=(*rows, *changes))


def _rows(impact: Impact, policy: SeverityPolicy) -> Iterator[SeverityRow]:
    """Return every row of the table that applies."""
    if impact.performance:
        yield _performance(impact, policy)
    for rule, graded in (
        ("protected groups", PROMISES.get(impact.fairness)),
        ("data", _data(impact)),
        ("pipeline", _pipeline(impact)),
        ("drift", DRIFT.get(impact.drift)),
        ("other models", _common(impact, policy)),
        ("value", _value(impact, policy)),
    ):
        if graded is not None:
            yield SeverityRow(rule=rule, severity=graded[0], why=graded[1])


def _performance(impact: Impact, policy: SeverityPolicy) -> SeverityRow:
    """Grade the objectives; a small segment is capped by its share of the rows."""
    severity, why = PROMISES[impact.performance]
    if impact.performance is Level.HARD and impact.tier > 1:
        severity = P1
    # A share nobody counted is all of the rows: unknown never lowers a severity.
    share = 1.0 if impact.share_of_rows is None else impact.share_of_rows
    if share < policy.large_share:
        severity = max(severity, P1 if share >= policy.small_share else P2)
        why = f"{why}, for {share:.1%} of the rows"
    return SeverityRow(rule="performance", severity=severity, why=why)


def _data(impact: Impact) -> tuple[Severity, str] | None:
    if impact.data is DataLevel.WRONG_POPULATION and impact.tier > 1:
        return P1, DATA[impact.data][1]
    return DATA.get(impact.data)


def _pipeline(impact: Impact) -> tuple[Severity, str] | None:
    if impact.pipeline is PipelineLevel.BLIND and impact.tier == 1:
        return P1, "a critical model could not be judged properly"
    return PIPELINE.get(impact.pipeline)


def _common(impact: Impact, policy: SeverityPolicy) -> tuple[Severity, str] | None:
    if not impact.common_models:
        return None
    why = f"{impact.common_models} models broke together"
    # Enough tier-1 models to be a common cause by themselves.
    return (P0 if impact.common_tier_one >= policy.common_models else P1), why


def _value(impact: Impact, policy: SeverityPolicy) -> tuple[Severity, str] | None:
    for severity, limit in (
        (P0, policy.gravest_value_loss),
        (P1, policy.severe_value_loss),
    ):
        if limit is not None and (impact.value_lost or 0.0) >= limit:
            return severity, f"{impact.value_lost:,.0f} lost; the limit is {limit:,.0f}"
    return None


def _changes(
    severity: Severity, impact: Impact, policy: SeverityPolicy
) -> Iterator[SeverityRow]:
    """Return what raises the severity, then what caps it, each with what is left."""
    reasons = []
    if impact.tier == 1 and impact.streak >= policy.long_breach_days:
        reasons.append(("persistence", f"{impact.streak} bad days in a row, tier 1"))
    if impact.action_regressed:
        reasons.append(("regressed action", "the version Daywatch put back fails too"))
    for rule, why in reasons:
        severity = RAISED[severity]
        yield SeverityRow(rule=rule, severity=severity, why=why)
    # Last, and never to a P0: a spent budget is about weeks, not about tonight.
    if impact.exhausted and severity > P1:
        severity = RAISED[severity]
        why = f"the budget of {', '.join(impact.exhausted)} is spent"
        yield SeverityRow(rule="error budget", severity=severity, why=why)
    if impact.tier == 3 and severity is P0 and not impact.is_protected:  # noqa: PLR2004 (tiers are 1..3)
        yield SeverityRow(rule="tier 3", severity=P1, why="P1 at most")
