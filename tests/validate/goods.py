"""Days of goods: two numbers, a text, an hour; the same day, the same rows."""

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import cache
from zlib import crc32

import numpy as np
import pandas as pd
import pyarrow as pa

from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.domain.batch_baseline import BatchBaseline
from monitoring_tasks.domain.batch_summary import BatchSummary
from monitoring_tasks.domain.findings import Check
from monitoring_tasks.validate.baseline.batch_baseline import learn_baseline
from monitoring_tasks.validate.reference_gate import DaysBefore, check_batch
from monitoring_tasks.validate.summary.batch_summary import summarize
from tests.builders import make_columns, make_contract

FIRST = date(2024, 1, 1)
TODAY = date(2024, 3, 15)
DAYS = 42
ROWS = 500
RECENT = 14
HOURS = [6] * 3 + [9] * 8 + [10] * 8 + [13] * 5 + [16] * 7 + [19] * 2 + [22]
SHOPS = ["north", "south", "east", "west"]
SHARES = [0.4, 0.3, 0.2, 0.1]
Change = Callable[[pd.DataFrame], pd.DataFrame]
COLUMNS = make_columns(
    continuous=["weight", "price"], categorical=["shop"], calendar=["hour", "weekday"]
)


def contract(**policy: object) -> Contract:
    """Declare the columns, keys of `policy.reference_gate` replaced."""
    return make_contract(
        columns=COLUMNS.model_dump(), policy={"reference_gate": policy, "min_rows": 50}
    )


def rows_of(day: date, rows: int = ROWS) -> pd.DataFrame:
    """Draw a day's rows."""
    random = np.random.default_rng(crc32(day.isoformat().encode()))
    hours = random.choice(HOURS, rows)
    start = datetime(day.year, day.month, day.day, tzinfo=UTC)
    return pd.DataFrame(
        {
            COLUMNS.id: [f"{day}-{n}" for n in range(rows)],
            COLUMNS.timestamp: [start + timedelta(hours=int(h)) for h in hours],
            COLUMNS.model_version: "1",
            "weight": random.gamma(4, 5, rows),
            "price": random.normal(900, 60, rows),
            "shop": random.choice(SHOPS, rows, p=SHARES),
            "hour": hours,
            "weekday": day.weekday(),
        }
    )


def summary_of(
    day: date = TODAY, change: Change | None = None, rows: int = ROWS
) -> BatchSummary:
    """Look at a day, changed on its way if asked for."""
    frame = rows_of(day, rows)
    return summarize(table_of(change(frame) if change else frame), day, contract())


def table_of(rows: pd.DataFrame) -> pa.Table:
    """Return rows as they are read from a partition."""
    # pandas 3.1 deprecates how pyarrow reads its instants.
    columns = {
        name: list(rows[name]) if name == COLUMNS.timestamp else rows[name]
        for name in rows.columns
    }
    arrays = [pa.array(values, from_pandas=True) for values in columns.values()]
    return pa.table(arrays, names=list(columns))


@cache
def reference_days(count: int = DAYS) -> tuple[BatchSummary, ...]:
    """Return the days of the reference."""
    return tuple(summary_of(FIRST + timedelta(days=n)) for n in range(count))


def baseline(days: Sequence[BatchSummary] | None = None) -> BatchBaseline:
    """Learn the baseline of the reference."""
    learnt = learn_baseline(
        reference_days() if days is None else days, recent_days=RECENT
    )
    assert learnt is not None
    return learnt


def recent(change: Change | None = None) -> list[BatchSummary]:
    """Return the days just before today."""
    days = [TODAY - timedelta(days=back) for back in range(RECENT, 0, -1)]
    return [summary_of(day, change) for day in days]


def checked(
    summary: BatchSummary, before: Sequence[BatchSummary] = (), **policy: object
) -> list[Check]:
    """Return what the gate says of a day."""
    return check_batch(
        summary, baseline(), contract(**policy), DaysBefore(summaries=before)
    )


def said(checks: Sequence[Check]) -> list[tuple[str, str, str]]:
    """Return name, column and severity of what did not hold."""
    return [(c.name, c.column, c.severity) for c in checks if c.status == "failed"]
