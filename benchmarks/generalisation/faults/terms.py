"""What a fault is given, and what it is: a pure function of a day and its terms."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from benchmarks.generalisation.data.models import Model
from benchmarks.generalisation.data.schema import Batch, Schema

if TYPE_CHECKING:
    import pandas as pd

Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What a fault needs to know of a day.

    Attributes:
        schema: Which column is what.
        random: Where all chance of the day comes from.
        size: How large the fault is, in the fault's own unit.
        rows: Which predictions are hit; shape (n_rows,).
        names: The inputs that are hit, the same every day.
        sign: 1 or -1: up or down, the same every day.
        before: The day before, as it was delivered without any fault.
        usual: Healthy rows of several days, with outputs and labels.
        served: The model that serves.
        other: The model that part of the rows come from: an older version, or a
            release.
        other_version: Its name.
    """

    schema: Schema
    random: np.random.Generator
    size: float
    rows: Mask
    names: tuple[str, ...]
    sign: int
    before: Batch
    usual: "pd.DataFrame"
    served: Model
    other: Model
    other_version: str


Change = Callable[[Batch, Terms], Batch]


@dataclass(frozen=True, slots=True, kw_only=True)
class Production:
    """A rule of the grammar: what goes wrong, and where.

    Attributes:
        what: The verb: `missing`, `rescaled` ...
        where: What it happens to: `input`, `label` ...
        change: What it does to a day.
        sizes: Smallest and largest size; drawn evenly on a logarithmic scale.
        columns: Kind of the inputs that are hit: `number`, `category` or `any`.
        problems: Kinds of model it can happen to; none named: all.
        is_rescored: Whether the model scores the changed inputs.
        most_columns: How many inputs are hit at most; 2 and more are drawn.
        fewest_columns: And at least.
    """

    what: str
    where: str
    change: Change
    sizes: tuple[float, float] = (1.0, 1.0)
    columns: str = ""
    problems: frozenset[str] = frozenset()
    is_rescored: bool = False
    fewest_columns: int = 1
    most_columns: int = 3

    @property
    def name(self) -> str:
        """What and where."""
        return f"{self.what} {self.where}"
