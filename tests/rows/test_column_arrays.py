"""Columns are arrays, and are copied only where they have to be."""

import pyarrow as pa

from monitoring_tasks.rows.column_arrays import filled, one_array


def test_a_column_of_one_chunk_is_not_copied() -> None:
    """Copying every block of a large day was a tenth of counting it."""
    values = pa.array([1.0, 2.0, 3.0])
    column = pa.chunked_array([values]).slice(1)
    (_, buffer), (_, own) = one_array(column).buffers(), values.buffers()
    assert buffer.address == own.address
    assert one_array(column).to_pylist() == [2.0, 3.0]
    assert one_array(values) is values


def test_several_chunks_or_none_become_one_array() -> None:
    """As a table of several files has them."""
    assert one_array(pa.chunked_array([["a"], [None, "b"]])).to_pylist() == [
        "a",
        None,
        "b",
    ]
    assert one_array(pa.chunked_array([], pa.string())).type == pa.string()


def test_nulls_alone_are_filled() -> None:
    """A column without any is returned as it is."""
    whole = pa.chunked_array([[1, 2], [3]])
    assert filled(whole, -1) is whole
    assert filled(pa.chunked_array([[1, None], [3]]), -1).to_pylist() == [1, -1, 3]
