"""The bin a value lies in, reckoned in an engine as numpy reckons it.

In two steps, so that an engine that computes what is named twice twice computes the
first guess once. Edges are `i * step + low`, as `numpy.linspace` computes them.
"""

import math

import ibis
import ibis.expr.types as ir

from monitoring_tasks.domain.counts import Bins
from monitoring_tasks.engine.values import double

ROOM = 2.0**20
"""Bins so many times as wide as the last bit of their edges are guessed upwards."""
UPWARDS = 2.0**-12
"""Of a bin: more than all roundings of such a guess, so that it is never too low."""


def first_guess(x: ir.FloatingValue, bins: Bins, count: int) -> ir.IntegerValue:
    """Return the bin a value lies in, or one beside it.

    Args:
        x: Doubles; null or not-a-number where there is none.
        bins: Its first and last edge.
        count: How many bins there are.

    Returns:
        Null where the value is none, or outside the bins.
    """
    width = bins.high - bins.low
    if _is_wide(bins, count):
        scale = count / width
        share = x * double(scale) + double(UPWARDS - bins.low * scale)
    elif width > 0:
        share = (x - double(bins.low)) / double(width) * double(count)
    else:
        # Bins around a constant so large that 0.5 is lost in it have no width.
        share = double(count)
    # The number inside the branch: outside the bins it may be none an integer holds.
    inside = (x >= double(bins.low)) & (x <= double(bins.high))
    guess = ibis.least(share.floor(), count - 1)
    return inside.ifelse(guess, ibis.null("int64"))


def bin_number(
    x: ir.FloatingValue, guess: ir.IntegerValue, bins: Bins, count: int
) -> ir.IntegerValue:
    """Return the bin a value lies in: its first guess, held against the edges.

    Args:
        x: The values.
        guess: As `first_guess` returns it of the same values and bins.
        bins: First and last edge.
        count: How many bins there are.
    """
    low, step = double(bins.low), double((bins.high - bins.low) / count)
    is_below = x < guess.cast("float64") * step + low
    if _is_wide(bins, count):
        return ibis.cases((is_below, guess - 1), else_=guess)
    is_above = x >= (guess + 1).cast("float64") * step + low
    is_last = guess >= count - 1
    return ibis.cases(
        (is_below, guess - 1), (is_above & ~is_last, guess + 1), else_=guess
    )


def _is_wide(bins: Bins, count: int) -> bool:
    """Whether a bin is so wide that roundings cannot put a value beyond the next."""
    last_bit = math.ulp(max(abs(bins.low), abs(bins.high)))
    return (bins.high - bins.low) / count >= ROOM * last_bit
