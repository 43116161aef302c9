"""The labels' gate tells what it promises."""

import pytest

from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.domain.reference import ReferenceProfile
from monitoring_tasks.operations.promises.label_promises import label_tests
from monitoring_tasks.operations.promises.told_days import POWER, smallest


def test_larger_moves_of_the_labels_are_told_more_often(
    reference: ReferenceProfile, contract: Contract
) -> None:
    """From hardly ever to always, and never less often."""
    (test,) = label_tests(reference, contract)
    chances = [test.chance(size) for size in (0.005, 0.05, 0.1, 0.15, 0.3)]
    assert chances == sorted(chances)
    assert chances[0] < 0.05
    assert chances[-1] > 0.9


def test_smallest_move_is_beyond_what_sampling_brings(
    reference: ReferenceProfile, contract: Contract
) -> None:
    """Half of 400 labels move by .025 by themselves; the gate asks for a thousandth."""
    (test,) = label_tests(reference, contract)
    size = smallest(test.chance, POWER, largest=test.largest)
    assert size == pytest.approx((3.4 + 0.84) * 0.025, rel=0.25)


def test_outright_shift_is_gross(
    reference: ReferenceProfile, contract: Contract
) -> None:
    """`policy.labels.gross_shift` does not wait for a second day."""
    (test,) = label_tests(reference, contract)
    assert test.gross is not None
    assert smallest(test.gross, 0.5, largest=1.0) == pytest.approx(0.25)
