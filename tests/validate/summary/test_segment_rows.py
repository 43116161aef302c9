"""The rows of each segment."""

from collections import Counter

import pyarrow as pa

from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.validate.summary.segment_rows import SEGMENT_ROWS, segment_rows
from tests.builders import COLUMNS, make_contract


def contract(**policy: object) -> Contract:
    """Declare a segment and a protected column."""
    roles = {"categorical": ["c"], "segments": ["c"], "protected": ["g"]}
    return make_contract(columns=COLUMNS | roles, policy={"min_rows": 10} | policy)


def table(**columns: list[object]) -> pa.Table:
    """Return rows that are numbered."""
    rows = len(next(iter(columns.values())))
    return pa.table({"row": range(rows), **columns})


def test_segments_are_those_with_enough_rows() -> None:
    """Nulls and small ones are left out; each row is in its own segment."""
    values = ["a", None, "b"] * 20 + ["c"] * 9
    parts = list(segment_rows(table(c=values), contract()))
    assert [(name, part) for name, part, _ in parts] == [("c", "c=a"), ("c", "c=b")]
    assert parts[0][2]["row"].to_pylist() == list(range(0, 60, 3))


def test_numbers_are_segments_by_their_text() -> None:
    """A protected group may be a number; an absent column has no segments."""
    parts = list(segment_rows(table(g=[1, 2] * 10), contract()))
    assert [part for _, part, _ in parts] == ["g=1", "g=2"]


def test_largest_segments_are_looked_at() -> None:
    """Of more than `max_segments` the largest; of many rows every so many-th."""
    values = ["big"] * (2 * SEGMENT_ROWS + 1) + ["small"] * 10 + ["more"] * 20
    parts = {
        p: r for _, p, r in segment_rows(table(c=values), contract(max_segments=2))
    }
    assert set(parts) == {"c=big", "c=more"}
    assert SEGMENT_ROWS / 2 < parts["c=big"].num_rows <= SEGMENT_ROWS
    assert Counter(parts["c=big"]["c"].to_pylist()) == {"big": parts["c=big"].num_rows}
