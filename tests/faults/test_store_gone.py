"""The store goes away at any of its transactions: said plainly, the rerun is whole."""

import itertools
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from monitoring_tasks.errors import SourceUnavailableError, TransientError
from monitoring_tasks.store import sqlite_files
from monitoring_tasks.store.database import Database
from monitoring_tasks.workspace.workspace import open_workspace
from tests.faults import effects
from tests.faults.conftest import Fresh, Saw
from tests.faults.stories import Story
from tests.scenarios import worlds

pytestmark = [*worlds.QUIET, pytest.mark.slow]
MOST = 400
STRIDE = 5
"""Every n-th transaction: most only read, and 5 meets all kinds of step."""


@dataclass
class Outage:
    """Takes the store away from this process before its n-th transaction."""

    number: int
    url: str

    def __post_init__(self) -> None:
        self.counted = itertools.count(1)
        self.happened = False
        self._held: sqlite3.Connection | None = None

    def before(self) -> None:
        """Count a transaction; take the store away when it is the one."""
        if next(self.counted) == self.number:
            self.happened = True
            self.begin()

    def begin(self) -> None:
        """Lock the SQLite file, or have Postgres refuse everybody."""
        parsed = sa.make_url(self.url)
        if parsed.get_backend_name() == "sqlite":
            self._held = sqlite3.connect(str(parsed.database), isolation_level=None)
            self._held.execute("BEGIN EXCLUSIVE")
        else:
            refuse(self.url, allowed=False)


def refuse(url: str, *, allowed: bool) -> None:
    """Throw everybody out of a Postgres database, or let them in again."""
    name = sa.make_url(url).database
    engine = sa.create_engine(
        sa.make_url(url).set(database="postgres"), isolation_level="AUTOCOMMIT"
    )
    query = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = :n"
    with engine.connect() as connection:
        connection.execute(
            sa.text(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS {allowed}')
        )
        if not allowed:
            connection.execute(sa.text(query), {"n": name})
    engine.dispose()


Faulty = Callable[[int, str], AbstractContextManager[Callable[[], bool]]]


@contextmanager
def without_store(number: int, url: str) -> Iterator[Callable[[], bool]]:
    """Let the store go away before its n-th transaction; say whether it came to it."""
    real, outage = Database.transaction, Outage(number, url)

    def transaction(self: Database) -> AbstractContextManager[sa.Connection]:
        outage.before()
        return real(self)

    Database.transaction = transaction  # type: ignore[method-assign]
    sqlite_files.BUSY_SECONDS = 0
    yield lambda: outage.happened


@contextmanager
def lost_answer(number: int, _: str) -> Iterator[Callable[[], bool]]:
    """Say of the n-th transaction that wrote something that it failed; it did not."""
    real, counted, lost = Database.transaction, itertools.count(1), list[bool]()

    @contextmanager
    def transaction(self: Database) -> Iterator[sa.Connection]:
        wrote: list[bool] = []
        with real(self) as connection:

            def note(*call: Any) -> None:  # noqa: ANN401 (SQLAlchemy's)
                wrote.append(call[2].lstrip().upper().startswith(effects.WRITES))

            sa.event.listen(connection, "after_cursor_execute", note)
            yield connection
        if any(wrote) and next(counted) == number:
            lost.append(True)
            raise SourceUnavailableError("the answer was lost")

    Database.transaction = transaction  # type: ignore[method-assign]
    yield lambda: bool(lost)


def respond_with(
    faulty: Faulty, number: int, story: Story, folder: Path
) -> tuple[bool, str]:
    """Respond in a process of its own; say whether the fault struck, and the error."""
    with open_workspace(story.home) as workspace:
        url = workspace.settings.store_url
    told, log = folder / "told", folder / "log"

    def work() -> None:
        error = ""
        with faulty(number, url) as struck:
            try:
                story.respond()
            except TransientError as caught:
                error = type(caught).__name__
            told.write_text(f"{struck()} {error}")

    code = effects.in_child(work, log)
    if faulty is without_store and url.startswith("postgres"):
        refuse(url, allowed=True)
    assert code == 0, log.read_text()
    struck, error = told.read_text().split(" ")
    return struck == "True", error


@pytest.mark.parametrize(
    ("faulty", "stride", "fault"),
    [
        pytest.param(
            without_store, STRIDE, "the store is gone from a transaction on", id="gone"
        ),
        pytest.param(
            lost_answer, 1, "the store commits and its answer is lost", id="lost answer"
        ),
    ],
)
def test_store_that_fails_at_any_point_moves_nothing_twice(
    fresh: Fresh,
    *,
    store: str,
    tmp_path: Path,
    saw: Saw,
    faulty: Faulty,
    stride: int,
    fault: str,
) -> None:
    """Locked, refusing or silent: a transient error, and a rerun like all others."""
    calm, errors = fresh(), list[str]()
    calm.respond()
    wanted = calm.end()
    for number in range(1, MOST, stride):
        story = fresh()
        struck, error = respond_with(faulty, number, story, tmp_path)
        if not struck:
            break
        errors.append(error)
        story.respond()
        assert story.end() == wanted, f"at transaction {number}"
    assert len(errors) > 8
    assert set(errors) == {SourceUnavailableError.__name__}
    how = {"sqlite": "locked", "postgres": "refuses connections"}[store]
    saw(
        fault=fault + (f" ({how})" if faulty is without_store else ""),
        happened=f"SourceUnavailableError at {len(errors)} points; rerun: done",
        end=f"as undisturbed: {story.told()}",
    )


@pytest.mark.parametrize("store", ["sqlite"])
def test_registry_file_locked_by_another_process(
    fresh: Fresh, saw: Saw, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody holds mlflow.db: the registry does not answer, and nothing is moved."""
    story = fresh()
    del monkeypatch
    with closing(sqlite3.connect(story.home / "mlflow.db", isolation_level=None)) as it:
        it.execute("PRAGMA locking_mode = EXCLUSIVE")
        it.execute("BEGIN EXCLUSIVE")
        with pytest.raises(SourceUnavailableError, match="locked"):
            story.respond()
    assert story.alias() == "3"
    assert story.respond().kind == "rollback"
    saw(
        fault="another process holds an exclusive lock on the registry's file",
        happened="SourceUnavailableError; rerun: done",
        end=story.told(),
    )
