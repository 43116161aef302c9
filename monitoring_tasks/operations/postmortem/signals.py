"""What spoke about an incident before and when it was found."""

from collections.abc import Iterator
from datetime import date, timedelta

from monitoring_tasks.domain.evaluations import Evaluation
from monitoring_tasks.domain.evidence_keys import check_key, number_key
from monitoring_tasks.domain.findings import Verdict
from monitoring_tasks.domain.incidents import Incident
from monitoring_tasks.learn.postmortem.facts import Signal
from monitoring_tasks.workspace.workspace import Workspace

LEAD_DAYS = 3
"""Days before the first bad one that may have given a sign already."""
TELLING = frozenset({Verdict.WARN, Verdict.BREACH})


def signals_of(
    workspace: Workspace, incident: Incident, found_on: date
) -> tuple[Signal, ...]:
    """Return each check and number that spoke, with the first day it did.

    Args:
        workspace: The workspace; only read.
        incident: The incident.
        found_on: The day whose judgement opened it; later days do not count.
    """
    first = incident.onset_day - timedelta(days=LEAD_DAYS)
    # As known when it was opened: what labels said later was no sign then.
    rows = workspace.results.current(
        incident.model, first, found_on, incident.opened_at
    )
    seen: dict[tuple[str, str], Signal] = {}
    for row in rows:
        for signal in (*_of_checks(row), *_of_numbers(workspace, row)):
            seen.setdefault((signal.kind, signal.name), signal)
    return tuple(sorted(seen.values(), key=lambda s: (s.day, s.kind, s.name)))


def _of_checks(row: Evaluation) -> Iterator[Signal]:
    for check in row.checks:
        if check.status != "failed":
            continue
        yield Signal(
            kind="data",
            name=f"{check.name} {check.column}".strip(),
            day=row.day,
            verdict=check.severity,
            text=check.observed or "failed",
            evidence=f"{row.key}#{check_key(check)}",
        )


def _of_numbers(workspace: Workspace, row: Evaluation) -> Iterator[Signal]:
    for finding in workspace.results.findings(row.unit):
        number = finding.measurement
        if finding.verdict not in TELLING or number.segment != "all":
            continue
        key = number_key(number)
        days = f" over {number.horizon} days" if number.horizon > 1 else ""
        yield Signal(
            kind=number.kind.value,
            name=f"{number.metric} {number.column}".strip() + days,
            day=row.day,
            verdict=finding.verdict.value,
            text=finding.reason,
            evidence=f"{row.key}#{key}",
        )
