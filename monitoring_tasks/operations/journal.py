"""Reading the journal: its lines, whether it is sound, and where an alias stood."""

from datetime import date, datetime, timedelta
from typing import Any

from monitoring_tasks.domain.journal import JournalLine
from monitoring_tasks.domain.windows import window_of
from monitoring_tasks.operations.rollbacks.audit import champions
from monitoring_tasks.workspace.workspace import Workspace


def journal_lines(
    workspace: Workspace, model: str, *, limit: int | None = None
) -> list[JournalLine]:
    """Return the lines of the journal about a model, oldest first.

    Args:
        workspace: The workspace; only read.
        model: Registered model name.
        limit: The newest so many; None for all.

    Raises:
        ConfigurationError: If no contract declares the model.
    """
    workspace.contract(model)  # a model nobody knows is named as such
    return workspace.journal.lines(model, limit=limit)


def champions_at(workspace: Workspace, model: str, at: date) -> dict[str, Any]:
    """Say which version the alias stood at, at an instant or during a day.

    Args:
        workspace: The workspace.
        model: Registered model name.
        at: An instant where it is a `datetime`; else a day of the model's calendar.

    Returns:
        As `rollbacks.audit.champions` returns it.
    """
    if isinstance(at, datetime):
        return champions(workspace, model, first=at, last=at)
    window = window_of(at, workspace.contract(model).timezone)
    # The window is half open: its end is the first instant of the next day.
    last = window.end - timedelta(microseconds=1)
    return champions(workspace, model, first=window.start, last=last)
