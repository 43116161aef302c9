"""Arrays of numbers."""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Codes = NDArray[np.int64]
"""Numbers from 0 that stand for texts, groups or cells; -1 is none."""


def sums_by(codes: Codes, values: Floats, count: int) -> Floats:
    """Return the sum of the values of each code, shape (count,).

    Args:
        codes: Which sum each value belongs to, 0..count-1.
        values: What is added, shape like `codes`.
        count: How many sums there are.
    """
    summed = np.bincount(codes, weights=values, minlength=count)
    return summed.astype(np.float64, copy=False)
