"""The key `policy.warnings`: when a warning that breaks no promise is a ticket."""

from pydantic import Field

from monitoring_tasks.contract.contract_model import ContractModel


class WarningPolicy(ContractModel):
    """From where on numbers that moved, and break no promise, are somebody's work.

    A warning that stands on as many of the latest days as `policy.persistence` asks
    for is told. It is an incident as well where labels do not show that it is
    harmless, and it is far past its limit or has stood for long.

    Attributes:
        far: How many times as far from the usual value as its limit a number lies that
            is far past it.
        long_days: A warning that has stood for so many days has stood for long.
    """

    far: float = Field(default=3.0, gt=1)
    long_days: int = Field(default=7, ge=2)
