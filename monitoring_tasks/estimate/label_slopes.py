"""By how much labels rise with what the model said, and how surely. Pure."""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from monitoring_tasks.statistics.arrays import Floats

SMALLEST_LEFT = 1e-9
"""Less of a residual is rounding."""


class Slope(NamedTuple):
    """A slope of labels on outputs; without a value where no output varies.

    Attributes:
        value: Covariance over the variance of the output.
        error: Its standard error, whatever the spread of labels along the outputs
            (White 1980, Econometrica 48, 817-838), with each residual divided by what
            its own row leaves of it (HC3: MacKinnon, White 1985, J. Econometrics 29,
            305-325): a row far off all others draws the line to itself.
    """

    value: float | None = None
    error: float | None = None


def slope_of(output: Floats, label: Floats, weights: Floats, rows: int) -> Slope:
    """Return the slope of labels on outputs.

    Args:
        output: What the model said, shape (n_cells,). Not modified.
        label: The labels of the same cells.
        weights: Share of the rows in each cell; they sum to 1.
        rows: How many rows there are.
    """
    around = output - weights @ output
    return _slope(around * (label - weights @ label), around**2, weights, rows)


def slope_of_classes(cells: Mapping[tuple[str, str], int]) -> Slope:
    """Return the slope of being a class on being predicted one, over all classes.

    It is 1 where every prediction is right and 0 where labels are dealt at random.

    Args:
        cells: (predicted class, label) -> rows.
    """
    rows = sum(cells.values())
    said: dict[str, float] = {}
    true: dict[str, float] = {}
    for (predicted, label), count in cells.items():
        said[predicted] = said.get(predicted, 0.0) + count / rows
        true[label] = true.get(label, 0.0) + count / rows
    together = sum(share * true.get(name, 0.0) for name, share in said.items())
    alike = sum(share**2 for share in said.values())
    # Of a cell: the sum over classes of both deviations, and of the squared one.
    both = [
        (predicted == label)
        - true.get(predicted, 0.0)
        - said.get(label, 0.0)
        + together
        for predicted, label in cells
    ]
    squared = [1 - 2 * said[predicted] + alike for predicted, _ in cells]
    weights = np.array(list(cells.values())) / rows
    return _slope(np.array(both), np.array(squared), weights, rows)


def _slope(both: Floats, squared: Floats, weights: Floats, rows: int) -> Slope:
    """Return the slope, from products of deviations and squared ones, by cell."""
    variance = float(weights @ squared)
    if variance <= 0:
        return Slope()
    slope = float(weights @ both) / variance
    # What a row leaves of its own residual; nothing where it alone holds the slope.
    left = 1 - 1 / rows - squared / (rows * variance)
    left = np.maximum(left, SMALLEST_LEFT)
    strays = float(weights @ ((both - slope * squared) / left) ** 2)
    return Slope(slope, (strays / rows) ** 0.5 / variance)
