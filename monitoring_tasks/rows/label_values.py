"""Which values are labels: the others are refused, one by one, and said."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from monitoring_tasks.contract.column_types import FLAG_WORDS, Holds, label_columns
from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.domain.texts import quoted_text

SHOWN = 3
"""So many refused values are shown."""
AT_A_TIME = 100_000
"""So many texts are objects of Python at a time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelValues:
    """What a label may be.

    Attributes:
        holds: `binary` for 0 and 1, `numbers` for finite ones; else `classes` decide.
        classes: The classes as text; empty for any.
    """

    holds: Holds = Holds.ANYTHING
    classes: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """What is agreed, in words."""
        if self.holds is Holds.BINARY:
            return "0 and 1 (or texts such as yes and no)"
        if self.holds is Holds.NUMBERS:
            return "finite numbers"
        return f"the classes {', '.join(self.classes)}"


ANY_VALUE = LabelValues()


def values_of(contract: Contract) -> LabelValues:
    """Return what the labels of a model may be."""
    holds = label_columns(contract)[contract.columns.label]
    return LabelValues(holds=holds, classes=contract.classes)


def refuse_values(
    labels: pa.Table, name: str, values: LabelValues
) -> tuple[pa.Table, int, str]:
    """Return the labels with null for every value that is none, how many and why.

    Args:
        labels: The labels; not changed.
        name: The column of the label.
        values: What a label may be.
    """
    column = labels[name]
    if pa.types.is_null(column.type) or pa.types.is_nested(column.type):
        return labels, 0, ""
    match values.holds:
        case Holds.BINARY:
            read = _each(column, _flag) if _is_text(column) else _zero_or_one(column)
        case Holds.NUMBERS:
            read = _each(column, _number) if _is_text(column) else _finite(column)
        case _:
            read = _among(column, values.classes) if values.classes else column
    if read.type == column.type and read.null_count == column.null_count:
        return labels, 0, ""
    lost = pc.and_not(
        # A NaN is no label that was refused: nothing was said.
        pc.invert(pc.is_null(column, nan_is_null=True)),
        pc.is_valid(read),
    )
    refused = pc.sum(lost).as_py() or 0
    table = labels.set_column(labels.schema.get_field_index(name), name, read)
    if not refused:
        return table, 0, ""
    counted = Counter(column.filter(lost).to_pylist())
    some = ", ".join(quoted_text(str(value)) for value, _ in counted.most_common(SHOWN))
    ellipsis = ", ..." if len(counted) > SHOWN else ""
    why = (
        f"{refused} of {labels.num_rows} labels are refused: '{name}' holds "
        f"{some}{ellipsis}, the contract allows {values.text}; map them in the source"
    )
    return table, refused, why


def _is_text(column: pa.ChunkedArray) -> bool:
    return bool(pa.types.is_string(column.type))


def _each(
    column: pa.ChunkedArray, read: Callable[[str], float | None]
) -> pa.ChunkedArray:
    """Return the numbers texts stand for, each text of a part read once."""
    parts = []
    for batch in pa.table([column], ["text"]).to_batches(max_chunksize=AT_A_TIME):
        texts = batch.column(0).dictionary_encode()
        values = (read(text) for text in texts.dictionary.to_pylist())
        parts.append(pa.array(values, pa.float64()).take(texts.indices))
    return pa.chunked_array(parts, pa.float64())


def _flag(text: str) -> float | None:
    return FLAG_WORDS.get(text.strip().lower())


def _number(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if abs(number) < float("inf") else None


def _zero_or_one(column: pa.ChunkedArray) -> pa.ChunkedArray:
    if pa.types.is_boolean(column.type):
        return column
    if not (pa.types.is_integer(column.type) or pa.types.is_floating(column.type)):
        return pa.chunked_array([pa.nulls(len(column), pa.float64())])
    is_class = pc.or_(pc.equal(column, 0), pc.equal(column, 1))
    return pc.if_else(is_class, column, pa.scalar(None, column.type))


def _finite(column: pa.ChunkedArray) -> pa.ChunkedArray:
    if not pa.types.is_floating(column.type):
        return column
    return pc.if_else(pc.is_finite(column), column, pa.scalar(None, column.type))


def _among(column: pa.ChunkedArray, classes: tuple[str, ...]) -> pa.ChunkedArray:
    is_class = pc.is_in(column.cast(pa.string()), value_set=pa.array(classes))
    return pc.if_else(is_class, column, pa.scalar(None, column.type))
