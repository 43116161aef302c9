"""Whether drift is of what goes into the model, or of what comes out of it. Pure."""

from collections.abc import Iterable

from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.domain.findings import REFERENCE_GATE, Check, Finding, Kind


def is_input(finding: Finding, contract: Contract) -> bool:
    """Whether a finding is drift of what goes into the model."""
    is_drift = finding.measurement.kind is Kind.DRIFT
    return is_drift and not is_output(finding, contract)


def is_output(finding: Finding, contract: Contract) -> bool:
    """Whether a finding is about how outputs of the model lie, or whose they are."""
    number = finding.measurement
    if number.kind in {Kind.OUTPUT, Kind.REPRODUCTION}:
        return True
    return number.kind is Kind.DRIFT and number.column in contract.columns.outputs


def is_input_column(column: str, contract: Contract) -> bool:
    """Whether a column goes into the model.

    Args:
        column: Its name; empty for what is about no column.
        contract: Names the outputs.
    """
    return column != "" and column not in contract.columns.outputs


def unlike_inputs(checks: Iterable[Check], contract: Contract) -> bool:
    """Whether some input is unlike the reference, in all rows or in a segment.

    However it is explained: as a fault, as a season's, as the reference's.
    """
    return any(
        check.gate == REFERENCE_GATE
        and check.status == "failed"
        and is_input_column(check.column, contract)
        for check in checks
    )
