"""The newest days of every model, a line each, in few queries. Reads only."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa

from monitoring_tasks.domain.day_lines import DayLine
from monitoring_tasks.domain.decisions import Cause, Severity
from monitoring_tasks.domain.findings import Verdict
from monitoring_tasks.domain.units import Mode
from monitoring_tasks.store.database import Database
from monitoring_tasks.store.ranked_evaluations import ranked_looks
from monitoring_tasks.store.results_reader import ResultsReader
from monitoring_tasks.store.schema import EvaluationRow


def newest_days(database: Database, *, most: int, lines: int) -> list[DayLine]:
    """Load the newest days of every model, by the look at each that counts.

    Args:
        database: The store.
        most: Days of a model, back from its newest one.
        lines: How many days of all models together are wanted: of many models fewer
            days each are read, one at least.

    Returns:
        In no order; days nobody looked at are left out.
    """
    last_days = ResultsReader(database).last_days()
    if not last_days:
        return []
    days = max(1, min(most, lines // len(last_days)))
    span = timedelta(days=days - 1)
    first = max(day for _, day in last_days) - span
    newest = {model: day - span for model, day in last_days}
    looks = ranked_looks(None, first, None, as_of=None)
    listed = [
        line for line in _lines(database, looks) if line.day >= newest[line.model]
    ]
    # Those that stopped before the others, one by one: they are few.
    for model, last in last_days:
        if last - span < first:
            until = min(last, first - timedelta(days=1))
            looks = ranked_looks(model, last - span, until, as_of=None)
            listed += _lines(database, looks)
    return listed


def _lines(database: Database, looks: sa.Subquery) -> list[DayLine]:
    row = EvaluationRow
    query = sa.select(
        row.model, row.day, row.mode, row.verdict, row.severity, row.cause, row.action
    ).join(looks, sa.and_(row.key == looks.c.key, looks.c.position == 1))
    with database.transaction() as connection:
        return [_line(stored) for stored in connection.execute(query).mappings()]


def _line(row: Mapping[Any, Any]) -> DayLine:
    model: str = row["model"]
    day: date = row["day"]
    return DayLine(
        model=model,
        day=day,
        mode=Mode(row["mode"]),
        verdict=Verdict(row["verdict"]) if row["verdict"] else None,
        severity=Severity(row["severity"]) if row["severity"] else None,
        cause=Cause(row["cause"]) if row["cause"] else None,
        action=(row["action"] or {}).get("text", ""),
    )
