"""The question a person is asked about a rollback, in words."""

from datetime import datetime, timedelta
from typing import Any

from monitoring_tasks.domain.rollbacks import Guard, Rollback, RollbackState
from monitoring_tasks.operations.rollbacks.approval import find, lapse
from monitoring_tasks.respond.evidence import comparison_in
from monitoring_tasks.workspace.workspace import Workspace


def question_of(
    space: Workspace, rollback_id: str, *, now: datetime
) -> dict[str, Any] | None:
    """Put the question about a rollback into words.

    One whose time is up ends here, unasked.

    Returns:
        `subject`, `body` in Markdown, and for how many `seconds` from `now` it may be
        answered; None when nobody is asked.

    Raises:
        LookupError: If there is no such rollback.
    """
    known = find(space, rollback_id)
    if known.state is not RollbackState.AWAITING_APPROVAL:
        return None
    left = (known.expires_at - now) / timedelta(seconds=1)
    if left <= 0:
        lapse(space, rollback_id, now=now)
        return None
    return {
        "subject": (
            f"{known.model}: put version {known.to_version} back in the place of "
            f"{known.from_version}?"
        ),
        "body": _body(space, known),
        "seconds": left,
    }


def _body(space: Workspace, known: Rollback) -> str:
    lines = [
        _plain(known.reason),
        "",
        (
            f"* Model **{known.model}**, alias `{known.alias}`: from version "
            f"**{known.from_version}** to **{known.to_version}**"
        ),
        f"* Gain on the same rows: {_gain(space, known)}",
        (
            f"* Nothing is moved unless somebody approves before "
            f"{known.expires_at:%Y-%m-%d %H:%M} UTC"
        ),
        f"* All of it: `daywatch show {known.id}`",
        "",
        "| | guard | | seen | needed |",
        "|---|---|---|---|---|",
        *(_row(guard) for guard in known.guards),
    ]
    return "\n".join(lines)


def _gain(space: Workspace, known: Rollback) -> str:
    one = comparison_in(space.rollbacks.evidence(known.id))
    if one is None or one.gain is None or one.lower is None or one.upper is None:
        return "not measured"
    level = space.contract(known.model).policy.confidence
    return (
        f"{one.gain:+.4f} {one.metric}, {level:.0%} interval {one.lower:+.4f} to "
        f"{one.upper:+.4f}, on {one.rows} rows of {len(one.days)} days"
    )


def _row(guard: Guard) -> str:
    held = "held" if guard.passed else "**did not hold**"
    cells = (guard.group, guard.name, held, guard.seen, guard.needed)
    return f"| {' | '.join(_plain(cell) for cell in cells)} |"


def _plain(text: str) -> str:
    """Keep text from ending a cell or a line of Markdown."""
    return " ".join(text.replace("|", "\\|").split())
