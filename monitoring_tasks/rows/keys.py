"""Keys of rows as texts that are equal where the keys are."""

import re

import pyarrow as pa
import pyarrow.compute as pc

A_NUMBER = re.compile(r"\s*([+-]?)0*(\d+)(?:\.0*)?\s*")
"""A whole number as a person or a spreadsheet writes it."""


def key_texts(ids: pa.ChunkedArray, *, as_numbers: bool) -> pa.ChunkedArray:
    """Return keys as text, so that equal keys are equal texts whatever their types.

    Args:
        ids: Keys as `read_as` leaves them.
        as_numbers: Whether texts that are whole numbers lose zeros in front, a sign of
            plus and an empty fraction; true where one side of a join holds numbers.
    """
    texts = ids.cast(pa.string())
    if not as_numbers or not pa.types.is_string(ids.type):
        return texts
    numbers = [None if t is None else _as_number(t) for t in texts.to_pylist()]
    return pa.chunked_array([pa.array(numbers, pa.string())])


def is_increasing(keys: pa.ChunkedArray) -> bool:
    """Whether every key is larger than the one before it: none repeats, none is null.

    Args:
        keys: Texts, numbers or instants.
    """
    if keys.null_count:
        return False
    # In its chunks: a large day's ids do not fit into one array.
    is_larger = pc.less(keys[:-1], keys[1:])
    # Of not-a-number neither is larger.
    return bool(pc.all(is_larger, min_count=0).as_py())


def _as_number(text: str) -> str:
    match = A_NUMBER.fullmatch(text)
    if match is None:
        return text
    # Minus nothing is nothing: -0 and 0 are one key.
    return f"{'-' if match[1] == '-' and match[2] != '0' else ''}{match[2]}"
