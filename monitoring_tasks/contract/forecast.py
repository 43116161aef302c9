"""The key `policy.forecast`: when a decline is told before it breaks an objective."""

from pydantic import Field

from monitoring_tasks.contract.contract_model import ContractModel


class ForecastPolicy(ContractModel):
    """How a slow decline is told of before it breaks an objective.

    Attributes:
        window_days: How far back the line through the days reaches.
        min_points: Fewer valid days (with mature labels where the number needs them)
            give no forecast.
        horizon_days: A crossing further ahead is not told: it is an extrapolation.
        replicates: Series drawn for the interval of the crossing.
    """

    window_days: int = Field(default=56, ge=7, le=366)
    min_points: int = Field(default=21, ge=7)
    horizon_days: int = Field(default=28, ge=1)
    replicates: int = Field(default=400, ge=100)
