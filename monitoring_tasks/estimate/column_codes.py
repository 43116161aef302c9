"""Columns of Arrow as arrays to count with: numbers as doubles, texts as codes."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from monitoring_tasks.domain.counts import LARGEST
from monitoring_tasks.rows.column_arrays import filled, one_array
from monitoring_tasks.statistics.arrays import Codes, Floats

WHOLE = 2.0**53
"""Below this every whole number is a double of its own."""


def doubles_of(column: pa.ChunkedArray) -> Floats:
    """Return a column as doubles, null and not-a-number alike as NaN.

    Args:
        column: Numbers, or texts that say numbers.

    Raises:
        pyarrow.ArrowInvalid: If a value is neither.
    """
    plain = one_array(column)
    # Large integers lose their last digits as doubles, which is what is asked for.
    cast = (
        plain
        if plain.type == pa.float64()
        else pc.cast(plain, pa.float64(), safe=False)
    )
    values: Floats = cast.to_numpy(zero_copy_only=False)
    return values


def measurable(values: Floats) -> Floats:
    """Return the values with NaN in place of what is too large to be added up.

    Args:
        values: Doubles, NaN where there is none. Not modified.
    """
    usable = np.abs(values) <= LARGEST
    return values if usable.all() else np.where(usable, values, np.nan)


def integers_of(column: pa.ChunkedArray) -> Codes:
    """Return a column of whole numbers or booleans; -1 is null.

    Args:
        column: Any type that says whole numbers; what has decimals is rounded.
    """
    values = doubles_of(column)
    return np.where(np.isnan(values), -1.0, np.rint(values)).astype(np.int64)


class Texts:
    """Texts by code, in the order they were first met; grows block by block.

    Attributes:
        names: Text by code.
    """

    def __init__(self) -> None:
        self.names: list[str] = []
        self._codes: dict[str, int] = {}

    def __len__(self) -> int:
        """How many different texts were met."""
        return len(self.names)

    def code(self, text: str) -> int:
        """Return the code of a text; a new one gets the next."""
        code = self._codes.setdefault(text, len(self.names))
        if code == len(self.names):
            self.names.append(text)
        return code

    def codes(self, column: pa.ChunkedArray, *, null: str | None = None) -> Codes:
        """Return the codes of a column's values, as texts.

        Args:
            column: Values of any type.
            null: The text that stands for null; None to give null the code -1.
        """
        encoded = _encoded(column)
        missing = -1 if null is None or not encoded.null_count else self.code(null)
        texts = texts_of(encoded.dictionary)
        if null is not None and None in texts:  # not-a-number is none either
            missing = self.code(null)
        known = [missing if text is None else self.code(text) for text in texts]
        by_index = np.array([*known, missing], dtype=np.int64)
        # As wide as it takes to say null: codes of one byte may all be in use.
        indices = filled(encoded.indices.cast(pa.int32()), len(texts))
        codes: Codes = by_index[indices.to_numpy(zero_copy_only=False)]
        return codes


def texts_of(values: pa.Array) -> list[str | None]:
    """Return values as texts, the same whether read as 1 or, beside nulls, as 1.0.

    Args:
        values: Values of any type; not-a-number and infinity have no text.
    """
    kind = values.type
    if pa.types.is_null(kind) or _is_text(kind):
        return list(values.to_pylist())
    if pa.types.is_boolean(kind) or pa.types.is_integer(kind):
        return [None if v is None else str(v).lower() for v in values.to_pylist()]
    if pa.types.is_floating(kind):
        return [_text_of_double(value) for value in doubles_of(values).tolist()]
    return _texts_by_engine(values)


def _is_text(kind: pa.DataType) -> bool:
    kinds = (pa.types.is_string, pa.types.is_large_string, pa.types.is_string_view)
    return any(is_kind(kind) for is_kind in kinds)


def _text_of_double(value: float) -> str | None:
    if not np.isfinite(value):
        return None
    if abs(value) < WHOLE and value == int(value):
        return str(int(value))
    return repr(value)


def _texts_by_engine(values: pa.Array) -> list[str | None]:
    """Return dates, decimals and other rare kinds as the engine writes them."""
    import duckdb  # noqa: PLC0415 (rare)

    rows = pa.table({"position": range(len(values)), "value": values})
    with duckdb.connect() as engine:
        engine.register("rows", rows)
        answer = engine.execute("SELECT value::VARCHAR FROM rows ORDER BY position")
        return [text for (text,) in answer.fetchall()]


def _encoded(column: pa.ChunkedArray) -> pa.DictionaryArray:
    array = one_array(column)
    return array if pa.types.is_dictionary(array.type) else array.dictionary_encode()
