"""Ranks of numbers."""

import numpy as np
from scipy.stats import rankdata

from monitoring_tasks.statistics.ranks import average_ranks


def test_ranks_are_scipys_to_the_last_digit() -> None:
    """Ties share their mean rank, as SciPy has it."""
    random = np.random.default_rng(3)
    for values in (random.normal(size=500), random.integers(0, 9, 500).astype(float)):
        np.testing.assert_array_equal(average_ranks(values), rankdata(values))
