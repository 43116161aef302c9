"""The key `policy.trust`: whether a number known before labels may be believed."""

from typing import Self

from pydantic import Field, model_validator

from monitoring_tasks.contract.contract_model import ContractModel


class TrustPolicy(ContractModel):
    """By what an estimator earns trust, and by what it loses it.

    Attributes:
        min_days: Days with mature labels before anything is said.
        coverage: Share of days on which its interval has to hold what came true.
        max_bias: Smallest lasting error that matters, in units of the metric; left
            out, the `max_drop` of the objective about the same number.
        window_days: How far back days count.
    """

    min_days: int = Field(default=14, ge=5)
    coverage: float = Field(default=0.8, ge=0, le=1)
    max_bias: float | None = Field(default=None, gt=0)
    window_days: int = Field(default=60, ge=5)

    @model_validator(mode="after")
    def _possible(self) -> Self:
        if self.min_days > self.window_days:
            msg = f"min_days ({self.min_days}) do not fit in {self.window_days} days"
            raise ValueError(msg)
        return self
