"""How large a loss is beside the one that is allowed. Pure."""

from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.domain.direction import loss
from monitoring_tasks.domain.findings import Finding
from monitoring_tasks.domain.metrics import metric_of


def allowed_loss(finding: Finding, contract: Contract) -> float | None:
    """Return the smallest loss the contract allows a promised number.

    Args:
        finding: The promised number.
        contract: Its objectives state the losses, `max_drop`.

    Returns:
        In the unit of the number; None where none is stated, or nothing was expected
        that a loss could be taken from.
    """
    if finding.limit is None or finding.limit.reference is None:
        return None
    stated = [
        objective.max_drop
        for objective in contract.objectives
        if objective.is_about(finding.measurement) and objective.max_drop is not None
    ]
    return min(stated, default=None)


def loss_of(finding: Finding, value: float) -> float:
    """Return by how much a value of a promised number is worse than expected.

    Args:
        finding: The promised number, of which something was expected.
        value: In the unit of the number: itself, or an end of its interval.
    """
    number, limit = finding.measurement, finding.limit
    expected = limit.reference if limit and limit.reference is not None else value
    return loss(metric_of(number.kind, number.metric).better, value, expected)
