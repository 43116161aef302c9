"""When the labels of a day arrived, row by row."""

from collections import Counter
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from monitoring_tasks.contract.columns import Columns

AT_A_TIME = 500_000
"""So many instants are counted at a time."""
MINUTE = timedelta(minutes=1)


def arrivals_by_age(
    labels: pa.Table | None,
    columns: Columns,
    *,
    arrived_at: str | None,
    end: datetime,
    joined: int,
) -> dict[int, int] | None:
    """Count the labels that arrived, by whole days after the end of their day.

    An id counts when it was first labelled; what arrived sooner than the day's end
    counts as 0 days after it. Where labels fit no prediction, those that did are
    assumed to have come as all of them.

    Args:
        labels: Frozen labels of the day; None when there are none. Not modified.
        columns: Names the id and the label.
        arrived_at: Column with the instant of a row's arrival; None without one.
        end: The end of the day, aware; instants without a zone are meant in its zone.
        joined: Labels that met a prediction.

    Returns:
        Days after -> labels, ascending, `joined` together; None where the rows do not
        say when they arrived.
    """
    if labels is None or not labels.num_rows:
        return {}
    names = set(labels.schema.names)
    if arrived_at is None or not {arrived_at, columns.id, columns.label} <= names:
        return None
    if not pa.types.is_timestamp(labels[arrived_at].type):
        return None
    labelled = labels.filter(pc.is_valid(labels[columns.label]))
    kind = pa.timestamp("us", labelled[arrived_at].type.tz)
    arrivals = pa.table(
        {"id": labelled[columns.id], "at": labelled[arrived_at].cast(kind, safe=False)}
    )
    first = arrivals.group_by("id").aggregate([("at", "min")]).select(["at_min"])
    return _in_all(dict(sorted(_ages(first, end).items())), joined)


def _ages(arrivals: pa.Table, end: datetime) -> Counter[int]:
    """Count instants, the one column of a table, by their age; nulls have none."""
    ages: Counter[int] = Counter()
    for batch in arrivals.to_batches(max_chunksize=AT_A_TIME):
        instants = _shortened(batch.column(0).drop_null(), end)
        for counted in pc.value_counts(instants).to_pylist():
            ages[_age(counted["values"], end)] += counted["counts"]
    return ages


def _shortened(instants: pa.Array, end: datetime) -> pa.Array:
    """Return instants, in microseconds, cut to their minute: of far fewer kinds.

    A day that ends with a minute makes all instants of a minute equally old. Where it
    does not they are returned as they are.
    """
    seconds = end.second, end.microsecond, (end.utcoffset() or timedelta()) % MINUTE
    if any(seconds):
        return instants
    whole = np.int64(MINUTE / timedelta(microseconds=1))
    numbers = instants.cast(pa.int64()).to_numpy(zero_copy_only=False)
    return pa.array(numbers // whole * whole).cast(instants.type)


def _age(at: datetime, end: datetime) -> int:
    zone = end.tzinfo or ZoneInfo("UTC")
    aware = at if at.tzinfo else at.replace(tzinfo=zone)
    return max((aware - end) // timedelta(days=1), 0)


def _in_all(ages: dict[int, int], joined: int) -> dict[int, int]:
    """Scale counts so that they are `joined` together, whole numbers all."""
    total, so_far, shared = sum(ages.values()), 0, 0
    scaled = {}
    for age, count in ages.items():
        so_far += count
        # What is rounded is the running sum: so the parts add up to `joined`.
        until = round(joined * so_far / total)
        scaled[age] = until - shared
        shared = until
    return scaled
