"""Known faults of the model and of the truth: scores and labels that went wrong.

The inputs stay as they are. As in `faults.py` what goes in is never modified.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.domain.problems import Problem
from monitoring_tasks.errors import NotApplicableError
from monitoring_tasks.operations.drills.deliveries import Delivery, Terms

if TYPE_CHECKING:
    import pandas as pd

CHANCE = 0.5
"""The area under the curve of scores that say nothing."""


def bad_release(delivery: Delivery, terms: Terms) -> Delivery:
    """Exchange the scores of some rows, until the AUC falls by about `size`.

    The scores as a whole stay as they were, so nothing but labels can tell. A pair of
    rows is ordered by chance if both scores are exchanged; if one is, half its lead is
    left, for that one comes from either class. So with a share s of exchanged scores
    the AUC falls by s (AUC - 0.5), at most to chance. Where there is no AUC (other
    problems than binary, one class only) a perfect one is assumed.

    Args:
        delivery: The healthy day. Not modified.
        terms: `size`: how much of the AUC is lost, at most what it has above 0.5.
    """
    room = _auc_above_chance(delivery, terms)
    # Scores no better than chance have nothing to lose: all are exchanged.
    share = min(1.0, terms.size / room) if room > 0 else 1.0
    count = len(delivery.predictions)
    chosen = terms.random.permutation(count)[: round(share * count)]
    return _exchanged(delivery, terms, chosen.tolist())


def biased_group(delivery: Delivery, terms: Terms) -> Delivery:
    """Refuse a share `size` of those of one group whom the model would accept.

    The group is the second most common value of the first protected column, or of the
    first segment column; its refused rows get the scores of refused rows.

    Args:
        delivery: The healthy day. Not modified.
        terms: `size`: the share of those rows, 0..1.

    Raises:
        NotApplicableError: If the model is not binary, no watched column has two
            groups, or the day has no refused row.
    """
    columns, rows = terms.contract.columns, delivery.predictions
    if terms.contract.problem is not Problem.BINARY:
        msg = "only a binary model accepts or refuses"
        raise NotApplicableError(msg)
    watched = (*columns.protected, *columns.segments)
    groups = list(terms.example[watched[0]].value_counts().index) if watched else []
    if len(groups) < 2:  # noqa: PLR2004 (one group against another)
        msg = "the contract watches no column with two groups"
        raise NotApplicableError(msg)
    accepted = rows[columns.prediction].eq(1)
    refused = rows.loc[rows[columns.prediction].eq(0), str(columns.score)].dropna()
    if refused.empty:
        msg = "nobody is refused on that day"
        raise NotApplicableError(msg)
    hit = accepted & rows[watched[0]].eq(groups[1])
    hit &= terms.random.random(len(rows)) < terms.size
    low = terms.random.choice(refused.to_numpy(), len(rows))
    changed = rows.assign(
        **{
            str(columns.score): rows[str(columns.score)].mask(hit, low),
            columns.prediction: rows[columns.prediction].mask(hit, 0),
        }
    )
    return replace(delivery, predictions=changed)


def is_fairness_unwatched(contract: Contract) -> str:
    """Say why no objective could see a group treated worse; empty where one could.

    The group of `biased_group` is one of the first protected column, or else of the
    first segment column; only an objective about that column, or its segments, sees it.
    """
    watched = (*contract.columns.protected, *contract.columns.segments)
    if not watched:
        return ""
    for objective in contract.objectives:
        about = objective.segment.partition("=")[0]
        if watched[0] in {objective.column, about}:
            return ""
    return f"not watched: no objective is about the groups of '{watched[0]}'"


def label_delay(delivery: Delivery, terms: Terms) -> Delivery:
    """Let the labels not arrive at all; `size` says nothing.

    Args:
        delivery: The healthy day. Not modified.
        terms: Not used.
    """
    del terms
    return replace(delivery, labels=delivery.labels.iloc[:0])


def label_flip(delivery: Delivery, terms: Terms) -> Delivery:
    """Turn a share `size` of the labels into their contrary.

    Of a class the next one of the contract, of a number its mirror image at the mean.

    Args:
        delivery: The healthy day. Not modified.
        terms: `size`: the share of the labels, 0..1.
    """
    contract, labels = terms.contract, delivery.labels
    truth = labels[contract.columns.label]
    contrary = _contrary(truth, contract)
    turned = terms.random.random(len(labels)) < terms.size
    changed = truth.where(~turned, contrary)
    # Labels of another type would be a fault of their own.
    if contract.problem is Problem.BINARY and truth.notna().all():
        changed = changed.astype(truth.dtype)
    return replace(delivery, labels=labels.assign(**{contract.columns.label: changed}))


def concept_flip(delivery: Delivery, terms: Terms) -> Delivery:
    """Deal a share `size` of the labels out anew: the features mean nothing any more.

    How common each label is stays as it was.

    Args:
        delivery: The healthy day. Not modified.
        terms: `size`: the share of the labels, 0..1.
    """
    name, labels = terms.contract.columns.label, delivery.labels
    count = len(labels)
    chosen = terms.random.permutation(count)[: round(terms.size * count)]
    places = _dealt(terms, count, chosen.tolist())
    dealt = labels[name].take(places).set_axis(labels.index)
    return replace(delivery, labels=labels.assign(**{name: dealt}))


def _contrary(truth: "pd.Series[Any]", contract: Contract) -> "pd.Series[Any]":
    match contract.problem:
        case Problem.BINARY:
            return 1 - truth.astype("float64")
        case Problem.MULTICLASS:
            names = contract.classes
            following = dict(zip(names, (*names[1:], names[0]), strict=True))
            return truth.map(following)
        case Problem.REGRESSION:
            return 2 * truth.mean() - truth


def _exchanged(delivery: Delivery, terms: Terms, chosen: Sequence[int]) -> Delivery:
    columns, rows = terms.contract.columns, delivery.predictions
    places = _dealt(terms, len(rows), chosen)
    changes = {
        name: rows[name].take(places).set_axis(rows.index)
        for name in (*columns.scores, columns.prediction)
    }
    return replace(delivery, predictions=rows.assign(**changes))


def _dealt(terms: Terms, count: int, chosen: Sequence[int]) -> np.ndarray:
    """Return places 0..count-1, the chosen ones among each other in chance's order."""
    places = np.arange(count)
    places[list(chosen)] = terms.random.permutation(np.asarray(chosen, dtype="int64"))
    return places


def _auc_above_chance(delivery: Delivery, terms: Terms) -> float:
    """Return AUC - 0.5 from the ranks of the labelled rows (Mann-Whitney)."""
    contract = terms.contract
    columns = contract.columns
    if contract.problem is not Problem.BINARY:
        return CHANCE
    # Labels that came twice would not map to one row each.
    truth = delivery.labels.drop_duplicates(columns.id).set_index(columns.id)
    label = delivery.predictions[columns.id].map(truth[columns.label])
    score = delivery.predictions[str(columns.score)]
    is_scored = (label.notna() & score.notna()).to_numpy()
    ranks = score[is_scored].rank().to_numpy(dtype="float64")
    positive = label[is_scored].to_numpy(dtype="float64") == 1
    hits, misses = int(positive.sum()), int((~positive).sum())
    if not hits or not misses:
        return CHANCE
    above = ranks[positive].sum() - hits * (hits + 1) / 2
    return float(above / (hits * misses)) - CHANCE
