"""What goes wrong with scores and decisions, after the model. Pure.

Decisions follow from changed scores; where decisions alone are hit, scores stay.
"""

from collections.abc import Callable
from functools import partial

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from benchmarks.generalisation.data.models import plain_scores, with_outputs
from benchmarks.generalisation.data.schema import ID, LABEL, PREDICTION, SCORE, Batch
from benchmarks.generalisation.faults.terms import Production, Terms
from monitoring_tasks.domain.problems import Problem

Numbers = NDArray[np.float64]
Outputs = Callable[[Numbers, Terms, Batch], Numbers]
EDGE = 1e-6
CLASSIFIED = frozenset({Problem.BINARY, Problem.MULTICLASS})


def per_row(batch: Batch, terms: Terms, *, outputs: Outputs) -> Batch:
    """Put other outputs into the hit rows, and the decisions that follow from them."""
    rows = batch.predictions
    given = plain_scores(rows, terms.schema)
    changed = outputs(given, terms, batch)
    if terms.schema.problem is Problem.MULTICLASS:
        total = changed.sum(axis=1, keepdims=True)
        changed = changed / np.where(total > 0, total, 1.0)
    mixed = np.where(terms.rows[:, None], changed, given)
    after = with_outputs(rows, mixed, terms.schema, terms.served.threshold)
    names = [*terms.schema.outputs, PREDICTION]
    return batch.with_values(
        **{name: rows[name].mask(terms.rows, after[name]) for name in names}
    )


def _is_number(terms: Terms) -> bool:
    return terms.schema.problem is Problem.REGRESSION


def _spread(given: Numbers) -> float:
    return float(np.nanstd(given)) or 1.0


def _missing(given: Numbers, terms: Terms, batch: Batch) -> Numbers:
    del terms, batch
    return np.full_like(given, np.nan)


def _stuck(given: Numbers, terms: Terms, batch: Batch) -> Numbers:
    del batch
    mean = plain_scores(terms.usual, terms.schema).mean(axis=0)
    return np.broadcast_to(mean, given.shape).copy()


def _stale(given: Numbers, terms: Terms, batch: Batch) -> Numbers:
    del batch
    past = plain_scores(terms.before.predictions, terms.schema)
    return past[np.arange(len(given)) % len(past)]


def _rescaled(given: Numbers, terms: Terms, batch: Batch) -> Numbers:
    del batch
    factor = terms.size**terms.sign
    return given * factor if _is_number(terms) else np.power(given, factor)


def _shifted(given: Numbers, terms: Terms, batch: Batch) -> Numbers:
    del batch
    by = terms.sign * terms.size
    if _is_number(terms):
        return given + by * _spread(given)
    inside = np.clip(given, EDGE, 1 - EDGE)
    odds = np.log(inside / (1 - inside))
    odds[:, 0] += by
    return np.asarray(1 / (1 + np.exp(-odds)))


def _noisy(given: Numbers, terms: Terms, batch: Batch) -> Numbers:
    del batch
    noise = terms.random.normal(0, terms.size * _spread(given), given.shape)
    return given + noise if _is_number(terms) else np.clip(given + noise, 0, 1)


def _rounded(given: Numbers, terms: Terms, batch: Batch) -> Numbers:
    del batch
    step = terms.size * (_spread(given) if _is_number(terms) else 1.0)
    return np.round(given / step) * step


def _clipped(given: Numbers, terms: Terms, batch: Batch) -> Numbers:
    del batch
    usual = plain_scores(terms.usual, terms.schema)
    if terms.sign > 0:
        return np.minimum(given, np.quantile(usual, 1 - terms.size, axis=0))
    return np.maximum(given, np.quantile(usual, terms.size, axis=0))


def _reordered(given: Numbers, terms: Terms, batch: Batch) -> Numbers:
    del batch
    hit = np.flatnonzero(terms.rows)
    places = np.arange(len(given))
    places[hit] = terms.random.permutation(hit)
    return given[places]


def _swapped(given: Numbers, terms: Terms, batch: Batch) -> Numbers:
    """Return the other class's probability; of a number its mirror at the mean."""
    del batch
    match terms.schema.problem:
        case Problem.BINARY:
            return 1 - given
        case Problem.MULTICLASS:
            return np.roll(given, 1, axis=1)
        case Problem.REGRESSION:
            return 2 * float(plain_scores(terms.usual, terms.schema).mean()) - given


def _leaked(given: Numbers, terms: Terms, batch: Batch) -> Numbers:
    """Blend the truth into the outputs: scored after the fact."""
    truth = batch.predictions[ID].map(batch.labels.set_index(ID)[LABEL])
    match terms.schema.problem:
        case Problem.MULTICLASS:
            classes = np.array(terms.schema.classes)
            known = truth.to_numpy(dtype="str")[:, None] == classes[None, :]
            blend = known.astype("float64")
        case _:
            blend = truth.to_numpy(dtype="float64")[:, None]
    blend = np.where(np.isnan(blend), given, blend)
    return given + terms.size * (blend - given)


def _score(
    what: str, outputs: Outputs, sizes: tuple[float, float] = (1, 1)
) -> Production:
    return Production(
        what=what, where="score", change=partial(per_row, outputs=outputs), sizes=sizes
    )


def _decisions(batch: Batch, terms: Terms, values: object) -> Batch:
    given = batch.predictions[PREDICTION]
    return batch.with_values(**{PREDICTION: given.mask(terms.rows, values)})


def _names(terms: Terms) -> list[object]:
    return list(terms.schema.classes) or [0, 1]


def moved_threshold(batch: Batch, terms: Terms) -> Batch:
    """Decide at another threshold: `size` moves it on the logistic scale."""
    cut = min(max(terms.served.threshold, EDGE), 1 - EDGE)
    odds = np.log(cut / (1 - cut)) + terms.sign * terms.size
    score = batch.predictions[SCORE].to_numpy(dtype="float64", na_value=np.nan)
    decided = score >= 1 / (1 + np.exp(-odds))
    given = batch.predictions[PREDICTION]
    return _decisions(batch, terms, pd.Series(decided, given.index).astype("int64"))


def other_decision(batch: Batch, terms: Terms) -> Batch:
    """Decide a share `size` of the hit rows for the next class."""
    names = _names(terms)
    after = {name: names[(n + 1) % len(names)] for n, name in enumerate(names)}
    given = batch.predictions[PREDICTION]
    is_drawn = terms.random.random(len(given)) < terms.size
    return _decisions(batch, terms, given.map(after).where(is_drawn, given))


def one_decision(batch: Batch, terms: Terms) -> Batch:
    """Decide all hit rows alike."""
    return _decisions(batch, terms, _names(terms)[0 if terms.sign < 0 else -1])


def dealt_decision(batch: Batch, terms: Terms) -> Batch:
    """Deal the decisions of the hit rows out among them."""
    hit = np.flatnonzero(terms.rows)
    places = np.arange(len(terms.rows))
    places[hit] = terms.random.permutation(hit)
    given = batch.predictions[PREDICTION]
    return _decisions(batch, terms, given.take(places).set_axis(given.index))


OUTPUTS = (
    _score("missing", _missing),
    _score("stuck", _stuck),
    _score("stale", _stale),
    _score("rescaled", _rescaled, (1.1, 5)),
    _score("shifted", _shifted, (0.1, 3)),
    _score("noisy", _noisy, (0.1, 3)),
    _score("rounded", _rounded, (0.02, 0.5)),
    _score("truncated", _clipped, (0.05, 0.5)),
    _score("reordered", _reordered),
    _score("swapped", _swapped),
    _score("leaked", _leaked, (0.1, 1)),
    Production(
        what="shifted",
        where="decision",
        change=moved_threshold,
        sizes=(0.1, 3),
        problems=frozenset({Problem.BINARY}),
    ),
    Production(
        what="mislabelled",
        where="decision",
        change=other_decision,
        sizes=(0.05, 1),
        problems=CLASSIFIED,
    ),
    Production(
        what="stuck", where="decision", change=one_decision, problems=CLASSIFIED
    ),
    Production(
        what="reordered", where="decision", change=dealt_decision, problems=CLASSIFIED
    ),
)
