"""The labelled rows of one version over its last fit days, stacked."""

from datetime import date, timedelta
from typing import TYPE_CHECKING

from monitoring_tasks.domain.evaluations import Unit
from monitoring_tasks.wiring.batches import labelled_batch
from monitoring_tasks.wiring.workspace import Workspace

if TYPE_CHECKING:
    import pandas as pd


def labelled_rows(
    space: Workspace, unit: Unit, version: str, *, days: int
) -> tuple["pd.DataFrame", tuple[date, ...]]:
    """Stack the labelled rows of a version over the unit's day and the days before.

    Args:
        space: The workspace.
        unit: The day; rows and labels are those known at its instant.
        version: Only rows it scored; earlier days it mainly served.
        days: Calendar days looked back over, the day itself included.

    Returns:
        The rows, and the days they come from. Days that are not fit, or have no
        labelled row, are left out; without any, no rows and the day itself.
    """
    import pandas as pd  # noqa: PLC0415 (heavy)

    from monitoring_tasks.estimate.encoding import texts  # noqa: PLC0415 (heavy)

    columns = space.contract(unit.model).columns
    first = unit.day - timedelta(days=days - 1)
    before = space.results.current(
        unit.model, first, unit.day - timedelta(days=1), unit.as_of
    )
    earlier = [Unit.from_key(row["key"]) for row in before if row["version"] == version]
    frames, held = [], []
    for one in [*earlier, unit]:
        if not space.results.checks(one).is_fit:
            continue
        frame: pd.DataFrame = labelled_batch(space, one)[0].to_pandas()
        mine = texts(frame[columns.model_version]) == version
        known = frame[mine & frame[columns.label].notna()]
        if len(known):
            frames.append(known)
            held.append(one.day)
    if not frames:
        return pd.DataFrame(), (unit.day,)
    return pd.concat(frames, ignore_index=True), tuple(held)
