"""What an estimator that lost its trust may still say: nothing above a warning."""

from collections.abc import Mapping, Sequence

from monitoring_tasks.compare.revised_verdict import revised
from monitoring_tasks.domain.findings import Finding, Kind, Verdict
from monitoring_tasks.domain.reasons import ReasonCode
from monitoring_tasks.domain.trust import EstimatorTrust, TrustKey, TrustVerdict


def demote_untrusted(
    findings: Sequence[Finding], trust: Mapping[TrustKey, EstimatorTrust]
) -> list[Finding]:
    """Take the right to breach from findings whose estimator is demoted.

    Their `breach` becomes `warn`, and their `ok` is `inconclusive`: the number lies
    within its limits, and nothing is known by that. Other verdicts claim nothing and
    stay as they are, as do numbers that are not estimates, and estimates that
    are untested or unknown. Order is kept, over however many days a number is pooled.

    Args:
        findings: Of the day. Not modified.
        trust: How far estimates may be believed, by version, segment and metric.
    """
    return [_demoted(finding, trust) for finding in findings]


def _demoted(finding: Finding, trust: Mapping[TrustKey, EstimatorTrust]) -> Finding:
    number = finding.measurement
    estimator = trust.get((number.version, number.segment, number.metric))
    is_estimate = number.kind is Kind.ESTIMATED
    if (
        not is_estimate
        or estimator is None
        or estimator.verdict is not TrustVerdict.DEMOTED
    ):
        return finding
    if finding.verdict is Verdict.BREACH:
        why = f"only a warning, the estimate is not trusted: {estimator.reason}"
        return revised(finding, Verdict.WARN, why, ReasonCode.UNTRUSTED_ESTIMATE)
    # An `ok` by an estimator that was wrong before is no all-clear.
    if finding.verdict is Verdict.OK:
        why = f"but the estimate is not trusted: {estimator.reason}"
        code = ReasonCode.UNTRUSTED_ESTIMATE
        return revised(finding, Verdict.INCONCLUSIVE, why, code)
    return finding
