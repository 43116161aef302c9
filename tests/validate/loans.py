"""Days of loans whose columns say something of each other; the same day, the same rows.

A rate follows from amount and years, a branch from its region; age has to do with
nothing.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from zlib import crc32

import numpy as np
import pandas as pd
import pyarrow as pa

from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.domain.batch_baseline import BatchBaseline
from monitoring_tasks.domain.batch_summary import BatchSummary
from monitoring_tasks.rows.names import DAY
from monitoring_tasks.validate.reference_checks import reference_baseline
from monitoring_tasks.validate.relations.broken_relations import count_unrelated
from monitoring_tasks.validate.relations.decisions import count_outputs
from monitoring_tasks.validate.summary.batch_summary import summarize
from monitoring_tasks.validate.summary.row_identity import with_identity
from tests.builders import make_columns, make_contract

FIRST = date(2024, 1, 1)
TODAY = date(2024, 3, 1)
DAYS = 21
ROWS = 300
BRANCHES = {
    region: [f"{region}-{number}" for number in range(4)]
    for region in ("north", "south", "west")
}
Change = Callable[[pd.DataFrame], pd.DataFrame]
COLUMNS = make_columns(
    continuous=["amount", "years", "rate", "age"], categorical=["region", "branch"]
)


def contract(**policy: object) -> Contract:
    """Declare the columns, keys of `policy.reference_gate` replaced."""
    return make_contract(
        columns=COLUMNS.model_dump(), policy={"reference_gate": policy, "min_rows": 50}
    )


def rows_of(day: date, rows: int = ROWS) -> pd.DataFrame:
    """Draw a day's rows, their scores and decisions."""
    random = np.random.default_rng(crc32(day.isoformat().encode()))
    amount, years = random.gamma(4, 5, rows), random.uniform(1, 30, rows)
    region = random.choice(list(BRANCHES), rows)
    score = random.beta(2, 3, rows)
    return pd.DataFrame(
        {
            COLUMNS.id: [f"{day}-{number}" for number in range(rows)],
            COLUMNS.model_version: "1",
            "amount": amount,
            "years": years,
            "rate": 2 + 0.1 * years - 0.05 * amount + random.normal(0, 0.2, rows),
            "age": random.normal(45, 12, rows),
            "region": region,
            "branch": [random.choice(BRANCHES[name]) for name in region],
            COLUMNS.scores[0]: score,
            COLUMNS.prediction: (score >= 0.4).astype("int64"),
        }
    )


def table_of(rows: pd.DataFrame) -> pa.Table:
    """Return rows as they are read from a partition."""
    return pa.Table.from_pandas(rows, preserve_index=False)


def reference_days() -> list[date]:
    """Return the days of the reference."""
    return [FIRST + timedelta(days=number) for number in range(DAYS)]


def reference_table(
    change: Change | None = None, draw: Callable[[date], pd.DataFrame] = rows_of
) -> pa.Table:
    """Return the rows of all days, each with its day."""
    frames = [draw(day).assign(**{DAY: day}) for day in reference_days()]
    rows = pd.concat(frames, ignore_index=True)
    return table_of(change(rows) if change else rows)


@cache
def baseline() -> BatchBaseline:
    """Return what the days of the reference have in common."""
    learnt = reference_baseline(reference_table(), contract())
    assert learnt is not None
    return learnt


def summary_of(
    change: Change | None = None, day: date = TODAY, rows: int = ROWS
) -> BatchSummary:
    """Summarize a day against the reference, changed on its way if asked for."""
    frame = rows_of(day, rows)
    table = table_of(change(frame) if change else frame)
    relations = baseline().relations
    unlike = {
        **count_unrelated(table, relations),
        **count_outputs(table, contract(), relations.decisions),
    }
    summary = replace(summarize(table, day, contract()), unlike=unlike)
    return with_identity(summary, table, contract())
