"""The first reference of a version: of rows a person names, or of its first days."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow.compute as pc

from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.contract.policy import Policy
from monitoring_tasks.domain.partitions import PartitionKind
from monitoring_tasks.domain.units import Mode, Unit
from monitoring_tasks.errors import (
    ConfigurationError,
    DataError,
    NoDataError,
    UnreadableDataError,
)
from monitoring_tasks.extract import reference_files
from monitoring_tasks.extract.delivered_days import days_with_rows
from monitoring_tasks.extract.reference_rows import typed_rows
from monitoring_tasks.extract.step import read_rows
from monitoring_tasks.extract.version_names import frame_with_versions
from monitoring_tasks.operations.references import log_reference, rows_of
from monitoring_tasks.rows.days import days_of
from monitoring_tasks.workspace.containment import is_from_rows, reason_of
from monitoring_tasks.workspace.day import Day
from monitoring_tasks.workspace.frozen_rows import versions_in, with_labels
from monitoring_tasks.workspace.version_names import version_names_now
from monitoring_tasks.workspace.workspace import Workspace

if TYPE_CHECKING:
    import pandas as pd

LONGEST = 56
"""Days of a reference at most: later ones are better judged than learnt from."""
SHARE = 3
"""One in so many days goes into it, unless that is too few to teach limits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstReference:
    """A reference that was made for a version that had none.

    Attributes:
        version: The version.
        origin: The file its rows are of; empty for the version's first days.
        first_day: The first of its days.
        last_day: The last.
        warnings: What it cannot do.
        has_labels: Whether its rows have labels.
    """

    version: str
    first_day: date
    last_day: date
    warnings: tuple[str, ...]
    has_labels: bool = True
    origin: str = ""

    @property
    def sentence(self) -> str:
        """What was made of what."""
        rows = "rows and labels" if self.has_labels else "rows, without labels"
        of_what = f"{self.origin or 'its first days'} with {rows}"
        return (
            f"made the reference of version {self.version} of {of_what}, "
            f"{self.first_day} to {self.last_day}; the days after are held against it"
        )


def delivered_days(workspace: Workspace, model: str) -> list[date]:
    """Return the days on which the source of predictions has rows, in order.

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
        labelled = " whose labels are there"
        if contract.policy.labels.never_come:
            labelled = ""
        msg = (
            f"version {version} of {model} has {len(chosen)} of {len(days)} days with "
            f"{contract.policy.min_rows} rows or more{labelled}, and a "
            f"reference takes {needed} and a day after them; log one made of held-out "
            f"rows: `daywatch reference {model} --version {version} --trained-until "
            "DAY --rows FILE`"
        )
        raise NoDataError(msg)
    import pandas as pd  # noqa: PLC0415 (heavy)

    rows = pd.concat(chosen.values(), ignore_index=True)
    return _log(workspace, model, version, rows, days=list(chosen))


def log_held_out(workspace: Workspace, model: str, path: Path) -> FirstReference:
    """Log the rows of a file as the reference of the version that scored most of them.

    Rows that name no version are taken to be of the one that the alias points to.

    Args:
        workspace: The workspace.
        model: Registered model name.
        path: Parquet or CSV of labelled rows that version was not trained on.

    Raises:
        ConfigurationError: If the version has a reference already, or neither rows
            nor alias tell it.
        DataError: If the file is not readable or its rows make no reference.
        RegistryError: If the version is not registered.
    """
    from monitoring_tasks.rows.encoding import texts  # noqa: PLC0415 (heavy)

    contract = workspace.contract(model)
    rows = reference_files.read_rows(path, contract.columns)
    name = contract.columns.model_version
    warnings = []
    if name not in rows.columns or rows[name].isna().all():
        live = workspace.registry.alias_version(model, contract.alias)
        if live is None:
            raise ConfigurationError(_no_version(model, contract, path))
        rows = rows.assign(**{name: live})
        warnings.append(f"its rows name no version: taken to be of version {live}")
    rows = frame_with_versions(
        rows, contract.columns, partial(version_names_now, workspace, model)
    )
    version = str(texts(rows[name]).value_counts().index[0])
    days = days_of(typed_rows(rows_of(rows, contract, version), contract), contract)
    made = _log(workspace, model, version, rows, days=days)
    return replace(made, origin=path.name, warnings=(*warnings, *made.warnings))


def _no_version(model: str, contract: Contract, path: Path) -> str:
    """Return that nothing tells which version scored some rows, and the remedy."""
    return (
        f"{path}: its rows name no version in '{contract.columns.model_version}', and "
        f"no alias '{contract.alias}' is set on a version of {model}: set it, or name "
        "another in `alias` of the contract, and log the rows with `daywatch reference "
        f"{model} --version V --trained-until DAY --rows {path}`"
    )


def _log(
    workspace: Workspace,
    model: str,
    version: str,
    rows: "pd.DataFrame",
    *,
    days: Sequence[date],
) -> FirstReference:
    """Log rows; training that nobody recorded is taken to end before them."""
    first, last = min(days), max(days)
    trained, warnings = workspace.registry.version(model, version).trained_until, []
    if trained is None:
        trained = first - timedelta(days=1)
        warnings.append(
            f"nobody recorded when version {version} was trained: taken to be before "
            f"{first}; tag it `daywatch.trained_until` if that is wrong"
        )
    _, review = log_reference(workspace, model, version, rows, trained_until=trained)
    return FirstReference(
        version=version,
        first_day=first,
        last_day=last,
        warnings=(*warnings, *review.warnings),
        has_labels=review.labelled > 0,
    )


def days_wanted(days: int, policy: Policy) -> int:
    """Return how many of some days a reference takes; the others are to be judged.

    A third; more where that teaches no limits over several days and half of them do.
    """
    pooled = min(policy.min_pooled_reference_days, days // 2)
    return max(policy.min_reference_days, pooled, min(LONGEST, days // SHARE))


def _untrained(
    days: Sequence[date], trained_until: date | None, *, fewest: int
) -> Sequence[date]:
    """Return the days after the training, where these are enough."""
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


def unit_now(workspace: Workspace, model: str, day: date) -> Unit:
    """Return a day as it is known now; under a simulated clock, once labels came."""
    instant = workspace.as_of(model, day)
    wait = timedelta(days=workspace.contract(model).policy.look_back_days)
    now = max(workspace.clock.now(about=instant + wait), instant)
    return Unit(model=model, day=day, as_of=now, mode=Mode.BACKFILL)
