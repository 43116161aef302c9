"""How much it matters, in its first form: from tier, confirmation and cause."""

from monitoring_tasks.domain.evaluations import Cause, Severity
from monitoring_tasks.domain.findings import Verdict

LONG_BREACH_DAYS = 5
"""Valid days of unbroken breach after which a tier-1 model's trouble is the gravest."""


def performance_severity(
    *, tier: int, confirmed: bool, streak: int, verdict: Verdict
) -> Severity | None:
    """Grade a day by its performance; None when nobody must act.

    Drift alone (a `warn`) is never more than P3 here; an unconfirmed breach waits.
    """
    if verdict is Verdict.BREACH and confirmed:
        if tier == 1 and streak >= LONG_BREACH_DAYS:
            return Severity.P0
        return Severity.P2 if tier == 3 else Severity.P1  # noqa: PLR2004 (tiers are 1..3)
    if verdict in {Verdict.BREACH, Verdict.WARN, Verdict.ERROR}:
        return Severity.P3
    return None


def data_severity(*, tier: int, cause: Cause) -> Severity:
    """Grade a day that could not be judged because its data is missing or broken."""
    if tier == 1 and cause is Cause.INTEGRATION:
        return Severity.P1
    return Severity.P2
