"""The question a person is asked about a rollback, in words."""

from datetime import datetime, timedelta
from typing import Any

from monitoring_tasks.domain.rollbacks import Guard, Rollback, RollbackState
from monitoring_tasks.operations.rollbacks.approval import expire
from monitoring_tasks.operations.rollbacks.lookup import find_rollback
from monitoring_tasks.respond.evidence import comparison_in
from monitoring_tasks.workspace.workspace import Workspace


def approval_request(
    workspace: Workspace, rollback_id: str, *, now: datetime
) -> dict[str, Any] | None:
    """Return the question a person is asked about a rollback, in words.

    One whose time is up ends here, unasked.

    Args:
        workspace: Where it lies.
        rollback_id: The rollback that is asked about.
        now: The present instant.

    Returns:
        `subject`, `body` in Markdown, and for how many `seconds` from `now` it may be
        answered; None when nobody is asked.

    Raises:
        LookupError: If there is no such rollback.
    """
    rollback = find_rollback(workspace, rollback_id)
    if rollback.state is not RollbackState.AWAITING_APPROVAL:
        return None
    left = (rollback.expires_at - now) / timedelta(seconds=1)
    if left <= 0:
        expire(workspace, rollback_id, now=now)
        return None
    return {
        "subject": (
            f"{rollback.model}: put version {rollback.to_version} back in the place of "
            f"{rollback.from_version}?"
        ),
        "body": _body(workspace, rollback),
        "seconds": left,
    }


def _body(workspace: Workspace, rollback: Rollback) -> str:
    lines = [
        _plain(rollback.reason),
        "",
        (
            f"* Model **{rollback.model}**, alias `{rollback.alias}`: from version "
            f"**{rollback.from_version}** to **{rollback.to_version}**"
        ),
        f"* Gain on the same rows: {_gain(workspace, rollback)}",
        (
            f"* Nothing is moved unless somebody approves before "
            f"{rollback.expires_at:%Y-%m-%d %H:%M} UTC"
        ),
        f"* All of it: `daywatch show {rollback.id}`",
        "",
        "| | guard | | seen | needed |",
        "|---|---|---|---|---|",
        *(_row(guard) for guard in rollback.guards),
    ]
    return "\n".join(lines)


def _gain(workspace: Workspace, rollback: Rollback) -> str:
    comparison = comparison_in(workspace.rollbacks.evidence(rollback.id))
    if (
        comparison is None
        or comparison.gain is None
        or comparison.lower is None
        or comparison.upper is None
    ):
        return "not measured"
    level = workspace.contract(rollback.model).policy.confidence
    return (
        f"{comparison.gain:+.4f} {comparison.metric}, {level:.0%} interval "
        f"{comparison.lower:+.4f} to {comparison.upper:+.4f}, "
        f"on {comparison.rows} rows of {len(comparison.days)} days"
    )


def _row(guard: Guard) -> str:
    held = "held" if guard.passed else "**did not hold**"
    cells = (guard.group, guard.name, held, guard.seen, guard.needed)
    return f"| {' | '.join(_plain(cell) for cell in cells)} |"


def _plain(text: str) -> str:
    """Keep text from ending a cell or a line of Markdown."""
    return " ".join(text.replace("|", "\\|").split())
