"""The rows of a day opened where they lie: files through DuckDB, tables in Postgres."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from typing import assert_never

import ibis.expr.types as ir
import pyarrow as pa

from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.contract.sources import FileSource, SqlSource
from monitoring_tasks.domain.partitions import SourceState
from monitoring_tasks.engine.day_table import DayTable, day_table, delivered_rows
from monitoring_tasks.engine.opened import Limits, Opened, Read, Upload
from monitoring_tasks.engine.parquet_files import open_files
from monitoring_tasks.engine.relation import engine_names
from monitoring_tasks.engine.typed_values import typed
from monitoring_tasks.errors import ConfigurationError
from monitoring_tasks.sources.column_names import name_in_source
from monitoring_tasks.sources.request import Request

NO_LIMITS = Limits()
LabelsFor = Callable[[bool], pa.Table | None]
"""From whether ids of predictions are texts to the labels that are laid beside them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenedDay:
    """A day in an engine, while it is open.

    Attributes:
        day: Its rows.
        query: What was asked for, in words.
        state_at: From an instant, and the state it is compared with if there is one,
            to what tells that the source still holds the rows known then.
        labels: What was laid beside the rows; None for nothing.
    """

    day: DayTable
    query: str
    state_at: Callable[[datetime, SourceState | None], SourceState]
    labels: ir.Table | None


@contextmanager
def open_day(
    request: Request,
    contract: Contract,
    labels_for: LabelsFor,
    *,
    limits: Limits = NO_LIMITS,
) -> Iterator[OpenedDay]:
    """Open the rows of a day where they lie, in one consistent view of the source.

    Args:
        request: Which day of which source, known when.
        contract: Declares the columns.
        labels_for: Says which labels are laid beside the rows.
        limits: What an engine of this process may take.

    Raises:
        NoDataError: If the source answered and holds nothing for the day.
        UnreadableDataError: If it holds what cannot be read.
        SourceChangedError: If files are others when the day is closed.
        SourceUnavailableError: If the source did not answer.
        ConfigurationError: If the connection is unknown or of no engine.
    """
    names = engine_names(contract)

    def upload(table: ir.Table, columns: Mapping[str, str]) -> pa.Table | None:
        own = name_in_source(request.source, contract.columns.id, columns)
        if own not in columns:
            return None
        holds = request.holds[contract.columns.id]
        value = typed(table[columns[own]], holds, contract.columns.id)
        return labels_for(value.type().is_string())

    with _open(request, upload, limits) as opened:
        delivered = delivered_rows(opened.table, opened.columns, request, contract)
        read = _read(request, delivered, names, contract)
        states: dict[tuple[datetime, str], SourceState] = {}

        def state_at(as_of: datetime, like: SourceState | None) -> SourceState:
            # Where no row says when it came, all were there at any instant.
            at = as_of if request.source.arrived_at else request.as_of
            key = (at, like.digest if like else "")
            if key not in states:
                known = replace(request, as_of=at)
                rows = delivered_rows(opened.table, opened.columns, known, contract)
                states[key] = opened.state(rows, read, like)
            return states[key]

        yield OpenedDay(
            day=day_table(delivered, request, contract, opened.query),
            query=opened.query,
            state_at=state_at,
            labels=opened.labels,
        )


def _read(
    request: Request, delivered: ir.Table, names: Mapping[str, str], contract: Contract
) -> Read:
    """Return which of the delivered columns are read, and the one rows are told by."""
    return Read(
        columns={
            name: names[name]
            for name in request.columns
            if names[name] in delivered.columns
        },
        key=names[contract.columns.id],
    )


def _open(
    request: Request, upload: Upload, limits: Limits
) -> AbstractContextManager[Opened]:
    match request.source:
        case FileSource():
            return open_files(request.source, request, upload, limits)
        case SqlSource():
            return _open_table(request.source, request, upload)
        case _:
            assert_never(request.source)


def _open_table(
    source: SqlSource, request: Request, upload: Upload
) -> AbstractContextManager[Opened]:
    try:
        from monitoring_tasks.engine.postgres_table import (  # noqa: PLC0415 (an extra's driver)
            open_table,
        )
    except ImportError as error:
        msg = (
            "`freeze: facts` of a table needs the driver of Postgres: "
            "`pip install daywatch[postgres]`"
        )
        raise ConfigurationError(msg) from error
    return open_table(source, request, upload)
