import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitoring_tasks.contract.column_types import FLAG_WORDS, Holds
from monitoring_tasks.rows import label_values
from monitoring_tasks.rows.label_values import LabelValues, refuse_values

TEXTS = st.sampled_from(["yes", " NO ", "1", "0", "-0", "1e3", "inf", "nan", "?", ""])


def number_of(text: str) -> float | None:
    """Read a text as a finite number by itself."""
    try:
        number = float(text)
    except ValueError:
        return None
    return number if abs(number) < float("inf") else None


@pytest.mark.parametrize("holds", [Holds.BINARY, Holds.NUMBERS])
@given(chunks=st.lists(st.lists(st.none() | TEXTS, max_size=12), max_size=4))
def test_texts_are_read_as_each_by_itself(
    holds: Holds, chunks: list[list[str | None]]
) -> None:
    """Those that repeat, those that are missing and those of another part too."""
    column = pa.chunked_array(chunks, pa.string())
    texts = column.to_pylist()
    read = [
        None
        if text is None
        else FLAG_WORDS.get(text.strip().lower())
        if holds is Holds.BINARY
        else number_of(text)
        for text in texts
    ]
    lost = sum(t is not None and v is None for t, v in zip(texts, read, strict=True))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(label_values, "AT_A_TIME", 5)
        table, refused, why = refuse_values(
            pa.table({"label": column}), "label", LabelValues(holds=holds)
        )
    assert table["label"].to_pylist() == read
    assert refused == lost
    assert (f"{lost} of {len(texts)} labels are refused" in why) == bool(lost)
