"""Days that a source has delivered, each as it is known now."""

from datetime import date, timedelta

from monitoring_tasks.domain.units import Mode, Unit
from monitoring_tasks.extract.delivered_days import days_with_rows
from monitoring_tasks.workspace.workspace import Workspace


def delivered_days(workspace: Workspace, model: str) -> list[date]:
    """Return the days on which the source of predictions has rows, in order.

    Args:
        workspace: The workspace.
        model: Registered model name.

    Raises:
        DataError: If there are none, or they cannot be told.
        SourceUnavailableError: If it did not answer.
    """
    contract = workspace.contract(model)
    source = contract.sources.predictions
    return days_with_rows(
        source,
        source.day_column or contract.columns.timestamp,
        timezone=contract.timezone,
        home=workspace.settings.home,
        look_up=workspace.look_up,
    )


def unit_now(workspace: Workspace, model: str, day: date) -> Unit:
    """Return a day as it is known now; under a simulated clock, once labels came.

    Args:
        workspace: The workspace.
        model: Registered model name.
        day: The calendar day.
    """
    instant = workspace.as_of(model, day)
    wait = timedelta(days=workspace.contract(model).policy.look_back_days)
    # A simulated clock stands at the instant it is asked about: once labels came.
    now = max(workspace.clock.now(about=instant + wait), instant)
    return Unit(model=model, day=day, as_of=now, mode=Mode.BACKFILL)
