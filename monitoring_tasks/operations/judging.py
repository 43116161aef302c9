"""One day judged because a person asks for it, without a scheduler."""

from datetime import date

from monitoring_tasks.daily import run_day
from monitoring_tasks.domain.evaluations import Evaluation
from monitoring_tasks.domain.units import Mode, Unit
from monitoring_tasks.workspace.workspace import Workspace


def judge_one_day(
    workspace: Workspace, model: str, day: date, *, live: bool
) -> Evaluation:
    """Judge a day as its schedule would have seen it; live, tell people of it.

    Args:
        workspace: The workspace.
        model: Registered model name.
        day: The calendar day.
        live: Whether what is decided is acted on; else it is only said.
    """
    mode = Mode.LIVE if live else Mode.DRY_RUN
    as_of = workspace.as_of(model, day)
    unit = Unit(model=model, day=day, as_of=as_of, mode=mode)
    evaluation = run_day(workspace, unit)
    if live and workspace.settings.channels:
        # Here, for a dry run does not pay for loading what sends.
        from monitoring_tasks.operations.messages.delivering import (  # noqa: PLC0415
            deliver_waiting,
        )

        deliver_waiting(workspace)
    return evaluation
