"""A version's reference beside those of versions before it: worse, too good, unlike.

What a release learnt of itself can be as wrong as it is; here it is asked before it
serves a row. The references are of different days: what days bring is in the error.
Pure.
"""

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from statistics import NormalDist

from monitoring_tasks.compare.baseline import standard_error_of_mean
from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.domain.counts import BinaryOutcome, MulticlassOutcome, Outcome
from monitoring_tasks.domain.direction import Better, loss
from monitoring_tasks.domain.findings import Kind
from monitoring_tasks.domain.metric import Metric
from monitoring_tasks.domain.metrics import metric_of
from monitoring_tasks.domain.reference import DailyNoise, ReferenceProfile
from monitoring_tasks.rows.names import ALL

DIGITS = 9
"""Shares that differ by less are the same."""
BELIEVABLE = 0.5
"""A version that leaves less than this share of the smallest error any version before
it left may have seen the labels."""


def unlike_before(
    reference: ReferenceProfile,
    replaced: ReferenceProfile,
    earlier: Sequence[ReferenceProfile],
    contract: Contract,
) -> Iterator[str]:
    """List what a version's reference says that those before it did not.

    Args:
        reference: Of the version.
        replaced: Of the version that serves, or served last.
        earlier: Of all versions before it, the replaced one among them.
        contract: The metric versions are compared by, the margin, the sizes.
    """
    metric = metric_of(Kind.REALIZED, contract.comparison_metric)
    own, old = _noise(reference, metric), _noise(replaced, metric)
    if own is not None and old is not None:
        yield from _worse(own, old, metric, contract, version=replaced.version)
    if own is not None:
        yield from _too_good(own, earlier, metric)
    notable = contract.policy.reference_gate.notable_share
    yield from _other_decisions(reference, replaced, notable)


def _noise(reference: ReferenceProfile, metric: Metric) -> DailyNoise | None:
    return reference.noise.get(f"{Kind.REALIZED}/{metric.name}//{ALL}")


def _worse(
    own: DailyNoise,
    old: DailyNoise,
    metric: Metric,
    contract: Contract,
    *,
    version: str,
) -> Iterator[str]:
    """Say that it is worse: surely, and by more than the margin."""
    lost = loss(metric.better, own.mean, old.mean)
    error = math.hypot(standard_error_of_mean(own), standard_error_of_mean(old))
    policy = contract.policy
    chance = NormalDist().inv_cdf(0.5 + policy.confidence / 2) * error
    if lost > max(policy.versions.margin, chance):
        yield (
            f"its reference is worse than that of version {version}: {metric.name} "
            f"{own.mean:.3f} on {own.days} days against {old.mean:.3f} on {old.days} "
            f"days, a loss of {lost:.3f} where chance brings {chance:.3f}; the days "
            "are not the same, so compare both versions on the same rows"
        )


def _too_good(
    own: DailyNoise, earlier: Sequence[ReferenceProfile], metric: Metric
) -> Iterator[str]:
    """Say that it leaves far less error than any version before: a leak?"""
    before = [(_noise(r, metric), r.version) for r in earlier]
    errors = [(_error(n.mean, metric), n.mean, v) for n, v in before if n is not None]
    if not errors:
        return
    smallest, value, version = min(errors)
    if _error(own.mean, metric) < BELIEVABLE * smallest:
        yield (
            f"its reference is too good to be true: {metric.name} {own.mean:.3f}, and "
            f"the best before it had {value:.3f} (version {version}); check that "
            "neither these rows nor their labels were part of its training"
        )


def _error(value: float, metric: Metric) -> float:
    """Return how far a value is from the best there can be."""
    best = metric.high if metric.better is Better.HIGHER else metric.low
    return abs(best - value)


def _other_decisions(
    reference: ReferenceProfile, replaced: ReferenceProfile, notable: float
) -> Iterator[str]:
    """Name the decision whose share differs most, if that is notable."""
    own = _shares(reference.profile.outcome)
    old = _shares(replaced.profile.outcome)
    if not own or not old:
        return
    moves = {
        decision: own.get(decision, 0.0) - old.get(decision, 0.0)
        # Of two classes both moved as far: the positive one is named.
        for decision in sorted({*own, *old}, reverse=True)
    }
    decision = max(moves, key=lambda name: round(abs(moves[name]), DIGITS))
    if abs(moves[decision]) >= notable:
        yield (
            f"on its reference it decides {decision} for {own.get(decision, 0.0):.1%} "
            f"of the rows, version {replaced.version} did for "
            f"{old.get(decision, 0.0):.1%}; check that whoever acts on the decisions "
            "expects so many"
        )


def _shares(outcome: Outcome) -> dict[str, float]:
    """Return the share of the decided rows by decision; none of a regression."""
    rows: Counter[str] = Counter()
    match outcome:
        case BinaryOutcome():
            for (_, predicted, _), count in outcome.cells.items():
                if predicted >= 0:
                    rows[str(predicted)] += count
        case MulticlassOutcome():
            for (predicted_class, _), count in outcome.cells.items():
                rows[predicted_class] += count
        case _:
            return {}
    return {decision: count / rows.total() for decision, count in rows.items()}
