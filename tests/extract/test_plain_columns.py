"""Columns of any type in the few types the rest computes with."""

from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pyarrow as pa
import pyarrow.compute as pc
import pytest

from monitoring_tasks.contract.column_types import Holds
from monitoring_tasks.extract.csv_files import read_csv
from monitoring_tasks.extract.plain_columns import decode
from monitoring_tasks.extract.stacking import stack
from monitoring_tasks.extract.typed_columns import read_column
from monitoring_tasks.rows.keys import key_texts

UUIDS = [UUID(int=n) for n in (1, 2**127)]
RAW = pa.array([u.bytes for u in UUIDS], pa.binary(16))
BEYOND = 2**60


def chunked(values: Any, kind: pa.DataType | None = None) -> pa.ChunkedArray:  # noqa: ANN401 (cells)
    """Return values as a column."""
    is_array = isinstance(values, pa.Array)
    return pa.chunked_array([values if is_array else pa.array(values, kind)])


@pytest.mark.parametrize(
    ("column", "expected"),
    [
        pytest.param(chunked(["a", None], pa.string_view()), ["a", None], id="view"),
        pytest.param(chunked(["a"], pa.large_string()), ["a"], id="large"),
        pytest.param(
            chunked(pa.array(["a", None], pa.string_view()).dictionary_encode()),
            ["a", None],
            id="dictionary of views",
        ),
        pytest.param(
            chunked(pc.run_end_encode(pa.array([3, 3, 4]))), [3, 3, 4], id="run ends"
        ),
        pytest.param(chunked([0.5, None], pa.float16()), [0.5, None], id="half"),
        pytest.param(
            chunked(pa.ExtensionArray.from_storage(pa.uuid(), RAW)),
            [str(u) for u in UUIDS],
            id="uuid",
        ),
        pytest.param(chunked(RAW), [str(u) for u in UUIDS], id="16 bytes"),
        pytest.param(chunked([b"K\xc3\xb6ln", b"a"]), ["Köln", "a"], id="utf-8"),
        pytest.param(
            chunked([b"a", b"K\xf6ln", b"b"]), ["a", "K\\xf6ln", "b"], id="one not"
        ),
        pytest.param(chunked([b"\x00\xff"]), ["00ff"], id="any bytes"),
    ],
)
def test_same_values_come_out_in_plain_types(
    column: pa.ChunkedArray, expected: list[Any]
) -> None:
    """A value does not depend on how a writer encoded it, nor do its neighbours."""
    assert decode(column).to_pylist() == expected


@pytest.mark.parametrize("unit", ["s", "ms", "us", "ns"])
def test_instants_are_microseconds_and_null_beyond_them(unit: str) -> None:
    """The year 9999 is an instant; what no microsecond reaches is none."""
    values = [0, BEYOND] if unit in {"s", "ms"} else [0]
    instants = decode(chunked(values, pa.timestamp(unit)))
    assert instants.type == pa.timestamp("us")
    assert instants.null_count == len(values) - 1


@pytest.mark.parametrize(
    ("column", "holds", "expected"),
    [
        pytest.param([Decimal(10**25), Decimal(1)], Holds.KEYS,
                     ["1" + "0" * 25, "1"], id="long keys"),
        pytest.param([Decimal("7.00")], Holds.KEYS, [7], id="whole decimals"),
        pytest.param([12.0, None], Holds.KEYS, [12, None], id="keys as doubles"),
        pytest.param([1.5, 2.0], Holds.KEYS, [1.5, 2.0], id="no keys"),
        pytest.param([True, None], Holds.NUMBERS, [1, None], id="flags as numbers"),
        pytest.param([timedelta(seconds=90)], Holds.NUMBERS, [90.0], id="durations"),
        pytest.param([" 1.5", "2"], Holds.NUMBERS, [1.5, 2.0], id="numbers as text"),
        pytest.param(["1", "n/a"], Holds.NUMBERS, ["1", "n/a"], id="some are none"),
        pytest.param(["Yes", "n", None], Holds.BINARY, [1, 0, None], id="words"),
        pytest.param(["1", "0"], Holds.BINARY, [1, 0], id="digits"),
        pytest.param(["yes", "odd"], Holds.BINARY, ["yes", "odd"], id="other words"),
        pytest.param([Decimal("1.5")], Holds.ANYTHING, [1.5], id="categories"),
    ],
)  # fmt: skip
def test_column_is_read_as_what_it_holds_or_left(
    column: list[Any], holds: Holds, expected: list[Any]
) -> None:
    """As a whole or not at all, so that the gates see what could not be read."""
    assert read_column(chunked(column), holds).to_pylist() == expected


def test_keys_meet_as_numbers_only_where_one_side_holds_numbers() -> None:
    """Zeros in front make another key among texts, and none beside numbers."""
    texts = chunked(["0012", "12.0", "-0", "A7"])
    assert key_texts(texts, as_numbers=False).to_pylist() == texts.to_pylist()
    assert key_texts(texts, as_numbers=True).to_pylist() == ["12", "12", "0", "A7"]


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("0012\n13", ["0012", "13"]),
        ("12.0\n13", [12, 13]),
        ("12.0\n\n13", [12, 13]),
        ("1" + "0" * 19 + "\n2", ["1" + "0" * 19, "2"]),
        ("NA\n2", ["NA", "2"]),
    ],
)
def test_keys_of_a_csv_lose_nothing(written: str, expected: list[Any]) -> None:
    """They are numbers only where every one of them is the same number as text."""
    table = read_csv(f"id\n{written}\n".encode(), keys=frozenset({"id"}))
    assert table["id"].to_pylist() == expected


def test_csv_of_another_encoding_keeps_its_other_columns() -> None:
    """One odd letter costs neither the file nor the types of its columns."""
    content = b"id,city,x\n1,K\xf6ln,0.5\n2,Bonn,\n"
    table = read_csv(content, keys=frozenset({"id", "city"}))
    assert table.to_pydict() == {
        "id": [1, 2], "city": ["K\\xf6ln", "Bonn"], "x": [0.5, None],
    }  # fmt: skip


def test_column_that_differs_between_files_is_text() -> None:
    """Widths go together; text and numbers do not, and the rest is as it was."""
    tables = [
        pa.table({"a": pa.array([1], pa.int8()), "b": [1]}),
        pa.table({"a": [2.5], "b": ["x"]}),
    ]
    assert stack(tables, "p").to_pydict() == {"a": [1.0, 2.5], "b": ["1", "x"]}
