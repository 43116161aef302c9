"""Long texts are cut before anything counts them."""

import pyarrow as pa
import pytest

from monitoring_tasks.domain.texts import MAX_TEXT, short_text
from monitoring_tasks.rows.texts import with_short_texts


@pytest.mark.parametrize(
    "kind",
    [
        pa.string(),
        pa.large_string(),
        pa.string_view(),
        pa.dictionary(pa.int32(), pa.string()),
    ],
)
def test_long_texts_are_cut_and_stay_different(kind: pa.DataType) -> None:
    """Also where they differ at the end alone, in any type of text."""
    long = "ü" * 10_000
    values = ["north", None, f"{long}a", f"{long}b"]
    table = pa.table({"c": pa.chunked_array([values, values[:1]]).cast(pa.string())})
    if pa.types.is_dictionary(kind):
        table = pa.table({"c": table["c"].dictionary_encode()})
    else:
        table = table.cast(pa.schema({"c": kind}))
    cut = with_short_texts(table, ["c", "absent"])["c"].to_pylist()
    assert cut == ["north", None, *map(short_text, values[2:]), "north"]
    assert len(set(cut)) == 4
    assert max(len(text) for text in cut if text) == MAX_TEXT


def test_short_texts_and_other_types_are_left_alone() -> None:
    """What is short is not touched."""
    table = pa.table({"c": ["a" * MAX_TEXT, "b"], "n": [1, 2]})
    assert with_short_texts(table, ["c", "n"]) == table
