"""A day opened where it lies: the rows that memory reads of the same source."""

from datetime import UTC, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.engine.opening import open_day
from monitoring_tasks.errors import NoDataError, UnreadableDataError
from monitoring_tasks.extract.sources import read_day
from monitoring_tasks.sources.day_requests import predictions_request
from monitoring_tasks.sources.request import Request
from tests.builders import COLUMNS, DAY, FILES, make_contract, make_unit

NOON = datetime.combine(DAY, time(12), UTC)
LATER = NOON + timedelta(days=9)
BERLIN = "Europe/Berlin"


def contract_of(**source: object) -> Contract:
    """Return a contract of files with a column of every kind that is held."""
    files = {"kind": "files", "path": "rows/*.parquet", "freeze": "facts"} | source
    files = {key: value for key, value in files.items() if value is not None}
    roles = {"continuous": ["x"], "categorical": ["c"], "error": "failed"}
    return make_contract(
        columns=COLUMNS | roles,
        timezone=BERLIN,
        sources={"predictions": files, "labels": FILES},
    )


def plain(rows: int = 4) -> dict[str, pa.Array]:
    """Return rows of the day, each column in the type it is read as."""
    return {
        "id": pa.array([f"p{row}" for row in range(rows)]),
        "at": pa.array([NOON] * rows, pa.timestamp("us", "UTC")),
        "version": pa.array(["1"] * rows),
        "score": pa.array([0.5] * rows),
        "prediction": pa.array([1] * rows),
        "x": pa.array([float(row) for row in range(rows)]),
        "c": pa.array(["a"] * rows),
        "failed": pa.array([False] * rows),
    }


def write(home: Path, columns: dict[str, Any], name: str = "a") -> None:
    """Write a file of the day."""
    path = home / "rows" / f"{name}.parquet"
    path.parent.mkdir(exist_ok=True)
    pq.write_table(pa.table(columns), path)


def request_of(home: Path, contract: Contract) -> Request:
    """Ask for the day as it was known long after."""
    return predictions_request(contract, make_unit(as_of=LATER), home, None)


def here_and_there(home: Path, contract: Contract) -> tuple[pa.Table, pa.Table]:
    """Return the declared columns of a day as memory and as DuckDB have them."""
    request = request_of(home, contract)
    here = read_day(request)
    with open_day(request, contract, lambda _: None) as opened:
        rows = opened.day.rows
        there = rows.table.to_pyarrow().rename_columns(
            [rows.own_names[name] for name in rows.table.columns]
        )
        assert opened.day.count == here.table.num_rows
        assert opened.day.other_days == here.other_days
        assert opened.day.watermark == here.watermark
        assert opened.query == here.query
    declared = [name for name in request.columns if name in here.table.column_names]
    assert there.column_names == declared
    return here.table.select(declared).sort_by("id"), there.sort_by("id")


TYPES = {
    "whole ids": {"id": pa.array([3, 1, 2, 4])},
    "float ids": {"id": pa.array([3.0, 1.0, 2.0, 4.0])},
    "exact ids": {"id": pa.array([Decimal(n) for n in (3, 1, 2, 4)])},
    "ids with fractions": {
        "id": pa.array([Decimal(n) for n in ("3.50", "1.05", "2.00", "4.00")])
    },
    "dictionary": {"c": pa.array(["a", "b", None, "a"]).dictionary_encode()},
    "large text": {"c": pa.array(["a", "b", None, "ü"], pa.large_string())},
    "exact number": {"x": pa.array([Decimal("1.25"), None, Decimal(-7), Decimal(0)])},
    "flags as numbers": {"x": pa.array([True, None, False, True])},
    "small number": {"x": pa.array([1.5, None, -1.5, 0], pa.float32())},
    "tiny integer": {"x": pa.array([1, None, -1, 0], pa.int8())},
    "odd numbers": {"x": pa.array([float("nan"), float("inf"), None, -0.0])},
    "nothing": {"x": pa.nulls(4), "c": pa.nulls(4)},
    "nanoseconds": {"at": pa.array([NOON] * 4, pa.timestamp("ns", "UTC"))},
    "seconds": {"at": pa.array([NOON] * 4, pa.timestamp("s", BERLIN))},
    "local instants": {
        "at": pa.array([NOON.replace(tzinfo=None)] * 4, pa.timestamp("us"))
    },
    "days": {"at": pa.array([DAY] * 4)},
    "a text for a number": {"x": pa.array(["one", "2", None, ""])},
    "an instant as a category": {"c": pa.array([NOON] * 4, pa.timestamp("us", "UTC"))},
    "lists": {"c": pa.array([["a"], [], None, ["b"]])},
}


@pytest.mark.parametrize("columns", TYPES.values(), ids=TYPES)
def test_columns_are_read_as_memory_reads_them(
    tmp_path: Path, columns: dict[str, pa.Array]
) -> None:
    """Whatever a source stores a value as, it is the same value of the same kind."""
    write(tmp_path, plain() | columns)
    here, there = here_and_there(tmp_path, contract_of())
    for name in here.column_names:
        left, right = here[name], there[name]
        if pa.types.is_null(left.type):
            assert right.null_count == len(right)
        elif pa.types.is_timestamp(left.type):
            assert (right.type.tz is None) == (left.type.tz is None)
            assert right.cast(left.type).equals(left), name
        else:
            assert str(right.to_pylist()) == str(left.to_pylist()), name
            assert right.type in {left.type, pa.float64()} or pa.types.is_nested(
                left.type
            )


@pytest.mark.parametrize(
    ("columns", "says"),
    [
        ({"x": pa.array([timedelta(1)] * 4)}, "'x' is duration"),
        ({"c": pa.array([b"a"] * 4)}, "'c' is binary"),
        ({"c": pa.array([time(1)] * 4)}, "'c' is time"),
        ({"ID": pa.array(["a"] * 4)}, "'id' and 'ID' differ in capitals alone"),
    ],
)
def test_what_the_engine_would_read_otherwise_is_refused(
    tmp_path: Path, columns: dict[str, pa.Array], says: str
) -> None:
    """The column is named, with what to do about it."""
    write(tmp_path, plain() | columns)
    with (
        pytest.raises(UnreadableDataError, match=says),
        open_day(request_of(tmp_path, contract_of()), contract_of(), lambda _: None),
    ):
        pytest.fail("it was opened")


def test_columns_in_other_capitals_that_nobody_asks_for_do_not_matter(
    tmp_path: Path,
) -> None:
    """To DuckDB they are one, and get other names."""
    others = {"Z": pa.array([1] * 4), "z": pa.array([2] * 4)}
    write(tmp_path, others | plain())
    here, there = here_and_there(tmp_path, contract_of())
    assert here.equals(there.cast(here.schema))


def test_files_that_do_not_agree_are_one_column(tmp_path: Path) -> None:
    """A file may lack a column, or hold whole numbers where others hold fractions."""
    write(tmp_path, plain() | {"x": pa.array([1, 2, 3, 4])})
    few = {name: column for name, column in plain(3).items() if name != "failed"}
    more = few | {"id": pa.array(["q1", "q2", "q3"]), "x": pa.array([0.5, None, 1.5])}
    write(tmp_path, more, "b")
    here, there = here_and_there(tmp_path, contract_of())
    assert here.equals(there.cast(here.schema))
    write(tmp_path, more | {"at": pa.array(["now"] * 3)}, "c")
    with (
        pytest.raises(UnreadableDataError, match="do not agree on the type of 'at'"),
        open_day(request_of(tmp_path, contract_of()), contract_of(), lambda _: None),
    ):
        pytest.fail("it was opened")


def days_around(kind: pa.DataType) -> dict[str, pa.Array]:
    """Return rows around the day in Berlin, one of them without an instant."""
    start = datetime.combine(DAY, time(), UTC) - timedelta(hours=2)
    seconds = (-1, 0, 1, 86_399, 86_400, 200_000)
    at = [start + timedelta(seconds=second) for second in seconds] + [None]
    if kind.tz is None:
        at = [a and (a + timedelta(hours=2)).replace(tzinfo=None) for a in at]
    arrived = [NOON + timedelta(days=days) for days in (0, 0, 20, 1, 0, 0, 0)]
    return plain(7) | {
        "at": pa.array(at, kind),
        "arrived": pa.array(arrived, pa.timestamp("us", "UTC")),
    }


@pytest.mark.parametrize("zone", [None, "UTC", BERLIN, "Asia/Tokyo"])
@pytest.mark.parametrize("unit", ["us", "ns", "ms"])
@pytest.mark.parametrize("path", ["rows/*.parquet", "rows/{day}.parquet"])
def test_rows_are_those_of_the_models_day_known_then(
    tmp_path: Path, zone: str | None, unit: str, path: str
) -> None:
    """By its own clock, to the edge; of other days none, and these are said."""
    write(tmp_path, days_around(pa.timestamp(unit, zone)), DAY.isoformat())
    contract = contract_of(path=path, arrived_at="arrived")
    here, there = here_and_there(tmp_path, contract)
    assert there["id"].to_pylist() == here["id"].to_pylist()
    assert len(here) in {2, 3}


def test_a_day_may_be_picked_by_a_date(tmp_path: Path) -> None:
    """As the contract says, under whatever name the source has for it."""
    days = [DAY, DAY - timedelta(days=1), DAY, None]
    write(tmp_path, plain() | {"scored_on": pa.array(days, pa.date32())})
    for source in (
        {"day_column": "scored_on"},
        {"day_column": "on", "rename": {"scored_on": "on"}},
    ):
        here, there = here_and_there(tmp_path, contract_of(**source))
        assert here.equals(there.cast(here.schema))
        assert there["id"].to_pylist() == ["p0", "p2"]


def test_a_text_does_not_pick_a_day(tmp_path: Path) -> None:
    """In memory its offset would be read; where it lies it is not."""
    write(tmp_path, plain() | {"on": pa.array([DAY.isoformat()] * 4)})
    contract = contract_of(day_column="on")
    with (
        pytest.raises(UnreadableDataError, match=r"'on' picks .* and is string"),
        open_day(request_of(tmp_path, contract), contract, lambda _: None),
    ):
        pytest.fail("it was opened")


def test_a_day_without_rows_is_no_data(tmp_path: Path) -> None:
    """Whether there are none, or all are of another day: said as memory says it."""
    other = plain() | {"at": pa.array([LATER] * 4, pa.timestamp("us", "UTC"))}
    write(tmp_path, other, DAY.isoformat())
    for path in ("rows/*.parquet", "rows/{day}.parquet", "none/*.parquet"):
        contract = contract_of(path=path)
        request = request_of(tmp_path, contract)
        with pytest.raises(NoDataError) as here:
            read_day(request)
        with (
            pytest.raises(NoDataError) as there,
            open_day(request, contract, lambda _: None),
        ):
            pytest.fail("it was opened")
        assert str(there.value) == str(here.value)
