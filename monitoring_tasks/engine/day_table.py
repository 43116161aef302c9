"""The rows of one day in an engine, known at an instant, under names of ours.

The same rows that memory keeps of the same source: picked by day, known at the
instant, of no other day, each column read as what it holds.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import ibis
import ibis.expr.types as ir

from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.contract.sources import Source
from monitoring_tasks.domain.partitions import OtherDays
from monitoring_tasks.engine.day_filter import inside, is_known, on_day
from monitoring_tasks.engine.relation import EngineRows, engine_names, engine_rows
from monitoring_tasks.engine.typed_values import are_whole, typed
from monitoring_tasks.errors import NoDataError, UnreadableDataError
from monitoring_tasks.sources.column_names import name_in_source
from monitoring_tasks.sources.file_listing import no_day_column_text
from monitoring_tasks.sources.other_days import left_out
from monitoring_tasks.sources.request import Request

DAY, ARRIVED = "picked_by", "arrived_at"
"""What picks the rows of a day is called so, and when a row became known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DayTable:
    """The rows of a day in an engine.

    Attributes:
        rows: The rows.
        count: How many there are, at least one.
        other_days: Rows of other days that came with them; None for none.
        watermark: The latest instant at which one became known; None where none says.
    """

    rows: EngineRows
    count: int
    other_days: OtherDays | None
    watermark: datetime | None


def delivered_rows(
    table: ir.Table, columns: Mapping[str, str], request: Request, contract: Contract
) -> ir.Table:
    """Return the rows that a source holds of a day, as it holds them.

    Args:
        table: The source.
        columns: The source's name of each of its columns -> its name in `table`.
        request: Says which day, known when.
        contract: Names the declared columns.

    Returns:
        Declared columns under the names of `engine_names`; beside them `DAY` and
        `ARRIVED`, where there are such columns.

    Raises:
        UnreadableDataError: If the column that picks rows is absent, or holds neither
            days nor instants.
    """
    source = request.source
    names = engine_names(contract)
    wanted = {names[name]: name for name in request.columns}
    # Files of one day each are of it whatever their rows say.
    if _is_picked_by_row(source) and source.day_column:
        wanted[DAY] = source.day_column
    if source.arrived_at:
        wanted[ARRIVED] = source.arrived_at
    origins = {
        ours: name_in_source(source, name, columns) for ours, name in wanted.items()
    }
    picked = table.select(
        **{ours: table[columns[o]] for ours, o in origins.items() if o in columns}
    )
    if DAY in wanted and DAY not in picked.columns:
        column = str(source.day_column)
        raise UnreadableDataError(no_day_column_text(column, columns))
    if DAY in picked.columns:
        picked = picked.filter(on_day(picked[DAY], str(source.day_column), request))
    if ARRIVED in picked.columns:
        picked = picked.filter(is_known(picked[ARRIVED], origins[ARRIVED], request))
    return picked


def day_table(
    delivered: ir.Table, request: Request, contract: Contract, query: str
) -> DayTable:
    """Return the rows of a day, typed, without those of other days.

    Args:
        delivered: As `delivered_rows` returns them.
        request: What was asked for.
        contract: Declares the columns.
        query: The same in words.

    Raises:
        NoDataError: If there are none.
        UnreadableDataError: If a declared column is of a type that is not read.
    """
    names = engine_names(contract)
    there = {n: names[n] for n in request.columns if names[n] in delivered.columns}
    table = delivered.mutate(
        **{
            ours: typed(delivered[ours], request.holds[name], name)
            for name, ours in there.items()
            if name in request.holds
        }
    )
    timestamp = names.get(request.timestamp or "", "")
    kept: ir.BooleanValue = ibis.literal(value=True)
    if timestamp in table.columns and table[timestamp].type().is_timestamp():
        kept = inside(table[timestamp], request)
    key = names[contract.columns.id]
    facts = _facts(table, kept, timestamp=timestamp, key=key)
    delivered_count, outside = facts["n"], facts["outside"] or 0
    if not delivered_count:
        raise NoDataError(request.no_rows_text(query))
    other_days = None
    if outside:
        ends = (facts["first"], facts["last"])
        other_days = left_out(ends, outside, delivered=delivered_count, request=request)
        table = table.filter(kept)
    if outside == delivered_count:
        msg = f"{query}: {other_days.text if other_days else ''}"
        raise NoDataError(msg)
    if facts.get("whole"):
        table = table.mutate(**{key: table[key].cast("int64")})
    return DayTable(
        rows=engine_rows(table, contract, there),
        count=delivered_count - outside,
        other_days=other_days,
        watermark=_aware(facts.get("watermark"), request.timezone),
    )


def _is_picked_by_row(source: Source) -> bool:
    return source.kind == "sql" or "{day}" not in source.path


def _facts(
    table: ir.Table, kept: ir.BooleanValue, *, timestamp: str, key: str
) -> dict[str, Any]:
    """Reckon what has to be known of a day before it is judged, in one scan."""
    asked: dict[str, ir.Scalar] = {"n": table.count()}
    is_picked = isinstance(kept, ir.BooleanColumn)
    if is_picked:
        asked |= {
            "outside": table.count(where=~kept),
            "first": table[timestamp].min(where=~kept),
            "last": table[timestamp].max(where=~kept),
        }
    if ARRIVED in table.columns:
        asked["watermark"] = (
            table[ARRIVED].max(where=kept) if is_picked else table[ARRIVED].max()
        )
    if key in table.columns and table[key].type().is_floating():
        asked["whole"] = are_whole(table[key])
    answer = table.aggregate(**asked).to_pyarrow()
    # Instants stay Arrow's: they may lie beyond the years that Python knows.
    return {"outside": 0} | {
        name: answer[name][0] if name in {"first", "last"} else answer[name][0].as_py()
        for name in asked
    }


def _aware(at: object, timezone: str) -> datetime | None:
    if not isinstance(at, datetime):
        return None
    return at if at.tzinfo else at.replace(tzinfo=ZoneInfo(timezone))
