"""What commands show of the store, as plain mappings."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from typing import Any

from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.decide.drifted import from_evidence, names_of
from monitoring_tasks.domain.evaluations import Evaluation
from monitoring_tasks.domain.findings import VALID, Finding, Kind, Verdict
from monitoring_tasks.domain.incidents import Incident
from monitoring_tasks.domain.labelled_day import LabelledDay
from monitoring_tasks.domain.metrics import comparison_metrics
from monitoring_tasks.errors import NoDataError
from monitoring_tasks.learn.label_block import as_plain
from monitoring_tasks.learn.step import label_state, last_labelled
from monitoring_tasks.report.charted import deciding_number
from monitoring_tasks.statistics.burn_rate import SloStatus
from monitoring_tasks.store.overrides import override_of
from monitoring_tasks.store.records import evaluation_row
from monitoring_tasks.workspace.day import Day
from monitoring_tasks.workspace.slo_statuses import last_due_day, slo_statuses
from monitoring_tasks.workspace.workspace import Workspace

HEADER = (
    "key", "model", "day", "as_of", "mode", "step", "version", "rows", "labelled",
    "data_verdict", "data_reason", "verdict", "performance", "confirmed", "severity",
    "cause", "reasons", "reason_codes", "rollback_to", "evidence", "action",
    "comparisons", "label_counts", "problem",
)  # fmt: skip


def main_metric(contract: Contract) -> str:
    """Give the metric the model is first of all judged by."""
    stated = [o.metric for o in contract.objectives if o.source == "realized"]
    return stated[0] if stated else comparison_metrics(contract.problem)[0]


def newest_day(workspace: Workspace, model: str) -> date:
    """Give the last day that was looked at.

    Raises:
        NoDataError: If there is none yet.
        ConfigurationError: If no contract declares the model.
    """
    workspace.contract(model)  # a model nobody knows is named as such
    span = workspace.results.days(model)
    if span is None:
        msg = f"no day of {model} was looked at yet; `daywatch run {model} --day DAY`"
        raise NoDataError(msg)
    return span[1]


def day_view(workspace: Workspace, model: str, day: date) -> dict[str, Any]:
    """Give one day whole: header, checks, findings, labels.

    Raises:
        NoDataError: If the day was never looked at.
    """
    rows = workspace.results.current(model, day, day)
    if not rows:
        msg = (
            f"{day} of {model} was never looked at; `daywatch run {model} --day {day}`"
        )
        raise NoDataError(msg)
    return look_view(workspace, rows[-1])


def look_view(workspace: Workspace, row: Evaluation) -> dict[str, Any]:
    """Give one look at a day whole, from its header."""
    unit, header = row.unit, evaluation_row(row)
    findings = workspace.results.findings(unit)
    return (
        {name: header[name] for name in HEADER}
        | {
            "failed_checks": [c for c in row.check_rows if c["status"] != "passed"],
            "findings": [_finding(finding) for finding in findings],
            "decided_by": _decided_by(workspace, row, findings),
            "labels": as_plain(label_state(Day(workspace, unit))),
        }
        | knowledge_view(workspace, row)
    )


def knowledge_view(workspace: Workspace, row: Evaluation) -> dict[str, Any]:
    """Give as known when a look judged its day, and what labels told by then.

    Returns:
        `revision`, see `revision_of`; `last_labelled`: the newest day
        up to this one that had enough labels, and a sentence; None without one.
    """
    last = last_labelled(workspace, row.model, until=row.day, as_of=row.as_of)
    return {
        "revision": revision_of(workspace, row),
        "last_labelled": labelled_view(last, today=row.day),
    }


def revision_of(workspace: Workspace, row: Evaluation) -> dict[str, Any]:
    """Say as known when a day was judged.

    Returns:
        `as_known`: `then`, as its schedule saw it, or `later`; `days_after`: whole days
        after that; `labels`: share of its rows whose label was known, 0..1, or None.
    """
    after = (row.as_of - workspace.as_of(row.model, row.day)).total_seconds()
    rows, labelled = row.rows or 0, row.labelled
    return {
        "as_known": "later" if after > 0 else "then",
        "days_after": max(int(after // 86400), 0),
        "labels": labelled / rows if rows and labelled is not None else None,
    }


def labelled_view(last: LabelledDay | None, *, today: date) -> dict[str, Any] | None:
    """Give what labels told last, beside a day; None where they told nothing yet."""
    if last is None:
        return None
    return asdict(last) | {"sentence": last.sentence(today)}


def days_view(
    workspace: Workspace, model: str, first: date, last: date
) -> list[dict[str, Any]]:
    """Give a line a day: verdicts, the main metric, drift, version, action."""
    metric = main_metric(workspace.contract(model))
    lines = []
    for row in workspace.results.current(model, first, last):
        unit = row.unit
        findings = workspace.results.findings(unit)
        numbers = {
            (m.kind, m.metric): asdict(m)
            for m in workspace.results.measurements(unit)
            if (m.version, m.segment, m.column, m.horizon)
            == (row.version, "all", "", 1)
        }
        lines.append(
            {
                "day": row.day.isoformat(),
                "mode": row.mode,
                "revision": revision_of(workspace, row),
                "rows": row.rows,
                "data": row.data_verdict,
                "metric": metric,
                "estimated": numbers.get((Kind.ESTIMATED, metric)),
                "realized": numbers.get((Kind.REALIZED, metric)),
                "drifted": _drifted(findings, row.evidence),
                "decided_by": _decided_by(workspace, row, findings),
                "version": row.version,
                "verdict": row.verdict,
                "severity": row.severity,
                "cause": row.cause,
                "reason_codes": [code.value for code in row.reason_codes],
                "action": row.action,
            }
        )
    return lines


def incidents_view(workspace: Workspace, model: str | None) -> list[dict[str, Any]]:
    """Give incidents with their time lines, newest first; who overruled what."""
    return [
        asdict(incident) | {"events": events, "override": _override(incident, events)}
        for incident in workspace.incidents.find(model)
        for events in [workspace.incidents.events(incident.id)]
    ]


def _override(
    incident: Incident, events: list[dict[str, Any]]
) -> dict[str, Any] | None:
    found = override_of(incident, events)
    return None if found is None else asdict(found)


def slos_view(
    workspace: Workspace, model: str, day: date | None = None
) -> dict[str, Any]:
    """Give how the objectives over many days stand, up to `day` or the last due one.

    Raises:
        NoDataError: If no day of the model was looked at yet.
    """
    as_of = workspace.now(model)
    last = day or last_due_day(workspace, model, as_of)
    found = slo_statuses(workspace, model, last=last, as_of=as_of)
    return {
        "model": model,
        "day": last.isoformat(),
        "as_of": as_of.isoformat(),
        "freezes_promotions": any(status.freezes_promotions for status in found),
        "slos": [_slo(status) for status in found],
    }


def _slo(status: SloStatus) -> dict[str, Any]:
    return {
        "name": status.slo.name,
        "state": status.state.value,
        "reason": status.reason,
        "note": status.slo.note,
        "freezes_promotions": status.freezes_promotions,
        "good_days": status.good_days,
        "bad_days": status.bad_days,
        "not_valid_days": len(status.days) - status.valid_days,
        "budget_days": status.slo.budget_days,
        "remaining_days": status.remaining_days,
        "burn_rate": status.burn_rate,
        "recent_burn_rate": status.recent_burn_rate,
        "slo": status.slo.model_dump(),
        "days": [asdict(graded) for graded in status.days],
    }


def _drifted(findings: list[Finding], evidence: Mapping[str, Any]) -> list[str]:
    """Name the columns that moved, those first whose move alone would cost most."""
    warned = [
        f
        for f in findings
        if f.measurement.kind is Kind.DRIFT and f.verdict is Verdict.WARN
    ]
    return names_of(warned, from_evidence(evidence))


def _decided_by(
    workspace: Workspace, row: Evaluation, findings: list[Finding]
) -> dict[str, Any] | None:
    """Name the number, and its horizon, that says how well the model does."""
    if row.performance not in VALID:
        return None
    contract = workspace.contract(row.model)
    number = deciding_number(findings, contract, row.version or "")
    return None if number is None else asdict(number) | {"title": number.title}


def _finding(finding: Finding) -> dict[str, Any]:
    return asdict(finding.measurement) | {
        "verdict": finding.verdict.value,
        "judgement": finding.reason,
        "reason_code": finding.code.value,
        "limit": asdict(finding.limit) if finding.limit else None,
    }
