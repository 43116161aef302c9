"""As of when days are judged: as their schedule saw them, or as they are known now."""

from collections.abc import Sequence
from datetime import date, datetime

from monitoring_tasks.store.slo_days import newest_as_of
from monitoring_tasks.workspace.workspace import Workspace


def judgement_instants(
    workspace: Workspace, model: str, days: Sequence[date], *, is_now: bool
) -> dict[date, datetime]:
    """Return the instant each day is judged at; one whose schedule is to come keeps it.

    Args:
        workspace: The workspace.
        model: Registered model name.
        days: The days, in order.
        is_now: Whether all that came since counts; under a simulated clock, all up to
            the newest look.
    """
    then = {day: workspace.as_of(model, day) for day in days}
    if not is_now or not then:
        return then
    newest = newest_as_of(workspace.database, model) or max(then.values())
    now = workspace.clock.now(about=max(newest, *then.values()))
    return {day: max(now, instant) for day, instant in then.items()}
