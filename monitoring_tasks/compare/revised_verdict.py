"""A finding of which something else known changes the verdict. Pure."""

from dataclasses import replace

from monitoring_tasks.domain.findings import Finding, Verdict
from monitoring_tasks.domain.reasons import ReasonCode


def revised(finding: Finding, verdict: Verdict, why: str, code: ReasonCode) -> Finding:
    """Return a finding with another verdict, and why behind what was said before.

    Args:
        finding: As it was judged by itself.
        verdict: What is thought of it instead.
        why: What changes it, as the rest of a sentence.
        code: The same, to count by.
    """
    reason = f"{finding.reason}; {why}"
    return replace(finding, verdict=verdict, reason=reason, reason_code=code)
