"""Copying a store, also from SQLite to Postgres."""

from typing import Any

import sqlalchemy as sa

from monitoring_tasks.store.database import Database
from monitoring_tasks.store.schema import METADATA


def copy_store(source: str, target: str) -> None:
    """Copy every row of one store into another, empty one; both are URLs."""
    opened = [Database(source), Database(target)]
    with opened[0].transaction() as read, opened[1].transaction() as write:
        for table in METADATA.sorted_tables:
            rows: list[dict[str, Any]] = [
                dict(row) for row in read.execute(sa.select(table)).mappings()
            ]
            if rows:
                write.execute(sa.insert(table), rows)
    for one in opened:
        one.engine.dispose()
