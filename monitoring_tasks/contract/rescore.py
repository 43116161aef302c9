"""The key `policy.versions.rescore`: when rows are scored again, and what counts."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from monitoring_tasks.contract.contract_model import ContractModel


class RescorePolicy(ContractModel):
    """When a sample of a day is scored again with the version its rows state.

    Attributes:
        rows: Most rows of a version that are scored again, picked by a hash of the id;
            0 never scores any.
        every_days: A day of so many is checked where nothing gives reason to; models
            take turns.
        min_shift: Smallest distance of a score from what the version gives that counts,
            in standard deviations of its scores.
        notable_share: Share of the rows with other outputs, beyond what is usual, from
            which on the day warns; an incident once it lasts.
        gross_share: The same from which on a day is an incident by itself.
        false_alarm: Probability that chance alone makes a healthy sample warn.
    """

    rows: Literal[0] | Annotated[int, Field(ge=50, le=10_000)] = 300
    every_days: int = Field(default=3, ge=1, le=366)
    min_shift: float = Field(default=0.1, gt=0)
    notable_share: float = Field(default=0.03, gt=0, lt=1)
    gross_share: float = Field(default=0.25, gt=0, lt=1)
    false_alarm: float = Field(default=1e-3, gt=0, le=0.01)

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.notable_share > self.gross_share:
            msg = (
                f"notable_share ({self.notable_share}) lies above gross_share "
                f"({self.gross_share}); lower it"
            )
            raise ValueError(msg)
        return self
