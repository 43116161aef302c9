import pickle

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitoring_tasks.statistics.bin_counts import BinCounts

ROWS = st.dictionaries(st.integers(0, 99), st.integers(0, 2**40), max_size=6)


@given(ROWS)
def test_it_is_the_mapping_it_was_made_of(rows: dict[int, int]) -> None:
    """Bins, rows, order, length and equality; both ways round."""
    kept = BinCounts.of(rows)
    assert kept == rows == dict(kept)
    assert list(kept) == list(rows)
    assert len(kept) == len(rows)
    assert repr(kept) == repr(rows)
    assert BinCounts.of(kept) is kept
    assert pickle.loads(pickle.dumps(kept)) == rows  # noqa: S301 (our own)
    assert all(type(number) is int for pair in kept.items() for number in pair)
    with pytest.raises(KeyError):
        kept[100]


@given(ROWS)
def test_every_bin_has_its_rows(rows: dict[int, int]) -> None:
    """A bin that was not counted has none."""
    dense = BinCounts.of(rows).dense(100)
    assert dense.dtype == np.float64
    assert dense.tolist() == [rows.get(number, 0) for number in range(100)]
    whole = BinCounts.of_every(dense.astype(np.int64))
    assert whole == {number: count for number, count in sorted(rows.items()) if count}
