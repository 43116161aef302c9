"""Which inputs a version's scores hang on, and how far their order may move."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import Field

from monitoring_tasks.domain.part import Part
from monitoring_tasks.domain.reference import DailyNoise

ATTRIBUTION = "attribution_ndcg"
"""What the number of a day is called."""


class AttributionPolicy(Part):
    """Whether a day is asked which inputs its scores hang on, and when it warns.

    Attributes:
        rows: Rows of the day asked about, picked by a hash of the id; 0 asks nothing.
        days: Most days of the reference asked about, evenly picked.
        false_alarm: Probability that a healthy day's number crosses its limit.
        min_loss: A smaller loss (1 - NDCG) never warns.
    """

    rows: Literal[0] | Annotated[int, Field(ge=100)] = 0
    days: int = Field(default=42, ge=14, le=366)
    false_alarm: float = Field(default=0.01, gt=0, le=0.2)
    min_loss: float = Field(default=0.02, ge=0, lt=1)


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
