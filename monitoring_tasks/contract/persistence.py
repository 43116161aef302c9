"""The keys `policy.persistence` and `slow_persistence`: what confirms a breach."""

from typing import Self

from pydantic import Field, model_validator

from monitoring_tasks.contract.contract_model import ContractModel


class PersistenceRule(ContractModel):
    """How many bad days out of how many valid ones confirm a breach."""

    bad_days: int = Field(default=2, ge=1)
    of_days: int = Field(default=3, ge=1)

    @model_validator(mode="after")
    def _possible(self) -> Self:
        if self.bad_days > self.of_days:
            msg = f"{self.bad_days} bad days cannot happen in {self.of_days} days"
            raise ValueError(msg)
        return self
