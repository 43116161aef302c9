"""Releases that went wrong in training, and references that are wrong by themselves.

A release scores the hit rows and says so in the version column. How it was trained is
drawn; its reference is what its own training job believed.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from benchmarks.generalisation.data.models import Model, fit
from benchmarks.generalisation.data.schema import LABEL, VERSION, Batch, Schema
from benchmarks.generalisation.faults.contraries import contrary_labels
from benchmarks.generalisation.faults.terms import Production, Terms

if TYPE_CHECKING:
    import pandas as pd

SIBLING = 0.8
"""Share of the training rows that an equally good release is trained on."""
FEWEST_ROWS = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How a release is trained.

    Attributes:
        schema: Which column is what.
        random: Where chance comes from.
        size: How much is wrong, in the unit of the fault.
        names: The inputs that are hit.
        sign: 1 or -1.
    """

    schema: Schema
    random: np.random.Generator
    size: float
    names: tuple[str, ...]
    sign: int


Spoil = Callable[["pd.DataFrame", Plan], "pd.DataFrame"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """What a training job does to its rows.

    Attributes:
        training: To those the model is fitted on.
        reference: To those its reference is made of, before they are scored.
        believed: To the scored reference.
    """

    training: Spoil
    reference: Spoil
    believed: Spoil


def released(batch: Batch, terms: Terms) -> Batch:
    """Let the release score the hit rows."""
    rows = batch.predictions
    theirs = terms.other.scored(rows).assign(**{VERSION: terms.other_version})
    return batch.with_values(
        **{
            name: rows[name].mask(terms.rows, theirs[name])
            for name in dict.fromkeys([*terms.schema.outputs, "prediction", VERSION])
        }
    )


def as_it_is(rows: "pd.DataFrame", plan: Plan) -> "pd.DataFrame":
    """Change nothing."""
    del plan
    return rows


def _flipped(rows: "pd.DataFrame", plan: Plan) -> "pd.DataFrame":
    given = rows[LABEL]
    hit = plan.random.random(len(rows)) < plan.size
    other = contrary_labels(given, plan.schema, plan.random)
    return rows.assign(**{LABEL: given.mask(hit, other)})


def _few(rows: "pd.DataFrame", plan: Plan) -> "pd.DataFrame":
    count = max(FEWEST_ROWS, round(plan.size * len(rows)))
    drawn = plan.random.permutation(len(rows))[:count]
    return rows.take(np.sort(drawn)).reset_index(drop=True)


def _other_unit(rows: "pd.DataFrame", plan: Plan) -> "pd.DataFrame":
    factor = plan.size**plan.sign
    return rows.assign(**{name: rows[name] * factor for name in plan.names})


def _exchanged(rows: "pd.DataFrame", plan: Plan) -> "pd.DataFrame":
    first, second = plan.names[:2]
    return rows.assign(**{first: rows[second], second: rows[first]})


def _without(rows: "pd.DataFrame", plan: Plan) -> "pd.DataFrame":
    return rows.assign(**{name: float(rows[name].median()) for name in plan.names})


def _shorter(rows: "pd.DataFrame", plan: Plan) -> "pd.DataFrame":
    """Keep the first share `size` of the rows: they lie in the order of their days."""
    return rows.head(max(FEWEST_ROWS, round(plan.size * len(rows))))


_JOBS: Mapping[str, Recipe] = {
    "equal registry": Recipe(training=as_it_is, reference=as_it_is, believed=as_it_is),
    "mislabelled registry": Recipe(
        training=_flipped, reference=_flipped, believed=as_it_is
    ),
    "truncated registry": Recipe(training=_few, reference=as_it_is, believed=as_it_is),
    "rescaled registry": Recipe(
        training=_other_unit, reference=_other_unit, believed=as_it_is
    ),
    "swapped registry": Recipe(
        training=_exchanged, reference=_exchanged, believed=as_it_is
    ),
    "missing registry": Recipe(
        training=_without, reference=as_it_is, believed=as_it_is
    ),
    "mislabelled reference": Recipe(
        training=as_it_is, reference=as_it_is, believed=_flipped
    ),
    "rescaled reference": Recipe(
        training=as_it_is, reference=as_it_is, believed=_other_unit
    ),
    "truncated reference": Recipe(
        training=as_it_is, reference=as_it_is, believed=_shorter
    ),
}


def train(
    name: str, plan: Plan, training: "pd.DataFrame", reference: "pd.DataFrame"
) -> tuple[Model, "pd.DataFrame"]:
    """Train a release; return its model and its reference as its job believes it.

    Args:
        name: Name of a production of `RELEASES`.
        plan: What goes wrong.
        training: Rows to fit on.
        reference: Rows of the reference days, labelled, not scored.
    """
    recipe = _JOBS[name]
    chosen = plan.random.random(len(training)) < SIBLING
    mine = training[chosen].reset_index(drop=True)
    model = fit(recipe.training(mine, plan), plan.schema)
    scored = model.scored(recipe.reference(reference, plan))
    return model, recipe.believed(scored, plan)


_release = partial(Production, change=released)
RELEASES = (
    _release(what="equal", where="registry"),
    _release(what="mislabelled", where="registry", sizes=(0.02, 0.5)),
    _release(what="truncated", where="registry", sizes=(0.003, 0.3)),
    _release(what="rescaled", where="registry", sizes=(1.1, 100), columns="number"),
    _release(
        what="swapped",
        where="registry",
        columns="number",
        fewest_columns=2,
        most_columns=2,
    ),
    _release(what="missing", where="registry", columns="number"),
    _release(what="mislabelled", where="reference", sizes=(0.02, 0.5)),
    _release(what="rescaled", where="reference", sizes=(1.1, 100), columns="number"),
    _release(what="truncated", where="reference", sizes=(0.1, 0.6)),
)
