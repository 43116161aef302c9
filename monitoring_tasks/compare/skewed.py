"""Limits of numbers whose days are not spread evenly around their mean."""

import math
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np
from scipy.special import expit

from monitoring_tasks.compare.baseline import Expected

FARTHEST = math.log(np.finfo(np.float64).max)
"""Logarithm of the largest number there is."""


class Shape(StrEnum):
    """On what scale the days of a number are spread as Student's t.

    `plain`: as it is. `share`: on the log odds, for shares between 0 and 1.
    `positive`: on the logarithm, for distances and errors.
    """

    PLAIN = "plain"
    SHARE = "share"
    POSITIVE = "positive"


@dataclass(frozen=True, slots=True, kw_only=True)
class Scaled:
    """What is expected of a number, on the scale of its shape."""

    shape: Shape
    expected: Expected

    def edge(self, false_alarm: float, sign: int) -> float:
        """Return the value that chance passes on one side (+1 above, -1 below).

        Where chance knows no bounds the end of the range: 0 or 1 for a share, the
        largest number there is for a positive one.

        Args:
            false_alarm: The probability, in (0, 1).
            sign: The side.
        """
        on_scale = self.expected.mean + sign * self.expected.critical_distance(
            false_alarm
        )
        if self.shape is Shape.SHARE:
            return float(expit(on_scale))
        return (
            math.exp(min(on_scale, FARTHEST))
            if self.shape is Shape.POSITIVE
            else on_scale
        )

    def p_value(self, value: float, sign: int) -> float:
        """Return the probability of a value so far off on that side, or farther.

        Args:
            value: On the plain scale.
            sign: The side: +1 above the mean, -1 below.
        """
        if self.shape is Shape.PLAIN:
            on_scale = value
        # At an end of the range the log is infinite, and so is the distance.
        elif value <= 0 or (self.shape is Shape.SHARE and value >= 1):
            on_scale = -math.inf if value <= 0 else math.inf
        elif self.shape is Shape.SHARE:
            on_scale = math.log(value / (1 - value))
        else:
            on_scale = math.log(value)
        return self.expected.p_value(sign * (on_scale - self.expected.mean))


def scaled(expected: Expected, shape: Shape) -> Scaled:
    """Carry mean and standard error over to the scale of a shape.

    Share p with error s: log odds log(p / (1 - p)), error s / (p (1 - p)) (delta
    method). Positive number m with error s: variance v = log(1 + (s / m)^2), mean
    log(m) - v / 2 (the lognormal with these moments). A mean at the end of the range
    knows no other scale: it stays on the plain one.

    When it lies: days of yet another shape; a share whose days are so wide (s beyond
    half of p (1 - p)) that the delta method no longer holds.

    Args:
        expected: On the plain scale.
        shape: Which scale.

    References:
        Agresti (2013), Categorical Data Analysis, section 3.1 (log odds).
        Johnson, Kotz, Balakrishnan (1994), Continuous Univariate Distributions 1, 14.
    """
    mean, error = expected.mean, expected.error
    if shape is Shape.SHARE and 0 < mean < 1:
        spread = mean * (1 - mean)
        odds = replace(expected, mean=math.log(mean / (1 - mean)), error=error / spread)
        return Scaled(shape=shape, expected=odds)
    if shape is Shape.POSITIVE and mean > 0:
        variance = math.log1p((error / mean) ** 2)
        on_scale = math.log(mean) - variance / 2
        log = replace(expected, mean=on_scale, error=math.sqrt(variance))
        return Scaled(shape=shape, expected=log)
    return Scaled(shape=Shape.PLAIN, expected=expected)
