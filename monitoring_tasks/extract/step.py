"""The rows of a day: read and frozen, read back, joined with their labels."""

import logging
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any

from monitoring_tasks.contract.column_types import label_columns, prediction_columns
from monitoring_tasks.domain.partitions import (
    OtherDays,
    Partition,
    PartitionKind,
)
from monitoring_tasks.domain.units import Unit
from monitoring_tasks.domain.windows import window_of
from monitoring_tasks.errors import (
    DataError,
    NoDataError,
    UnreadableDataError,
)
from monitoring_tasks.extract.request import Request
from monitoring_tasks.extract.sources import read_day
from monitoring_tasks.extract.version_names import with_versions
from monitoring_tasks.rows.delivery import Rows
from monitoring_tasks.store.partitions import freeze
from monitoring_tasks.workspace.containment import is_from_rows, reason_of
from monitoring_tasks.workspace.workspace import Workspace

if TYPE_CHECKING:
    from monitoring_tasks.contract.sources import Source

logger = logging.getLogger(__name__)


def extract_day(space: Workspace, unit: Unit) -> None:
    """Read the day from its sources, freeze it, and write down what was found.

    What is wrong with the data is part of the day's record, not an exception.

    Raises:
        TransientError: If a source or the storage did not answer.
    """
    problem: dict[str, Any] = {}
    predictions = None
    try:
        predictions, other_days = _freeze(space, unit, PartitionKind.PREDICTIONS)
        if other_days is not None:
            problem["other_days"] = asdict(other_days)
    except DataError as error:
        problem |= {"error": type(error).__name__, "text": str(error)}
    except Exception as error:
        if not is_from_rows(error):
            raise
        reason = reason_of("extract", unit, error)
        problem |= {"error": UnreadableDataError.__name__, "text": reason}
    labels, refused = _freeze_labels(space, unit)
    if refused and not space.contract(unit.model).policy.labels.never_come:
        problem["labels"] = refused
    space.results.start(
        unit, predictions=predictions, labels=labels, problem=problem or None
    )


def _freeze_labels(space: Workspace, unit: Unit) -> tuple[Partition | None, str]:
    """Freeze the labels known; without any None, and why they cannot be read."""
    try:
        return _freeze(space, unit, PartitionKind.LABELS)[0], ""
    except NoDataError:
        return None, ""  # they may come later; coverage says so
    except Exception as error:
        if not is_from_rows(error):
            raise
        return None, reason_of("extract of the labels", unit, error)


def labels_changed(space: Workspace, unit: Unit, digest: str | None) -> bool | None:
    """Whether the labels known at `unit.as_of` differ from the frozen ones.

    None where they cannot be read now, or are gone: no news, and the next day's run
    says so itself. That there are none yet is an answer.
    """
    try:
        return _freeze(space, unit, PartitionKind.LABELS)[0].digest != digest
    except NoDataError:
        return None if digest else False
    except DataError:
        return None


def _freeze(
    space: Workspace, unit: Unit, kind: PartitionKind
) -> tuple[Partition, OtherDays | None]:
    """Freeze the rows of one kind; of predictions, say which were of other days."""
    rows = read_rows(space, unit, kind)
    partition = freeze(
        rows,
        root=str(space.settings.partitions),
        model=unit.model,
        day=unit.day,
        kind=kind,
        key=space.contract(unit.model).columns.id,
        as_of=unit.as_of,
    )
    return partition, rows.other_days


def read_rows(space: Workspace, unit: Unit, kind: PartitionKind) -> Rows:
    """Read the rows of one kind from their source, as known at `unit.as_of`.

    Raises:
        DataError: If there are none, or they cannot be read.
        TransientError: If the source did not answer.
    """
    contract = space.contract(unit.model)
    columns, policy = contract.columns, contract.policy.timestamps
    is_scored = kind is PartitionKind.PREDICTIONS
    kinds = prediction_columns(contract) if is_scored else label_columns(contract)
    source: Source
    if is_scored:
        source, wanted = contract.sources.predictions, columns.of_predictions
        if source.day_column is None:
            source = source.model_copy(update={"day_column": columns.timestamp})
    else:
        source, wanted = contract.sources.labels, (columns.id, columns.label)
    rows = read_day(
        Request(
            source=source,
            day=unit.day,
            window=window_of(unit.day, contract.timezone),
            columns=wanted,
            as_of=unit.as_of,
            home=space.settings.home,
            timezone=contract.timezone,
            look_up=space.look_up,
            holds=kinds,
            timestamp=columns.timestamp if is_scored else None,
            days_before=policy.days_before,
            days_after=policy.days_after,
        )
    )
    if is_scored:
        return replace(rows, table=with_versions(space, unit, rows.table))
    return rows
