"""Evaluated days as they are shown: one whole, or a line each."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from typing import Any

from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.decide.drifted import from_evidence, names_of
from monitoring_tasks.domain.evaluations import Evaluation
from monitoring_tasks.domain.findings import (
    VALID,
    Finding,
    Kind,
    Verdict,
    measurement_of,
)
from monitoring_tasks.domain.metrics import comparison_metrics
from monitoring_tasks.errors import NoDataError
from monitoring_tasks.operations.views.knowledge import knowledge_view, revision_of
from monitoring_tasks.report.charted import deciding_number
from monitoring_tasks.store.records import evaluation_row
from monitoring_tasks.workspace.workspace import Workspace

HEADER = (
    "key", "model", "day", "as_of", "mode", "step", "version", "rows", "labelled",
    "data_verdict", "data_reason", "verdict", "performance", "confirmed", "severity",
    "cause", "reasons", "reason_codes", "rollback_to", "evidence", "action",
    "comparisons", "label_counts", "problem",
)  # fmt: skip


def main_metric(contract: Contract) -> str:
    """Return the metric the model is first of all judged by."""
    stated = [o.metric for o in contract.objectives if o.source == "realized"]
    return stated[0] if stated else comparison_metrics(contract.problem)[0]


def newest_day(workspace: Workspace, model: str) -> date:
    """Return the last day that was evaluated.

    Args:
        workspace: The workspace; only read.
        model: Registered model name.

    Raises:
        NoDataError: If there is none yet.
        ConfigurationError: If no contract declares the model.
    """
    workspace.contract(model)  # a model nobody knows is named as such
    span = workspace.results.days(model)
    if span is None:
        msg = (
            f"no day of {model} has been judged yet; run `daywatch run {model} --day "
            "DAY` first"
        )
        raise NoDataError(msg)
    return span[1]


def evaluation_of(workspace: Workspace, model: str, day: date) -> Evaluation:
    """Return the newest evaluation of a day.

    Args:
        workspace: The workspace; only read.
        model: Registered model name.
        day: The calendar day.

    Raises:
        NoDataError: If the day was never evaluated.
    """
    evaluations = workspace.results.current(model, day, day)
    if not evaluations:
        msg = (
            f"{day} of {model} has not been judged; run `daywatch run {model} --day "
            f"{day}` first"
        )
        raise NoDataError(msg)
    return evaluations[-1]


def day_view(workspace: Workspace, model: str, day: date) -> dict[str, Any]:
    """Return one day whole: verdicts, checks, findings, labels.

    Args:
        workspace: The workspace; only read.
        model: Registered model name.
        day: The calendar day; its newest evaluation is shown.

    Raises:
        NoDataError: If the day was never evaluated.
    """
    return evaluation_view(workspace, evaluation_of(workspace, model, day))


def evaluation_view(workspace: Workspace, evaluation: Evaluation) -> dict[str, Any]:
    """Return one evaluation whole, as `show --json` prints it.

    Args:
        workspace: The workspace; only read.
        evaluation: The evaluation, which has come to a verdict or not.
    """
    # A list of days needs none of these.
    from monitoring_tasks.learn.label_block import as_plain  # noqa: PLC0415 (heavy)
    from monitoring_tasks.learn.step import label_state  # noqa: PLC0415 (heavy)
    from monitoring_tasks.workspace.day import Day  # noqa: PLC0415 (heavy)

    unit, header = evaluation.unit, evaluation_row(evaluation)
    findings = workspace.results.findings(unit)
    checks = evaluation.check_rows
    return (
        {name: header[name] for name in HEADER}
        | {
            "failed_checks": [c for c in checks if c["status"] != "passed"],
            "findings": [_finding(finding) for finding in findings],
            "decided_by": _decided_by(workspace, evaluation, findings),
            "labels": as_plain(label_state(Day(workspace, unit))),
        }
        | knowledge_view(workspace, evaluation)
    )


def days_view(
    workspace: Workspace, model: str, first: date, last: date
) -> list[dict[str, Any]]:
    """Return one line per day: verdicts, the main metric, drift, version, action.

    Args:
        workspace: The workspace; only read.
        model: Registered model name.
        first: First day.
        last: Last day, included; days without an evaluation are left out.
    """
    metric = main_metric(workspace.contract(model))
    lines = []
    for evaluation in workspace.results.current(model, first, last):
        unit = evaluation.unit
        judged_or_not = workspace.results.numbers(unit)
        findings = [part for part in judged_or_not if isinstance(part, Finding)]
        # A line is about one day, all rows, and the version that served.
        numbers = {
            (m.kind, m.metric): asdict(m)
            for m in map(measurement_of, judged_or_not)
            if (m.version, m.segment, m.column, m.horizon)
            == (evaluation.version, "all", "", 1)
        }
        lines.append(
            {
                "day": evaluation.day.isoformat(),
                "mode": evaluation.mode,
                "revision": revision_of(workspace, evaluation),
                "rows": evaluation.rows,
                "data": evaluation.data_verdict,
                "metric": metric,
                "estimated": numbers.get((Kind.ESTIMATED, metric)),
                "realized": numbers.get((Kind.REALIZED, metric)),
                "drifted": _drifted(findings, evaluation.evidence),
                "decided_by": _decided_by(workspace, evaluation, findings),
                "version": evaluation.version,
                "verdict": evaluation.verdict,
                "severity": evaluation.severity,
                "cause": evaluation.cause,
                "reason_codes": [code.value for code in evaluation.reason_codes],
                "action": evaluation_row(evaluation)["action"],
            }
        )
    return lines


def _drifted(findings: list[Finding], evidence: Mapping[str, Any]) -> list[str]:
    """Name the columns that moved, those first whose move alone would cost most."""
    warned = [
        f
        for f in findings
        if f.measurement.kind is Kind.DRIFT and f.verdict is Verdict.WARN
    ]
    return names_of(warned, from_evidence(evidence))


def _decided_by(
    workspace: Workspace, evaluation: Evaluation, findings: list[Finding]
) -> dict[str, Any] | None:
    """Name the number, and its horizon, that says how well the model does."""
    if evaluation.performance not in VALID:
        return None
    contract = workspace.contract(evaluation.model)
    number = deciding_number(findings, contract, evaluation.version or "")
    return None if number is None else asdict(number) | {"title": number.title}


def _finding(finding: Finding) -> dict[str, Any]:
    return asdict(finding.measurement) | {
        "verdict": finding.verdict.value,
        "judgement": finding.reason,
        "reason_code": finding.code.value,
        "limit": asdict(finding.limit) if finding.limit else None,
    }
