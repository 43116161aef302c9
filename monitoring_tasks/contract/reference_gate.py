"""The key `policy.reference_gate`: from where a batch is too unlike the reference.

The baseline is learnt from the reference's own days; how far a day may stray from them
stands in the policy.
"""

from typing import Literal, Self

from pydantic import Field, model_validator

from monitoring_tasks.contract.contract_model import ContractModel
from monitoring_tasks.contract.relation_policy import RelationPolicy


class ReferenceGatePolicy(ContractModel):
    """From where a batch is so unlike the reference that the data must be broken.

    A difference has to be both beyond what the reference's days allow, at the rate of
    false alarms stated here, and at least as large as stated here.

    Attributes:
        when: `always`, or `never`: then only the suite looks at the values.
        false_alarm: Probability that a statement about a healthy day fails.
        rare_share: Share of the rows from which on is notable what never had so many
            on a day of the reference: nulls, a placeholder, values outside all seen,
            values of more decimals, unseen categories, rows unlike any seen (that break
            a relation of columns, that are copies, that were there the day before,
            whose decision is not that of their scores, whose score is another row's);
            it warns, and is an incident once it lasts.
        notable_share: The same of what had more on some day, and of categories that are
            missing and of the shape of numbers: what is beyond the usual.
        gross_share: The same of nulls, a placeholder, unseen and absent categories, and
            rows unlike any seen but for their outputs, of the whole batch; a larger one
            makes it unfit.
        tolerance: Part of a column's usual span by which its values may leave it before
            they are elsewhere, or another column's.
        frozen_share: Share of the rows by which the most common value may exceed what
            is usual; a larger one makes the batch unfit.
        notable_volume: Rows as a share of a usual day's; fewer warn, and are an
            incident once that lasts; so many more as the inverse of it warn.
        gross_volume: The same; fewer make the batch unfit.
        factor: Smallest factor that is a changed unit.
        clearness: How many times better a corruption has to explain the values than no
            corruption does.
        recent_days: Latest fit days that may show that the world changed before.
        relations: Which relations of columns are watched.
    """

    when: Literal["always", "never"] = "always"
    false_alarm: float = Field(default=1e-5, gt=0, le=0.01)
    rare_share: float = Field(default=0.01, gt=0, lt=1)
    notable_share: float = Field(default=0.03, gt=0, lt=1)
    gross_share: float = Field(default=0.25, gt=0, lt=1)
    tolerance: float = Field(default=0.15, gt=0, lt=1)
    frozen_share: float = Field(default=0.6, gt=0, lt=1)
    notable_volume: float = Field(default=0.7, gt=0, lt=1)
    gross_volume: float = Field(default=0.6, gt=0, lt=1)
    factor: float = Field(default=1.4, gt=1)
    clearness: float = Field(default=3.0, gt=1)
    recent_days: int = Field(default=7, ge=3, le=31)
    relations: RelationPolicy = Field(default_factory=RelationPolicy)

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.rare_share > self.notable_share:
            msg = (
                f"rare_share ({self.rare_share}) lies above notable_share "
                f"({self.notable_share}); lower it"
            )
            raise ValueError(msg)
        if self.notable_share > self.gross_share:
            msg = (
                f"notable_share ({self.notable_share}) lies above gross_share "
                f"({self.gross_share}); lower it"
            )
            raise ValueError(msg)
        if self.notable_volume < self.gross_volume:
            msg = (
                f"notable_volume ({self.notable_volume}) lies below gross_volume "
                f"({self.gross_volume}); raise it"
            )
            raise ValueError(msg)
        return self
