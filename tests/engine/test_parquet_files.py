"""Files are looked at again when a day is closed."""

import os
from pathlib import Path

import duckdb
import fsspec
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from monitoring_tasks.engine.opened import Limits
from monitoring_tasks.engine.opening import open_day
from monitoring_tasks.errors import SourceChangedError, UnreadableDataError
from tests.engine.test_opening import contract_of, plain, request_of, write


def test_a_file_that_changes_while_it_is_read_is_said(tmp_path: Path) -> None:
    """What was counted may be of both, and is worth nothing."""
    write(tmp_path, plain())
    contract = contract_of()
    with (
        pytest.raises(SourceChangedError, match=r"while it was read: rows/a.parquet: "),
        open_day(request_of(tmp_path, contract), contract, lambda _: None),
    ):
        write(tmp_path, plain(5))


def test_duckdb_takes_no_more_than_it_may(tmp_path: Path) -> None:
    """As the settings say; a day that needs more names the setting."""
    write(tmp_path, plain())
    contract, limits = contract_of(), Limits(memory="512MiB", threads=1)
    request = request_of(tmp_path, contract)
    asked = "SELECT current_setting('memory_limit'), current_setting('threads')"
    with open_day(request, contract, lambda _: None, limits=limits) as opened:
        engine = opened.day.rows.table.get_backend()
        assert engine.con.execute(asked).fetchone() == ("512.0 MiB", 1)
    with (
        pytest.raises(MemoryError, match=r"rows/\*.*512MiB.*`engine_memory`"),
        open_day(request, contract, lambda _: None, limits=limits),
    ):
        raise duckdb.OutOfMemoryException


def test_the_state_is_that_of_every_file(tmp_path: Path) -> None:
    """By name within the workspace, size and instant; a file more is another state."""
    write(tmp_path, plain())
    os.utime(tmp_path / "rows" / "a.parquet", (1_000, 1_000))
    contract, request = contract_of(), request_of(tmp_path, contract_of())
    with open_day(request, contract, lambda _: None) as opened:
        before = opened.state_at(request.as_of, None)
    write(tmp_path, plain(2), "b")
    with open_day(request, contract, lambda _: None) as opened:
        now = opened.state_at(request.as_of, before)
        (change,) = now.changes_since(before)
    assert list(before.parts) == ["rows/a.parquet"]
    assert before.parts["rows/a.parquet"].endswith("of 1970-01-01 00:16:40+00:00")
    assert change.startswith("rows/b.parquet: ")
    assert change.endswith("was not there")


def test_files_of_a_storage_are_read_through_it(tmp_path: Path) -> None:
    """What fsspec opens DuckDB reads, whatever it is."""
    storage = fsspec.filesystem("memory")
    with storage.open("/facts/a.parquet", "wb") as file:
        pq.write_table(pa.table(plain()), file)
    contract = contract_of(path="memory://facts/*.parquet")
    request = request_of(tmp_path, contract)
    with open_day(request, contract, lambda _: None) as opened:
        assert opened.day.rows.table.count().to_pyarrow().as_py() == 4
        assert list(opened.state_at(request.as_of, None).parts) == ["/facts/a.parquet"]


def test_what_is_no_parquet_is_said(tmp_path: Path) -> None:
    """Cut off, or another format: the file is named."""
    write(tmp_path, plain())
    path = tmp_path / "rows" / "a.parquet"
    path.write_bytes(path.read_bytes()[:-9])
    contract = contract_of()
    with (
        pytest.raises(UnreadableDataError, match=r"a\.parquet.* not readable parquet"),
        open_day(request_of(tmp_path, contract), contract, lambda _: None),
    ):
        pytest.fail("it was opened")
