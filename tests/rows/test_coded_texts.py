"""Texts that repeat are kept as codes, and are the same texts again."""

import pandas as pd
import pyarrow as pa
import pytest

from monitoring_tasks.rows.coded_texts import (
    frame_of,
    plain,
    plain_texts,
    with_coded_texts,
)


def texts(count: int, rows: int = 70_000) -> list[str | None]:
    """Return so many different texts over and over, and a null."""
    return [None, *(f"text {row % count}" for row in range(rows))]


@pytest.mark.parametrize(
    ("different", "codes"),
    [
        pytest.param(1, pa.int8(), id="one"),
        pytest.param(128, pa.int8(), id="as many as a byte holds"),
        pytest.param(129, pa.int16(), id="one more"),
        pytest.param(32_768, pa.int16(), id="as many as two bytes hold"),
    ],
)
def test_codes_are_as_narrow_as_they_can_be(different: int, codes: pa.DataType) -> None:
    """All rows of one column have one dictionary, wherever they lie."""
    column = pa.chunked_array([texts(different), texts(different)])
    coded = with_coded_texts(pa.table({"c": column}), ["c", "c", "absent"])["c"]
    assert coded.type == pa.dictionary(codes, pa.string())
    assert len({chunk.dictionary.to_pylist().__repr__() for chunk in coded.chunks}) == 1
    assert plain(coded).equals(column)


@pytest.mark.parametrize(
    "column",
    [
        pytest.param(pa.array(texts(32_769)), id="too many texts"),
        pytest.param(pa.array(texts(10**6, rows=10**5)), id="every text another"),
        pytest.param(pa.array([1, 2, None]), id="numbers"),
        pytest.param(pa.nulls(3), id="nulls of no type"),
    ],
)
def test_other_columns_are_left_alone(column: pa.Array) -> None:
    """Codes of four bytes would spare little."""
    table = pa.table({"c": column})
    assert with_coded_texts(table, ["c"]).equals(table)
    assert plain_texts(table).equals(table)


def test_a_column_that_is_there_twice_is_left_alone() -> None:
    """Nobody knows which one is meant."""
    table = pa.Table.from_arrays([pa.array(["a"]), pa.array(["b"])], ["c", "c"])
    assert with_coded_texts(table, ["c"]).equals(table)


def test_a_frame_of_codes_has_texts() -> None:
    """Pandas would make categories of them, which compare in other ways."""
    table = pa.table({"c": ["a", None, "b"], "n": [1.0, None, 3.0]})
    frame = frame_of(with_coded_texts(table, ["c"]))
    pd.testing.assert_frame_equal(frame, table.to_pandas())
