"""The key `policy.horizons`: over how many days numbers are pooled."""

from pydantic import Field

from monitoring_tasks.contract.contract_model import ContractModel


class Horizon(ContractModel):
    """How many days are pooled before a number is held against its reference.

    Attributes:
        days: Valid days of the same version up to the day, pooled by adding counts.
        false_alarm: Probability that a healthy model's number crosses a learnt limit
            on a day.
    """

    days: int = Field(ge=1, le=366)
    false_alarm: float = Field(gt=0, le=0.2)
