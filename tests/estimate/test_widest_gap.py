"""How far groups lie apart, against what theory says of normal numbers."""

import numpy as np
import pytest
from scipy import stats

from monitoring_tasks.estimate.widest_gap import Drawn, logarithms, widest_gap

REPLICATES = 40_000
"""So many that a quantile of theirs is known to one percent."""


def normal_groups(centres: list[float], error: float, seed: int = 1) -> Drawn:
    """Return groups whose numbers are normal with one standard error."""
    around = np.array(centres)[:, None]
    noise = np.random.default_rng(seed).standard_normal((len(centres), REPLICATES))
    return Drawn(centres=np.array(centres), draws=around + error * noise)


@pytest.mark.parametrize(
    ("centres", "alike"),
    [
        pytest.param([0.2, 0.8], 1.128, id="two groups"),
        pytest.param([0.8, 0.5, 0.2], 1.693, id="three"),
        pytest.param([0.5, 0.2, 0.6, 0.8, 0.4], 2.326, id="five"),
    ],
)
def test_widest_gap_of_normal_numbers_is_tukeys(
    centres: list[float], alike: float
) -> None:
    """The lower end takes Tukey's range, the upper end one pair; alike is d2."""
    error = 0.05
    gap = widest_gap([normal_groups(centres, error)], confidence=0.95)
    tukey = stats.studentized_range.ppf(0.95, len(centres), np.inf) * error
    assert gap.lower == pytest.approx(0.6 - tukey, abs=0.002)
    assert gap.upper == pytest.approx(0.6 + 1.96 * np.sqrt(2) * error, abs=0.002)
    assert gap.alike == pytest.approx(alike * error, rel=0.02)


def test_lower_end_is_the_best_proof_of_any_pair() -> None:
    """A wide gap of a group hardly known proves less than a smaller one well known."""
    known, vague = normal_groups([0.0, 0.5], 0.01), normal_groups([0.6], 0.5, seed=2)
    both = Drawn(
        centres=np.concatenate([known.centres, vague.centres]),
        draws=np.concatenate([known.draws, vague.draws]),
    )
    gap = widest_gap([both], confidence=0.95)
    assert 0.45 < gap.lower < 0.5
    assert gap.upper > 1.5


def test_several_numbers_make_one_gap() -> None:
    """The larger one counts, and more numbers are more chances."""
    near, far = normal_groups([0.0, 0.1], 0.02), normal_groups([0.0, 0.4], 0.02, seed=2)
    alone = widest_gap([far], confidence=0.95)
    together = widest_gap([near, far], confidence=0.95)
    assert together.upper == pytest.approx(alone.upper)
    assert 0.3 < together.lower < alone.lower
    assert together.alike > alone.alike


def test_alike_groups_begin_at_zero() -> None:
    """A gap is never negative."""
    assert widest_gap([normal_groups([0.5, 0.51], 0.1)], confidence=0.95).lower == 0


def test_a_share_of_nothing_has_a_logarithm() -> None:
    """It counts as half a hit: among 8 rows and the two added ones, a twentieth."""
    shares = Drawn(centres=np.array([0.1]), draws=np.array([[0.0, 0.1, 1.0]]))
    logs = logarithms(shares, [8])
    assert logs.draws[0] == pytest.approx(np.log([0.05, 0.1, 1.0]))
    assert logs.centres == pytest.approx(np.log([0.1]))
