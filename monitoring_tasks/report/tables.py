"""What the tables of a page show, in the order a reader needs it."""

from dataclasses import dataclass

from monitoring_tasks.decide.drifted import effect_of, from_evidence, limit_ratio
from monitoring_tasks.domain.findings import (
    GATES,
    SEVEREST_LAST,
    Check,
    DataVerdict,
    Finding,
    Kind,
    Measurement,
    Verdict,
)
from monitoring_tasks.domain.incident_context import ColumnEffect
from monitoring_tasks.domain.trust import EstimatorTrust
from monitoring_tasks.report.facts import Facts
from monitoring_tasks.report.series import drifted_today
from monitoring_tasks.statistics.estimator_trust import recalibrated

_STATUSES = ("failed", "errored", "skipped", "passed")
_QUIET = frozenset({Verdict.OK, Verdict.EXCLUDED})
MOST_QUIET = 200
"""Quiet findings on a page; those of the whole batch come first."""
MOST_LOUD = 400
"""Findings that need a look on a page, the gravest first."""
MOST_CHECKS = 200
"""Checks of one table on a page."""
MOST_LINES = 100
"""Lines of a long list on a page."""
_SEVERITIES = ("critical", "warning", "info")


@dataclass(frozen=True, slots=True, kw_only=True)
class TrustLine:
    """One number: how right its estimates were before, and what the day has of it.

    Attributes:
        trust: Over the mature days before.
        estimated: The day's estimate; None when there is none.
        recalibrated: The same, freed of bias; None when there is no estimate.
        realized: The day's realized number; None when there is none.
    """

    trust: EstimatorTrust
    estimated: Measurement | None
    recalibrated: Measurement | None
    realized: Measurement | None


def trust_lines(facts: Facts) -> list[TrustLine]:
    """Return how far each estimate of the day's main version may be trusted.

    The charted metric comes first, the whole batch before segments. A day without
    rows shows the version of the last day that has some.
    """
    served = [
        str(timeline_day.header.version or "")
        for timeline_day in facts.timeline.values()
    ]
    version = next((name for name in reversed(served) if name), "")
    first = facts.charted.metric
    trusts = [trust for trust in facts.trust if trust.version == version]
    trusts.sort(key=lambda t: (t.metric != first, t.metric, t.segment != "all"))
    return [_trust_line(facts, trust) for trust in trusts]


def _trust_line(facts: Facts, trust: EstimatorTrust) -> TrustLine:
    about = ("", trust.segment, trust.version, 1)
    today = {number.key: number for number in facts.measurements}
    estimated = today.get((Kind.ESTIMATED, trust.metric, *about))
    return TrustLine(
        trust=trust,
        estimated=estimated,
        recalibrated=recalibrated(estimated, trust) if estimated else None,
        realized=today.get((Kind.REALIZED, trust.metric, *about)),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class DriftLine:
    """A column that drifted: how far, and what that alone would cost.

    Attributes:
        finding: The judged distance.
        ratio: Distance over its limit; None where there is no limit.
        effect: What the move alone would cost; None when not estimated.
        text: The effect in words.
    """

    finding: Finding
    ratio: float | None
    effect: ColumnEffect | None
    text: str


def drift_lines(facts: Facts) -> list[DriftLine]:
    """Return the columns that drifted on the day, the most costly first."""
    effects = from_evidence(facts.evidence)
    return [
        _drift_line(finding, effect_of(finding, effects))
        for finding in drifted_today(facts)
    ]


def _drift_line(finding: Finding, effect: ColumnEffect | None) -> DriftLine:
    text = "not estimated"
    if not finding.measurement.column:
        text = "not about one column"
    elif effect is not None:
        text = effect.reason or ("" if effect.loss is not None else "not known")
    return DriftLine(
        finding=finding, ratio=limit_ratio(finding), effect=effect, text=text
    )


def sorted_checks(batch: DataVerdict) -> list[Check]:
    """Return the checks, failed ones first, then in the order of the gates."""
    return sorted(
        batch.checks,
        key=lambda check: (
            _rank(_STATUSES, check.status),
            _rank(_SEVERITIES, check.severity) if check.status == "failed" else 0,
            _rank(GATES, check.gate),
            check.column,
            check.name,
        ),
    )


def gate_counts(batch: DataVerdict) -> list[tuple[str, dict[str, int]]]:
    """Return each gate with its checks counted by status; empty gates as well."""
    others = sorted({check.gate for check in batch.checks} - set(GATES))
    return [
        (gate, _count([check for check in batch.checks if check.gate == gate]))
        for gate in (*GATES, *others)
    ]


def _count(checks: list[Check]) -> dict[str, int]:
    return {
        status: sum(check.status == status for check in checks) for status in _STATUSES
    }


def _rank(order: tuple[str, ...], word: str) -> int:
    # A word nobody knows comes first, where it is not overlooked.
    return order.index(word) if word in order else -1


def split_findings(facts: Facts) -> tuple[list[Finding], list[Finding]]:
    """Return the findings that need a look, gravest first, and the quiet ones."""
    ranked = sorted(
        facts.findings,
        key=lambda finding: (
            -SEVEREST_LAST.index(finding.verdict),
            finding.measurement.segment != "all",
            finding.measurement.key,
        ),
    )
    loud = [finding for finding in ranked if finding.verdict not in _QUIET]
    return loud, [finding for finding in ranked if finding.verdict in _QUIET]


def unjudged(facts: Facts) -> tuple[int, list[Measurement]]:
    """Return how many numbers were not judged, and those of them without a value."""
    judged = {finding.measurement.key for finding in facts.findings}
    numbers = [number for number in facts.measurements if number.key not in judged]
    return len(numbers), [number for number in numbers if number.value is None]


def limit_warnings(facts: Facts) -> list[str]:
    """Return what is wrong with the contract's limits, as kept with the decision."""
    warnings = facts.evidence.get("limits") or {}
    return [text for texts in warnings.values() for text in texts]
