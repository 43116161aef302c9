"""The key `policy.severity`: the limits by which severity and cause are chosen."""

from pydantic import Field

from monitoring_tasks.contract.contract_model import ContractModel, Ratio


class SeverityPolicy(ContractModel):
    """By which limits severity and cause are chosen.

    Attributes:
        large_share: A segment with this share of the rows is as grave as the whole.
        small_share: A segment with less is a P2 at most, unless it is protected.
        long_breach_days: Valid days of unbroken breach that raise a tier-1 model's.
        common_models: So many models whose breach began together have one cause.
        common_share: So does this share of the workspace's models, two at least.
        explained_share: Share of a loss the estimate has to predict before drift of
            the inputs is called its cause.
        orphan_share: Labels without a prediction, as a share beyond the usual one,
            from which predictions count as lost on their way.
        quarantine_holds: Whether consumers wait for Daywatch's verdict before they
            use a batch. If not, a broken batch has been used by the time it is found.
        severe_value_loss: Lost business value of a day that is a P1.
        gravest_value_loss: Lost business value of a day that is a P0.
    """

    large_share: Ratio = 0.25
    small_share: Ratio = 0.05
    long_breach_days: int = Field(default=5, ge=1)
    common_models: int = Field(default=3, ge=2)
    common_share: Ratio | None = None
    explained_share: float = Field(default=0.5, gt=0, le=1)
    orphan_share: Ratio = 0.05
    quarantine_holds: bool = True
    severe_value_loss: float | None = Field(default=None, gt=0)
    gravest_value_loss: float | None = Field(default=None, gt=0)
