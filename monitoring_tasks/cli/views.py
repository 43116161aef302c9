"""What commands show of the store, as plain mappings."""

from dataclasses import asdict
from datetime import date
from typing import Any

from monitoring_tasks.domain.contract import Contract
from monitoring_tasks.domain.evaluations import Unit
from monitoring_tasks.domain.findings import Finding, Kind, Verdict
from monitoring_tasks.errors import NoDataError
from monitoring_tasks.wiring.workspace import Workspace

HEADER = (
    "key", "model", "day", "as_of", "mode", "step", "version", "rows", "labelled",
    "data_verdict", "data_reason", "verdict", "performance", "confirmed", "severity",
    "cause", "reasons", "rollback_to", "evidence", "action", "comparisons",
    "label_counts", "problem",
)  # fmt: skip


def main_metric(contract: Contract) -> str:
    """Give the metric the model is first of all judged by."""
    stated = [o.metric for o in contract.objectives if o.source == "realized"]
    fallback = {"binary": "roc_auc", "multiclass": "accuracy", "regression": "mae"}
    return stated[0] if stated else fallback[contract.problem]


def newest_day(space: Workspace, model: str) -> date:
    """Give the last day that was looked at.

    Raises:
        NoDataError: If there is none yet.
        ConfigurationError: If no contract declares the model.
    """
    space.contract(model)  # a model nobody knows is named as such
    span = space.results.days(model)
    if span is None:
        msg = f"no day of {model} was looked at yet; `daywatch run {model} --day DAY`"
        raise NoDataError(msg)
    return span[1]


def day_view(space: Workspace, model: str, day: date) -> dict[str, Any]:
    """Give one day whole: header, checks, findings.

    Raises:
        NoDataError: If the day was never looked at.
    """
    rows = space.results.current(model, day, day)
    if not rows:
        msg = (
            f"{day} of {model} was never looked at; `daywatch run {model} --day {day}`"
        )
        raise NoDataError(msg)
    return look_view(space, rows[-1])


def look_view(space: Workspace, row: dict[str, Any]) -> dict[str, Any]:
    """Give one look at a day whole, from its header."""
    unit = Unit.from_key(row["key"])
    findings = space.results.findings(unit)
    return {name: row[name] for name in HEADER} | {
        "failed_checks": [c for c in row["checks"] or [] if c["status"] != "passed"],
        "findings": [_finding(finding) for finding in findings],
    }


def days_view(
    space: Workspace, model: str, first: date, last: date
) -> list[dict[str, Any]]:
    """Give a line a day: verdicts, the main metric, drift, version, action."""
    metric = main_metric(space.contract(model))
    lines = []
    for row in space.results.current(model, first, last):
        unit = Unit.from_key(row["key"])
        numbers = {
            (m.kind, m.metric): asdict(m)
            for m in space.results.measurements(unit)
            if m.segment == "all" and m.version == row["version"] and not m.column
        }
        lines.append(
            {
                "day": row["day"].isoformat(),
                "mode": row["mode"],
                "rows": row["rows"],
                "data": row["data_verdict"],
                "metric": metric,
                "estimated": numbers.get((Kind.ESTIMATED, metric)),
                "realized": numbers.get((Kind.REALIZED, metric)),
                "drifted": _drifted(space.results.findings(unit)),
                "version": row["version"],
                "verdict": row["verdict"],
                "severity": row["severity"],
                "cause": row["cause"],
                "action": row["action"],
            }
        )
    return lines


def incidents_view(space: Workspace, model: str | None) -> list[dict[str, Any]]:
    """Give incidents with their time lines, newest first."""
    return [
        asdict(incident) | {"events": space.incidents.events(incident.id)}
        for incident in space.incidents.find(model)
    ]


def _drifted(findings: list[Finding]) -> list[str]:
    return sorted(
        f.measurement.column or f.measurement.metric
        for f in findings
        if f.measurement.kind is Kind.DRIFT and f.verdict is Verdict.WARN
    )


def _finding(finding: Finding) -> dict[str, Any]:
    return asdict(finding.measurement) | {
        "verdict": finding.verdict.value,
        "judgement": finding.reason,
        "limit": asdict(finding.limit) if finding.limit else None,
    }
