"""What was heard from channels, as it is shown: who did what, and what came of it."""

from typing import Any

from monitoring_tasks.domain.hearing import Outcome, What
from monitoring_tasks.workspace.workspace import Workspace

LISTED = 50
"""So many are listed if nothing else is said: the newest."""
WHY = {
    Outcome.ALREADY: "it stood so already",
    Outcome.PENDING: "nobody has acted on it yet; the next round does",
}
"""Why something changed nothing that has no reason of its own."""


def heard_view(
    workspace: Workspace, *, incident: str | None = None, limit: int = LISTED
) -> list[dict[str, Any]]:
    """List what people did in channels, as Daywatch heard of it, oldest first.

    Args:
        workspace: The workspace; only read.
        incident: Id of the incident it is about; None for any.
        limit: The newest so many; at least 1.

    Returns:
        `heard_at`, and `at` by the other side's clock; `channel`, `who`, `what`,
        `text`; `incident`, None where it is not known; `outcome`, and `why` it changed
        nothing, empty where it did.
    """
    # Names are heard from services, and say nothing that anybody did.
    rows = workspace.heard_events.listing(incident, limit=limit, without=(What.NAMED,))
    shown = ("heard_at", "at", "channel", "who", "what", "text", "incident", "outcome")
    return [
        {name: row[name] for name in shown}
        | {"why": row["reason"] or WHY.get(Outcome(row["outcome"]), "")}
        for row in rows
    ]
