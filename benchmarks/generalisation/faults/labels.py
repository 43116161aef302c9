"""What goes wrong with labels. Pure.

`terms.rows` says which predictions are hit; their labels are those of the same ids.
"""

from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np
import pandas as pd

from benchmarks.generalisation.data.schema import (
    ARRIVED,
    ID,
    LABEL,
    PREDICTION,
    Batch,
)
from benchmarks.generalisation.faults.contraries import contrary_labels
from benchmarks.generalisation.faults.terms import Mask, Production, Terms
from monitoring_tasks.domain.problems import Problem

CLASSIFIED = frozenset({Problem.BINARY, Problem.MULTICLASS})
NUMBER = frozenset({Problem.REGRESSION})


def hit_labels(batch: Batch, terms: Terms) -> Mask:
    """Say which labels are those of hit rows; shape (n_labels,)."""
    ids = set(batch.predictions.loc[terms.rows, ID])
    return batch.labels[ID].isin(ids).to_numpy()


def _drawn(batch: Batch, terms: Terms) -> Mask:
    hit = hit_labels(batch, terms)
    return hit & (terms.random.random(len(hit)) < terms.size)


def put_labels(batch: Batch, hit: Mask, values: object) -> Batch:
    """Return the batch with other values for the hit labels."""
    return batch.with_labels(**{LABEL: batch.labels[LABEL].mask(hit, values)})


def contrary(batch: Batch, terms: Terms) -> Batch:
    """Give a share `size` of the hit labels another class, or another row's number."""
    other = contrary_labels(batch.labels[LABEL], terms.schema, terms.random)
    return put_labels(batch, _drawn(batch, terms), other)


def one_way(batch: Batch, terms: Terms) -> Batch:
    """Define the label more narrowly: a share `size` of one class is called another."""
    given = batch.labels[LABEL]
    names: list[Any] = list(terms.schema.classes) or [0.0, 1.0]
    source, target = (names[-1], names[0])[:: terms.sign]
    return put_labels(batch, _drawn(batch, terms) & given.eq(source).to_numpy(), target)


def never(batch: Batch, terms: Terms) -> Batch:
    """Never deliver a share `size` of the hit labels."""
    kept = batch.labels[~_drawn(batch, terms)].reset_index(drop=True)
    return replace(batch, labels=kept)


def late(batch: Batch, terms: Terms) -> Batch:
    """Deliver the hit labels `size` days late."""
    arrived = batch.labels[ARRIVED]
    by = pd.Timedelta(seconds=round(terms.size * 86_400))
    return batch.with_labels(
        **{ARRIVED: arrived.mask(hit_labels(batch, terms), arrived + by)}
    )


def immature(batch: Batch, terms: Terms) -> Batch:
    """Close the books early: a share `size` of the positives does not count yet."""
    given = batch.labels[LABEL]
    none = terms.schema.classes[0] if terms.schema.classes else 0.0
    return put_labels(batch, _drawn(batch, terms) & given.ne(none).to_numpy(), none)


def contradicted(batch: Batch, terms: Terms) -> Batch:
    """Deliver the hit labels twice, the second time as another row's."""
    labels = batch.labels
    again = labels[hit_labels(batch, terms)]
    order = terms.random.permutation(len(again))
    other = again[LABEL].take(order).set_axis(again.index)
    more = again.assign(**{LABEL: other})
    return replace(batch, labels=pd.concat([labels, more], ignore_index=True))


def dealt(batch: Batch, terms: Terms) -> Batch:
    """Deal the hit labels out among their rows: the join went wrong."""
    hit = np.flatnonzero(hit_labels(batch, terms))
    places = np.arange(len(batch.labels))
    places[hit] = terms.random.permutation(hit)
    given = batch.labels[LABEL]
    return batch.with_labels(**{LABEL: given.take(places).set_axis(given.index)})


def scaled(batch: Batch, terms: Terms) -> Batch:
    """Write the hit labels in another unit."""
    given = batch.labels[LABEL]
    return put_labels(batch, hit_labels(batch, terms), given * terms.size**terms.sign)


def moved(batch: Batch, terms: Terms) -> Batch:
    """Add `size` standard deviations to the hit labels."""
    given = batch.labels[LABEL]
    by = terms.sign * terms.size * float(terms.usual[LABEL].std())
    return put_labels(batch, hit_labels(batch, terms), given + by)


def strangers(batch: Batch, terms: Terms) -> Batch:
    """Deliver the labels of the hit rows under ids of the day before."""
    past = terms.before.predictions[ID]
    given = batch.labels[ID]
    ids = past.reindex(range(len(given))).set_axis(given.index).fillna(given)
    return batch.with_labels(**{ID: given.mask(hit_labels(batch, terms), ids)})


def rewritten(batch: Batch, terms: Terms) -> Batch:
    """Write the ids of the hit labels in another way."""
    given = batch.labels[ID]
    other = given.str.replace("-", "_", regex=False)
    return batch.with_labels(**{ID: given.mask(hit_labels(batch, terms), other)})


def decided(batch: Batch, terms: Terms) -> Batch:
    """Take what the model decided for the truth, on a share `size` of the hit rows."""
    said = batch.predictions.drop_duplicates(ID).set_index(ID)[PREDICTION]
    echo = batch.labels[ID].map(said)
    if terms.schema.problem is not Problem.MULTICLASS:
        echo = echo.astype("float64")
    return put_labels(batch, _drawn(batch, terms), echo)


_label = partial(Production, where="label")


LABELS = (
    _label(what="mislabelled", change=contrary, sizes=(0.05, 0.6)),
    _label(what="redefined", change=one_way, sizes=(0.1, 1), problems=CLASSIFIED),
    _label(what="missing", change=never, sizes=(0.1, 1)),
    _label(what="late", change=late, sizes=(1, 10)),
    _label(what="early", change=immature, sizes=(0.1, 1), problems=CLASSIFIED),
    _label(what="duplicated", change=contradicted),
    _label(what="reordered", change=dealt),
    _label(what="rescaled", change=scaled, sizes=(1.05, 100), problems=NUMBER),
    _label(what="shifted", change=moved, sizes=(0.1, 3), problems=NUMBER),
    _label(what="stale", change=strangers),
    _label(what="recoded", change=rewritten),
    _label(what="leaked", change=decided, sizes=(0.1, 1)),
)
