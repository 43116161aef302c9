"""The first reference of a version that has none, of its first days."""

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

import pyarrow.compute as pc

from monitoring_tasks.contract.policy import Policy
from monitoring_tasks.domain.partitions import PartitionKind
from monitoring_tasks.errors import DataError, NoDataError, UnreadableDataError
from monitoring_tasks.extract.step import read_rows
from monitoring_tasks.operations.onboarding.delivered import unit_now
from monitoring_tasks.operations.onboarding.logged_reference import (
    FirstReference,
    log_rows,
)
from monitoring_tasks.workspace.containment import is_from_rows, reason_of
from monitoring_tasks.workspace.day import Day
from monitoring_tasks.workspace.frozen_rows import versions_in, with_labels
from monitoring_tasks.workspace.workspace import Workspace

if TYPE_CHECKING:
    import pandas as pd

LONGEST = 56
"""Days of a reference at most: later ones are better judged than learnt from."""
SHARE = 3
"""One in so many days goes into it, unless that is too few to teach limits."""


def make_reference(
    workspace: Workspace, model: str, days: Sequence[date]
) -> FirstReference | None:
    """Log a reference of the version that serves; None where it has one.

    Args:
        workspace: The workspace.
        model: Registered model name.
        days: Days with rows, in order.

    Raises:
        NoDataError: If too few of its days have enough rows with labels.
        RegistryError: If the version is not registered.
    """
    contract = workspace.contract(model)
    version = _serving(workspace, model, days[-1])
    registered = workspace.registry.version(model, version)
    if registered.reference_digest:
        return None
    needed = contract.policy.min_reference_days
    days = _untrained(days, registered.trained_until, fewest=2 * needed)
    wanted = days_wanted(len(days), contract.policy)
    chosen = _labelled_days(workspace, model, days, version=version, wanted=wanted)
    if len(chosen) < needed or days[-1] <= max(chosen, default=days[-1]):
        labelled = " and their labels"
        if contract.policy.labels.never_come:
            labelled = ""
        msg = (
            f"version {version} of {model} has {len(chosen)} of {len(days)} days with "
            f"{contract.policy.min_rows} rows or more{labelled}; a reference needs "
            f"{needed}, and a day after them to judge. Log one made of held-out rows: "
            f"`daywatch reference {model} --version {version} --trained-until DAY "
            "--rows FILE`"
        )
        raise NoDataError(msg)
    import pandas as pd  # noqa: PLC0415 (heavy)

    rows = pd.concat(chosen.values(), ignore_index=True)
    return log_rows(workspace, model, version, rows, days=list(chosen))


def days_wanted(days: int, policy: Policy) -> int:
    """Return how many of some days a reference takes; the others are to be judged.

    A third; more where that teaches no limits over several days and half of them do.

    Args:
        days: How many days with rows there are.
        policy: Says how many days a reference takes at least, and for limits over
            several.
    """
    pooled = min(policy.min_pooled_reference_days, days // 2)
    return max(policy.min_reference_days, pooled, min(LONGEST, days // SHARE))


def _untrained(
    days: Sequence[date], trained_until: date | None, *, fewest: int
) -> Sequence[date]:
    """Return the days after the training, where these are enough."""
    # Rows a version was trained on look better than the days to come.
    after = [day for day in days if trained_until is None or day > trained_until]
    return after if len(after) >= fewest else days


def _serving(workspace: Workspace, model: str, day: date) -> str:
    """Return the version that scored most rows of a day.

    Raises:
        UnreadableDataError: If the rows do not name versions.
    """
    rows = read_rows(
        Day(workspace, unit_now(workspace, model, day)), PartitionKind.PREDICTIONS
    ).table
    column = workspace.contract(model).columns.model_version
    if column not in rows.column_names or not pc.any(rows[column].is_valid()).as_py():
        msg = (
            f"the {rows.num_rows} rows of {day} name no version in '{column}': let the "
            "scoring job log the registered version, or correct columns.model_version"
        )
        raise UnreadableDataError(msg)
    named = rows.filter(rows[column].is_valid())
    return next(iter(versions_in(named, column)))


def _labelled_days(
    workspace: Workspace, model: str, days: Sequence[date], *, version: str, wanted: int
) -> "dict[date, pd.DataFrame]":
    """Return the first days whose rows are enough and have their labels."""
    from monitoring_tasks.rows.encoding import texts  # noqa: PLC0415 (heavy)

    contract = workspace.contract(model)
    policy = contract.policy
    chosen: dict[date, pd.DataFrame] = {}
    # The last day is left to be judged.
    for day in days[:-1]:
        rows = _labelled(Day(workspace, unit_now(workspace, model, day)))
        if rows is None:
            continue
        # Numbers of which some lack are doubles here; as text they are what they were.
        scored_by = texts(rows[contract.columns.model_version])
        of_version = rows[scored_by.eq(version).to_numpy()]
        labelled = of_version[contract.columns.label].notna().mean()
        is_mature = policy.labels.never_come or labelled >= policy.label_coverage
        if len(of_version) >= policy.min_rows and is_mature:
            chosen[day] = of_version
        if len(chosen) == wanted:
            break
    return chosen


def _labelled(day: Day) -> "pd.DataFrame | None":
    """Return a day's rows with the labels that come; None where it cannot be read."""
    contract = day.contract
    try:
        predictions = read_rows(day, PartitionKind.PREDICTIONS).table
        labels = None
        if not contract.policy.labels.never_come:
            labels = read_rows(day, PartitionKind.LABELS).table
        rows = with_labels(contract, predictions, labels)[0]
    except Exception as error:
        if not is_from_rows(error):
            raise
        if not isinstance(error, DataError):
            reason_of("a look at the labels", day.unit, error)  # the log has it
        return None
    frame: pd.DataFrame = rows.to_pandas()
    return frame
