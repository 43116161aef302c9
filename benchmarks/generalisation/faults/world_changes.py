"""How the world itself may change: what inputs mean, and who comes. Pure."""

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from benchmarks.generalisation.data.models import plain_scores
from benchmarks.generalisation.data.schema import ID, LABEL, Batch
from benchmarks.generalisation.faults.labels import hit_labels, put_labels
from benchmarks.generalisation.faults.terms import Production, Terms
from monitoring_tasks.domain.problems import Problem

Numbers = NDArray[np.float64]


def concept(batch: Batch, terms: Terms) -> Batch:
    """Let the hit inputs mean the contrary from now on: the labels follow suit.

    The label moves by what the model says of a row whose hit inputs lie as far on the
    other side of what is usual; what the model cannot explain of it stays as it was.
    """
    rows = batch.predictions
    mirrored = {
        name: 2 * float(terms.usual[name].median()) - rows[name] for name in terms.names
    }
    there = terms.served.scored(rows.assign(**mirrored))
    truth = rows[ID].map(batch.labels.set_index(ID)[LABEL])
    after = _followed(truth, rows, there, terms)
    return put_labels(batch, hit_labels(batch, terms), batch.labels[ID].map(after))


def _followed(
    truth: pd.Series, rows: pd.DataFrame, there: pd.DataFrame, terms: Terms
) -> pd.Series:
    now, then = plain_scores(rows, terms.schema), plain_scores(there, terms.schema)
    found = _labels(truth, now, then, terms)
    return pd.Series(found, index=rows[ID]).groupby(level=0).first()


def _labels(truth: pd.Series, now: Numbers, then: Numbers, terms: Terms) -> Any:  # noqa: ANN401 (numbers or names)
    match terms.schema.problem:
        case Problem.REGRESSION:
            return truth.to_numpy(dtype="float64") + then[:, 0] - now[:, 0]
        case Problem.BINARY:
            known = truth.to_numpy(dtype="float64")
            return _coupled(known, now[:, 0], then[:, 0], terms)
        case Problem.MULTICLASS:
            place = then.cumsum(axis=1)
            draw = terms.random.random(len(then))[:, None] * place[:, -1:]
            return np.array(terms.schema.classes)[(draw > place).sum(axis=1)]


def _coupled(
    truth: Numbers,
    now: Numbers,
    then: Numbers,
    terms: Terms,
) -> Numbers:
    """Turn no more labels than the change of their chance asks for."""
    draw = terms.random.random(len(truth))
    falls = np.clip(1 - then / np.maximum(now, 1e-9), 0, 1)
    rises = np.clip((then - now) / np.maximum(1 - now, 1e-9), 0, 1)
    turned = np.where(truth > 0, draw < falls, draw < rises)
    return np.where(turned, 1 - truth, truth)


def other_mix(batch: Batch, terms: Terms) -> Batch:
    """Let more rows of one end of an input come, truly; each with its own truth.

    `size` is how much likelier, in log odds a standard deviation, a row is to come.
    """
    rows, name = batch.predictions, terms.names[0]
    scale = float(terms.usual[name].std()) or 1.0
    away = (rows[name] - float(terms.usual[name].mean())) / scale
    weight = np.exp(np.clip(terms.sign * terms.size * away.fillna(0.0), -6, 6))
    hit = np.flatnonzero(terms.rows)
    places = np.arange(len(rows))
    chance = weight.to_numpy()[hit]
    places[hit] = terms.random.choice(hit, len(hit), p=chance / chance.sum())
    return _renamed(batch, places)


def _renamed(batch: Batch, places: NDArray[np.int64]) -> Batch:
    """Take rows by position, each under an id of its own, with its own label."""
    rows = batch.predictions.take(places)
    labels = batch.labels.set_index(ID)
    ids = batch.predictions[ID].to_numpy()
    known = np.isin(rows[ID].to_numpy(), labels.index.to_numpy())
    mine = labels.loc[rows[ID].to_numpy()[known]].reset_index(drop=True)
    return Batch(
        predictions=rows.assign(**{ID: ids}).reset_index(drop=True),
        labels=mine.assign(**{ID: ids[known]})[list(batch.labels.columns)],
    )


WORLD_CHANGES = (
    Production(what="changed", where="relation", change=concept, columns="number"),
    Production(
        what="shifted",
        where="population",
        change=other_mix,
        columns="number",
        sizes=(0.1, 2),
        most_columns=1,
    ),
)
