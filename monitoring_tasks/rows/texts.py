"""Long texts cut before anything counts them: a name is short."""

from collections.abc import Iterable

import pyarrow as pa
import pyarrow.compute as pc

from monitoring_tasks.domain.texts import MAX_TEXT, short_text


def with_short_texts(table: pa.Table, names: Iterable[str]) -> pa.Table:
    """Return the table with the texts of some columns cut to `MAX_TEXT` characters.

    Different texts stay different (`short_text`). Columns that are absent, there twice
    or no texts, and columns whose texts are short, are left as they are.

    Args:
        table: Decoded rows. Not modified.
        names: Which columns; one that is named twice is cut once.
    """
    for name in dict.fromkeys(names):
        if table.column_names.count(name) != 1:
            continue
        column = table.column(name)
        kind = column.type.value_type if _is_dictionary(column) else column.type
        if not _is_text(kind):
            continue
        # No text has more characters than bytes: most columns need no more of a look.
        if _most_bytes(column) <= MAX_TEXT:
            continue
        texts = column.cast(kind).cast(pa.large_string())
        is_long = pc.greater(pc.utf8_length(texts), MAX_TEXT).combine_chunks()
        if not pc.any(is_long).as_py():
            continue
        # One after the other: a long text is large, and they may be many.
        short = pa.array(
            (short_text(text.as_py()) for text in texts.filter(is_long)),
            pa.large_string(),
        )
        cut = pc.replace_with_mask(
            texts.combine_chunks(), pc.fill_null(is_long, fill_value=False), short
        )
        table = table.set_column(table.column_names.index(name), name, cut)
    return table


def _most_bytes(texts: pa.ChunkedArray | pa.Array) -> int:
    if _is_dictionary(texts):
        return max((_most_bytes(chunk.dictionary) for chunk in texts.chunks), default=0)
    if texts.type == pa.string_view():
        texts = texts.cast(pa.large_string())
    return pc.max(pc.binary_length(texts)).as_py() or 0


def _is_dictionary(column: pa.ChunkedArray | pa.Array) -> bool:
    return bool(pa.types.is_dictionary(column.type))


def _is_text(kind: pa.DataType) -> bool:
    is_kind = (pa.types.is_string, pa.types.is_large_string, pa.types.is_string_view)
    return any(is_it(kind) for is_it in is_kind)
