import errno
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import fsspec
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from monitoring_tasks.contract.sources import FileSource
from monitoring_tasks.errors import (
    NoDataError,
    SourceUnavailableError,
    UnreadableDataError,
)
from monitoring_tasks.extract import files as source_files
from monitoring_tasks.extract.sources import read_day
from tests.builders import DAY, NOW, make_request, make_rows

NEW_YORK = "America/New_York"
NASTY = "größe 'x' \"y\"; DROP TABLE 空"


def files(path: str = "rows-{day}.parquet", **parts: object) -> FileSource:
    """Describe files; relative paths start at the request's home."""
    return FileSource.model_validate({"path": path} | parts)


def written(folder: Path, table: pa.Table, name: str = f"rows-{DAY}.parquet") -> None:
    """Write a Parquet file of the workspace."""
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(table, folder / name)


def ids_of(source: FileSource, home: Path, **parts: object) -> list[str]:
    """Return the ids that are read."""
    rows = read_day(make_request(source, home, **parts))
    found: list[str] = rows.table["id"].to_pylist()
    return found


def test_declared_columns_are_read_and_no_others(tmp_path: Path) -> None:
    """A column nobody declared never leaves the source; one it lacks is left out."""
    written(tmp_path, make_rows(secret=["x", "y", "z"]))
    columns = ("id", "score", "absent")
    rows = read_day(make_request(files(), tmp_path, columns=columns))
    assert rows.table.schema.names == ["id", "score"]
    assert rows.query == f"parquet {tmp_path}/rows-{DAY}.parquet (1 files)"
    assert rows.watermark is None


def test_csv_is_read_with_its_types(tmp_path: Path) -> None:
    """Numbers, instants and quoted text come as what they are."""
    text = 'id,at,score\n"a,""b""",2013-09-02T01:00:00Z,0.25\nü,2013-09-02T02:00:00Z,\n'
    (tmp_path / f"rows-{DAY}.csv").write_text(text, encoding="utf-8")
    source = files("rows-{day}.csv", format="csv")
    table = read_day(make_request(source, tmp_path)).table
    assert table["id"].to_pylist() == ['a,"b"', "ü"]
    assert table["score"].to_pylist() == [0.25, None]
    assert table["at"][0].as_py() == datetime(2013, 9, 2, 1, tzinfo=UTC)


def test_several_files_are_one_batch(tmp_path: Path) -> None:
    """Parts may differ in width and in columns that are all null."""
    written(tmp_path, make_rows(id=["a", "b", "c"], score=[1, 2, 3]), "p/1.parquet")
    written(tmp_path, make_rows(id=["d", "e", "f"], score=pa.nulls(3)), "p/2.parquet")
    written(tmp_path, make_rows(id=["g", "h", "i"]).drop("at"), "p/3.parquet")
    rows = read_day(make_request(files("p/*.parquet"), tmp_path))
    assert rows.table["id"].to_pylist() == list("abcdefghi")
    assert rows.table["score"].null_count == 3
    assert rows.query.endswith("(3 files)")


def test_column_the_files_do_not_agree_on_is_text(tmp_path: Path) -> None:
    """It is left for the gates to name; the other columns are what they were."""
    written(tmp_path, make_rows(), "p/1.parquet")
    written(tmp_path, make_rows(score=["x", "y", "z"]), "p/2.parquet")
    table = read_day(make_request(files("p/*.parquet"), tmp_path)).table
    assert table["score"].to_pylist() == ["0.1", "0.5", "0.9", "x", "y", "z"]
    assert pa.types.is_timestamp(table["at"].type)


def test_lists_beside_numbers_are_refused_by_name(tmp_path: Path) -> None:
    """What has no text of its own cannot be put on top of numbers."""
    written(tmp_path, make_rows(), "p/1.parquet")
    written(tmp_path, make_rows(score=[[1], [2], [3]]), "p/2.parquet")
    with pytest.raises(UnreadableDataError, match=r"types of: score"):
        read_day(make_request(files("p/*.parquet"), tmp_path))


def test_object_storage_is_read_like_a_folder(tmp_path: Path) -> None:
    """An fsspec URL is no path of the workspace."""
    with fsspec.open(f"memory://rows/{DAY}.parquet", "wb") as stream:
        pq.write_table(make_rows(), stream)
    source = files("memory://rows/{day}.parquet")
    assert ids_of(source, tmp_path) == ["a", "b", "c"]


def test_absent_file_is_no_data_and_named(tmp_path: Path) -> None:
    """Nothing there is not the same as no answer."""
    with pytest.raises(NoDataError, match=f"{tmp_path}/rows-{DAY}.parquet"):
        read_day(make_request(files(), tmp_path))


@pytest.mark.parametrize(
    ("file_format", "content"),
    [
        pytest.param("parquet", b"", id="empty parquet"),
        pytest.param("parquet", None, id="cut off"),
        pytest.param("parquet", b"PAR1" + b"x" * 100 + b"PAR1", id="not parquet"),
        pytest.param("csv", b"", id="empty csv"),
        pytest.param("csv", b"a,b\n1\n", id="ragged csv"),
    ],
)
def test_broken_file_is_named_with_its_size(
    tmp_path: Path, file_format: str, content: bytes | None
) -> None:
    """A file nobody can read will not get better by trying again."""
    path = tmp_path / f"rows-{DAY}.{file_format}"
    if content is None:
        pq.write_table(make_rows(), path)
        content = path.read_bytes()[:-30]
    path.write_bytes(content)
    source = files("rows-{day}." + file_format, format=file_format)
    said = f"{path}: {len(content)} bytes"
    with pytest.raises(UnreadableDataError, match=said):
        read_day(make_request(source, tmp_path, columns=("a",)))


def test_damaged_pages_are_the_files_fault(tmp_path: Path) -> None:
    """Bytes changed in the middle are no outage of the storage."""
    written(tmp_path, pa.table({"id": [str(i) * 20 for i in range(2000)]}))
    path = tmp_path / f"rows-{DAY}.parquet"
    content = bytearray(path.read_bytes())
    content[40:400] = b"\xff" * 360
    path.write_bytes(content)
    with pytest.raises(UnreadableDataError, match=f"{path}: {len(content)} bytes"):
        read_day(make_request(files(), tmp_path))


def test_storage_that_fails_is_unavailable(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An I/O error of the storage is worth another try."""
    written(tmp_path, make_rows())

    def fail(*args: object, **kwargs: object) -> bytes:
        del args, kwargs
        raise OSError(errno.EIO, "Input/output error")

    for place in (source_files, pq):
        with monkeypatch.context() as broken:
            name = "open_input" if place is source_files else "ParquetFile"
            broken.setattr(place, name, fail)
            with pytest.raises(SourceUnavailableError, match=r"parquet: .*Input/out"):
                read_day(make_request(files(), tmp_path))


def test_unknown_storage_is_unavailable(tmp_path: Path) -> None:
    """A protocol nobody knows is named."""
    with pytest.raises(SourceUnavailableError, match="nosuch://"):
        read_day(make_request(files("nosuch://b/{day}.parquet"), tmp_path))


def around_midnight(zone: timezone | None, *hours: float) -> list[datetime]:
    """Return instants by their distance in hours from midnight of 2013-09-02."""
    midnight = datetime(2013, 9, 2, tzinfo=zone)
    return [midnight + timedelta(hours=hour) for hour in hours]


@pytest.mark.parametrize(
    ("at", "timezone", "found"),
    [
        pytest.param(around_midnight(UTC, -0.01, 0, 23.99, 24), "UTC", "bc", id="utc"),
        pytest.param(
            around_midnight(UTC, 3.99, 4, 27.99, 28), NEW_YORK, "bc", id="aware, west"
        ),
        pytest.param(
            around_midnight(UTC, -9.01, -9, 14.99, 15), "Asia/Tokyo", "bc", id="east"
        ),
        pytest.param(
            around_midnight(None, -0.01, 0, 23.99, 24), NEW_YORK, "bc", id="naive"
        ),
        pytest.param(
            [date(2013, 9, 1), DAY, DAY, date(2013, 9, 3)], NEW_YORK, "bc", id="dates"
        ),
        pytest.param(
            ["2013-09-01", "2013-09-02", "2013-09-02T23:59", "2013-09-03"],
            NEW_YORK,
            "bc",
            id="texts",
        ),
        pytest.param(
            [f"2013-09-0{d}:00Z" for d in ("2T03", "2T04", "3T03", "3T04")],
            NEW_YORK,
            "bc",
            id="texts with an offset",
        ),
        pytest.param([None, DAY, DAY, None], NEW_YORK, "bc", id="nulls"),
    ],
)
def test_day_is_cut_out_by_the_models_clock(
    tmp_path: Path, at: list[Any], timezone: str, found: str
) -> None:
    """Aware instants are compared as such; naive ones are in the model's zone."""
    written(tmp_path, pa.table({"id": list("abcd"), "at": at}), "all.parquet")
    source = files("all.parquet", day_column="at")
    assert "".join(ids_of(source, tmp_path, timezone=timezone)) == found


@pytest.mark.parametrize(
    ("day", "hours"), [(date(2013, 3, 10), 23), (date(2013, 11, 3), 25)]
)
def test_day_of_a_clock_change_is_whole(tmp_path: Path, day: date, hours: int) -> None:
    """The day on which the clock changes has 23 or 25 hours of rows."""
    start = datetime(day.year, day.month, day.day - 1, tzinfo=UTC)
    at = [start + timedelta(hours=i) for i in range(72)]
    table = pa.table({"id": [str(i) for i in range(72)], "at": at})
    written(tmp_path, table, "all.parquet")
    source = files("all.parquet", day_column="at")
    parts = {"day": day, "timezone": NEW_YORK, "as_of": NOW + timedelta(days=99)}
    assert len(ids_of(source, tmp_path, **parts)) == hours


@pytest.mark.parametrize("unit", ["s", "ms", "us", "ns"])
def test_instants_of_any_precision_are_compared(tmp_path: Path, unit: str) -> None:
    """An `as_of` of microseconds is held against arrivals of whole seconds."""
    at = pa.array(around_midnight(UTC, 0, 1, 2), pa.timestamp(unit, "UTC"))
    written(tmp_path, make_rows(at=at, arrived=at), "all.parquet")
    source = files("all.parquet", day_column="at", arrived_at="arrived")
    as_of = datetime(2013, 9, 2, 1, 0, 0, 5, tzinfo=UTC)
    assert ids_of(source, tmp_path, as_of=as_of) == ["a", "b"]


@pytest.mark.parametrize(
    ("column", "said"),
    [
        pytest.param({"at": [1, 2, 3]}, "'at' picks .* int64", id="a number"),
        pytest.param({"at": ["x", "y", "z"]}, "no day", id="any text"),
        pytest.param({"when": [1, 2, 3]}, "'when'.* not in the source", id="absent"),
    ],
)
def test_day_column_that_is_none_is_refused(
    tmp_path: Path, column: dict[str, list[Any]], said: str
) -> None:
    """Rows without a day are not all taken, nor all left."""
    name = next(iter(column))
    written(tmp_path, make_rows(**(column if name == "at" else {})), "all.parquet")
    with pytest.raises(UnreadableDataError, match=said):
        read_day(make_request(files("all.parquet", day_column=name), tmp_path))


@pytest.mark.parametrize(
    "empty",
    [
        pytest.param(make_rows().slice(0, 0), id="a file without rows"),
        pytest.param(make_rows(at=pa.nulls(3)), id="instants all null"),
        pytest.param(make_rows(at=[DAY + timedelta(days=1)] * 3), id="another day"),
    ],
)
def test_no_rows_of_the_day_are_no_data(tmp_path: Path, empty: pa.Table) -> None:
    """A source that answers and holds nothing says so, and says for which day."""
    written(tmp_path, empty, "all.parquet")
    source = files("all.parquet", day_column="at")
    with pytest.raises(NoDataError, match=f"all.parquet.* no rows of {DAY}"):
        read_day(make_request(source, tmp_path))


def test_rows_that_arrived_later_are_not_seen(tmp_path: Path) -> None:
    """The verdict of a day rests on what was known; the watermark is the latest."""
    arrived = [NOW - timedelta(hours=1), NOW, NOW + timedelta(seconds=1)]
    written(tmp_path, make_rows(arrived=arrived))
    rows = read_day(make_request(files(arrived_at="arrived"), tmp_path))
    assert rows.table["id"].to_pylist() == ["a", "b"]
    assert (rows.watermark, rows.table.schema.names[-1]) == (NOW, "arrived")


def test_naive_arrivals_are_by_the_models_clock(tmp_path: Path) -> None:
    """`as_of` 10:00 UTC is six in New York; what came at seven is not known."""
    arrived = [datetime(2013, 9, 3, hour) for hour in (5, 6, 7)]  # noqa: DTZ001 (naive is the point)
    written(tmp_path, make_rows(arrived=arrived))
    request = make_request(files(arrived_at="arrived"), tmp_path, timezone=NEW_YORK)
    rows = read_day(request)
    assert (rows.table["id"].to_pylist(), rows.watermark) == (["a", "b"], NOW)


def test_rows_without_an_arrival_are_not_known(tmp_path: Path) -> None:
    """A null arrival, or a column of nothing else, is nothing known."""
    written(tmp_path, make_rows(arrived=[NOW, None, None]), "one.parquet")
    source = files("one.parquet", arrived_at="arrived")
    assert ids_of(source, tmp_path) == ["a"]
    written(tmp_path, make_rows(arrived=pa.nulls(3)), "one.parquet")
    with pytest.raises(NoDataError, match="known at 2013-09-03 10:00:00"):
        read_day(make_request(source, tmp_path))


@pytest.mark.parametrize("arrived", [[DAY] * 3, ["now"] * 3, [1, 2, 3]])
def test_arrivals_that_are_no_instants_are_refused(
    tmp_path: Path, arrived: list[Any]
) -> None:
    """A day or a text does not say at which instant something became known."""
    written(tmp_path, make_rows(arrived=arrived))
    with pytest.raises(UnreadableDataError, match="'arrived' says when rows arrived"):
        read_day(make_request(files(arrived_at="arrived"), tmp_path))


def test_renamed_columns_are_known_by_the_contracts_names(tmp_path: Path) -> None:
    """Day and arrival too; a column that already has the name is not mixed in."""
    known = make_rows(p=[0.1, 0.2, 0.3], arr=[NOW] * 3)
    table = known.rename_columns(["key", "ts", "score", "p", "arr"])
    written(tmp_path, table, "all.parquet")
    rename = {"key": "id", "ts": "at", "p": "score", "arr": "arrived"}
    source = files("all.parquet", rename=rename, day_column="at", arrived_at="arrived")
    rows = read_day(make_request(source, tmp_path))
    assert rows.table.schema.names == ["id", "at", "score", "arrived"]
    assert rows.table["score"].to_pylist() == [0.1, 0.2, 0.3]
    assert rows.watermark == NOW


def test_columns_may_swap_their_names(tmp_path: Path) -> None:
    """Renaming happens all at once."""
    written(tmp_path, make_rows(other=[7, 8, 9]))
    source = files(rename={"other": "score", "score": "other"})
    request = make_request(source, tmp_path, columns=("score", "other"))
    assert read_day(request).table.to_pydict() == {
        "score": [7, 8, 9],
        "other": [0.1, 0.5, 0.9],
    }


def test_categoricals_of_pandas_are_plain_texts(tmp_path: Path) -> None:
    """Parts with categories of their own are one column of text."""
    written(
        tmp_path, make_rows(id=pa.array(list("abc")).dictionary_encode()), "p/1.parquet"
    )
    written(
        tmp_path, make_rows(id=pa.array(list("xya")).dictionary_encode()), "p/2.parquet"
    )
    table = read_day(make_request(files("p/*.parquet"), tmp_path)).table
    assert (table["id"].type, table["id"].to_pylist()) == (pa.string(), list("abcxya"))


def test_names_and_values_may_be_anything(tmp_path: Path) -> None:
    """Unicode, quotes and SQL in a name or value are text like any other."""
    written(tmp_path, make_rows(**{NASTY: [NASTY, None, ""]}))
    request = make_request(files(), tmp_path, columns=("id", NASTY))
    assert read_day(request).table[NASTY].to_pylist() == [NASTY, None, ""]
