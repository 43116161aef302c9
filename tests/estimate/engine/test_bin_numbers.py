"""The bin of a value: as numpy numbers it in memory, whatever the bins."""

import ibis
import numpy as np
import pyarrow as pa
import pytest

from monitoring_tasks.domain.counts import Bins
from monitoring_tasks.estimate.bin_tally import bin_numbers
from monitoring_tasks.estimate.engine.bin_numbers import bin_number, first_guess

COUNT = 10_000
BINS = {
    "usual": Bins(low=-2.5, high=7.25, coarse=7),
    "far from zero": Bins(low=1e9, high=1e9 + 3, coarse=7),
    "no wider than the last bit": Bins(low=1e12, high=1e12 + 1, coarse=7),
    "of a constant": Bins(low=-0.5, high=0.5, coarse=3),
    "without a width": Bins(low=1e17, high=1e17, coarse=1),
    "tiny": Bins(low=0.0, high=1e-300, coarse=7),
    "large": Bins(low=-1e60, high=1e60, coarse=7),
}


def values_around(bins: Bins) -> np.ndarray:
    """Return every edge, its neighbours, what lies between, and what lies outside."""
    edges = np.arange(COUNT + 1) * ((bins.high - bins.low) / COUNT) + bins.low
    random = np.random.default_rng(3)
    inside = random.uniform(bins.low, bins.high, 5_000)
    outside = [np.nan, np.inf, -np.inf, bins.low - 1e-9, bins.high + 1e-9]
    beside = [np.nextafter(edges, way) for way in (-np.inf, np.inf)]
    return np.concatenate([edges, *beside, inside, outside, [bins.low, bins.high]])


@pytest.mark.parametrize("name", BINS)
def test_an_engine_numbers_bins_as_memory_does(name: str) -> None:
    """Edges and their neighbours too; outside of the bins there is none."""
    bins = BINS[name]
    values = values_around(bins)
    held = ibis.duckdb.connect().create_table(
        "held", pa.table({"at": np.arange(len(values)), "x": values})
    )
    guessed = held.mutate(guess=first_guess(held["x"], bins, COUNT))
    number = bin_number(guessed["x"], guessed["guess"], bins, COUNT)
    answer = guessed.select("at", number=number).order_by("at").to_pyarrow()
    there = answer["number"].to_numpy(zero_copy_only=False)
    is_inside = (values >= bins.low) & (values <= bins.high)
    assert np.array_equal(np.isnan(there.astype(float)), ~is_inside)
    here = bin_numbers(values[is_inside], bins.low, bins.high, COUNT)
    assert np.array_equal(there[is_inside].astype(np.int64), here)
