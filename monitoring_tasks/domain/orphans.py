"""Labels without a prediction: were predictions lost, or are the labels' ids wrong?"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from statistics import median

from monitoring_tasks.domain.evaluations import Evaluation
from monitoring_tasks.domain.partitions import LabelCounts

BELONG = "labels_belong_to_predictions"
"""The statement of the labels' gate about labels without a prediction."""
FEWEST_DAYS = 3
"""Fewer days with labels say nothing of how they usually meet predictions."""
HALF = 0.5
"""Whichever of the two explanations lies nearer counts."""
TELLING = 2.0
"""Errors of the coverage by which the explanations have to lie apart."""
OF_NORMAL = 1.4826
"""Standard deviation of a normal sample in median absolute deviations."""
CoveragesAtAge = Callable[[], Mapping[date, float]]
"""Reads which share of each earlier day's predictions had a label at the day's age."""


class OrphanFault(StrEnum):
    """Why labels have no prediction."""

    PREDICTIONS_LOST = "predictions_lost"
    IDS_WRONG = "ids_wrong"


@dataclass(frozen=True, slots=True, kw_only=True)
class Orphans:
    """Labels whose id no prediction has, beside how many predictions got a label.

    Attributes:
        share: Of the labels of the day, 0..1.
        usual: Median share of earlier days; None without one.
        coverage: Share of the day's predictions that have a label, 0..1; None where
            nobody counted them.
        usual_coverage: Median of earlier days; None where too few are known.
        is_same_age: Whether that is what they had at the age of the day; else what they
            have by now, which a day that waits for labels need not have yet.
        error: By how much coverage differs from it by chance, as a standard deviation.
    """

    share: float
    usual: float | None
    coverage: float | None = None
    usual_coverage: float | None = None
    is_same_age: bool = True
    error: float = 0.0

    @property
    def excess(self) -> float:
        """Share of the labels that usually fit and today do not, 0..1."""
        usual = self.usual or 0.0
        return max((self.share - usual) / (1 - usual), 0.0) if usual < 1 else 0.0

    @property
    def fault(self) -> OrphanFault | None:
        """Why there are more than usual; None where that cannot be told.

        Where predictions were lost, those that came have labels as ever. Where ids of
        labels are wrong, as large a share of the predictions lacks a label as of the
        labels lacks a prediction. Labels that are still to come look the same beside
        days that have all of theirs: ids are wrong only beside days of the same age.
        Where far more predictions lack one, labels came late, and neither is known.
        """
        if self.coverage is None or self.usual_coverage is None:
            return None
        by_wrong_ids = self.usual_coverage * self.excess
        fallen = self.usual_coverage - self.coverage
        if not by_wrong_ids or by_wrong_ids < TELLING * self.error:
            return None
        if fallen < HALF * by_wrong_ids:
            return OrphanFault.PREDICTIONS_LOST
        is_explained = self.is_same_age and fallen <= (1 + HALF) * by_wrong_ids
        return OrphanFault.IDS_WRONG if is_explained else None

    @property
    def are_lost_predictions(self) -> bool:
        """Whether it is known that predictions were lost, and the labels are sound."""
        return self.fault is OrphanFault.PREDICTIONS_LOST


def orphans_of(
    evaluation: Evaluation,
    before: Sequence[Evaluation],
    at_age: CoveragesAtAge = dict,
) -> Orphans | None:
    """Return what share of the labels belongs to no prediction, and usually does.

    Args:
        evaluation: The day.
        before: Days before it. Those on which the labels' gate found labels without a
            prediction do not say what is usual, nor do those without any label.
        at_age: Read only where labels came. Of a day it does not name, what the day has
            counts as what it had if it was looked at no later after its end.

    Returns:
        None when no labels came.
    """
    counts = evaluation.label_counts
    if counts is None or not counts.rows:
        return None
    sound = [
        (e, past)
        for e in before
        if (past := e.label_counts) is not None
        and past.rows
        and not any(check.name == BELONG for check in e.label_faults)
    ]
    shares = [past.orphans / past.rows for _, past in sound]
    by_now = {e.day: c for e, past in sound if (c := _coverage(past)) is not None}
    then = at_age()
    same_age = [
        then.get(e.day, by_now[e.day])
        for e, _ in sound
        if e.day in by_now and (e.day in then or _is_no_older(e, evaluation))
    ]
    is_same_age = len(same_age) >= FEWEST_DAYS
    coverages = same_age if is_same_age else list(by_now.values())
    usual = median(coverages) if len(coverages) >= FEWEST_DAYS else None
    return Orphans(
        share=counts.orphans / counts.rows,
        usual=median(shares) if shares else None,
        coverage=_coverage(counts),
        usual_coverage=usual,
        is_same_age=is_same_age,
        error=0.0 if usual is None else _error(usual, coverages, counts),
    )


def _is_no_older(past: Evaluation, evaluation: Evaluation) -> bool:
    """Say whether a day was looked at no later after its end, and as this one is.

    A backfill finds labels that came later than it says: it is like no live look.
    """
    is_alike = past.mode is evaluation.mode
    return is_alike and past.as_of - evaluation.as_of <= past.day - evaluation.day


def _coverage(counts: LabelCounts) -> float | None:
    predictions = counts.joined + counts.missing
    return counts.joined / predictions if predictions else None


def _error(usual: float, coverages: Sequence[float], counts: LabelCounts) -> float:
    """Return how far coverage strays: between days, and by how few rows there are."""
    rows = max(counts.joined + counts.missing, 1)
    between = OF_NORMAL * median(abs(c - usual) for c in coverages)
    return max(between, math.sqrt(usual * (1 - usual) / rows))
