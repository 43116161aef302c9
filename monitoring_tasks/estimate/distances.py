"""Distances between two sets of counts; NannyML's definitions, on counts.

Vectors are float64 of shape (n_bins,), rows by bin, both over the same bins and
each with at least one row. Nothing is modified.
"""

import numpy as np
from numpy.typing import NDArray
from scipy.special import chdtrc

Counts = NDArray[np.float64]
EMPTY_BIN_ROWS = 0.5
"""An empty bin counts as half a row in PSI (Jeffreys' prior for one bin)."""


def jensen_shannon(reference: Counts, current: Counts) -> float:
    """Return the Jensen-Shannon distance, base 2: 0 (same) to 1 (nothing in common).

    Args:
        reference: Rows of the reference by bin.
        current: Rows of the day by bin.

    References:
        Lin (1991), IEEE Trans. Information Theory 37, 145-151; its square root.
    """
    p, q = reference / reference.sum(), current / current.sum()
    middle = (p + q) / 2
    # Rounding may leave it a hair below 0, where there is no root.
    divergence = (_relative_entropy(p, middle) + _relative_entropy(q, middle)) / 2
    return float(np.sqrt(max(divergence, 0.0)))


def hellinger(reference: Counts, current: Counts) -> float:
    """Return the Hellinger distance: 0 (same) to 1 (nothing in common).

    Args:
        reference: Rows of the reference by bin.
        current: Rows of the day by bin.
    """
    p, q = reference / reference.sum(), current / current.sum()
    return float(np.sqrt(np.sum((np.sqrt(p) - np.sqrt(q)) ** 2) / 2))


def l_infinity(reference: Counts, current: Counts) -> float:
    """Return the largest difference of any one share: 0 to 1.

    Args:
        reference: Rows of the reference by bin.
        current: Rows of the day by bin.
    """
    p, q = reference / reference.sum(), current / current.sum()
    return float(np.max(np.abs(p - q)))


def population_stability(reference: Counts, current: Counts) -> float:
    """Return the population stability index: 0 (same) upwards, always finite.

    A bin that is empty on one side counts as half a row there, so the index grows
    with the rows that vanished and not with an arbitrary small number. A bin empty
    on both sides says nothing and adds nothing.

    Args:
        reference: Rows of the reference by bin.
        current: Rows of the day by bin.

    References:
        Siddiqi (2006), Credit Risk Scorecards, ch. 9.
    """
    used = (reference > 0) | (current > 0)
    p = np.maximum(reference[used], EMPTY_BIN_ROWS) / reference.sum()
    q = np.maximum(current[used], EMPTY_BIN_ROWS) / current.sum()
    return float(np.sum((q - p) * np.log(q / p)))


def chi_squared(reference: Counts, current: Counts) -> tuple[float, float]:
    """Return the chi-squared statistic of homogeneity and its p-value.

    Every category must have a row on one side. Two categories: with Yates'
    correction, as scipy and NannyML do. Assumes independent rows; rows that come
    in clusters make the p-value far too small. One category only: 0 and 1.

    Args:
        reference: Rows of the reference by category.
        current: Rows of the day by category.
    """
    observed = np.stack([reference, current])
    degrees = observed.shape[1] - 1
    if degrees == 0:
        return 0.0, 1.0
    sides, categories = observed.sum(axis=1), observed.sum(axis=0)
    expected = np.outer(sides, categories) / observed.sum()
    apart = np.abs(observed - expected)
    if degrees == 1:  # Yates: half a row nearer, but not past the expected one
        apart = apart - np.minimum(0.5, apart)
    statistic = float(np.sum(apart**2 / expected))
    return statistic, float(chdtrc(degrees, statistic))


def kolmogorov_smirnov(reference: Counts, current: Counts) -> float:
    """Return the largest gap of the distribution functions at the bin edges: 0 to 1.

    Args:
        reference: Rows below the first edge, in each bin, and above the last edge.
        current: The same for the day.

    Returns:
        At most the exact statistic, and less by no more than the share of rows in
        the fullest bin of either side.
    """
    p = np.cumsum(reference / reference.sum())
    q = np.cumsum(current / current.sum())
    return float(np.max(np.abs(p - q)[1:-1]))


def wasserstein(
    reference: Counts, current: Counts, *, width: float, outside: float
) -> float:
    """Return the area between the distribution functions, in units of the column.

    NannyML 0.13.1 (`drift/univariate/methods.py`), its quirk included: with any
    row below the first edge, one more row is counted there.

    Args:
        reference: Rows below the first edge, in each bin, and above the last edge.
        current: The same for the day.
        width: Width of one bin.
        outside: Mean distance of a row of the day from the nearest edge, 0 inside.
    """
    p = np.cumsum(reference[1:-1]) / reference.sum()
    below = current[0] + 1 if current[0] else 0.0
    q = (np.cumsum(current[1:-1]) + below) / current.sum()
    return float(np.sum(np.abs(p - q)) * width + outside)


def _relative_entropy(p: Counts, q: Counts) -> float:
    used = p > 0
    return float(np.sum(p[used] * np.log2(p[used] / q[used])))
