"""What drift of inputs and outputs promises, column by column. Pure."""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from scipy.special import ndtr

from monitoring_tasks.compare.baseline import expect_distance
from monitoring_tasks.compare.thresholds import drift_limit
from monitoring_tasks.contract.column_kinds import binned_columns, category_columns
from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.domain.counts import (
    Bins,
    CategoricalCounts,
    ColumnCounts,
    ContinuousCounts,
)
from monitoring_tasks.domain.reference import DailyNoise, ReferenceProfile
from monitoring_tasks.estimate.column_distances import (
    categorical_distances,
    continuous_distances,
)
from monitoring_tasks.operations.promises.family_promise import DayTest
from monitoring_tasks.operations.promises.shifted_counts import (
    moved_to_the_next,
    shifted,
    spread_of,
)

ADDING = frozenset({"psi", "chi2"})
"""Distances that are squares already: those of two causes add up as they are."""
MOST_SPREADS = 8.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """A column that is watched for drift.

    Attributes:
        column: Its name.
        metric: The distance that is judged.
        counts: The reference's.
        bins: Of a continuous column.
        noise: How the distance moves on the reference's days.
    """

    column: str
    metric: str
    counts: ColumnCounts
    bins: Bins | None
    noise: DailyNoise


def watched_columns(reference: ReferenceProfile, contract: Contract) -> list[Watched]:
    """List the columns whose distance has a learnt limit, in the contract's order.

    Args:
        reference: Of the version that serves.
        contract: Declares the columns, and which distance is judged.
    """
    policy = contract.policy
    judged = {
        **dict.fromkeys(binned_columns(contract), policy.drift.continuous),
        **dict.fromkeys(category_columns(contract), policy.drift.categorical),
    }
    watched = []
    for column, metric in judged.items():
        noise = reference.noise.get(f"drift/{metric}/{column}/all")
        counts = reference.profile.columns.get(column)
        if counts is None or noise is None or noise.days < policy.min_reference_days:
            continue
        watched.append(
            Watched(
                column=column,
                metric=metric,
                counts=counts,
                bins=reference.bins.get(column),
                # Of the mean weekday: some are quieter, others are not.
                noise=replace(noise, weekdays=()),
            )
        )
    return watched


def drift_tests(reference: ReferenceProfile, contract: Contract) -> Iterator[DayTest]:
    """Yield what is asked of the distribution of each column on a day of usual size.

    The reference's own counts are moved: numbers by so many of their standard
    deviations, categories by so much of the rows from the most common one to the next.
    Where the distance of the day from the reference by chance is h and that of the move
    is d, the day's is taken as sqrt(h^2 + d^2) (of PSI and chi squared h + d).

    Args:
        reference: Of the version that serves.
        contract: Brings the policy.
    """
    columns = watched_columns(reference, contract)
    # One column that moved has to outlast the control of false discoveries.
    rate = contract.policy.false_discovery_rate / max(len(columns), 1)
    for watched in columns:
        yield _test(watched, contract, reference, rate=rate)


def _test(
    watched: Watched, contract: Contract, reference: ReferenceProfile, *, rate: float
) -> DayTest:
    noise, policy = watched.noise, contract.policy
    expected = expect_distance(noise, day=reference.last_day, rows=round(noise.rows))
    own = drift_limit(policy, watched.metric, expected).high or math.inf
    limit = max(own, expected.mean + expected.critical_distance(rate))
    is_number = isinstance(watched.counts, ContinuousCounts)
    is_output = watched.column in contract.columns.outputs
    distance = _distance_of(watched)
    what = "numbers larger or smaller" if is_number else "rows in another category"

    def chance(size: float) -> float:
        moved = distance(size)
        if moved >= limit:
            return 1.0
        # How far the day would have to lie from the reference by chance alone.
        left = _left_for_chance(watched.metric, limit, moved)
        if expected.error == 0:
            return float(expected.mean >= left)
        return float(ndtr((expected.mean - left) / expected.error))

    return DayTest(
        family="drift of outputs" if is_output else "drift of inputs",
        check=what,
        about=watched.column,
        unit="standard deviations" if is_number else "of the rows",
        chance=chance,
        largest=MOST_SPREADS if is_number else 1.0,
        false_alarm=expected.p_value(limit - expected.mean),
        correlation=noise.correlation,
    )


def _left_for_chance(metric: str, limit: float, moved: float) -> float:
    if metric in ADDING:
        return limit - moved
    return math.sqrt(limit**2 - moved**2)


def _distance_of(watched: Watched) -> Callable[[float], float]:
    """Return how far a move by some size takes a column from its reference."""
    counts, metric, rows = watched.counts, watched.metric, watched.noise.rows

    def of_number(size: float) -> float:
        if not isinstance(counts, ContinuousCounts) or watched.bins is None:
            return 0.0
        moved = shifted(counts, watched.bins, by=size * spread_of(counts))
        return _number(continuous_distances(counts, moved, watched.bins), metric)

    def of_category(share: float) -> float:
        if not isinstance(counts, CategoricalCounts):
            return 0.0
        moved = moved_to_the_next(counts, share, rows=rows or counts.valid)
        return _number(categorical_distances(counts, moved), metric)

    return of_number if isinstance(counts, ContinuousCounts) else of_category


def _number(values: dict[str, float | str], metric: str) -> float:
    value = values.get(metric)
    return value if isinstance(value, float) else 0.0
