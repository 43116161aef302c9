"""Hours of the day: how rows spread over them, and how far such spreads lie apart."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.statistics.arrays import Floats
from monitoring_tasks.validate.summary.column_values import floats_of, present_values

HOURS = 24
NOON = 12


@dataclass(frozen=True, slots=True)
class Gap:
    """Hours in a row in which nothing came.

    Attributes:
        first: Its first hour, 0..23; 0 where every hour has rows.
        last: Its last one.
        share: Usual share of a day's rows that come in it, 0..1.
    """

    first: int = 0
    last: int = 0
    share: float = 0.0


def hours_of(
    table: pa.Table, contract: Contract, numbers: Mapping[str, pa.ChunkedArray]
) -> Iterator[tuple[str, tuple[int, ...]]]:
    """Count a day's rows by hour: of its timestamp, and of columns that count hours.

    Args:
        table: The rows. Not modified.
        contract: Names the timestamp and the calendar columns; brings the time zone.
        numbers: The present values of the day's columns of numbers.

    Yields:
        Column and its rows by hour, shape (24,).
    """
    at = contract.columns.timestamp
    if table.column_names.count(at) == 1:
        instants = present_values(table.column(at))
        if len(instants) and pa.types.is_timestamp(instants.type):
            yield at, _by_hour(_local(instants, contract.zone))
    for name in contract.columns.calendar:
        if name in numbers:
            hours = floats_of(numbers[name])
            if _are_hours(hours):
                yield name, _by_hour(hours.astype(np.int64))


def mean_hours(days: Sequence[Sequence[int]]) -> Floats:
    """Return the mean share of rows by hour over days, each day counting alike."""
    rows = np.asarray(days, dtype=np.float64)
    mean: Floats = (rows / rows.sum(axis=1, keepdims=True)).mean(axis=0)
    return mean


def widest_gap(
    rows: Sequence[int],
    usual: Sequence[float] | Floats,
    skipped: Collection[int] = (),
) -> Gap:
    """Return the hours in a row without any row in which most of them usually come.

    A night is no gap, for nothing usually comes then, and midnight ends one: a day that
    was cut short lacks its last hours, not the first as well.

    Args:
        rows: Rows by hour, shape (24,).
        usual: The usual share of each hour.
        skipped: Hours the clock leaves out on that day: they lack nothing.
    """
    widest, first, share = Gap(), 0, 0.0
    for hour, count in enumerate(rows):
        if count:
            first, share = hour + 1, 0.0
        elif hour not in skipped:
            share += float(usual[hour])
            widest = max(widest, Gap(first, hour, share), key=lambda gap: gap.share)
    return widest


def skipped_hours(day: date, zone: ZoneInfo) -> frozenset[int]:
    """Return the hours that the clock of a place leaves out on a day, as in spring.

    >>> sorted(skipped_hours(date(2026, 3, 29), ZoneInfo("Europe/Berlin")))
    [2]
    """
    hours = [datetime(day.year, day.month, day.day, h, tzinfo=zone) for h in range(24)]
    return frozenset(
        at.hour for at in hours if at.astimezone(UTC).astimezone(zone).hour != at.hour
    )


def distance(rows: Sequence[float], usual: Sequence[float] | Floats) -> float:
    """Return the share of rows that lie elsewhere than usual, 0..1 (total variation).

    Args:
        rows: Rows by hour, or by any other cell, at least one in all.
        usual: The usual share of each cell.
    """
    shares = np.asarray(rows, dtype=np.float64)
    # Halved: a row that moved is missing in one cell and too much in another.
    return float(np.abs(shares / shares.sum() - np.asarray(usual)).sum() / 2)


def _local(instants: pa.ChunkedArray, zone: ZoneInfo) -> NDArray[np.int64]:
    # Instants without an offset are the model's local time already.
    if instants.type.tz is not None:
        instants = instants.cast(pa.timestamp(instants.type.unit, tz=zone.key))
    hours: NDArray[np.int64] = pc.hour(instants).to_numpy()
    return hours


def _are_hours(values: Floats) -> bool:
    """Whether a column counts the hours of a day, and not weekdays or months."""
    if not np.array_equal(values, np.rint(values)) or not np.isfinite(values).all():
        return False
    # Months end at 12, so a larger number has to occur.
    return bool(values.min() >= 0 and NOON < values.max() < HOURS)


def _by_hour(hours: NDArray[np.int64]) -> tuple[int, ...]:
    return tuple(int(rows) for rows in np.bincount(hours, minlength=HOURS))
