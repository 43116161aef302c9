"""Labels without a prediction: were predictions lost, or are the labels' ids wrong?"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
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
        error: By how much coverage differs from it by chance, as a standard deviation.
    """

    share: float
    usual: float | None
    coverage: float | None = None
    usual_coverage: float | None = None
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
        labels lacks a prediction. Where far more predictions lack one, labels have not
        all come yet, and neither is known.
        """
        if self.coverage is None or self.usual_coverage is None:
            return None
        by_wrong_ids = self.usual_coverage * self.excess
        fallen = self.usual_coverage - self.coverage
        if not by_wrong_ids or by_wrong_ids < TELLING * self.error:
            return None
        if fallen < HALF * by_wrong_ids:
            return OrphanFault.PREDICTIONS_LOST
        return OrphanFault.IDS_WRONG if fallen <= (1 + HALF) * by_wrong_ids else None

    @property
    def are_lost_predictions(self) -> bool:
        """Whether it is known that predictions were lost, and the labels are sound."""
        return self.fault is OrphanFault.PREDICTIONS_LOST


def orphans_of(evaluation: Evaluation, before: Sequence[Evaluation]) -> Orphans | None:
    """Return what share of the labels belongs to no prediction, and usually does.

    Args:
        evaluation: The day.
        before: Days before it. Those on which the labels' gate found labels without a
            prediction do not say what is usual, nor do those without any label.

    Returns:
        None when no labels came.
    """
    counts = evaluation.label_counts
    if counts is None or not counts.rows:
        return None
    sound = [
        past
        for e in before
        if (past := e.label_counts) is not None
        and past.rows
        and not any(check.name == BELONG for check in e.label_faults)
    ]
    shares = [past.orphans / past.rows for past in sound]
    coverages = [c for past in sound if (c := _coverage(past)) is not None]
    usual = median(coverages) if len(coverages) >= FEWEST_DAYS else None
    return Orphans(
        share=counts.orphans / counts.rows,
        usual=median(shares) if shares else None,
        coverage=_coverage(counts),
        usual_coverage=usual,
        error=0.0 if usual is None else _error(usual, coverages, counts),
    )


def _coverage(counts: LabelCounts) -> float | None:
    predictions = counts.joined + counts.missing
    return counts.joined / predictions if predictions else None


def _error(usual: float, coverages: Sequence[float], counts: LabelCounts) -> float:
    """Return how far coverage strays: between days, and by how few rows there are."""
    rows = max(counts.joined + counts.missing, 1)
    between = OF_NORMAL * median(abs(c - usual) for c in coverages)
    return max(between, math.sqrt(usual * (1 - usual) / rows))
