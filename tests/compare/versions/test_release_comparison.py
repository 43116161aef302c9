"""A release's comparison beside those of other candidates: one ruler."""

import pytest

from monitoring_tasks.compare.versions.release_comparison import with_release
from monitoring_tasks.contract.objectives import best_proven
from monitoring_tasks.domain.comparisons import Comparison
from tests.builders import make_comparison, make_contract

MARGIN = 0.01
CONTRACT = make_contract(policy={"versions": {"margin": MARGIN}})
RELEASED = make_comparison(version="2", lower=0.02, reason="over days")


@pytest.mark.parametrize(
    ("comparisons", "target"),
    [
        pytest.param([], "2", id="no other was tried"),
        pytest.param(
            [
                make_comparison(version="2", lower=0.06),
                make_comparison(version="1", lower=0.05),
            ],
            "2",
            id="the replaced one is better on the same rows",
        ),
        pytest.param(
            [
                make_comparison(version="2", lower=0.03),
                make_comparison(version="1", lower=0.05),
            ],
            "1",
            id="the older one is better on the same rows",
        ),
        pytest.param(
            [
                make_comparison(version="2", lower=-0.01),
                make_comparison(version="1", lower=-0.02),
            ],
            "2",
            id="only the days of the release prove it",
        ),
    ],
)
def test_target_is_chosen_by_one_ruler(
    comparisons: list[Comparison], target: str
) -> None:
    """What was measured on the same rows decides; more days prove where it cannot."""
    together = with_release(comparisons, RELEASED, CONTRACT)
    best = best_proven(together, [], margin=MARGIN)
    assert best is not None
    assert best.version == target


def test_release_that_is_not_proven_leaves_the_others_alone() -> None:
    """Its finding is kept; nothing is chosen by it."""
    unproven = make_comparison(version="2", lower=0.0)
    other = make_comparison(version="1", lower=0.05)
    assert with_release([other], unproven, CONTRACT) == [unproven, other]
