"""What the tables of a page show, in the order a reader needs it."""

from dataclasses import dataclass

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
from monitoring_tasks.learn.estimator_error import EstimatorError, estimator_error
from monitoring_tasks.report.facts import Facts

_STATUSES = ("failed", "errored", "skipped", "passed")
_QUIET = frozenset({Verdict.OK, Verdict.EXCLUDED})
MOST_QUIET = 200
"""Quiet findings on a page; those of the whole batch come first."""
_SEVERITIES = ("critical", "warning", "info")


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorLine:
    """One metric: the day's numbers and how right the estimates were before.

    Attributes:
        metric: Name of the metric.
        estimated: The day's estimate; None when there is none.
        realized: The day's realized number; None when there is none.
        error: Over the mature days of the time line.
    """

    metric: str
    estimated: Measurement | None
    realized: Measurement | None
    error: EstimatorError


def error_lines(facts: Facts) -> list[ErrorLine]:
    """Hold estimates against realized numbers, for every metric that has both kinds.

    Immature days do not count: their labels are those that came early.
    """
    kinds: dict[Kind, set[str]] = {Kind.ESTIMATED: set(), Kind.REALIZED: set()}
    for look in facts.looks.values():
        for kind, metric, column, segment in look.numbers:
            if kind in kinds and not column and segment == "all":
                kinds[kind].add(metric)
    both = sorted(
        kinds[Kind.ESTIMATED] & kinds[Kind.REALIZED],
        key=lambda metric: (metric != facts.primary[0], metric),
    )
    return [_error_line(facts, metric) for metric in both]


def _error_line(facts: Facts, metric: str) -> ErrorLine:
    today = facts.looks[facts.unit.day].numbers
    coverage = facts.contract.policy.label_coverage
    mature = {d: look for d, look in facts.looks.items() if look.is_mature(coverage)}
    estimates, truths = (
        {
            day: look.numbers[key]
            for day, look in mature.items()
            if (key := (kind, metric, "", "all")) in look.numbers
        }
        for kind in (Kind.ESTIMATED, Kind.REALIZED)
    )
    return ErrorLine(
        metric=metric,
        estimated=today.get((Kind.ESTIMATED, metric, "", "all")),
        realized=today.get((Kind.REALIZED, metric, "", "all")),
        error=estimator_error(estimates, truths),
    )


def sorted_checks(data: DataVerdict) -> list[Check]:
    """Put failed checks first, then in the order of the gates."""
    return sorted(
        data.checks,
        key=lambda check: (
            _place(_STATUSES, check.status),
            _place(_SEVERITIES, check.severity) if check.status == "failed" else 0,
            _place(GATES, check.gate),
            check.column,
            check.name,
        ),
    )


def gate_counts(data: DataVerdict) -> list[tuple[str, dict[str, int]]]:
    """Count the checks of each gate by status; gates without a check as well."""
    others = sorted({check.gate for check in data.checks} - set(GATES))
    return [
        (gate, _count([check for check in data.checks if check.gate == gate]))
        for gate in (*GATES, *others)
    ]


def _count(checks: list[Check]) -> dict[str, int]:
    return {
        status: sum(check.status == status for check in checks) for status in _STATUSES
    }


def _place(order: tuple[str, ...], word: str) -> int:
    return order.index(word) if word in order else -1


def split_findings(facts: Facts) -> tuple[list[Finding], list[Finding]]:
    """Give the findings that need a look, gravest first, and the quiet ones."""
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
    """Give how many numbers were not judged, and those of them without a value."""
    judged = {finding.measurement.key for finding in facts.findings}
    rest = [number for number in facts.measurements if number.key not in judged]
    return len(rest), [number for number in rest if number.value is None]
