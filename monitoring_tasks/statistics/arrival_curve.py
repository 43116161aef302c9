"""What share of labels is known so many days after the day they are about. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from monitoring_tasks.statistics.arrays import Floats
from monitoring_tasks.statistics.label_arrival import LabelHistory


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrived:
    """Share of labels that arrive within some days of the day they are about.

    Attributes:
        age: Whole days after the day's end.
        share: 0..1.
        lower: Lower end of the share's interval.
        upper: Upper end of the share's interval.
        days: Days that were still watched at this age.
    """

    age: int
    share: float
    lower: float
    upper: float
    days: int


def arrival_curve(
    histories: Sequence[LabelHistory],
    *,
    min_days: int,
    confidence: float,
    replicates: int,
    seed: int,
) -> list[Arrived]:
    """Return the share of labels known so many days after, young days included.

    Kaplan and Meier's estimate with every row a subject and every label an event: of
    the rows still without a label, what share gets one at age k? A day counts up to
    its last known age (censored on the right) and, if it was not evaluated on time,
    from its first evaluation on (late entry). Labels of a day come and stay away
    together, so that intervals are percentiles of a bootstrap of whole days.

    Assumes that days are alike and do not foretell each other, and that young days
    will go the way of old ones. When it lies: a change of how labels come shows late.
    Percentiles of few days are too narrow (measured: a 95 % interval from 30 days
    holds the truth on .92 of all occasions).

    Args:
        histories: See `label_histories`. Not modified.
        min_days: Days still watched that an age needs, >= 2.
        confidence: Level of the intervals, 0..1.
        replicates: Draws of the bootstrap.
        seed: Of the draws.

    Returns:
        By age from 0, without gaps; ends at the first age that too few days were
        watched at. Empty when that is age 0.

    References:
        Kaplan and Meier (1958), JASA 53, 457-481; Efron (1981), JASA 76, 312-319.
    """
    if not histories:
        return []
    risk, events = _subjects(histories)
    days = [sum(_is_watched(h, age) for h in histories) for age in range(risk.shape[1])]
    # Beyond the first thin age the estimate would rest on a few days alone.
    enough = next((age for age, n in enumerate(days) if n < min_days), len(days))
    if enough == 0:
        return []
    risk, events = risk[:, :enough], events[:, :enough]
    share = _product_limit(np.ones((1, len(histories))), risk, events)[0]
    ends = _bootstrapped_ends(
        risk, events, confidence=confidence, replicates=replicates, seed=seed
    )
    return [
        Arrived(
            age=age,
            share=float(share[age]),
            # Few days can leave the estimate outside its own percentiles.
            lower=min(float(ends[0, age]), float(share[age])),
            upper=max(float(ends[1, age]), float(share[age])),
            days=days[age],
        )
        for age in range(enough)
    ]


def _bootstrapped_ends(
    risk: Floats, events: Floats, *, confidence: float, replicates: int, seed: int
) -> Floats:
    """Return lower and upper end of the curve by age, shape (2, n_ages)."""
    # Days are drawn, not rows: Greenwood's variance would take the rows of a day for
    # independent. A draw is how often each day is in it, so one product serves all.
    rng, days = np.random.default_rng(seed), len(risk)
    drawn = rng.multinomial(days, np.full(days, 1 / days), size=replicates)
    curves = _product_limit(drawn.astype(np.float64), risk, events)
    tail = (1 - confidence) / 2
    ends: Floats = np.quantile(curves, (tail, 1 - tail), axis=0)
    return ends


def _subjects(histories: Sequence[LabelHistory]) -> tuple[Floats, Floats]:
    """Return rows without a label, and labels that came, by day and age."""
    shape = (len(histories), max(h.last_age for h in histories) + 1)
    risk, events = np.zeros(shape), np.zeros(shape)
    for i, history in enumerate(histories):
        before = 0
        for age, labelled in enumerate(history.labelled, start=history.first_age):
            if _is_watched(history, age):
                risk[i, age] = history.rows - before
                events[i, age] = labelled - before
            # Labels of a late first evaluation are no event, and no longer at risk.
            before = labelled
    return risk, events


def _is_watched(history: LabelHistory, age: int) -> bool:
    """Whether it is known what came at this age; not so at a late first evaluation."""
    return age == 0 == history.first_age or history.first_age < age <= history.last_age


def _product_limit(weights: Floats, risk: Floats, events: Floats) -> Floats:
    """Return the share that has arrived by age, shape (n_weights, n_ages)."""
    at_risk, came = weights @ risk, weights @ events
    # Nobody left at risk: no event either, and the curve stays where it is.
    hazard = np.divide(came, at_risk, out=np.zeros_like(came), where=at_risk > 0)
    return 1 - np.cumprod(1 - hazard, axis=1)
