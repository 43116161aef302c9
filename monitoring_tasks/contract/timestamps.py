"""The key `policy.timestamps`: which instants the rows of a day may be about."""

from pydantic import Field

from monitoring_tasks.contract.contract_model import ContractModel


class TimestampPolicy(ContractModel):
    """How far from its day a row's timestamp may lie.

    Attributes:
        days_before: Days before the day of a row that counts.
        days_after: Days after it, for rows about what is still to come.
        max_other_share: From this share of rows of other days on the batch is not fit;
            fewer are left out and a warning.
    """

    days_before: int = Field(default=0, ge=0)
    days_after: int = Field(default=0, ge=0)
    max_other_share: float = Field(default=0.5, gt=0, le=1)
