import numpy as np
import pytest

from monitoring_tasks.domain.counts import (
    SCORE_BINS,
    BinaryOutcome,
    MulticlassOutcome,
    RegressionOutcome,
)
from monitoring_tasks.respond.root_cause.losses import loss_of


def test_binary_loss_is_the_brier_score_of_the_labelled_rows() -> None:
    """Counts give what the rows give, to the width of a bin squared."""
    random = np.random.default_rng(7)
    scores, labels = random.random(500), random.integers(-1, 2, 500)
    cells: dict[tuple[int, int, int], int] = {}
    sums: dict[tuple[int, int, int], float] = {}
    for score, label in zip(scores, labels, strict=True):
        key = (int(score * SCORE_BINS), int(score > 0.5), int(label))
        cells[key] = cells.get(key, 0) + 1
        sums[key] = sums.get(key, 0.0) + score
    loss = loss_of(BinaryOutcome(cells=cells, score_sums=sums))
    known = labels >= 0
    assert loss.rows == known.sum()
    assert loss.mean == pytest.approx(np.mean((scores - labels)[known] ** 2), abs=1e-8)


def test_other_losses_are_errors_and_absolute_errors() -> None:
    """Wrong classes are counted, distances added; unlabelled rows left out."""
    classes = MulticlassOutcome(cells={("a", "a"): 3, ("a", "b"): 1, ("b", None): 9})
    assert (loss_of(classes).rows, loss_of(classes).mean) == (4, 0.25)
    moments = RegressionOutcome(rows=9, labelled=4, sums={"abs": 6.0})
    assert (loss_of(moments).rows, loss_of(moments).mean) == (4, 1.5)
