"""No question asks the store for more than it shows: its plans are looked at, no clock.

How long the answers take is what `python -m benchmarks.store` says.
"""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import sqlalchemy as sa

from benchmarks.store.made_incidents import fill_incidents
from benchmarks.store.made_store import Size, fill
from benchmarks.store.queries import queries
from monitoring_tasks.store.database import Database

SIZE = Size(models=4, days=130, profile_bytes=100)
LARGE = ("evaluations", "findings", "profiles", "partitions", "incident_events")
"""Tables that grow with every day of every model."""
STOPS_AT_ONCE = {"clock: newest instant", "time lines: last event"}
"""Walks from the end of an index and stops at the first row."""


@pytest.fixture(scope="module")
def plans(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, list[str]]]:
    """Each question, and what SQLite plans for its statements."""
    database = Database(f"sqlite:///{tmp_path_factory.mktemp('made') / 'store.db'}")
    fill(database, SIZE, lambda _: None)
    fill_incidents(database, SIZE, lambda _: None)
    yield {
        name: list(plan_of(database, ask))
        for name, ask in queries(database, SIZE).items()
    }
    database.engine.dispose()


def plan_of(database: Database, ask: Callable[[], object]) -> Iterator[str]:
    """Yield the lines of the plans of all that a function selects."""
    statements: list[tuple[str, Any]] = []

    def remember(*parts: Any) -> None:  # noqa: ANN401 (SQLAlchemy's own)
        statements.append((parts[2], parts[3]))

    sa.event.listen(database.engine, "before_cursor_execute", remember)
    ask()
    sa.event.remove(database.engine, "before_cursor_execute", remember)
    with database.engine.connect() as connection:
        for statement, values in statements:
            plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)
            yield from (row.detail for row in plan)


def test_no_question_walks_through_all_days(plans: dict[str, list[str]]) -> None:
    """Nor through all events: an index leads to what is shown."""
    walks = {
        name: line
        for name, plan in plans.items()
        for line in plan
        if re.match(rf"SCAN ({'|'.join(LARGE)})\b", line)
    }
    assert set(walks) <= STOPS_AT_ONCE, walks


def test_every_question_is_answered_by_what_was_made(
    plans: dict[str, list[str]],
) -> None:
    """One without a statement would measure nothing."""
    assert [name for name, plan in plans.items() if not plan] == []
