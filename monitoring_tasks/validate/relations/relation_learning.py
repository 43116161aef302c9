"""What the numbers of a reference say of each other, and how sure that is."""

from collections.abc import Collection
from dataclasses import dataclass, replace

import numpy as np

from monitoring_tasks.contract.relation_policy import RelationPolicy
from monitoring_tasks.domain.relations import NumericRelation
from monitoring_tasks.statistics.arrays import Codes, Floats
from monitoring_tasks.validate.relations.broken_relations import residuals
from monitoring_tasks.validate.relations.relation_fit import FEWEST_ROWS, fit_relation
from monitoring_tasks.validate.summary.related_columns import RelatedColumns, ranked

FOLDS = 5
"""Spans of days, each held out once."""
ROUNDING = 1e-6
"""Of a number's standard deviation."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LearntRelation:
    """A relation, and what the rows it was learnt from are by it.

    Attributes:
        relation: Fitted to all rows.
        held_out: Distance of every row from what the other spans of days say of it; NaN
            for a row that is not asked. Shape (n_rows,).
    """

    relation: NumericRelation
    held_out: Floats


def learn_numeric_relations(
    rows: RelatedColumns,
    days: Codes,
    *,
    inputs: Collection[str],
    policy: RelationPolicy,
) -> list[LearntRelation]:
    """Learn which numbers the inputs tell, each by itself.

    A number is told by few others, as they are or by their ranks, whichever explains
    more of the rows that were held out. Where what is left goes by the day (weather, a
    campaign), a few weeks have seen a few values of it: that tells nothing of another
    season, and is no relation of rows.

    Args:
        rows: The columns of a reference's rows.
        days: Of every row the place of its day, in order. Shape (n_rows,).
        inputs: The columns that may tell something; all numbers may be told.
        policy: What is worth watching.
    """
    learnt = []
    for name in rows.numbers:
        forms = [
            form
            for by_rank in (False, True)
            if (
                form := _held_out(
                    rows, name, inputs, days, by_rank=by_rank, policy=policy
                )
            )
        ]
        best = max(forms, key=lambda form: form.relation.explained, default=None)
        if best and best.relation.explained >= policy.least_explained:
            learnt.append(_limited(best, policy.tail))
    return learnt


def _held_out(
    rows: RelatedColumns,
    name: str,
    inputs: Collection[str],
    days: Codes,
    *,
    by_rank: bool,
    policy: RelationPolicy,
) -> LearntRelation | None:
    """Fit a number to all rows, and to all but each span of days."""
    relation = fit_relation(rows, name, inputs, by_rank=by_rank)
    if relation is None:
        return None
    folds = days * FOLDS // (days.max() + 1)
    apart = np.full(len(days), np.nan)
    for fold in np.unique(folds):
        inside = folds == fold
        other = fit_relation(
            rows.taken(~inside), name, relation.sources, by_rank=by_rank
        )
        if other is None:
            return None
        # Where ranks count, these are ranks on the other days: hardly another scale.
        apart[inside] = residuals(rows.taken(inside), other)
    asked = ~np.isnan(apart)
    if asked.sum() < FEWEST_ROWS:
        return None
    values = ranked(rows.numbers[name], relation.knots)[asked]
    if not values.var():
        return None
    # However exact a relation is, rounding is no difference.
    rounding = float(values.std()) * ROUNDING
    by_day = share_by_day(apart[asked], days[asked], rounding=rounding)
    if by_day > policy.most_by_day:
        return None
    explained = 1 - float(np.mean(apart[asked] ** 2) / values.var())
    relation = replace(relation, explained=explained, limit=rounding)
    return LearntRelation(relation=relation, held_out=np.abs(apart))


def _limited(learnt: LearntRelation, tail: float) -> LearntRelation:
    limit = float(np.nanquantile(learnt.held_out, 1 - tail))
    relation = learnt.relation
    return replace(learnt, relation=replace(relation, limit=max(limit, relation.limit)))


def share_by_day(residual: Floats, days: Codes, *, rounding: float) -> float:
    """Return which share of a residual's variance lies between days, 0..1.

    Beyond what so many rows a day bring about by chance (the estimate of one-way
    analysis of variance).

    Args:
        residual: Of every row, shape (n_rows,).
        days: Of every row the place of its day. Shape (n_rows,).
        rounding: Standard deviation of a row that is no difference, > 0.
    """
    rows = np.bincount(days)
    kept = rows > 1
    if not kept.any():
        return 0.0
    sums = np.bincount(days, weights=residual)
    within = residual - (sums / np.maximum(rows, 1))[days]
    inside = float((within**2).sum()) / max(len(residual) - kept.sum(), 1)
    inside = max(inside, rounding**2)
    means = sums[kept] / rows[kept]
    between = float(np.average((means - residual.mean()) ** 2, weights=rows[kept]))
    between -= inside * kept.sum() / len(residual)
    between = max(between, 0.0)
    return float(between / (between + inside))
