"""A case worked out: every faulty day as it is delivered, and what the fault costs."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from benchmarks.generalisation.cases import Case, columns_of
from benchmarks.generalisation.data.making import MadeWorld
from benchmarks.generalisation.data.models import Model
from benchmarks.generalisation.data.schema import (
    ARRIVED,
    ID,
    LABEL,
    OLDER,
    SERVED,
    TIME,
    Batch,
)
from benchmarks.generalisation.data.worlds import World
from benchmarks.generalisation.faults.grammar import Chosen, choose, weight_of
from benchmarks.generalisation.faults.releases import Plan, train
from benchmarks.generalisation.faults.terms import Terms
from benchmarks.generalisation.harm import Harm, harm_of
from benchmarks.generalisation.truths import Truth, truth_of

if TYPE_CHECKING:
    from collections.abc import Sequence

SAMPLE_ROWS = 5_000
"""Rows on which a fault's cost is measured."""
RELEASES = frozenset({"registry", "reference"})


@dataclass(frozen=True)
class Delivered:
    """A case in its made world; the same whenever it is worked out.

    Attributes:
        case: What goes wrong.
        made: The files of its world.
        version: Name of the release, once the registry has given it one.
    """

    case: Case
    made: MadeWorld
    version: str = "release"

    @property
    def world(self) -> World:
        """The world."""
        return self.made.world

    @property
    def days(self) -> "Sequence[date]":
        """The faulty days."""
        return self.world.days[self.case.onset : self.case.onset + self.case.days]

    @cached_property
    def usual(self) -> pd.DataFrame:
        """Healthy rows, scored and labelled, by which a fault is chosen."""
        return _usual(self.made)

    @cached_property
    def _drawn(self) -> tuple[tuple[str, ...], int, Chosen]:
        """Draw what stays the same every day: inputs, direction, rows."""
        random = self._random(1)
        production, schema = self.case.production, self.world.data.schema
        possible = columns_of(production, schema)
        names: tuple[str, ...] = ()
        if possible:
            most = min(production.most_columns, len(possible))
            many = int(random.integers(production.fewest_columns, most + 1))
            names = tuple(
                str(name) for name in random.choice(possible, many, replace=False)
            )
        sign = 1 if random.random() < 0.5 else -1
        rows = choose(self.case.cell.rows, self.usual, schema.categorical, random)
        return names, sign, rows

    @cached_property
    def release(self) -> tuple[Model, pd.DataFrame] | None:
        """The release and its reference; None where the fault is another."""
        production = self.case.production
        if production.where not in RELEASES:
            return None
        names, sign, _ = self._drawn
        plan = Plan(
            schema=self.world.data.schema,
            random=self._random(2),
            size=self.case.size,
            names=names,
            sign=sign,
        )
        return train(production.name, plan, self.made.training(), self.made.reference())

    def _random(self, *place: int) -> np.random.Generator:
        return np.random.default_rng([self.case.seed, *place])

    def delivered(self, day: date) -> Batch:
        """Return a faulty day as it is delivered."""
        number = (day - self.days[0]).days
        weight = weight_of(self.case.cell.shape, number)
        clean = _clean(self.made, day)
        if weight <= 0:
            return clean
        before = _clean(self.made, day - timedelta(days=1))
        return self._broken(clean, before, weight, self._random(3, number))

    def _broken(
        self, clean: Batch, before: Batch, weight: float, random: np.random.Generator
    ) -> Batch:
        names, sign, chosen = self._drawn
        served = self.made.model(SERVED)
        terms = Terms(
            schema=self.world.data.schema,
            random=random,
            size=self.case.size,
            rows=chosen.mask(clean.predictions, random, weight),
            names=names,
            sign=sign,
            before=before,
            usual=self.usual,
            served=served,
            other=self.release[0] if self.release else self.made.model(OLDER),
            other_version=self.version,
        )
        if not terms.rows.any():
            return clean
        broken = self.case.production.change(clean, terms)
        if not self.case.production.is_rescored:
            return broken
        return Batch(
            predictions=served.scored(broken.predictions), labels=broken.labels
        )

    @cached_property
    def harm(self) -> Harm:
        """What the fault costs while it is at its full size."""
        clean = self._sample(self.world.history)
        before = self._sample(self.world.days[-3:], clean)
        broken = self._broken(clean, before, 1.0, self._random(4))
        where = self.case.production.where
        return harm_of(clean, broken, self.world.data.schema, where)

    @property
    def truth(self) -> Truth:
        """What is right to say of it."""
        problem = self.world.data.schema.problem
        case = self.case
        return truth_of(case.production, case.cell.rows, self.harm, problem)

    def _sample(self, days: "Sequence[date]", model: Batch | None = None) -> Batch:
        """Return rows of many days as if they were those of a single one."""
        wanted = len(model.predictions) if model else SAMPLE_ROWS
        each = -(-wanted // len(days))
        rows, labels = _heads(self.made, tuple(days), each)
        hour = rows[TIME] - rows[TIME].dt.floor("D")
        one_day = pd.Timestamp(self.days[0] - timedelta(days=int(model is not None)))
        rows = rows.assign(**{TIME: one_day.tz_localize("UTC") + hour})
        return Batch(predictions=rows, labels=labels)


# What follows is the same in all cases of a world: read once a process.
@lru_cache(1)
def _usual(made: MadeWorld) -> pd.DataFrame:
    rows = made.reference()
    return rows.iloc[:: max(1, len(rows) // (4 * SAMPLE_ROWS))]


@lru_cache(3)
def _clean(made: MadeWorld, day: date) -> Batch:
    return made.day(day)


@lru_cache(4)
def _heads(
    made: MadeWorld, days: tuple[date, ...], each: int
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return some rows of each of many days, and the labels of these rows."""
    rows, labels = [], []
    for day in days:
        batch = made.day(day)
        head = _head(batch.predictions, each)
        rows.append(head)
        labels.append(batch.labels[batch.labels[ID].isin(set(head[ID]))])
    together = pd.concat(labels, ignore_index=True)
    return pd.concat(rows, ignore_index=True), together[[ID, LABEL, ARRIVED]]


def _head(rows: pd.DataFrame, count: int) -> pd.DataFrame:
    """Take rows evenly over the day."""
    return rows.iloc[:: max(1, len(rows) // count)].head(count)
