"""How long a model's labels take: as its contract says, else as they usually came."""

from datetime import datetime

from monitoring_tasks.domain.label_delay import UNKNOWN_DELAY, DelayOrigin, LabelDelay
from monitoring_tasks.domain.units import Mode, Unit
from monitoring_tasks.domain.windows import day_of
from monitoring_tasks.statistics.label_delays import usual_delay
from monitoring_tasks.workspace.label_histories import load_label_histories
from monitoring_tasks.workspace.workspace import Workspace


def label_delay(workspace: Workspace, model: str, *, as_of: datetime) -> LabelDelay:
    """Return how long after its end a day's labels may come.

    Args:
        workspace: The workspace.
        model: Registered model name.
        as_of: What became known later does not count.
    """
    contract = workspace.contract(model)
    stated = contract.policy.labels.stated_delay
    if stated is not None:
        return stated
    days = usual_label_delay(workspace, model, as_of=as_of)
    if days is None:
        return UNKNOWN_DELAY
    return LabelDelay(days=days, origin=DelayOrigin.USUAL)


def usual_label_delay(
    workspace: Workspace, model: str, *, as_of: datetime
) -> int | None:
    """Return the days by which enough labels were usually there; None if unknown.

    Args:
        workspace: The workspace.
        model: Registered model name.
        as_of: Only days up to it count, and what was known of them then.
    """
    contract = workspace.contract(model)
    span = workspace.results.days(model)
    if span is None:  # none of its days was evaluated yet
        return None
    last = min(day_of(as_of, contract.timezone), span[1])
    unit = Unit(model=model, day=last, as_of=as_of, mode=Mode.LIVE)
    return usual_delay(
        load_label_histories(workspace, unit), mature=contract.policy.label_coverage
    )
