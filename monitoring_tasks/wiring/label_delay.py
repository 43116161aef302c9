"""How long a model's labels take: as its contract says, else as they usually came."""

from datetime import datetime

from monitoring_tasks.domain.evaluations import Mode, Unit
from monitoring_tasks.domain.label_delay import DelayOrigin, LabelDelay
from monitoring_tasks.domain.windows import day_of
from monitoring_tasks.learn.label_maturity import usual_delay
from monitoring_tasks.wiring.label_arrival import label_histories_of
from monitoring_tasks.wiring.workspace import Workspace


def label_delay(space: Workspace, model: str, *, as_of: datetime) -> LabelDelay:
    """Say how long after its end a day's labels may come, as known at an instant."""
    contract = space.contract(model)
    stated = contract.policy.labels.stated_delay
    if stated is not None:
        return stated
    today = day_of(as_of, contract.timezone)
    unit = Unit(model=model, day=today, as_of=as_of, mode=Mode.LIVE)
    days = usual_delay(
        label_histories_of(space, unit), mature=contract.policy.label_coverage
    )
    if days is None:
        return LabelDelay()
    return LabelDelay(days=days, origin=DelayOrigin.USUAL)
