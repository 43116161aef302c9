"""The segments of its rows on which a model does worst, as they are shown."""

from datetime import date
from typing import Any

from monitoring_tasks.estimate.step import weak_segments
from monitoring_tasks.estimate.weak_segment_evidence import as_evidence
from monitoring_tasks.operations.views.days import evaluation_of, newest_day
from monitoring_tasks.workspace.day import Day
from monitoring_tasks.workspace.workspace import Workspace


def segments_view(workspace: Workspace, model: str, day: date | None) -> dict[str, Any]:
    """Search the labelled rows of a day and the days before it; nothing is written.

    Args:
        workspace: The workspace.
        model: Registered model name.
        day: The last day searched; None for the newest.

    Raises:
        NoDataError: If the day was never evaluated.
    """
    chosen = day or newest_day(workspace, model)
    unit = evaluation_of(workspace, model, chosen).unit
    about = {"model": model, "day": unit.day.isoformat()}
    return {**about, **as_evidence(weak_segments(Day(workspace, unit)))}
