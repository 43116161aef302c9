"""How a model's labels arrive, and what numbers on early ones are worth, as shown."""

from dataclasses import asdict
from datetime import date
from typing import Any

from monitoring_tasks.domain.units import Mode, Unit
from monitoring_tasks.errors import NoDataError
from monitoring_tasks.learn.label_block import as_plain
from monitoring_tasks.learn.step import label_state
from monitoring_tasks.workspace.day import Day
from monitoring_tasks.workspace.workspace import Workspace


def labels_view(workspace: Workspace, model: str, day: date | None) -> dict[str, Any]:
    """Return when labels arrive, and how far numbers on early labels lie off.

    Args:
        workspace: The workspace.
        model: Registered model name.
        day: The day whose own labels are shown as well; None for the newest.

    Raises:
        NoDataError: If no day of the model was evaluated yet.
    """
    as_of, days = workspace.now(model), workspace.results.days(model)
    if days is None:
        msg = (
            f"no day of {model} has been judged yet; run `daywatch run {model} --day "
            "DAY` first"
        )
        raise NoDataError(msg)
    unit = Unit(model=model, day=day or days[1], as_of=as_of, mode=Mode.DRY_RUN)
    evaluations = workspace.results.current(model, unit.day, unit.day, as_of)
    newest = evaluations[-1].unit if evaluations else None
    # As known now; the newest evaluation of the day may be older.
    history = Day(workspace, unit)
    return {
        "model": model,
        "day": unit.day.isoformat(),
        "labels": as_plain(label_state(Day(workspace, newest))) if newest else None,
        "arrival": [asdict(arrived) for arrived in history.label_curve],
        "provisional_errors": [
            {"version": version, "metric": metric, **asdict(error)}
            for (version, metric), error in history.provisional_errors.items()
        ],
    }
