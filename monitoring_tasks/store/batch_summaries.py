"""What days' rows look like, kept for the days after them."""

import json
import zlib
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import fields
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa

from monitoring_tasks.domain.batch_summary import BatchSummary, Grain
from monitoring_tasks.store.database import Database
from monitoring_tasks.store.schema import BatchSummaryRow

Row = BatchSummaryRow
KEPT_DAYS = 120
"""How far back summaries are kept; of older days they are made from the rows again."""
MOST_AT_HAND = 32
"""How many are kept decoded: a day is held against those of the weeks before it."""
PARTS = tuple(part.name for part in fields(BatchSummary) if part.name != "day")
PAIRS = frozenset({"quantiles", "distributions", "hours", "unlike"})
"""Parts whose values are tuples."""


class BatchSummaries:
    """One summary for each content of a day, and each way its columns are read."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._at_hand: OrderedDict[tuple[str, date, str, str], BatchSummary] = (
            OrderedDict()
        )

    def save(
        self, summary: BatchSummary, *, model: str, digest: str, columns: str
    ) -> None:
        """Keep a summary; what is older than `KEPT_DAYS` before its day is dropped.

        Args:
            summary: The summary.
            model: Registered model name.
            digest: Of the frozen rows.
            columns: Digest of all else that it follows from.
        """
        row = {
            "model": model,
            "day": summary.day,
            "digest": digest,
            "columns": columns,
            "content": _encode(summary),
        }
        oldest = summary.day - timedelta(days=KEPT_DAYS)
        with self._database.transaction() as connection:
            self._database.upsert(connection, Row, [row])
            connection.execute(
                sa.delete(Row).where(Row.model == model, Row.day < oldest)
            )
        for key in [k for k in self._at_hand if k[0] == model and k[1] < oldest]:
            del self._at_hand[key]
        self._keep_at_hand((model, summary.day, digest, columns), summary)

    def load(
        self, model: str, day: date, *, digest: str, columns: str
    ) -> BatchSummary | None:
        """Return a summary; None where none is kept.

        Args:
            model: Registered model name.
            day: The calendar day.
            digest: Of the frozen rows.
            columns: Digest of all else that it follows from.
        """
        key = (model, day, digest, columns)
        if key in self._at_hand:
            self._at_hand.move_to_end(key)
            return self._at_hand[key]
        query = sa.select(Row.content).where(
            Row.model == model,
            Row.day == day,
            Row.digest == digest,
            Row.columns == columns,
        )
        with self._database.transaction() as connection:
            content = connection.scalar(query)
        if content is None:
            return None
        summary = _decode(content, day)
        self._keep_at_hand(key, summary)
        return summary

    def _keep_at_hand(
        self, key: tuple[str, date, str, str], summary: BatchSummary
    ) -> None:
        self._at_hand[key] = summary
        # Backfills go over many days: memory must not grow with them.
        if len(self._at_hand) > MOST_AT_HAND:
            self._at_hand.popitem(last=False)


def _encode(summary: BatchSummary) -> bytes:
    # In the order it has: the most common categories come first. An eighth more bytes
    # than zlib makes of it by itself, in a quarter of the time.
    text = json.dumps(_plain(summary), ensure_ascii=False)
    return zlib.compress(text.encode(), level=1)


def _plain(value: object) -> Any:  # noqa: ANN401 (JSON)
    if isinstance(value, BatchSummary):
        return {name: _plain(getattr(value, name)) for name in PARTS}
    if isinstance(value, Mapping):
        return {name: _plain(part) for name, part in value.items()}
    return value


def _decode(content: bytes, day: date) -> BatchSummary:
    return _summary(json.loads(zlib.decompress(content)), day)


def _summary(plain: dict[str, Any], day: date) -> BatchSummary:
    for name in PAIRS:
        plain[name] = {column: tuple(v) for column, v in plain[name].items()}
    plain["grain"] = {column: _grain(v) for column, v in plain["grain"].items()}
    plain["sketch"] = tuple(plain["sketch"])
    segments = {n: _summary(part, day) for n, part in plain.pop("segments").items()}
    return BatchSummary(day=day, segments=segments, **plain)


def _grain(plain: list[Any]) -> Grain:
    asked, present, distinct, *by_decimals = plain
    return Grain(asked, present, distinct, *map(tuple, by_decimals))
