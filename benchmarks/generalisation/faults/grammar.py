"""The grammar: every production on every kind of rows in every shape, and its split.

A cell is what x where x rows x shape. A quarter of the productions (what x where) is
never developed on, whatever the rows; of the others half of the cells. Which, a hash
with a recorded seed decides.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from zlib import crc32

import numpy as np
import pandas as pd

from benchmarks.generalisation.data.schema import TIME
from benchmarks.generalisation.faults.inputs import INPUTS
from benchmarks.generalisation.faults.labels import LABELS
from benchmarks.generalisation.faults.outputs import OUTPUTS
from benchmarks.generalisation.faults.releases import RELEASES
from benchmarks.generalisation.faults.rows import ROWS
from benchmarks.generalisation.faults.terms import Mask, Production
from benchmarks.generalisation.faults.world_changes import WORLD_CHANGES

SEED = 20_261_130
"""Recorded once: the split of the cells and every case follow from it."""
UNSEEN_OF = 4
CONTROL = "equal registry"
"""Nothing is wrong with it; both parts ask it."""


class Rows(StrEnum):
    """Which rows are hit."""

    ALL = "all"
    SHARE = "share"
    SEGMENT = "segment"
    HOUR = "hour"


class Shape(StrEnum):
    """How a fault goes over the days."""

    STEP = "step"
    RAMP = "ramp"
    SPIKE = "spike"
    ON_OFF = "on-off"


RAMP_DAYS = 4
HALF = 0.5
SHAPES: Mapping[Shape, tuple[float, ...]] = {
    Shape.STEP: (1.0,),
    Shape.RAMP: tuple((n + 1) / RAMP_DAYS for n in range(RAMP_DAYS)),
    Shape.SPIKE: (1.0, 0.0),
    Shape.ON_OFF: (
        1.0,
        0.0,
        1.0,
        0.0,
        1.0,
        0.0,
        1.0,
        0.0,
        1.0,
        0.0,
        1.0,
        0.0,
        1.0,
        0.0,
    ),
}
"""Share of the rows that would be hit which are, by day; the last one holds on."""
PRODUCTIONS: Mapping[str, Production] = {
    production.name: production
    for production in (*INPUTS, *ROWS, *OUTPUTS, *LABELS, *WORLD_CHANGES, *RELEASES)
}


@dataclass(frozen=True, slots=True)
class Cell:
    """What goes wrong, on which rows, in what shape."""

    production: str
    rows: Rows
    shape: Shape

    @property
    def is_unseen(self) -> bool:
        """Whether its production is never developed on."""
        return _hash(self.production) % UNSEEN_OF == 0

    @property
    def is_development(self) -> bool:
        """Whether it may be looked at while the judgement is tuned."""
        name = f"{self.production}/{self.rows}/{self.shape}"
        return not self.is_unseen and _hash(name) % 2 == 0


def _hash(text: str) -> int:
    return crc32(f"{SEED}/{text}".encode())


def weight_of(shape: Shape, number: int) -> float:
    """Return the share of the hit rows on the faulty day `number`, from 0."""
    weights = SHAPES[shape]
    return weights[min(number, len(weights) - 1)]


def first_telling_day(shape: Shape) -> int:
    """Return the first faulty day, from 0, on which half of the rows are hit."""
    return next(n for n, weight in enumerate(SHAPES[shape]) if weight >= HALF)


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """Which rows are hit, the same every day.

    Attributes:
        rows: The kind.
        share: Share of the rows, of `share`.
        column: The column, of `segment`.
        value: Its value.
        hour: The hour of the day, of `hour`, in UTC.
    """

    rows: Rows
    share: float = 1.0
    column: str = ""
    value: str = ""
    hour: int = 0

    def mask(
        self, rows: pd.DataFrame, random: np.random.Generator, weight: float
    ) -> Mask:
        """Say which rows are hit; shape (n_rows,).

        Args:
            rows: Healthy predictions of a day.
            random: Chance of the day.
            weight: Share of the rows in question which are hit.
        """
        share = self.share if self.rows is Rows.SHARE else 1.0
        is_drawn = random.random(len(rows)) < weight * share
        return np.asarray(is_drawn & self._asked(rows))

    def _asked(self, rows: pd.DataFrame) -> Mask:
        match self.rows:
            case Rows.ALL | Rows.SHARE:
                return np.ones(len(rows), dtype=bool)
            case Rows.SEGMENT:
                return np.asarray(rows[self.column].eq(self.value), dtype=bool)
            case Rows.HOUR:
                return np.asarray(rows[TIME].dt.hour.eq(self.hour), dtype=bool)


SHARES = (0.03, 0.6)
SMALLEST_SEGMENT, LARGEST_SEGMENT = 0.03, 0.6


def choose(
    rows: Rows,
    usual: pd.DataFrame,
    categorical: Sequence[str],
    random: np.random.Generator,
) -> Chosen:
    """Draw which rows are hit: a share, a value of a category, an hour."""
    share = log_uniform(SHARES, random)
    hours = usual[TIME].dt.hour.value_counts(normalize=True)
    hour = int(random.choice(hours[hours > SMALLEST_SEGMENT].index.to_numpy()))
    pairs = [
        (name, str(value))
        for name in categorical
        for value, part in usual[name].value_counts(normalize=True).items()
        if SMALLEST_SEGMENT <= part <= LARGEST_SEGMENT
    ]
    column, value = pairs[int(random.integers(len(pairs)))]
    return Chosen(rows=rows, share=share, column=column, value=value, hour=hour)


def log_uniform(bounds: tuple[float, float], random: np.random.Generator) -> float:
    """Draw a number between two bounds, evenly on a logarithmic scale."""
    low, high = np.log(bounds)
    return float(np.exp(random.uniform(low, high)))
