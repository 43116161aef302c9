"""The rows of one version over its last fit days, stacked."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import TYPE_CHECKING

from monitoring_tasks.domain.units import Unit
from monitoring_tasks.workspace.frozen_rows import labelled_batch
from monitoring_tasks.workspace.workspace import Workspace

if TYPE_CHECKING:
    import pandas as pd


def labelled_rows(
    space: Workspace, unit: Unit, version: str, *, days: int, mature: bool = False
) -> tuple["pd.DataFrame", tuple[date, ...]]:
    """Stack the labelled rows of a version over the unit's day and the days before.

    Args:
        space: The workspace.
        unit: The day; rows and labels are those known at its instant.
        version: Only rows it scored; earlier days it mainly served.
        days: Calendar days looked back over, the day itself included.
        mature: Whether days with too few labels are left out; early labels are not a
            fair sample of a day.

    Returns:
        The rows, and the days they come from. Days that are not fit, or have no
        labelled row, are left out; without any, no rows and the day itself.
    """
    contract = space.contract(unit.model)
    least = contract.policy.label_coverage if mature else 0.0
    label = contract.columns.label
    frames, held = [], []
    for day, served in _served(space, unit, version, days):
        known = served[served[label].notna()]
        if len(known) and len(known) >= least * len(served):
            frames.append(known)
            held.append(day)
    return _stacked(unit, frames, held)


def served_rows(
    space: Workspace, unit: Unit, version: str, *, days: int
) -> tuple["pd.DataFrame", tuple[date, ...]]:
    """Stack the rows of a version likewise, whether their labels are known or not."""
    found = [one for one in _served(space, unit, version, days) if len(one[1])]
    return _stacked(unit, [rows for _, rows in found], [day for day, _ in found])


def _served(
    space: Workspace, unit: Unit, version: str, days: int
) -> Iterator[tuple[date, "pd.DataFrame"]]:
    """Read what a version scored on each fit day, oldest first."""
    from monitoring_tasks.rows.encoding import texts  # noqa: PLC0415 (heavy)

    column = space.contract(unit.model).columns.model_version
    first = unit.day - timedelta(days=days - 1)
    before = space.results.current(
        unit.model, first, unit.day - timedelta(days=1), unit.as_of
    )
    earlier = [row.unit for row in before if row.version == version]
    for one in [*earlier, unit]:
        if not space.results.checks(one).is_fit:
            continue
        frame: pd.DataFrame = labelled_batch(space, one)[0].to_pandas()
        yield one.day, frame[texts(frame[column]) == version]


def _stacked(
    unit: Unit, frames: "list[pd.DataFrame]", days: list[date]
) -> tuple["pd.DataFrame", tuple[date, ...]]:
    import pandas as pd  # noqa: PLC0415 (heavy)

    if not frames:
        return pd.DataFrame(), (unit.day,)
    return pd.concat(frames, ignore_index=True), tuple(days)
