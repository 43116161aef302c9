"""The key `policy.reference_gate.relations`: which relations of columns are watched."""

from pydantic import Field

from monitoring_tasks.contract.contract_model import ContractModel


class RelationPolicy(ContractModel):
    """Which columns are held against what the other columns say of them.

    Relations are learnt when a reference is logged: a change counts from the next
    reference on.

    Attributes:
        least_explained: Smallest share of a number's variance, on held-out rows of the
            reference, that other columns have to explain for it to be watched.
        most_by_day: Largest share of the variance left to explain that may lie between
            days.
        tail: Share of held-out rows of the reference that lie farther from what the
            other columns say than the limit.
        least_tied: Smallest correlation of two inputs within a day, of numbers that
            stand for their values, for their tie to be watched; 1 for none.
        most_unseen: Largest share of the reference's rows in pairs of categories that
            one day alone has for the pair of columns to be watched.
    """

    least_explained: float = Field(default=0.5, gt=0, lt=1)
    most_by_day: float = Field(default=0.05, gt=0, le=1)
    tail: float = Field(default=0.005, gt=0, le=0.1)
    least_tied: float = Field(default=0.1, gt=0, le=1)
    most_unseen: float = Field(default=0.01, gt=0, le=0.1)
