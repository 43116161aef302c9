"""The chance of a number past a promised limit while the truth lies on the limit."""

import numpy as np
import numpy.typing as npt
from scipy.special import ndtr

Floats = npt.NDArray[np.float64]


def p_value_past(past: npt.ArrayLike, error: float, *, width: float) -> Floats:
    """Return the probability that sampling alone takes a number at least so far.

    Normal: P(Z > past / error) + P(Z > (past + width) / error), at most 1. The second
    term is the tail past the other limit. Without any error a number past its limit is
    certain, and any other is none.

    Args:
        past: By how much numbers lie past the limit, negative within it; any shape.
        error: Standard error of a number, >= 0; infinite where it is not known.
        width: Distance to the limit on the other side; infinite without one.

    Returns:
        The shape of `past`.

    >>> round(float(p_value_past(1.96, 1.0, width=float("inf"))), 3)
    0.025
    """
    beyond = np.asarray(past, dtype=np.float64)
    # Without an error the number is the truth.
    if error <= 0:
        return np.where(beyond > 0, 0.0, 1.0)
    far = 0.0 if np.isinf(width) else ndtr(-(beyond + width) / error)
    return np.asarray(np.minimum(ndtr(-beyond / error) + far, 1.0), dtype=np.float64)
