"""How many rows of a batch break what its columns say of each other."""

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitoring_tasks.domain.relations import (
    CategoryTerm,
    NumericRelation,
    NumericTerm,
    PairRelation,
    Relations,
)
from monitoring_tasks.validate.relations.broken_relations import count_unrelated
from tests.validate import loans

DOUBLE = NumericRelation(
    column="both",
    constant=1.0,
    limit=0.5,
    explained=0.9,
    numbers=(NumericTerm(column="half", weight=2.0),),
    categories=(CategoryTerm(column="kind", means={"a": 10.0, "b": 20.0}, weight=1.0),),
)
HOMES = PairRelation(columns=("land", "town"), seen={"x": ("p", "q"), "y": ("r",)})


def counted(rows: dict[str, list[object]]) -> dict[str, tuple[int, int]]:
    """Count the rows that break either relation."""
    return count_unrelated(pa.table(rows), Relations(numbers=(DOUBLE,), pairs=(HOMES,)))


def test_rows_far_from_what_the_others_say_are_counted() -> None:
    """1 + 2 x half + the mean of the category, and half a unit either way."""
    rows = {"both": [13.0, 13.5, 13.6, 23.0], "half": [1.0] * 4, "kind": list("aaab")}
    assert counted(rows) == {"relation/both": (1, 4)}


@pytest.mark.parametrize(
    ("column", "value"), [("both", None), ("half", None), ("kind", None), ("kind", "z")]
)
def test_rows_that_lack_a_value_are_not_asked(column: str, value: object) -> None:
    """A null, or a category the reference does not know: others speak of it."""
    rows = {"both": [99.0, 13.0], "half": [1.0, 1.0], "kind": ["a", "a"]}
    rows[column][0] = value  # type: ignore[call-overload]  # each list has its own type
    assert counted(rows) == {"relation/both": (0, 1)}


def test_pairs_never_seen_are_counted() -> None:
    """Each category is known, and yet never beside the other; no stranger is asked."""
    rows = {
        "land": ["x", "y", "y", "x", None, "z"],
        "town": ["p", "r", "q", "s", "p", "p"],
    }
    assert counted(rows) == {"pair/land, town": (1, 3)}


def test_columns_that_cannot_be_computed_with_are_left_out() -> None:
    """Absent, or texts among numbers: the gates before say so."""
    assert counted({"both": ["13", "14"], "half": [1.0, 1.0], "kind": ["a", "a"]}) == {}
    assert counted({"both": [13.0], "kind": ["a"], "land": ["x"]}) == {}


@settings(max_examples=25, deadline=None)
@given(st.randoms(use_true_random=False), st.floats(0, 1))
def test_order_of_rows_says_nothing(random: object, share: float) -> None:
    """The same rows in any order give the same counts, and no more than there are."""
    rows = loans.rows_of(loans.TODAY)
    broken = np.arange(len(rows)) < share * len(rows)
    rows = rows.assign(rate=rows["rate"].mask(broken, -rows["rate"]))
    order = list(range(len(rows)))
    random.shuffle(order)  # type: ignore[attr-defined]  # one of hypothesis
    relations = loans.baseline().relations
    counts = count_unrelated(loans.table_of(rows), relations)
    assert count_unrelated(loans.table_of(rows.iloc[order]), relations) == counts
    assert all(0 <= unlike <= asked <= len(rows) for unlike, asked in counts.values())


def test_large_batch_is_sampled() -> None:
    """Of more rows than are asked a sample says the same, to its own error."""
    rows = pd.concat([loans.rows_of(loans.TODAY)] * 200, ignore_index=True)
    flipped = np.arange(len(rows)) % 5 == 0
    rows = rows.assign(rate=rows["rate"].mask(flipped, rows["rate"] + 50))
    unlike, asked = count_unrelated(loans.table_of(rows), loans.baseline().relations)[
        "relation/rate"
    ]
    assert asked == 50_000
    assert unlike / asked == pytest.approx(0.2, abs=0.02)
