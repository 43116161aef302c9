import pickle
from collections.abc import Mapping

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitoring_tasks.domain.counts import BinaryOutcome, add_up
from monitoring_tasks.statistics.cell_counts import Cell, CellCounts

CELLS = st.tuples(st.integers(0, 9_999), st.integers(-1, 1), st.integers(-1, 1))
ROWS = st.dictionaries(CELLS, st.integers(0, 2**40), max_size=6)
SUMS = st.floats(0, 1e6, allow_nan=False)
DAYS = st.lists(
    st.dictionaries(CELLS, st.tuples(st.integers(0, 2**40), SUMS), max_size=6),
    min_size=1,
    max_size=5,
)


def looped(days: list[Mapping[Cell, float]]) -> dict[Cell, float]:
    """Add mappings up in a plain loop."""
    total: dict[Cell, float] = {}
    for day in days:
        for cell, value in day.items():
            total[cell] = total.get(cell, 0) + value
    return total


@given(ROWS)
def test_it_is_the_mapping_it_was_made_of(counted: dict[Cell, int]) -> None:
    """Cells, values, order, length and equality; both ways round."""
    kept = CellCounts.of(counted)
    assert kept == counted == dict(kept)
    assert list(kept) == list(counted)
    assert len(kept) == len(counted)
    assert repr(kept) == repr(counted)
    assert CellCounts.of(kept) is kept
    assert pickle.loads(pickle.dumps(kept)) == counted  # noqa: S301 (our own)
    assert all(type(rows) is int for rows in kept.values())
    with pytest.raises(KeyError):
        kept[10_000, 0, 0]


@given(DAYS)
def test_days_add_up_as_a_loop_would(days: list[dict[Cell, tuple[int, float]]]) -> None:
    """To the last bit, whatever the first day is kept as, and rows stay whole."""
    rows = [{cell: n for cell, (n, _) in day.items()} for day in days]
    sums = [{cell: total for cell, (_, total) in day.items()} for day in days]
    outcomes = [
        BinaryOutcome(cells=CellCounts.of(n), score_sums=CellCounts.of(total))
        for n, total in zip(rows, sums, strict=True)
    ]
    merged = add_up(outcomes)
    assert merged.cells == looped(rows)
    assert merged.score_sums == looped(sums)
    assert all(type(n) is int for n in merged.cells.values())
    mixed = [outcomes[0], *(BinaryOutcome(cells=n) for n in rows[1:])]
    assert add_up(mixed).cells == looped(rows)


def test_cells_of_both_counts_stay_in_one_order() -> None:
    """Rows and sums of scores are read side by side."""
    cells = np.array([[7, 1, 0], [2, 0, -1]])
    day = BinaryOutcome(
        cells=CellCounts(cells, np.array([1, 2])),
        score_sums=CellCounts(cells, np.array([0.1, 0.2])),
    )
    both = add_up([day, day])
    assert list(both.cells) == list(both.score_sums) == [(2, 0, -1), (7, 1, 0)]
