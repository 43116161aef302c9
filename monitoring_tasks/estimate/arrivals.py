"""When the labels of a day arrived, where their rows say so."""

from monitoring_tasks.contract.sources import is_of_day
from monitoring_tasks.domain.units import Unit
from monitoring_tasks.domain.windows import window_of
from monitoring_tasks.rows.label_arrivals import arrivals_by_age
from monitoring_tasks.workspace.frozen_rows import labels_of
from monitoring_tasks.workspace.workspace import Workspace


def arrivals_of(space: Workspace, unit: Unit, *, joined: int) -> dict[int, int] | None:
    """Count the labels of a day by whole days after it; None if rows do not say."""
    contract = space.contract(unit.model)
    source = contract.sources.labels
    if source.arrived_at is None or not is_of_day(source):
        return None
    end = window_of(unit.day, contract.timezone).end
    return arrivals_by_age(
        labels_of(space, unit) if joined else None,
        contract.columns,
        arrived_at=source.arrived_at,
        end=end.astimezone(contract.zone),
        joined=joined,
    )
