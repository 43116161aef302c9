"""The rows of one version over its last fit days, stacked."""

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

    from monitoring_tasks.workspace.day import Day

DatedRows = tuple["pd.DataFrame", tuple[date, ...]]
"""Rows, and the days they come from."""


def labelled_rows(
    day: "Day", version: str, *, days: int, mature: bool = False
) -> DatedRows:
    """Stack the labelled rows of a version over the day and the days before.

    Args:
        day: The last day; rows and labels are those known at its instant.
        version: Only rows it scored; earlier days it mainly served.
        days: Calendar days looked back over, the day itself included, >= 1.
        mature: Whether days with too few labels are left out; early labels are not a
            fair sample of a day.

    Returns:
        The rows, and the days they come from. Days that are not fit, or have no
        labelled row, are left out; without any, no rows and the day itself.
    """
    contract = day.contract
    min_coverage = contract.policy.label_coverage if mature else 0.0
    frames, dates = [], []
    for date_, served in _served(day, version, days):
        labelled = served[served[contract.columns.label].notna()]
        if len(labelled) and len(labelled) >= min_coverage * len(served):
            frames.append(labelled)
            dates.append(date_)
    return _stacked(day, frames, dates)


def first_served(day: "Day", version: str, *, days: int) -> date:
    """Return the first of the last days that a version mainly served.

    Args:
        day: The last day.
        version: The version.
        days: Calendar days looked back over, the day itself included, >= 1.
    """
    before = day.past.evaluations(days - 1) if days > 1 else ()
    return min((e.day for e in before if e.version == version), default=day.day)


def served_rows(day: "Day", version: str, *, days: int) -> DatedRows:
    """Stack the rows of a version over the same days, labelled or not.

    Args:
        day: The last day; rows are those known at its instant.
        version: Only rows it scored; earlier days it mainly served.
        days: Calendar days looked back over, the day itself included, >= 1.
    """
    served = [dated for dated in _served(day, version, days) if len(dated[1])]
    return _stacked(day, [rows for _, rows in served], [date_ for date_, _ in served])


def rows_scored_by(day: "Day", version: str) -> "pd.DataFrame":
    """Return the rows of the day alone that a version scored, with the labels known.

    Args:
        day: The day.
        version: The version.
    """
    from monitoring_tasks.rows.coded_texts import frame_of  # noqa: PLC0415 (heavy)
    from monitoring_tasks.rows.encoding import texts  # noqa: PLC0415 (heavy)

    frame = frame_of(day.labelled[0])
    column = day.contract.columns.model_version
    return frame[(texts(frame[column]) == version).to_numpy()]


def _served(
    day: "Day", version: str, days: int
) -> Iterator[tuple[date, "pd.DataFrame"]]:
    """Read what a version scored on each fit day, oldest first."""
    before = day.past.evaluations(days - 1) if days > 1 else ()
    # Other days can hold only a few of its rows, and are not read for them.
    earlier = [day.earlier(e) for e in before if e.version == version]
    for served in [*earlier, day]:
        if not served.evaluation.data.is_fit:
            continue
        yield served.day, rows_scored_by(served, version)


def _stacked(day: "Day", frames: "list[pd.DataFrame]", dates: list[date]) -> DatedRows:
    import pandas as pd  # noqa: PLC0415 (heavy)

    if not frames:
        return pd.DataFrame(), (day.day,)
    return pd.concat(frames, ignore_index=True), tuple(dates)
