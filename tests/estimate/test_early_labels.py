import pytest

from monitoring_tasks.domain.counts import BinaryOutcome
from monitoring_tasks.estimate.binary import realized_binary
from monitoring_tasks.estimate.early_labels import Reweighted, reweighted

LOW, HIGH = 1000, 9000
"""Score bins of a row that is probably negative and one that is probably positive."""


def outcome(cells: dict[tuple[int, int, int], int]) -> BinaryOutcome:
    """Return an outcome whose rows lie in the middle of their score bin."""
    sums = {cell: rows * (cell[0] + 0.5) / 10_000 for cell, rows in cells.items()}
    return BinaryOutcome(cells=cells, score_sums=sums, invalid=3)


def weighted(
    cells: dict[tuple[int, int, int], int], *, strata: int = 2, min_labelled: int = 1
) -> Reweighted:
    """Weight an outcome by two strata of the score."""
    return reweighted(outcome(cells), strata=strata, min_labelled=min_labelled)


EARLY = {
    (LOW, 0, 0): 80,
    (LOW, 0, 1): 20,
    (HIGH, 1, 0): 2,
    (HIGH, 1, 1): 8,
    (HIGH, 1, -1): 90,
}
"""A hundred rows of either kind; few of the high scores have a label."""


def test_labels_stand_for_all_rows_of_their_stratum() -> None:
    """Each half weighs the same again: of 200 rows 20 + 80 would be positive."""
    made = weighted(EARLY)
    assert made.outcome is not None
    numbers = realized_binary(made.outcome, confidence=0.95, value=None)
    assert numbers["positive_rate"].value == pytest.approx(0.5)
    assert numbers["accuracy"].value == pytest.approx(0.8)


def test_rows_add_up_to_as_many_as_they_are_worth() -> None:
    """Kish: 200^2 / (100^2 / 100 + 100^2 / 10) = 36.4; the mean scores stay."""
    made = weighted(EARLY)
    assert made.effective_rows == 36
    assert made.outcome is not None
    assert sum(made.outcome.cells.values()) == pytest.approx(made.effective_rows)
    ratio = made.outcome.score_sums[HIGH, 1, 1] / made.outcome.cells[HIGH, 1, 1]
    assert ratio == pytest.approx(0.90005)
    assert made.outcome.invalid == 3


def test_nothing_changes_when_every_row_has_its_label() -> None:
    """All weights are 1."""
    cells = {(LOW, 0, 0): 30, (HIGH, 1, 1): 50}
    made = weighted(cells)
    assert made.outcome is not None
    assert dict(made.outcome.cells) == pytest.approx(cells)


@pytest.mark.parametrize(
    ("min_labelled", "rate"),
    [
        pytest.param(10, 0.5, id="the high half has ten"),
        pytest.param(11, 28 / 110, id="one too few: no strata are left"),
    ],
)
def test_strata_are_widened_until_each_has_its_labels(
    min_labelled: int, rate: float
) -> None:
    """A thin stratum joins the one before it rather than weigh a handful of rows."""
    made = weighted(EARLY, min_labelled=min_labelled)
    assert made.outcome is not None
    numbers = realized_binary(made.outcome, confidence=0.95, value=None)
    assert numbers["positive_rate"].value == pytest.approx(rate)


def test_low_scores_without_a_label_join_the_next_stratum() -> None:
    """Strata are filled from the lowest score up; none is left without a label."""
    made = weighted({(LOW, 0, -1): 50, (5000, 1, 1): 25, (HIGH, 1, 1): 25})
    assert made.outcome is not None
    assert made.outcome.cells[5000, 1, 1] > made.outcome.cells[HIGH, 1, 1]


@pytest.mark.parametrize(("labelled", "is_known"), [(0, False), (4, False), (5, True)])
def test_too_few_labels_cannot_stand_for_all(labelled: int, *, is_known: bool) -> None:
    """No outcome and the reason."""
    cells = {(LOW, 0, -1): 50} | ({(HIGH, 1, 1): labelled} if labelled else {})
    made = weighted(cells, min_labelled=5)
    assert (made.outcome is not None) is is_known
    assert made.reason == (
        "" if is_known else f"{labelled} labels are fewer than the 5 needed"
    )
