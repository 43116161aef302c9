"""The key `value`: what each outcome of a binary decision is worth."""

from monitoring_tasks.contract.contract_model import ContractModel


class BusinessValue(ContractModel):
    """What each outcome of a binary decision is worth, in one currency unit."""

    true_positive: float = 0.0
    false_positive: float = 0.0
    true_negative: float = 0.0
    false_negative: float = 0.0
