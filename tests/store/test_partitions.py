import errno
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import IO, Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from fsspec.implementations.local import LocalFileSystem

from monitoring_tasks.domain.partitions import Partition, PartitionKind
from monitoring_tasks.errors import TransientError, UnreadableDataError
from monitoring_tasks.rows.delivery import Rows
from monitoring_tasks.store.partitions import FrozenRows, freeze, read_partition
from tests.builders import DAY, MODEL, NOW, make_rows


def frozen(root: Path | str, table: pa.Table, **parts: Any) -> Partition:  # noqa: ANN401 (parts of a delivery)
    """Freeze a table as predictions of the day."""
    return frozen_rows(root, table, **parts).partition


def frozen_rows(
    root: Path | str, table: pa.Table, *, as_of: datetime = NOW, **parts: object
) -> FrozenRows:
    """Freeze a table as predictions of the day, and keep its rows."""
    known: dict[str, Any] = {"query": "parquet rows", "watermark": None}
    return freeze(
        Rows(table=table, **known | parts),
        root=str(root),
        model=MODEL,
        day=DAY,
        kind=PartitionKind.PREDICTIONS,
        key="id",
        as_of=as_of,
    )


def files_in(root: Path) -> dict[str, bytes]:
    """Return every file under a folder, with its content."""
    return {
        str(path.relative_to(root)): path.read_bytes()
        for path in sorted(root.rglob("*"))
        if path.is_file()
    }


def test_same_rows_give_the_same_address_and_change_nothing(tmp_path: Path) -> None:
    """Freezing twice, later and in another order, leaves the files as they are."""
    table = make_rows()
    first = frozen(tmp_path, table)
    before = files_in(tmp_path)
    again = frozen(tmp_path, table.take([2, 0, 1]), as_of=NOW + timedelta(days=1))
    assert again == replace(first, as_of=again.as_of)
    assert files_in(tmp_path) == before


def test_order_of_repeated_ids_is_not_content(tmp_path: Path) -> None:
    """A source without an order may give rows of one id in any order."""
    table = make_rows(id=["a", "a", "a"], score=[0.3, None, 0.1])
    again = frozen(tmp_path, table.take([1, 2, 0]))
    assert frozen(tmp_path, table).digest == again.digest


def test_words_of_the_writer_are_not_content(tmp_path: Path) -> None:
    """Metadata (which pandas wrote the file) does not make other rows of them."""
    table = make_rows()
    told = table.replace_schema_metadata({"pandas": "{}"})
    assert frozen(tmp_path, told).digest == frozen(tmp_path, table).digest


@pytest.mark.parametrize(
    "changed",
    [
        pytest.param({"score": [0.1, 0.5, 0.8]}, id="value"),
        pytest.param({"score": [0.1, 0.5, None]}, id="null"),
        pytest.param({"more": [1, 2, 3]}, id="column"),
        pytest.param({"id": ["a", "b", "d"]}, id="id"),
    ],
)
def test_other_rows_get_an_address_of_their_own(
    tmp_path: Path, changed: dict[str, list[Any]]
) -> None:
    """Nothing that was frozen is ever overwritten."""
    first = frozen(tmp_path, make_rows())
    before = files_in(tmp_path)
    other = frozen(tmp_path, make_rows(**changed))
    assert other.path != first.path
    assert before.items() <= files_in(tmp_path).items()


@pytest.mark.parametrize("root", ["memory://parts", "{tmp}/with space & ünïcode"])
def test_rows_are_read_back_as_they_were(tmp_path: Path, root: str) -> None:
    """Every type comes back as it was, from a folder or object storage."""
    table = make_rows(
        milli=pa.array([1, None, 3], pa.timestamp("ms")),
        zoned=pa.array([1, None, 3], pa.timestamp("ns", "America/New_York")),
        nothing=pa.nulls(3),
        number=pa.array([1.5, float("inf"), None]),
        flag=[True, None, False],
        small=pa.array([1, 2, None], pa.int8()),
        **{"größe 'x' \"y\"": ["空", "", None]},
    )
    kept = frozen_rows(root.format(tmp=tmp_path), table.take([1, 0, 2]))
    read = read_partition(kept.partition)
    assert read.equals(table.take([0, 1, 2]), check_metadata=True)
    assert kept.table.equals(read, check_metadata=True)


def test_type_that_no_file_holds_is_kept_as_it_is_read_back(tmp_path: Path) -> None:
    """The next step in the process sees the rows that another process would see."""
    seconds = pa.array([1, None, 3], pa.timestamp("s"))
    kept = frozen_rows(tmp_path, make_rows(at=seconds))
    read = read_partition(kept.partition)
    assert kept.table.equals(read, check_metadata=True)


def test_no_rows_are_frozen_too(tmp_path: Path) -> None:
    """Nothing is a content as well."""
    partition = frozen(tmp_path, make_rows().slice(0, 0))
    assert (partition.rows, read_partition(partition).num_rows) == (0, 0)


def test_manifest_says_where_the_rows_came_from(tmp_path: Path) -> None:
    """Beside the rows lies what was asked of which source."""
    watermark = datetime(2013, 9, 3, tzinfo=UTC)
    partition = frozen(tmp_path, make_rows(), watermark=watermark)
    manifest = json.loads(
        Path(partition.path).with_suffix(".json").read_text(encoding="utf-8")
    )
    assert (manifest["rows"], manifest["query"]) == (3, "parquet rows")
    assert manifest["digest"] == partition.digest
    assert manifest["watermark"] == "2013-09-03 00:00:00+00:00"
    assert partition.path.startswith(f"{tmp_path}/{MODEL}/predictions/day={DAY}/")


def tampered(path: Path) -> None:
    """Change one value."""
    pq.write_table(make_rows(score=[0.1, 0.5, 0.8]), path)


def cut(path: Path) -> None:
    """Lose the end."""
    path.write_bytes(path.read_bytes()[:-20])


@pytest.mark.parametrize(
    ("harm", "said"),
    [
        pytest.param(tampered, "not what was frozen", id="a value changed"),
        pytest.param(cut, "not what was frozen", id="cut off"),
        pytest.param(Path.unlink, "cannot be read", id="gone"),
    ],
)
def test_partition_is_refused_when_it_was_changed(
    tmp_path: Path, harm: Callable[[Path], None], said: str
) -> None:
    """A day is never judged by rows other than those it was frozen with."""
    partition = frozen(tmp_path, make_rows())
    harm(Path(partition.path))
    with pytest.raises(UnreadableDataError, match=said):
        read_partition(partition)


def full_disk(*args: object, **kwargs: object) -> None:
    """Fail as a full disk does."""
    del args, kwargs
    raise OSError(errno.ENOSPC, "No space left on device")


def half_written(table: pa.Table, file: IO[bytes], **kwargs: object) -> None:
    """Write a part, then fail as a full disk does."""
    file.write(b"PAR1")
    full_disk(table, kwargs)


def broken_disk(*args: object, **kwargs: object) -> None:
    """Fail as a broken disk does."""
    del args, kwargs
    raise OSError(errno.EIO, "Input/output error")


@pytest.mark.parametrize("fault", [full_disk, half_written])
def test_full_disk_leaves_nothing_half_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: Callable[..., None]
) -> None:
    """The fault is told as one to try again, and trying again works."""
    with monkeypatch.context() as broken:
        broken.setattr(pq, "write_table", fault)
        with pytest.raises(TransientError, match="No space left"):
            frozen(tmp_path, make_rows())
    assert files_in(tmp_path) == {}
    assert read_partition(frozen(tmp_path, make_rows())).num_rows == 3


def test_storage_that_fails_again_while_cleaning_up_tells_the_first_fault(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What went wrong first is what a person needs to know."""
    monkeypatch.setattr(pq, "write_table", half_written)
    monkeypatch.setattr(LocalFileSystem, "rm", broken_disk)
    with pytest.raises(TransientError, match=r"could not be written \(No space left"):
        frozen(tmp_path, make_rows())


def test_what_a_killed_process_left_is_removed(tmp_path: Path) -> None:
    """Whoever freezes a day has its lease: a half file is nobody's."""
    kept = frozen(tmp_path, make_rows())
    (Path(kept.path).parent / "dead.part").write_bytes(b"PAR1")
    assert frozen(tmp_path, make_rows()) == kept
    assert not any(name.endswith(".part") for name in files_in(tmp_path))


def test_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    """A file where a folder should be is the storage's fault, with the path."""
    (tmp_path / "parts").write_text("in the way")
    with pytest.raises(TransientError, match=r"parts/flights.*could not be written"):
        frozen(tmp_path / "parts", make_rows())
