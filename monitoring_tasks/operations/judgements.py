"""What was decided about a day, in plain values, for those who look elsewhere.

Airflow logs it, keeps it as an XCom and asks whether its task `alert` is to end badly.
"""

from typing import Any

from monitoring_tasks.domain.units import Mode, Unit
from monitoring_tasks.workspace.workspace import Workspace, open_workspace

LONGEST_REASON = 300
"""Characters of a reason that leave the store; the page has the whole of it."""


def judgement(key: str) -> dict[str, Any]:
    """Return what was decided about a day: see `judgement_of`."""
    with open_workspace() as workspace:
        return judgement_of(workspace, Unit.from_key(key))


def alert(key: str) -> dict[str, str]:
    """Return how the task `alert` of a day's run is to end: see `alert_of`."""
    with open_workspace() as workspace:
        return alert_of(workspace, Unit.from_key(key))


def judgement_of(workspace: Workspace, unit: Unit) -> dict[str, Any]:
    """Return what was decided about a day, its reasons, and the address of its page.

    Args:
        workspace: The workspace; only read.
        unit: The day, as its run judged it.

    Returns:
        Plain JSON; each reason on one line and no longer than `LONGEST_REASON`.

    Raises:
        LookupError: If the unit was never judged.
    """
    evaluation = workspace.results.evaluation(unit)
    return {
        "model": unit.model,
        "day": unit.day.isoformat(),
        "mode": unit.mode.value,
        "verdict": evaluation.verdict,
        "severity": evaluation.severity,
        "cause": evaluation.cause,
        "reasons": [_shortened(reason) for reason in evaluation.reasons or ()],
        "page": workspace.settings.page_address(unit.model, unit.day),
    }


def alert_of(workspace: Workspace, unit: Unit) -> dict[str, str]:
    """Return how the task `alert` of the day's run is to end, and why.

    Args:
        workspace: The workspace; only read.
        unit: The day, as its run judged it.

    Returns:
        `task`: `failed`, `skipped` or, when nothing is to be seen, `success`; `text`:
        one sentence.

    Raises:
        LookupError: If the unit was never judged.
    """
    alert_rule = workspace.contract(unit.model).response.airflow_alert
    evaluation = workspace.results.evaluation(unit)
    severity = evaluation.severity or ""
    if alert_rule is None:
        return {"task": "success", "text": "the contract asks for no alert"}
    # P0 sorts before P1: the greater text is the lesser severity.
    if not severity or severity > alert_rule.severity:
        grade = f"severity {severity}" if severity else "no severity"
        text = f"{unit.day} has {grade}; the contract asks from {alert_rule.severity}"
        return {"task": "success", "text": text}
    if unit.mode is not Mode.LIVE:
        text = f"{unit.day} is {severity}, but a {unit.mode} run alerts nobody"
        return {"task": "success", "text": text}
    incident = workspace.incidents.get(
        (evaluation.action.incident if evaluation.action else None) or ""
    )
    if incident is not None and incident.silenced_by:
        text = f"{unit.day} is {severity}, silenced by {incident.silenced_by}"
        return {"task": "success", "text": text}
    page = workspace.settings.page_address(unit.model, unit.day)
    reason = _shortened((evaluation.reasons or ("no reason was written down",))[0])
    text = (
        f"{unit.model} {unit.day}: {evaluation.verdict} {severity}: {reason} ({page})"
    )
    return {"task": alert_rule.task, "text": text}


def _shortened(text: str) -> str:
    """Keep what a log line can bear: one line, no control characters, not too long."""
    line = "".join(c if c.isprintable() else " " for c in text)
    return line if len(line) <= LONGEST_REASON else f"{line[:LONGEST_REASON]}..."
