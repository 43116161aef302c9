from dataclasses import replace

import numpy as np
import pytest

from monitoring_tasks.compare.versions.estimated_gain import (
    Estimated,
    compare_estimated,
)
from monitoring_tasks.domain.comparisons import Basis, Comparison
from monitoring_tasks.domain.trust import EstimatorTrust, TrustVerdict
from tests.builders import DAY

ROWS = 4000
TRUST = EstimatorTrust(
    version="1",
    segment="all",
    metric="roc_auc",
    verdict=TrustVerdict.TRUSTED,
    reason="",
    bias=0.0,
    reach=0.0,
)


def versions(
    seed: int, *, blur: float = 1.5
) -> tuple[Estimated, Estimated, np.ndarray]:
    """Return a blurred live version, a sharp other one, and the labels of their rows.

    Both are calibrated: the live one knows only a part of what decides.
    """
    random = np.random.default_rng(seed)
    known, hidden = random.normal(size=ROWS), random.normal(size=ROWS) * blur
    truth = 1 / (1 + np.exp(-(known + hidden)))
    labels = random.random(ROWS) < truth
    grid = np.linspace(-4, 4, 81)
    drawn = np.random.default_rng(0).normal(size=20_000) * blur
    mean = [(1 / (1 + np.exp(-(point + drawn)))).mean() for point in grid]
    seen = np.interp(known, grid, mean)
    champion = Estimated(scores=seen, probabilities=seen, trust=TRUST)
    return champion, Estimated(scores=truth, probabilities=truth, trust=TRUST), labels


def compared(
    champion: Estimated, candidate: Estimated, metric: str = "roc_auc"
) -> Comparison:
    """Compare the two."""
    return compare_estimated(
        champion, candidate, version="1", metric=metric, confidence=0.95, days=(DAY,)
    )


def auc(scores: np.ndarray, labels: np.ndarray) -> float:
    """Return the share of pairs ranked rightly."""
    ranks = scores.argsort().argsort() + 1.0
    hits = labels.sum()
    return float(
        (ranks[labels].sum() - hits * (hits + 1) / 2) / (hits * (len(labels) - hits))
    )


def test_interval_holds_what_labels_would_have_said() -> None:
    """In most of many draws the realized gain lies within the estimated interval."""
    held = 0
    for seed in range(30):
        champion, candidate, labels = versions(seed)
        found = compared(champion, candidate)
        assert found.lower is not None
        assert found.upper is not None
        gain = auc(candidate.scores, labels) - auc(champion.scores, labels)
        # What labels say strays by its own sampling; the estimate knows none of it.
        held += found.lower - 0.03 <= gain <= found.upper + 0.03
    assert held >= 27


@pytest.mark.parametrize("metric", ["roc_auc", "brier"])
def test_better_version_has_a_gain_above_zero(metric: str) -> None:
    """Whatever the metric, positive is better; swapped, the sign turns."""
    champion, candidate, _ = versions(1)
    found, swapped = (
        compared(champion, candidate, metric),
        compared(candidate, champion, metric),
    )
    assert found.basis is Basis.ESTIMATED
    assert found.is_better_by(0.01)
    assert found.gain == pytest.approx(-(swapped.gain or 0.0))


def test_bias_is_taken_off_and_reach_widens() -> None:
    """What the estimators were wrong by is not a gain."""
    champion, candidate, _ = versions(2)
    plain = compared(champion, candidate)
    assert plain.gain is not None
    assert plain.lower is not None
    biased = replace(candidate, trust=replace(TRUST, bias=0.05, reach=0.2))
    found = compared(champion, biased)
    assert found.gain == pytest.approx(plain.gain - 0.05)
    assert found.lower == pytest.approx(
        found.gain - np.hypot(plain.gain - plain.lower, 0.2)
    )


@pytest.mark.parametrize(
    ("count", "is_measured"), [(99, False), (100, True), (101, True)]
)
def test_few_rows_carry_no_estimate(count: int, is_measured: bool) -> None:  # noqa: FBT001 (a parameter)
    """From a hundred rows on there is a number."""
    champion, candidate, _ = versions(3)
    few = [
        replace(one, scores=one.scores[:count], probabilities=one.probabilities[:count])
        for one in (champion, candidate)
    ]
    assert (compared(*few).gain is not None) is is_measured


def test_what_is_not_sound_gives_a_reason_and_no_gain() -> None:
    """NaN scores, one class, an unknown reach, a metric that needs predictions."""
    champion, candidate, _ = versions(4)
    broken = replace(candidate, scores=np.full(ROWS, np.nan))
    sure = replace(candidate, probabilities=np.ones(ROWS))
    untested = replace(candidate, trust=replace(TRUST, reach=None))
    for one, metric in (
        (broken, "roc_auc"),
        (sure, "roc_auc"),
        (untested, "roc_auc"),
        (candidate, "accuracy"),
    ):
        found = compared(champion, one, metric)
        assert (found.gain, found.lower, bool(found.reason)) == (None, None, True)
        assert not found.is_better_by(-1.0)
