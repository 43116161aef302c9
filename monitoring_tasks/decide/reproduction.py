"""Outputs that are not what the stated version gives for the inputs. Pure.

Proof, not statistics: it waits for no second day and no label. It never leads to a
rollback: what is delivered is not what any version would have given.
"""

from collections.abc import Iterable, Sequence

from monitoring_tasks.decide.symptoms import Diagnosis, Symptoms
from monitoring_tasks.domain.decisions import Cause
from monitoring_tasks.domain.evidence_keys import keys_of
from monitoring_tasks.domain.findings import Finding, Kind, Verdict
from monitoring_tasks.domain.reasons import ReasonCode
from monitoring_tasks.domain.reproductions import is_proof


def not_reproduced(symptoms: Symptoms) -> Diagnosis | None:
    """Integration: the outputs are not what the version gives for the inputs.

    Comes before the rule that blames the model: what another version would have given
    is held against outputs that are not the version's own.
    """
    return proven_unlike(symptoms.findings)


def proven_unlike(findings: Iterable[Finding]) -> Diagnosis | None:
    """Return the cause of outputs proven not the version's; None without proof."""
    return unlike_outputs([finding for finding in findings if is_proof(finding)])


def are_reproduced(findings: Iterable[Finding], *, share: float = 1.0) -> bool:
    """Whether rows scored again show that the outputs are what their versions give.

    What is odd about such outputs came with the inputs, or is the version's own: the
    job that scores and delivers is not to blame.

    Args:
        findings: The judged numbers of the day.
        share: Share of the rows whose outputs are odd, 0..1. So many must not fit among
            those that were not reproduced.
    """
    asked = [f for f in findings if f.measurement.kind is Kind.REPRODUCTION]
    return bool(asked) and all(_excludes(f, share) for f in asked)


def _excludes(finding: Finding, share: float) -> bool:
    upper, limit = finding.measurement.upper, finding.limit
    if finding.verdict is not Verdict.OK or upper is None:
        return False
    if limit is None or limit.high is None:
        return False
    return upper <= limit.high and upper < share


def unlike_outputs(findings: Sequence[Finding]) -> Diagnosis | None:
    """Return the cause of outputs that are not the version's; None without findings.

    Args:
        findings: Of kind `reproduction`, of outputs unlike the version's.
    """
    if not findings:
        return None
    worst = max(findings, key=lambda finding: finding.measurement.value or 0.0)
    return Diagnosis.of(
        Cause.INTEGRATION,
        ReasonCode.OUTPUTS_NOT_REPRODUCED,
        keys_of(findings),
        text=worst.reason,
    )
