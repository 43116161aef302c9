"""The cases: drawn one by one from the grammar, each from a seed of its own.

Cases to develop on have cells and data sets of their own; none is shared with those to
evaluate on. The first N cases are the same whatever N.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count, islice
from zlib import crc32

import numpy as np

from benchmarks.generalisation.data.schema import Schema
from benchmarks.generalisation.data.worlds import FIRST_ONSET, WORLDS, World
from benchmarks.generalisation.faults.grammar import (
    CONTROL,
    PRODUCTIONS,
    SEED,
    Cell,
    Rows,
    Shape,
    first_telling_day,
    log_uniform,
)
from benchmarks.generalisation.faults.terms import Production

DEVELOPMENT, EVALUATION = "development", "evaluation"
ROW_KINDS = {Rows.ALL: 0.4, Rows.SHARE: 0.25, Rows.SEGMENT: 0.25, Rows.HOUR: 0.1}
SHAPE_KINDS = {
    Shape.STEP: 0.55,
    Shape.RAMP: 0.15,
    Shape.SPIKE: 0.15,
    Shape.ON_OFF: 0.15,
}
TOLD_BY_LABELS = frozenset({"label", "relation", "registry", "reference"})
"""What lies there shows in labels alone, or by them best."""
NEED_LABELS = TOLD_BY_LABELS
LARGE_WEIGHT = 0.3
"""A large world is drawn less often: its days take seconds."""
DAYS_TO_TELL = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One fault in one world.

    Attributes:
        number: Its place in the list, from 0.
        part: `development` or `evaluation`.
        world: Name of the world.
        cell: What goes wrong, on which rows, in what shape.
        size: How large it is, in the unit of the production.
        onset: Its first day, counted in the history from 0.
        seed: Where all its chance comes from.
    """

    number: int
    part: str
    world: str
    cell: Cell
    size: float
    onset: int
    seed: int

    @property
    def name(self) -> str:
        """A name that is fit for a file and says nothing of the fault."""
        return f"{self.part}-{self.number:04d}-{self.seed:08x}"

    @property
    def production(self) -> Production:
        """The rule it was drawn from."""
        return PRODUCTIONS[self.cell.production]

    @property
    def family(self) -> str:
        """Where it lies."""
        return self.production.where

    @property
    def is_told_by_labels(self) -> bool:
        """Whether labels have to come before anybody can tell."""
        return self.family in TOLD_BY_LABELS

    @property
    def days(self) -> int:
        """How many days it lasts: until somebody has to be told, at the latest."""
        late = (WORLDS[self.world].delay_days or 1) - 1 if self.is_told_by_labels else 0
        return DAYS_TO_TELL + late + first_telling_day(self.cell.shape)


def cases(part: str) -> Iterator[Case]:
    """Draw the cases of a part, without end."""
    worlds = [
        world
        for world in WORLDS.values()
        if world.is_development == (part == DEVELOPMENT)
    ]
    return (_case(part, number, worlds) for number in count())


def first_cases(part: str, number: int) -> list[Case]:
    """Return the first cases of a part."""
    return list(islice(cases(part), number))


def _case(part: str, number: int, worlds: list[World]) -> Case:
    seed = crc32(f"{SEED}/{part}/{number}".encode())
    random = np.random.default_rng(seed)
    weights = np.array([LARGE_WEIGHT if w.is_large else 1.0 for w in worlds])
    while True:
        world = worlds[random.choice(len(worlds), p=weights / weights.sum())]
        cell = Cell(
            str(random.choice(list(PRODUCTIONS))),
            Rows(random.choice(list(ROW_KINDS), p=list(ROW_KINDS.values()))),
            Shape(random.choice(list(SHAPE_KINDS), p=list(SHAPE_KINDS.values()))),
        )
        if _is_of(cell, part) and _fits(cell, world):
            break
    return Case(
        number=number,
        part=part,
        world=world.name,
        cell=cell,
        size=log_uniform(PRODUCTIONS[cell.production].sizes, random),
        onset=int(random.integers(FIRST_ONSET, world.history_days)),
        seed=seed,
    )


def _is_of(cell: Cell, part: str) -> bool:
    if cell.production == CONTROL:
        return True
    return cell.is_development == (part == DEVELOPMENT)


def _fits(cell: Cell, world: World) -> bool:
    """Whether a fault can happen to a world at all."""
    production, schema = PRODUCTIONS[cell.production], world.data.schema
    if production.problems and schema.problem not in production.problems:
        return False
    if production.where in NEED_LABELS and world.delay_days is None:
        return False
    return len(columns_of(production, schema)) >= (
        production.fewest_columns if production.columns else 0
    )


def columns_of(production: Production, schema: Schema) -> tuple[str, ...]:
    """Return the inputs a production can hit."""
    match production.columns:
        case "number":
            return schema.continuous
        case "category":
            return schema.categorical
        case "any":
            return (*schema.continuous, *schema.categorical)
        case _:
            return ()
