"""The rows of a day: read from their sources, frozen, and written down."""

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from monitoring_tasks.domain.airflow_runs import AirflowRun
from monitoring_tasks.domain.delivery_problem import NO_PROBLEM, DeliveryProblem
from monitoring_tasks.domain.partitions import OtherDays, Partition, PartitionKind
from monitoring_tasks.errors import DataError, NoDataError, UnreadableDataError
from monitoring_tasks.extract.day_rows import read_day_rows
from monitoring_tasks.extract.version_names import with_versions
from monitoring_tasks.rows.coded_texts import with_coded_texts
from monitoring_tasks.rows.delivery import Rows
from monitoring_tasks.store.kept_samples import kept_samples
from monitoring_tasks.store.manifests import Facts
from monitoring_tasks.store.partitions import FrozenRows, freeze
from monitoring_tasks.workspace.containment import is_from_rows, reason_of
from monitoring_tasks.workspace.contract_sightings import see_contract
from monitoring_tasks.workspace.day import Day

if TYPE_CHECKING:
    from monitoring_tasks.workspace.source_rows import SourceRows

logger = logging.getLogger(__name__)


def extract_day(day: Day, airflow: Sequence[AirflowRun] = ()) -> None:
    """Read the day from its sources, freeze it, and write down what was found.

    What is wrong with the data is part of the day's record, not an exception.

    Args:
        day: The day; read and written down.
        airflow: The runs of Airflow it comes from; none without Airflow.

    Raises:
        TransientError: If a source or the storage did not answer.
    """
    see_contract(day)
    problem, predictions = NO_PROBLEM, None
    try:
        predictions, other_days = _freeze_predictions(day)
        problem = DeliveryProblem(other_days=other_days)
    except DataError as error:
        problem = DeliveryProblem(error=type(error).__name__, text=str(error))
    except Exception as error:
        if not is_from_rows(error):
            raise
        reason = reason_of("extract", day.unit, error)
        problem = DeliveryProblem(error=UnreadableDataError.__name__, text=reason)
    labels, refused = _freeze_labels(day)
    if predictions and labels:
        labels = _with_shared_ids(labels, predictions, day.contract.columns.id)
    if refused and not day.contract.policy.labels.never_come:
        problem = replace(problem, labels=refused)
    day.record.start(
        predictions=predictions, labels=labels, problem=problem, airflow=airflow
    )


def labels_changed(day: Day, digest: str | None) -> bool | None:
    """Return whether the labels known at the day's instant differ from frozen ones.

    None where they cannot be read now, or are gone: no news, and the next day's run
    says so itself. That there are none yet is an answer.

    Args:
        day: The day as of the instant at which news are asked for.
        digest: Of the labels it was judged by; None where there were none.
    """
    try:
        return _known_labels(day).partition.digest != digest
    except NoDataError:
        return None if digest else False
    except DataError:
        return None


def read_rows(day: Day, kind: PartitionKind) -> Rows:
    """Read the rows of one kind from their source, versions by their number.

    Args:
        day: The day, and the instant after which nothing counts.
        kind: Predictions or labels.

    Raises:
        DataError: If there are none, or they cannot be read.
        TransientError: If the source or the registry did not answer.
    """
    workspace = day.workspace
    rows = read_day_rows(
        day.contract,
        day.unit,
        kind,
        home=workspace.settings.home,
        look_up=workspace.look_up,
    )
    if kind is not PartitionKind.PREDICTIONS:
        return rows
    named = with_versions(rows.table, day.contract.columns, lambda: day.version_names)
    return replace(rows, table=named)


def require_predictions(day: Day) -> None:
    """Ask whether the source still has the predictions of a day.

    Args:
        day: The day, and the instant after which nothing counts.

    Raises:
        DataError: If it has none, or they cannot be read; where rows stay with it,
            `SourceChangedError` if they are others than were counted.
        TransientError: If the source or the registry did not answer.
    """
    if day.contract.sources.predictions.freeze == "rows":
        read_rows(day, PartitionKind.PREDICTIONS)
        return
    with _as_frozen(day):
        pass


def _freeze_labels(day: Day) -> tuple[FrozenRows | None, str]:
    """Freeze the labels known; without any None, and why they cannot be read."""
    try:
        return _known_labels(day), ""
    except NoDataError:
        return None, ""  # they may come later; coverage says so
    except Exception as error:
        if not is_from_rows(error):
            raise
        return None, reason_of("extract of the labels", day.unit, error)


def _with_shared_ids(
    labels: FrozenRows, predictions: FrozenRows, key: str
) -> FrozenRows:
    """Return labels of the same ids with those of the predictions: kept once."""
    sides = labels.table, predictions.table
    if any(table.column_names.count(key) != 1 for table in sides):
        return labels
    own, ids = (table.column(key) for table in sides)
    if own.type != ids.type or not own.equals(ids):
        return labels
    at = labels.table.column_names.index(key)
    return replace(labels, table=labels.table.set_column(at, key, ids))


def _known_labels(day: Day) -> FrozenRows:
    """Freeze the labels known; `NoDataError` without any.

    Where none ever come the source may be the predictions' own rows, which lack them.
    """
    rows = read_rows(day, PartitionKind.LABELS)
    contract = day.contract
    is_there = contract.columns.label in rows.table.column_names
    if contract.policy.labels.never_come and not is_there:
        msg = f"no labels are waited for, and no row has '{contract.columns.label}'"
        raise NoDataError(msg)
    return _frozen(day, PartitionKind.LABELS, rows)


def _freeze_predictions(day: Day) -> tuple[FrozenRows, OtherDays | None]:
    """Freeze the day's rows, or what tells that they stay the same, and a sample."""
    if day.contract.sources.predictions.freeze == "rows":
        frozen, other_days = _freeze(day, PartitionKind.PREDICTIONS)
        coded = with_coded_texts(frozen.table, day.contract.columns.categories)
        return replace(frozen, table=coded), other_days
    with _as_frozen(day) as (source, earlier):
        delivered, opened = source.opened.day, source.opened
        rows = Rows(
            table=source.sample(day.contract.kept_rows),
            query=opened.query,
            watermark=delivered.watermark,
        )
        state = source.state_at(day.unit.as_of, earlier)
        facts = Facts(rows=delivered.count, state=state)
        return _frozen(day, PartitionKind.PREDICTIONS, rows, facts), (
            delivered.other_days
        )


@contextmanager
def _as_frozen(day: Day) -> "Iterator[tuple[SourceRows, Partition | None]]":
    """Open a day's rows where they lie, which are those that were counted before.

    Beside them comes the sample that was taken of them last; None for the first look.
    """
    from monitoring_tasks.workspace.source_rows import source_rows  # noqa: PLC0415 (heavy)

    with source_rows(day) as source:
        samples = kept_samples(day.workspace.database, day.unit)
        # Others would pass for the same day's.
        for earlier in samples:
            source.require_unchanged(earlier, earlier.as_of)
        yield source, samples[-1] if samples else None


def _freeze(day: Day, kind: PartitionKind) -> tuple[FrozenRows, OtherDays | None]:
    """Freeze the rows of one kind; of predictions, say which were of other days."""
    rows = read_rows(day, kind)
    return _frozen(day, kind, rows), rows.other_days


def _frozen(
    day: Day, kind: PartitionKind, rows: Rows, facts: Facts | None = None
) -> FrozenRows:
    return freeze(
        rows,
        root=str(day.workspace.settings.partitions),
        model=day.model,
        day=day.day,
        kind=kind,
        key=day.contract.columns.id,
        as_of=day.unit.as_of,
        facts=facts,
    )
