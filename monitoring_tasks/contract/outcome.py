"""The key `policy.outcome`: when labels, or the scores' fit to them, have moved."""

from pydantic import Field

from monitoring_tasks.contract.contract_model import ContractModel


class OutcomePolicy(ContractModel):
    """From where the labels of a day, and the scores' fit to them, warn.

    Attributes:
        false_alarm: Probability that one number of a healthy day crosses its limits.
        min_label_shift: A smaller move of the labels' mean never warns, however
            unusual; in standard deviations of one label on the reference.
        min_calibration_rise: A smaller rise of the calibration error never warns.
    """

    false_alarm: float = Field(default=0.001, gt=0, le=0.2)
    min_label_shift: float = Field(default=0.1, ge=0)
    min_calibration_rise: float = Field(default=0.02, ge=0, le=1)
