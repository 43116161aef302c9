"""What was decided about a day, read back."""

from monitoring_tasks.domain.decisions import Cause, Decision, Severity
from monitoring_tasks.domain.findings import Verdict
from monitoring_tasks.domain.units import Unit
from monitoring_tasks.workspace.workspace import Workspace


def decision_of(space: Workspace, unit: Unit) -> Decision:
    """Read back what was decided about a day."""
    row = space.results.evaluation(unit)
    return Decision(
        verdict=Verdict(row["verdict"]),
        performance=Verdict(row["performance"]),
        confirmed=row["confirmed"],
        reasons=tuple(row["reasons"]),
        severity=Severity(row["severity"]) if row["severity"] else None,
        cause=Cause(row["cause"]) if row["cause"] else None,
        rollback_to=row["rollback_to"],
        evidence=row["evidence"] or {},
    )
