"""The rows of a reference, out of files people name."""

from pathlib import Path

import pandas as pd
import pytest

from monitoring_tasks.contract.columns import Columns
from monitoring_tasks.errors import UnreadableDataError
from monitoring_tasks.extract.reference_files import read_rows, require_readable

COLUMNS = Columns(
    id="id", timestamp="at", model_version="version", prediction="p", label="y"
)


def test_csv_keeps_leading_zeros_and_reads_instants(tmp_path: Path) -> None:
    """Ids and versions are texts, timestamps instants, whatever they look like."""
    path = tmp_path / "rows.csv"
    path.write_text("id,at,version,p,y\n007,2026-10-01T05:00:00Z,2,1.5,2\n")
    rows = read_rows(path, COLUMNS)
    assert rows.loc[0, ["id", "version", "p"]].tolist() == ["007", "2", 1.5]
    assert rows["at"].dt.tz is not None


def test_parquet_comes_as_it_was_written(tmp_path: Path) -> None:
    """A Parquet file has its types."""
    written = pd.DataFrame({"id": ["a"], "p": [0.5]})
    written.to_parquet(tmp_path / "rows.parquet")
    pd.testing.assert_frame_equal(
        read_rows(tmp_path / "rows.parquet", COLUMNS), written
    )


@pytest.mark.parametrize(
    ("name", "content"),
    [
        pytest.param("gone.parquet", None, id="no such Parquet"),
        pytest.param("gone.csv", None, id="no such CSV"),
        pytest.param("rows.parquet", b"id,p\n1,2\n", id="CSV under another name"),
        pytest.param("rows.csv", b"", id="empty CSV"),
        pytest.param("rows.csv", b"\xff\xfe\x00id", id="no text"),
    ],
)
def test_a_file_that_cannot_be_read_is_named(
    tmp_path: Path, name: str, content: bytes | None
) -> None:
    """A missing or broken file is one error that names it."""
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(UnreadableDataError, match=name):
        read_rows(tmp_path / name, COLUMNS)
    with pytest.raises(UnreadableDataError, match=name):
        require_readable(tmp_path / name)


@pytest.mark.parametrize("name", ["rows.parquet", "rows.csv"])
def test_a_file_that_can_be_read_is_let_through(tmp_path: Path, name: str) -> None:
    """Its beginning is enough; emptied, the same file is refused."""
    rows = pd.DataFrame({"id": ["a"], "p": [0.5]})
    rows.to_parquet(tmp_path / "rows.parquet")
    rows.to_csv(tmp_path / "rows.csv")
    require_readable(tmp_path / name)
    (tmp_path / name).write_bytes(b"")
    with pytest.raises(UnreadableDataError, match=name):
        require_readable(tmp_path / name)
