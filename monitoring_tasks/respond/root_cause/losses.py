"""Losses that add up over rows, read from counts. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass

from monitoring_tasks.domain.counts import (
    SCORE_BINS,
    BinaryOutcome,
    MulticlassOutcome,
    Outcome,
    RegressionOutcome,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Loss:
    """A sum over labelled rows; the losses of parts add up to that of the whole.

    Attributes:
        rows: Labelled rows.
        total: Sum of their losses, >= 0.
    """

    rows: int = 0
    total: float = 0.0

    @property
    def mean(self) -> float:
        """Mean loss of a row; 0 without rows."""
        return self.total / self.rows if self.rows else 0.0


def added(losses: Iterable[Loss]) -> Loss:
    """Return the loss of all parts together."""
    parts = list(losses)
    return Loss(rows=sum(p.rows for p in parts), total=sum(p.total for p in parts))


def metric_name(outcome: Outcome) -> str:
    """Name the loss of a row: `brier`, `error_rate` or `mae`."""
    match outcome:
        case BinaryOutcome():
            return "brier"
        case MulticlassOutcome():
            return "error_rate"
        case RegressionOutcome():
            return "mae"


def loss_of(outcome: Outcome) -> Loss:
    """Return the loss of the labelled rows of some counts.

    Binary: squared distance of score and truth. Scores within a bin of 1 / 10,000 count
    as alike, which changes a row's loss by less than that width squared.
    """
    match outcome:
        case BinaryOutcome():
            return added(_cell(outcome, key) for key in outcome.cells)
        case MulticlassOutcome():
            known = {
                cell: n for cell, n in outcome.cells.items() if cell[1] is not None
            }
            wrong = sum(n for (guess, truth), n in known.items() if guess != truth)
            return Loss(rows=sum(known.values()), total=wrong)
        case RegressionOutcome():
            return Loss(rows=outcome.labelled, total=outcome.sums.get("abs", 0.0))


def _cell(outcome: BinaryOutcome, key: tuple[int, int, int]) -> Loss:
    score_bin, _, label = key
    rows = outcome.cells[key]
    if label < 0 or not rows:
        return Loss()
    middle = (score_bin + 0.5) / SCORE_BINS
    score = outcome.score_sums.get(key, middle * rows) / rows
    return Loss(rows=rows, total=rows * (score - label) ** 2)
