"""The key `policy.attribution`: whether a version is asked what its scores hang on."""

from typing import Annotated, Literal

from pydantic import Field

from monitoring_tasks.contract.contract_model import ContractModel

ATTRIBUTION = "attribution_ndcg"
"""What the number of a day is called."""


class AttributionPolicy(ContractModel):
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
