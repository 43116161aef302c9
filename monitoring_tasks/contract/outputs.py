"""The key `policy.outputs`: when the outputs of a day have moved."""

from pydantic import Field

from monitoring_tasks.contract.contract_model import ContractModel


class OutputPolicy(ContractModel):
    """From where mean scores, shares of decisions and mean predictions warn.

    Attributes:
        false_alarm: Probability that one number of a healthy day crosses its limits;
            all pools of days together cross theirs as often. Outputs that move while
            no input does, beyond this chance, are an incident once they stand.
        min_shift: A smaller move never warns, however unusual; in standard deviations
            of one row's output.
    """

    false_alarm: float = Field(default=0.0001, gt=0, le=0.2)
    min_shift: float = Field(default=0.2, ge=0)
