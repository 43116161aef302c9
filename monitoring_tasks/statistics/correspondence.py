"""How closely two columns of codes go together, and the numbers that show it best.

Correspondence analysis: Hirschfeld (1935), Proc. Camb. Phil. Soc. 31, 520-524;
Greenacre (2017), Correspondence Analysis in Practice, 3rd ed.
"""

import numpy as np

from monitoring_tasks.statistics.arrays import Codes, Floats

FEWEST_BEHIND = 0.05
"""Share of the rows an axis has to rest on (Kish's effective share of its squares)."""


def contingency_table(first: Codes, second: Codes, shape: tuple[int, int]) -> Floats:
    """Return how many rows have each pair of codes, shape `shape`.

    Args:
        first: Of every row, 0 up to `shape[0]` - 1; below 0 where it has none. Shape
            (n_rows,).
        second: The same of the other column, up to `shape[1]` - 1.
        shape: How many codes each column has.
    """
    both = (first >= 0) & (second >= 0)
    pairs = first[both] * shape[1] + second[both]
    counts = np.bincount(pairs, minlength=shape[0] * shape[1])
    return np.asarray(counts.reshape(shape), dtype=np.float64)


def mean_square_contingency(table: Floats) -> float:
    """Return Pearson's phi squared beyond what chance brings on so many rows, >= 0.

    Args:
        table: Rows by pair of codes.
    """
    if not table.any():
        return 0.0
    apart, first, second = _apart(table)
    chance = (np.count_nonzero(first) - 1) * (np.count_nonzero(second) - 1)
    return max(float((apart**2).sum() - chance / table.sum()), 0.0)


def first_axis(table: Floats) -> tuple[Floats, Floats]:
    """Return the numbers by code under which the two columns correlate most.

    Of mean 0 and variance 1 over the rows they rest on. A rare code that both columns
    have together (`unknown`) would be all there is to say: where one code of few rows
    makes an axis, it is left out and the axis is that of the other rows.

    Args:
        table: Rows by pair of codes, not all 0.

    Returns:
        0 for a code that no row has and for one that was left out; shapes
        (`table.shape[0]`,) and (`table.shape[1]`,).
    """
    axes = _axis(table)
    for place, scores in enumerate(axes):
        weights = table.sum(axis=1 - place) / table.sum()
        if float(weights @ scores**4) > 1 / FEWEST_BEHIND:
            rest = table.copy()
            rest.swapaxes(0, place)[np.argmax(weights * scores**2)] = 0
            return first_axis(rest) if rest.any() else (0 * axes[0], 0 * axes[1])
    return axes


def _axis(table: Floats) -> tuple[Floats, Floats]:
    apart, first, second = _apart(table)
    left, _, right = np.linalg.svd(apart, full_matrices=False)
    axis = left[:, 0]
    # The sign of an axis is anybody's choice; the same one wherever it is computed.
    sign = 1.0 if axis[np.argmax(np.abs(axis))] > 0 else -1.0
    return _divided(sign * axis, first), _divided(sign * right[0], second)


def _apart(table: Floats) -> tuple[Floats, Floats, Floats]:
    """Return deviations from independence, and the roots of both margins."""
    shares = table / table.sum()
    of_first, of_second = shares.sum(axis=1), shares.sum(axis=0)
    first, second = np.sqrt(of_first), np.sqrt(of_second)
    apart = shares - np.outer(of_first, of_second)
    return _divided(apart, np.outer(first, second)), first, second


def _divided(values: Floats, by: Floats) -> Floats:
    return np.divide(values, by, out=np.zeros_like(values), where=by > 0)
