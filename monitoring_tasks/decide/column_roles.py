"""Whether drift is of what goes into the model, or of what comes out of it. Pure."""

from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.domain.findings import Finding, Kind


def is_input(finding: Finding, contract: Contract) -> bool:
    """Whether a finding is drift of what goes into the model.

    Args:
        finding: A judged number.
        contract: Names the outputs.
    """
    is_drift = finding.measurement.kind is Kind.DRIFT
    return is_drift and not is_output(finding, contract)


def is_output(finding: Finding, contract: Contract) -> bool:
    """Whether a finding is drift of what comes out of the model, or no output of it.

    Args:
        finding: A judged number.
        contract: Names the outputs.
    """
    number = finding.measurement
    if number.kind is Kind.REPRODUCTION:
        return True
    return number.kind is Kind.DRIFT and is_output_column(number.column, contract)


def is_output_column(column: str, contract: Contract) -> bool:
    """Whether a column is a score or the prediction.

    Args:
        column: Its name.
        contract: Names the outputs.
    """
    return column in {*contract.columns.scores, contract.columns.prediction}
