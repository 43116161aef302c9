"""Two versions on the same rows before their labels: the estimated difference."""

import math
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import numpy.typing as npt
from scipy.special import ndtri

from monitoring_tasks.domain.comparisons import Basis, Comparison
from monitoring_tasks.domain.direction import loss
from monitoring_tasks.domain.findings import Kind
from monitoring_tasks.domain.metric_table import METRICS
from monitoring_tasks.domain.metrics import metric_of
from monitoring_tasks.domain.trust import EstimatorTrust

Floats = npt.NDArray[np.float64]
ESTIMABLE = frozenset(m.name for m in METRICS if m.compares and m.from_scores)
"""Metrics that scores and probabilities alone say something about."""
RESAMPLES = 200
FEWEST_ROWS = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimated:
    """What one version says of the rows, and how far its estimates may be believed.

    Attributes:
        scores: Its scores; shape (n,), 0..1.
        probabilities: Its calibrated scores: the probability of label 1; shape (n,).
        trust: What its earlier estimates of the metric were worth.
    """

    scores: Floats
    probabilities: Floats
    trust: EstimatorTrust


def compare_estimated(
    champion: Estimated,
    candidate: Estimated,
    *,
    version: str,
    metric: str,
    confidence: float,
    days: tuple[date, ...],
    seed: int = 0,
) -> Comparison:
    """Estimate how much better a candidate is, from calibrated scores alone.

    Each version's expected metric under its own calibrated probabilities (CBPE), freed
    of the bias its earlier estimates showed. The interval joins the paired bootstrap
    over rows with what the two estimators strayed beyond sampling on mature days, as
    if their errors had nothing in common: it is rather too wide.

    Args:
        champion: The live version on the rows.
        candidate: The candidate on the same rows, in the same order.
        version: The candidate.
        metric: `roc_auc` or `brier`.
        confidence: Level of the two-sided interval, 0..1.
        days: The days the rows come from.
        seed: Of the bootstrap.

    Returns:
        The gain with its interval; positive means the candidate is better. No
        value, and a reason, when the rows or the estimators cannot carry one.
    """
    rows = len(champion.scores)
    without_value = Comparison(
        version=version, metric=metric, rows=rows, days=days, basis=Basis.ESTIMATED
    )
    why = _why_not_estimated(champion, candidate, metric)
    if why:
        return replace(without_value, reason=why)
    values = [
        _value(version_estimate, metric) - (version_estimate.trust.bias or 0.0)
        for version_estimate in (champion, candidate)
    ]
    gain = -loss(metric_of(Kind.REALIZED, metric).better, values[1], values[0])
    spread = _spread(champion, candidate, metric, seed)
    half = float(ndtri(0.5 + confidence / 2)) * spread
    # Squares are added: as if the errors of the estimators had nothing in common.
    half = math.hypot(half, champion.trust.reach or 0.0, candidate.trust.reach or 0.0)
    if not math.isfinite(gain) or not math.isfinite(half):
        return replace(without_value, reason="every row is expected to be of one class")
    return replace(
        without_value,
        champion=values[0],
        candidate=values[1],
        gain=gain,
        lower=gain - half,
        upper=gain + half,
    )


def _why_not_estimated(champion: Estimated, candidate: Estimated, metric: str) -> str:
    """Say why there is no difference to estimate; empty where there is."""
    rows = len(champion.scores)
    if metric not in ESTIMABLE:
        return f"{metric} cannot be estimated without labels"
    if rows < FEWEST_ROWS:
        return f"{rows} rows are too few to estimate from"
    is_reach_known = None not in {champion.trust.reach, candidate.trust.reach}
    if not is_reach_known or not _is_sound(champion, candidate):
        return "an estimate is not finite, or its error is unknown"
    return ""


def _is_sound(*versions: Estimated) -> bool:
    return all(
        np.isfinite(version_estimate.scores).all()
        and np.isfinite(version_estimate.probabilities).all()
        for version_estimate in versions
    )


def _value(
    version_estimate: Estimated, metric: str, weights: Floats | None = None
) -> float:
    """Return the expected metric of weighted rows; NaN when it is not defined."""
    weights = np.ones(len(version_estimate.scores)) if weights is None else weights
    if metric == "brier":
        losses = version_estimate.probabilities * (1 - version_estimate.scores) ** 2
        losses += (1 - version_estimate.probabilities) * version_estimate.scores**2
        return float(np.average(losses, weights=weights))
    # The expected share of (positive, negative) pairs that are ranked rightly.
    _, rank = np.unique(version_estimate.scores, return_inverse=True)
    positives = np.bincount(rank, weights=weights * version_estimate.probabilities)
    negatives = np.bincount(
        rank, weights=weights * (1 - version_estimate.probabilities)
    )
    pairs = positives.sum() * negatives.sum()
    if pairs <= 0:
        return math.nan
    # Negatives ranked below, those of the same score counted half.
    under = np.cumsum(negatives) - negatives / 2
    return float(np.sum(positives * under) / pairs)


def _spread(champion: Estimated, candidate: Estimated, metric: str, seed: int) -> float:
    """Return the standard deviation of the difference over resampled rows."""
    rows = len(champion.scores)
    generator = np.random.default_rng(seed)
    drawn = []
    for _ in range(RESAMPLES):
        weights = generator.multinomial(rows, np.full(rows, 1 / rows)).astype(float)
        drawn.append(
            _value(candidate, metric, weights) - _value(champion, metric, weights)
        )
    return float(np.std(drawn, ddof=1))
