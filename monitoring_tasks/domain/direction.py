"""In which direction a metric is better, and how much worse a value is."""

from enum import StrEnum


class Better(StrEnum):
    """In which direction a number is better; `none` where neither is."""

    HIGHER = "higher"
    LOWER = "lower"
    NEARER_ZERO = "nearer_zero"
    NONE = "none"

    @property
    def worse_signs(self) -> tuple[int, ...]:
        """The sides on which a number gets worse: 1 above, -1 below."""
        sides = {Better.HIGHER: (-1,), Better.LOWER: (1,), Better.NEARER_ZERO: (-1, 1)}
        return sides.get(self, ())


def loss(better: Better, value: float, expected: float) -> float:
    """Return by how much a value is worse than expected; negative when it is better.

    Of what is better nearer zero, how much farther from zero it lies, on either side.

    Args:
        better: In which direction; not `none`.
        value: The value.
        expected: What it is held against, in the same unit.

    >>> loss(Better.NEARER_ZERO, -3.0, 1.0)
    2.0
    """
    if better is Better.NEARER_ZERO:
        return abs(value) - abs(expected)
    (sign,) = better.worse_signs
    return sign * (value - expected)


def loss_on_side(better: Better, value: float, expected: float, sign: int) -> float:
    """Return the loss on one of the sides a metric gets worse on: 1 above, -1 below.

    Args:
        better: In which direction; not `none`.
        value: The value.
        expected: What it is held against, in the same unit.
        sign: 1 for the side above, -1 for the side below.
    """
    if better is Better.NEARER_ZERO:
        return sign * value - abs(expected)
    return sign * (value - expected)
