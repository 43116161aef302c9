"""Which days have to be judged again because labels came."""

from datetime import date, datetime, timedelta

from monitoring_tasks.domain.evaluations import Mode, Unit
from monitoring_tasks.store.label_rounds import save_label_round
from monitoring_tasks.wiring.batches import labels_changed
from monitoring_tasks.wiring.workspace import Workspace

JUST_BEFORE = timedelta(seconds=1)
"""Instants are whole seconds."""


def units_to_settle(
    space: Workspace, model: str, *, instant: datetime, mode: Mode
) -> list[Unit]:
    """Find the judged days whose numbers would be others now, oldest first.

    Those whose own labels changed since they were last looked at, and those that
    pooled such a day over a longer horizon. Looks back `policy.look_back_days`. What
    was finished at the same instant is left out, so that a try that was stopped goes
    on where it was; days the contract excludes are never judged again.
    """
    contract = space.contract(model)
    last = instant.astimezone(contract.zone).date()
    first = last - timedelta(days=contract.policy.look_back_days)
    reach = timedelta(days=contract.longest_horizon - 1)
    done = {
        row["day"]
        for row in space.results.current(model, first, last, instant)
        if row["as_of"] == instant and row["action"] is not None
    }
    changed: date | None = None
    units = []
    for row in space.results.current(model, first, last, instant - JUST_BEFORE):
        unit = Unit(model=model, day=row["day"], as_of=instant, mode=mode)
        if row["verdict"] == "excluded":
            continue
        if labels_changed(space, unit, row["labels"]):
            changed = unit.day
        is_touched = changed is not None and unit.day - changed <= reach
        if is_touched and unit.day not in done:
            units.append(unit)
    return units


def note_round(space: Workspace, model: str, instant: datetime) -> None:
    """Write down that all days looked back at were asked, news or none.

    To be called once the days with news are judged: a day without a look at the
    instant had none.
    """
    save_label_round(space.database, model, instant)
