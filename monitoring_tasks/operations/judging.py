"""One day judged because a person asks for it, without a scheduler."""

from datetime import date, timedelta

from monitoring_tasks.daily import run_day
from monitoring_tasks.domain.evaluations import Evaluation
from monitoring_tasks.domain.units import Mode, Unit
from monitoring_tasks.domain.windows import day_of, window_of
from monitoring_tasks.errors import ConfigurationError
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

    Raises:
        ConfigurationError: If the day is not over yet.
    """
    require_over(workspace, model, day)
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


def require_over(workspace: Workspace, model: str, day: date) -> None:
    """Refuse a day that is not over: it would be judged by rows that cannot be there.

    Args:
        workspace: The workspace, whose clock is asked.
        model: Registered model name.
        day: The model's own calendar day.

    Raises:
        ConfigurationError: If it is not.
    """
    zone = workspace.contract(model).timezone
    now = workspace.clock.now(about=workspace.as_of(model, day))
    if now >= window_of(day, zone).end:
        return
    msg = (
        f"{day} is not over in {zone}, the model's time zone: no day "
        f"after {day_of(now, zone) - timedelta(days=1)} can be judged yet"
    )
    raise ConfigurationError(msg)
