"""Old days taken out of the store: what is there, and its removal in small pieces."""

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime

import sqlalchemy as sa
from fsspec.core import url_to_fs

from monitoring_tasks.domain.partitions import PartitionKind
from monitoring_tasks.store.database import Database
from monitoring_tasks.store.declarative import Table
from monitoring_tasks.store.model_names import models_of
from monitoring_tasks.store.schema import (
    AirflowRunRow,
    BatchSummaryRow,
    EvaluationRow,
    FindingRow,
    LabelRoundRow,
    PartitionRow,
    ProfileRow,
)

OF_EVALUATIONS: tuple[type[FindingRow | AirflowRunRow], ...] = (
    FindingRow,
    AirflowRunRow,
)
"""Tables whose rows belong to an evaluation."""
OF_DAYS: tuple[
    type[EvaluationRow | PartitionRow | ProfileRow | BatchSummaryRow], ...
] = (EvaluationRow, PartitionRow, ProfileRow, BatchSummaryRow)
"""Tables with a row, or several, for a model's day."""


def models_in_store(database: Database) -> list[str]:
    """List the models of which something is kept, by name."""
    with database.transaction() as connection:
        names = {
            str(name)
            for table in OF_DAYS
            for name in connection.scalars(sa.select(models_of(table)))
        }
    return sorted(names)


def days_before(database: Database, model: str, first: date) -> set[date]:
    """Return the days before one of which the store keeps something.

    Args:
        database: The store; only read.
        model: Registered model name.
        first: The first day that is left out.
    """
    days: set[date] = set()
    with database.transaction() as connection:
        for table in OF_DAYS:
            query = sa.select(table.day).where(table.model == model, table.day < first)
            days |= set(connection.scalars(query.distinct()))
    return days


def remove_days(
    database: Database, model: str, days: Sequence[date], *, dry_run: bool
) -> Counter[str]:
    """Remove all rows about some days of a model, in one transaction.

    Args:
        database: The store.
        model: Registered model name.
        days: A few of them: the store is locked meanwhile.
        dry_run: Whether they are counted and stay.

    Returns:
        Rows by table.
    """
    rows: Counter[str] = Counter()
    own = (EvaluationRow.model == model, EvaluationRow.day.in_(days))
    keys = sa.select(EvaluationRow.key).where(*own)
    with database.transaction() as connection:
        # Before the evaluations: afterwards nobody knows whose they were.
        for part in OF_EVALUATIONS:
            theirs = part.evaluation.in_(keys)
            rows[part.__tablename__] = _take(connection, part, theirs, dry_run=dry_run)
        for table in OF_DAYS:
            which = sa.and_(table.model == model, table.day.in_(days))
            rows[table.__tablename__] = _take(connection, table, which, dry_run=dry_run)
    return rows


def remove_label_rounds(
    database: Database, model: str, before: datetime, *, dry_run: bool
) -> int:
    """Remove when labels of a model were asked for, up to an instant; return how many.

    Args:
        database: The store.
        model: Registered model name.
        before: The instant; aware.
        dry_run: Whether they are counted and stay.
    """
    row = LabelRoundRow
    which = sa.and_(row.model == model, row.known_at < before)
    with database.transaction() as connection:
        return _take(connection, row, which, dry_run=dry_run)


def _take(
    connection: sa.Connection,
    table: type[Table],
    which: sa.ColumnElement[bool],
    *,
    dry_run: bool,
) -> int:
    if dry_run:
        query = sa.select(sa.func.count()).select_from(table).where(which)
        return int(connection.scalar(query) or 0)
    return int(connection.execute(sa.delete(table).where(which)).rowcount)


def partition_folders(root: str, model: str, first: date) -> dict[date, list[str]]:
    """Return the folders of frozen rows of the days before one, by day.

    Args:
        root: Folder of all partitions: a path or an fsspec URL.
        model: Registered model name.
        first: The first day that is left out.
    """
    filesystem, place = url_to_fs(f"{root.rstrip('/')}/{model}")
    folders: dict[date, list[str]] = {}
    for kind in PartitionKind:
        above = f"{place}/{kind}"
        if not filesystem.isdir(above):
            continue
        for folder in filesystem.ls(above, detail=False):
            day = _day_of(folder.rstrip("/"))
            if day is not None and day < first:
                folders.setdefault(day, []).append(folder)
    return folders


def remove_folders(root: str, folders: Sequence[str]) -> None:
    """Remove folders of frozen rows, with all that is in them.

    Args:
        root: Folder of all partitions: says which storage.
        folders: As `partition_folders` names them.
    """
    filesystem, _ = url_to_fs(root)
    for folder in folders:
        filesystem.rm(folder, recursive=True)


def _day_of(folder: str) -> date | None:
    name, _, day = folder.rsplit("/", 1)[-1].partition("=")
    try:
        return date.fromisoformat(day) if name == "day" else None
    except ValueError:
        return None  # not ours
