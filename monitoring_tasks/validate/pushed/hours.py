"""Rows by hour of the day, asked of an engine; see `summary/hours`."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime

from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.engine.grouping_sets import count_by
from monitoring_tasks.engine.relation import EngineRows
from monitoring_tasks.validate.pushed.answered import answers_to
from monitoring_tasks.validate.pushed.question import FALSE, Question, count_of
from monitoring_tasks.validate.pushed.summary_columns import SummaryColumn, cells_of
from monitoring_tasks.validate.summary.hours import HOURS, NOON

SPAN = 900
"""Seconds of the shortest part of an hour by which zones lie apart."""


def hours_by_column(
    rows: EngineRows, contract: Contract, numbers: Mapping[str, SummaryColumn]
) -> Iterator[tuple[str, tuple[int, ...]]]:
    """Yield rows by hour: of the timestamp, and of columns that count hours.

    Args:
        rows: The rows.
        contract: Names the timestamp and the calendar columns; brings the time zone.
        numbers: The day's columns of numbers, by their own names.
    """
    name = contract.columns.timestamp
    at = rows.table[rows.names[name]] if rows.has(rows.names[name]) else None
    if at is not None and at.type().is_timestamp():
        span = (at.epoch_seconds() / SPAN).floor().cast("int64")
        answer = count_by(rows.table.select(span=span), [("span",)])
        by_hour = [0] * HOURS
        has_zone = at.type().timezone is not None
        for number, count in cells_of(answer, "span"):
            instant = datetime.fromtimestamp(number * SPAN, UTC)
            # Instants without an offset are the model's local time already.
            local = instant.astimezone(contract.zone) if has_zone else instant
            by_hour[local.hour] += count
        if any(by_hour):
            yield name, tuple(by_hour)
    for name in contract.columns.calendar:
        if name in numbers:
            hours = _hours_of(rows, numbers[name])
            if hours:
                yield name, hours


def _hours_of(rows: EngineRows, column: SummaryColumn) -> tuple[int, ...]:
    """Return a calendar column's rows by hour; none where it counts no hours."""
    values = column.present.cast("float64")
    question = Question(
        asked={
            "low": values.min(),
            "high": values.max(),
            "broken": count_of((values != values.floor()).fill_null(FALSE)),
        },
        judge=lambda _: None,
    )
    (ends,) = answers_to(rows.table, [question])
    # Months end at 12, so a larger number has to occur.
    if ends["broken"] or not (ends["low"] >= 0 and NOON < ends["high"] < HOURS):
        return ()
    answer = count_by(rows.table.select(hour=values.cast("int64")), [("hour",)])
    by_hour = [0] * HOURS
    for hour, count in cells_of(answer, "hour"):
        by_hour[hour] += count
    return tuple(by_hour)
