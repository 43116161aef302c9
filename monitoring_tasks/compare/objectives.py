"""A promise held against its number: over a day, and over several days together."""

from collections.abc import Sequence
from dataclasses import replace

from monitoring_tasks.compare.allowed_loss import judge_loss, still_bad
from monitoring_tasks.compare.day_context import DayContext
from monitoring_tasks.compare.interval_rule import (
    finding_of,
    judge,
    p_value_against,
)
from monitoring_tasks.compare.revised_verdict import revised
from monitoring_tasks.compare.thresholds import promised_limit
from monitoring_tasks.contract.horizons import Horizon
from monitoring_tasks.contract.objectives import Objective
from monitoring_tasks.contract.policy import Policy
from monitoring_tasks.domain.findings import (
    Finding,
    Kind,
    Limit,
    Measurement,
    Verdict,
    worst,
)
from monitoring_tasks.domain.metrics import needs_labels
from monitoring_tasks.domain.reasons import ReasonCode

UNLABELLED = (
    "the version's reference has no labels, so that nothing is estimated; only data "
    "and drift are judged"
)


def judge_objective(
    objective: Objective,
    version: str,
    measurements: Sequence[Measurement],
    context: DayContext,
) -> list[Finding]:
    """Hold the number of an objective against its limits, one finding a horizon.

    The day itself always has a finding; a longer horizon has one where days were
    pooled. Where the objective asks for one horizon (`over`) that alone has a finding,
    `inconclusive` until half of its days are there. Trouble over several days that the
    shorter horizon no longer shows is over: it is a `warn` (two windows, as burn rates
    use them: Google, The Site Reliability Workbook, chapter 5).

    Args:
        objective: The promise.
        version: The version whose number it is.
        measurements: Every number of the day.
        context: The day, its contract, and the references of its versions.

    Returns:
        Shortest horizon first.
    """
    by_horizon = {
        m.horizon: m
        for m in measurements
        if m.version == version and objective.is_about(m)
    }
    findings: list[Finding] = []
    shorter: Measurement | None = None
    for horizon in context.contract.policy.horizons:
        number = by_horizon.get(horizon.days)
        # Not judged, but a longer horizon is held against it.
        if horizon not in objective.horizons_in(context.contract.policy):
            shorter = number or shorter
            continue
        if number is None and horizon.days > 1:
            if objective.over is not None:
                findings.append(_too_few_days(objective, version, horizon))
            continue
        # A metric that failed to compute must not drop out of the verdict.
        number = number or objective.number_of(
            version, reason="the estimate step did not produce it"
        )
        finding = _judge_number(objective, number, horizon, context)
        if shorter is not None:
            finding = still_bad(finding, shorter, objective)
        findings.append(finding)
        shorter = number
    return findings


def _too_few_days(objective: Objective, version: str, horizon: Horizon) -> Finding:
    """Return what is said of a horizon that was asked for and has no number yet."""
    number = objective.number_of(version, horizon=horizon.days)
    why = (
        f"fewer than half of the {horizon.days} days asked for could be pooled so far; "
        "it is judged once they are"
    )
    return finding_of(
        number,
        Verdict.INCONCLUSIVE,
        why,
        Limit(origin="contract"),
        code=ReasonCode.TOO_FEW_DAYS,
    )


def _judge_number(
    objective: Objective, number: Measurement, horizon: Horizon, context: DayContext
) -> Finding:
    """Hold a number against the promised and the learnt limit; the worse one counts."""
    policy = context.contract.policy
    reference = context.references.get(number.version)
    if reference is not None and reference.is_unlabelled and _is_estimate(number):
        code = ReasonCode.UNLABELLED_REFERENCE
        return finding_of(number, Verdict.IMMATURE, UNLABELLED, Limit(), code=code)
    findings = []
    promised = promised_limit(objective)
    if promised is not None:
        findings.append(_judge_promise(number, promised, policy))
    if objective.max_drop is not None:
        findings.append(judge_loss(objective, number, horizon, context))
    # After both limits: a number that waits for labels still shows what it will be held
    # against.
    coverage = context.label_coverage.get(number.version, 0.0)
    if needs_labels(number.kind, number.metric) and coverage < policy.label_coverage:
        why = (
            f"labels are known for {coverage:.0%} of the rows, "
            f"{policy.label_coverage:.0%} are needed"
        )
        # Labels that came are not late: whoever waits for them waits in vain.
        why += f"; {context.stray_labels}" if context.stray_labels else ""
        return finding_of(number, Verdict.IMMATURE, why, findings[0].limit or Limit())
    finding = _worse(findings)
    return _at_most_warn(finding) if _is_fairness_guess(number) else finding


def _judge_promise(number: Measurement, limit: Limit, policy: Policy) -> Finding:
    """Hold the whole interval against the promised limit; with a p-value if judged."""
    finding = judge(number, limit, min_rows=policy.min_rows, noun=number.metric)
    if finding.verdict is Verdict.NO_DATA or number.rows < policy.min_rows:
        return finding
    p_value = p_value_against(number, limit, confidence=policy.confidence)
    return replace(finding, p_value=p_value)


def _worse(findings: Sequence[Finding]) -> Finding:
    """Return the first of the gravest findings on one number.

    Two limits are two chances of a false alarm: the smallest p-value of the gravest
    counts times the number of tests (Bonferroni), so that both together are one test
    of the day. Where the finding itself has none, nothing is known.
    """
    grave = worst(finding.verdict for finding in findings)
    gravest = [finding for finding in findings if finding.verdict is grave]
    if gravest[0].p_value is None:
        return gravest[0]
    tests = sum(finding.p_value is not None for finding in findings)
    least = min(f.p_value for f in gravest if f.p_value is not None)
    limit = _with_expected(gravest[0].limit, gravest[1:])
    return replace(gravest[0], limit=limit, p_value=min(tests * least, 1.0))


def _with_expected(limit: Limit | None, others: Sequence[Finding]) -> Limit | None:
    """Return a limit that knows what was expected, where findings as grave know it."""
    if limit is None or limit.reference is not None:
        return limit
    expected = (f.limit.reference for f in others if f.limit is not None)
    return replace(limit, reference=next((e for e in expected if e is not None), None))


def _is_estimate(number: Measurement) -> bool:
    return number.kind is Kind.ESTIMATED or _is_fairness_guess(number)


def _is_fairness_guess(number: Measurement) -> bool:
    """Whether a gap is estimated from scores; they may be biased as the gap is."""
    return number.kind is Kind.FAIRNESS and number.metric.startswith("estimated_")


def _at_most_warn(finding: Finding) -> Finding:
    if finding.verdict is not Verdict.BREACH:
        return finding
    why = "a gap without labels may only warn"
    return revised(finding, Verdict.WARN, why, ReasonCode.GAP_WITHOUT_LABELS)
