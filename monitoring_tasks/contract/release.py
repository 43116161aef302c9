"""The key `policy.versions.release`: when a release counts as worse."""

from pydantic import Field

from monitoring_tasks.contract.contract_model import ContractModel


class ReleasePolicy(ContractModel):
    """When a release counts as surely worse than the version it replaced.

    Attributes:
        false_alarm: Probability that a release is ever called worse while it is as
            good as the version it replaced; with it one that is worse by just the
            margin is ever put back without a person.
        correlation: Of the gains of consecutive days. Too high only costs days.
        min_days: Fewer measured days than this are not looked at.
        rows: Most labelled rows of a day that the replaced version scores again.
    """

    false_alarm: float = Field(default=0.05, ge=0.001, le=0.2)
    correlation: float = Field(default=0.1, ge=0, lt=1)
    min_days: int = Field(default=5, ge=3)
    rows: int = Field(default=20_000, ge=100)
