"""What does not answer, is full or is held: said plainly, nothing half-written."""

import errno
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from shutil import rmtree
from typing import IO, Any

import pyarrow.parquet as pq
import pytest
import sqlalchemy as sa

from monitoring_tasks import daily
from monitoring_tasks.domain.windows import days_between
from monitoring_tasks.errors import (
    ConfigurationError,
    LeaseHeldError,
    RegistryError,
    SourceUnavailableError,
    TransientError,
    VersionMissingError,
)
from monitoring_tasks.workspace.workspace import open_workspace
from tests.scenarios import world, worlds

pytestmark = worlds.QUIET
DAY = world.HISTORY[0]
NOWHERE = "postgresql+psycopg://watch:s3cret-word@127.0.0.1:1/store"


@pytest.fixture
def healthy(home: Path) -> Callable[[], dict[str, Any]]:
    """Say what the store holds when the same day meets no fault."""

    def undisturbed() -> dict[str, Any]:
        worlds.run(home, DAY)
        return worlds.dump(home)

    return undisturbed


def test_store_that_does_not_answer_is_transient(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The error names the store without its password."""
    monkeypatch.setenv("DAYWATCH_STORE_URL", NOWHERE)
    with pytest.raises(SourceUnavailableError, match="does not answer") as caught:
        worlds.run(home, DAY)
    assert "s3cret-word" not in str(caught.value)


def test_store_that_is_no_database_is_named(home: Path) -> None:
    """A file that is something else is a fault to fix, and is not overwritten."""
    (home / "daywatch.db").write_text("this is a letter, not a database " * 99)
    with pytest.raises(ConfigurationError, match=r"daywatch\.db"):
        worlds.run(home, DAY)
    assert (home / "daywatch.db").read_text().startswith("this is a letter")


def test_registry_that_refuses_is_transient_and_the_rerun_works(
    home: Path,
    monkeypatch: pytest.MonkeyPatch,
    healthy: Callable[[], dict[str, Any]],
) -> None:
    """No verdict is made without the registry; once it is back the day is whole."""
    with monkeypatch.context() as outage:
        outage.setenv("DAYWATCH_REGISTRY_URL", "http://127.0.0.1:1")
        outage.setenv("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "0")
        with pytest.raises(
            SourceUnavailableError, match=r"registry at .* did not answer"
        ):
            worlds.run(home, DAY)
    with open_workspace(home) as workspace:
        row = workspace.results.evaluation(world.unit_of(workspace, DAY))
    assert (row.step, row.verdict, row.action) == ("extract", None, None)
    assert healthy()["evaluations"][0][5] == "respond"
    assert worlds.dump(home)["leases"] == []


def test_registry_whose_file_is_gone_knows_no_model(home: Path) -> None:
    """An empty registry never passes for one in which all is well."""
    for path in home.glob("mlflow.db*"):
        path.unlink()
    with pytest.raises(VersionMissingError, match=r"no registry at .*mlflow.db"):
        worlds.run(home, DAY)
    with open_workspace(home) as workspace:
        assert (
            workspace.results.history(
                world.unit_of(workspace, DAY + timedelta(days=1)), 9
            )
            == []
        )


def test_reference_files_that_changed_are_refused(home: Path) -> None:
    """A reference that is not what was saved judges nobody."""
    for path in home.glob("mlflow-artifacts/models/*/artifacts/monitoring/*"):
        path.unlink()
    rmtree(home / "cache")  # what another worker has not downloaded yet
    with pytest.raises(RegistryError, match="changed after it was saved"):
        worlds.run(home, DAY)


def test_reference_that_is_gone_is_no_silent_ok(home: Path) -> None:
    """Without its reference a version has no learnt limit: the day is not ok."""
    for path in home.glob("mlflow-artifacts/models/*/artifacts/monitoring"):
        rmtree(path)
    rmtree(home / "cache")  # what another worker has not downloaded yet
    (row,) = worlds.run(home, DAY)
    assert row.verdict == "no_data"  # no estimate, and no limit for what is realized
    assert row.rollback_to is None


def test_source_database_that_does_not_answer_is_transient(
    home: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """The connection's name is told, its password nowhere: error, log, store, files."""
    caplog.set_level("DEBUG")
    monkeypatch.setenv("DAYWATCH_CONN_SCORES", NOWHERE)
    source = {"kind": "sql", "connection": "scores", "table": "predictions"}
    sources = world.CONTRACT["sources"] | {"predictions": source}
    world.write_contract(home, world.CONTRACT | {"sources": sources})
    with pytest.raises(SourceUnavailableError, match="predictions of scores") as caught:
        worlds.run(home, DAY)
    kept = b"".join(p.read_bytes() for p in home.rglob("*") if p.is_file())
    assert "s3cret-word" not in f"{caught.value}{caplog.text}"
    assert b"s3cret-word" not in kept


def test_unknown_connection_says_how_to_set_it(home: Path) -> None:
    """A connection nobody knows is a fault of the configuration."""
    source = {"kind": "sql", "connection": "nobody", "table": "predictions"}
    sources = world.CONTRACT["sources"] | {"predictions": source}
    world.write_contract(home, world.CONTRACT | {"sources": sources})
    with pytest.raises(ConfigurationError, match="DAYWATCH_CONN_NOBODY"):
        worlds.run(home, DAY)


def test_full_disk_leaves_nothing_half_written(
    home: Path,
    monkeypatch: pytest.MonkeyPatch,
    healthy: Callable[[], dict[str, Any]],
) -> None:
    """Half a partition is removed, the error is transient, and the rerun is whole."""

    def fill(table: object, file: IO[bytes], **_: object) -> None:
        del table
        file.write(b"PAR1")
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as full:
        full.setattr(pq, "write_table", fill)
        with pytest.raises(TransientError, match="No space left"):
            worlds.run(home, DAY)
    assert worlds.files(home) == {}
    assert healthy()["evaluations"][0][5] == "respond"


def test_full_store_keeps_what_it_had(
    home: Path, healthy: Callable[[], dict[str, Any]]
) -> None:
    """A store without room is transient; each write is whole or not at all."""
    with open_workspace(home) as workspace:
        engine = workspace.database.engine
        engine.dispose()

        @sa.event.listens_for(engine, "connect")
        def _limit(connection: Any, _: object) -> None:  # noqa: ANN401 (driver's own)
            (pages,) = connection.execute("PRAGMA page_count").fetchone()
            connection.execute(f"PRAGMA max_page_count = {pages}")

        units = [world.unit_of(workspace, day) for day in days_between(*world.HISTORY)]
        with pytest.raises(TransientError, match="full"):
            [daily.run_day(workspace, unit) for unit in units]
    assert healthy()["evaluations"][0][5] == "respond"


def test_day_that_is_worked_on_elsewhere_is_left_alone(
    home: Path, healthy: Callable[[], dict[str, Any]]
) -> None:
    """Another process holds the day: try again later; then all goes well."""
    with (
        open_workspace(home) as workspace,
        workspace.leases.hold(f"{world.MODEL}/{DAY}", holder="another"),
        pytest.raises(LeaseHeldError, match="is being worked on by another"),
    ):
        daily.run_day(workspace, world.unit_of(workspace, DAY))
    assert healthy()["leases"] == []


def test_steps_out_of_order_say_what_comes_first(home: Path) -> None:
    """A step whose input is not there names the step to run."""
    with open_workspace(home) as workspace:
        key = world.unit_of(workspace, DAY).key
    for step in (daily.validate, daily.estimate, daily.decide, daily.respond):
        with pytest.raises(LookupError, match="run its `extract` step first"):
            step(key)
