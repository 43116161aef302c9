"""The key `policy.tuning`: what limits may cost in false alarms."""

from pydantic import Field

from monitoring_tasks.contract.contract_model import ContractModel


class TuningPolicy(ContractModel):
    """By what a limit is held against the noise it is meant to stand above.

    Attributes:
        max_false_alarm_days: `daywatch check` refuses an objective that would be in
            confirmed breach on more days a year than this while nothing is wrong.
    """

    max_false_alarm_days: float = Field(default=12, gt=0)
