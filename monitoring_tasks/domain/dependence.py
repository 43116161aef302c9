"""Which inputs the scores of a version hang on."""

from collections.abc import Mapping
from dataclasses import dataclass

from monitoring_tasks.domain.reference import DailyNoise


@dataclass(frozen=True, slots=True, kw_only=True)
class Dependence:
    """What a version's reference says of the inputs its scores hang on.

    Attributes:
        shares: Feature -> its share of all attributions, 0..1.
        distance: How sqrt(1 - NDCG) of its days, each held against the others, moves
            from day to day; None from fewer than two days.
    """

    shares: Mapping[str, float]
    distance: DailyNoise | None = None
