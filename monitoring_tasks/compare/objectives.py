"""A promise held against its number: over a day, and over several days together."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from math import isfinite

from monitoring_tasks.compare.baseline import Expected
from monitoring_tasks.compare.interval_rule import (
    chance_of,
    finding_of,
    judge,
    why_not_judged,
)
from monitoring_tasks.compare.thresholds import (
    chance_of_loss,
    expected_value,
    learnt_limit,
    noise_of,
    promised_limit,
    room_for_chance,
    span_of_loss,
)
from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.contract.horizons import Horizon
from monitoring_tasks.contract.objectives import Objective
from monitoring_tasks.contract.policy import Policy
from monitoring_tasks.domain.direction import loss
from monitoring_tasks.domain.findings import (
    Finding,
    Kind,
    Limit,
    Measurement,
    Verdict,
    worst,
)
from monitoring_tasks.domain.metrics import metric_of, needs_labels
from monitoring_tasks.domain.reasons import ReasonCode
from monitoring_tasks.domain.reference import ReferenceProfile

HOPELESS = 2.0
"""Where chance alone moves a number by more than so many allowed losses, a number
within its limit does not say that all is well."""
UNLABELLED = (
    "the version's reference has no labels, so that nothing is estimated; only data "
    "and drift are judged"
)
TOO_FEW_DAYS = "the reference has too few days to learn a limit from"
ENDLESS = "its interval has no end, so that nothing can be told from chance"


@dataclass(frozen=True, slots=True, kw_only=True)
class DayContext:
    """What the numbers of a day are judged in the light of.

    Attributes:
        day: The calendar day.
        contract: The model's contract.
        references: Reference profile by version; a version may lack one.
        label_coverage: Share of the day's rows whose label is known, by version.
    """

    day: date
    contract: Contract
    references: Mapping[str, ReferenceProfile]
    label_coverage: Mapping[str, float]


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
    """
    found = {
        m.horizon: m
        for m in measurements
        if m.version == version and objective.is_about(m)
    }
    findings: list[Finding] = []
    shorter: Measurement | None = None
    for horizon in context.contract.policy.horizons:
        number = found.get(horizon.days)
        if horizon not in objective.horizons_in(context.contract.policy):
            shorter = number or shorter
            continue
        if number is None and horizon.days > 1:
            if objective.over is not None:
                findings.append(_too_few_days(objective, version, horizon))
            continue
        number = number or _unmeasured(objective, version)
        finding = _judge_number(objective, number, horizon, context)
        if shorter is not None:
            finding = _still_bad(finding, shorter, objective)
        findings.append(finding)
        shorter = number
    return findings


def _unmeasured(objective: Objective, version: str) -> Measurement:
    return Measurement(
        kind=Kind(objective.source),
        metric=objective.metric,
        column=objective.column,
        segment=objective.segment,
        version=version,
        reason="the estimate step did not produce it",
    )


def _too_few_days(objective: Objective, version: str, horizon: Horizon) -> Finding:
    """Return what is said of a horizon that was asked for and has no number yet."""
    number = replace(_unmeasured(objective, version), horizon=horizon.days, reason="")
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
        findings.append(_judge_loss(objective, number, horizon, context))
    coverage = context.label_coverage.get(number.version, 0.0)
    if needs_labels(number.kind, number.metric) and coverage < policy.label_coverage:
        why = (
            f"labels are known for {coverage:.0%} of the rows, "
            f"{policy.label_coverage:.0%} are needed"
        )
        return finding_of(number, Verdict.IMMATURE, why, findings[0].limit or Limit())
    found = _worse(findings)
    return _at_most_warn(found) if _is_fairness_guess(number) else found


def _judge_promise(number: Measurement, limit: Limit, policy: Policy) -> Finding:
    """Hold the whole interval against the promised limit; with a p-value if judged."""
    finding = judge(number, limit, min_rows=policy.min_rows, noun=number.metric)
    if finding.verdict is Verdict.NO_DATA or number.rows < policy.min_rows:
        return finding
    chance = chance_of(number, limit, confidence=policy.confidence)
    return replace(finding, p_value=chance)


def _worse(findings: Sequence[Finding]) -> Finding:
    """Give the first of the gravest findings on one number.

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
    return replace(gravest[0], p_value=min(tests * least, 1.0))


def _is_estimate(number: Measurement) -> bool:
    return number.kind is Kind.ESTIMATED or _is_fairness_guess(number)


def _is_fairness_guess(number: Measurement) -> bool:
    """Whether a gap is estimated from scores; they may be biased as the gap is."""
    return number.kind is Kind.FAIRNESS and number.metric.startswith("estimated_")


def _at_most_warn(finding: Finding) -> Finding:
    if finding.verdict is not Verdict.BREACH:
        return finding
    why = f"{finding.reason}; a gap without labels may only warn"
    return replace(
        finding,
        verdict=Verdict.WARN,
        reason=why,
        reason_code=ReasonCode.GAP_WITHOUT_LABELS,
    )


def _judge_loss(
    objective: Objective, number: Measurement, horizon: Horizon, context: DayContext
) -> Finding:
    """Hold the loss against the version's own reference against what is allowed.

    `breach`: larger than allowed and than chance brings. `inconclusive`: larger than
    allowed, yet within chance; or so few rows that even twice the allowed loss would
    be; or an interval without an end. Else `ok`.
    """
    policy = context.contract.policy
    limit, expected = _loss_limit(objective, number, horizon, context)
    unjudged = why_not_judged(
        number, limit, min_rows=policy.min_rows, noun=objective.metric
    )
    if unjudged is not None or expected is None:
        verdict, why, code = unjudged or (Verdict.INCONCLUSIVE, "", ReasonCode.NO_LIMIT)
        if code is ReasonCode.NO_LIMIT:
            code = _why_no_limit(limit)
        return finding_of(number, verdict, why, limit, code=code)
    metric = metric_of(objective.source, objective.metric)
    value = expected.mean if number.value is None else number.value
    lost = loss(metric.better, value, expected.mean)
    allowed = objective.max_drop or 0.0
    chance = room_for_chance(metric, expected, horizon.false_alarm)
    loss_code: ReasonCode | None = None
    verdict, why = Verdict.OK, f"a loss of {lost:.3f} is within the allowed {allowed:g}"
    if lost < 0:
        why = f"{-lost:.3f} better than the expected {expected.mean:.3f}"
    if lost > max(allowed, chance):
        verdict = Verdict.BREACH
        why = f"a loss of {lost:.3f} ({limit.origin})"
    elif lost > allowed:
        verdict = Verdict.INCONCLUSIVE
        why = f"a loss of {lost:.3f}, but chance alone brings up to {chance:.3f}"
        loss_code = ReasonCode.WITHIN_CHANCE
    elif chance > HOPELESS * allowed:
        verdict = Verdict.INCONCLUSIVE
        why = f"only a loss beyond {chance:.3f} could be told apart from chance"
        loss_code = ReasonCode.UNDETECTABLE_LOSS
    why = f"{number.value:.3f}: {why}"
    finding = finding_of(number, verdict, why, limit, code=loss_code)
    return replace(finding, p_value=chance_of_loss(metric, expected, lost))


def _why_no_limit(limit: Limit) -> ReasonCode:
    """Return why nothing was learnt from the reference, from the limit's own words."""
    is_endless = limit.origin == ENDLESS
    return (
        ReasonCode.ENDLESS_INTERVAL if is_endless else ReasonCode.TOO_FEW_REFERENCE_DAYS
    )


def _loss_limit(
    objective: Objective, number: Measurement, horizon: Horizon, context: DayContext
) -> tuple[Limit, Expected | None]:
    """Give the learnt limit and what it was learnt from; without sides if nothing."""
    policy = context.contract.policy
    noise = noise_of(number, context.references.get(number.version), policy)
    if noise is None:
        return Limit(origin=TOO_FEW_DAYS), None
    expected = expected_value(
        number, noise, day=context.day, confidence=policy.confidence
    )
    if not isfinite(expected.error):
        return Limit(origin=ENDLESS), None
    return learnt_limit(objective, expected, horizon), expected


def _still_bad(finding: Finding, shorter: Measurement, objective: Objective) -> Finding:
    """Take back a breach over several days that the latest of them do not show."""
    limit, latest = finding.limit, shorter.value
    if finding.verdict is not Verdict.BREACH or limit is None:
        return finding
    if latest is None or not isfinite(latest):
        return finding
    low, high = limit.low, limit.high
    if limit.reference is not None and limit.false_alarm is not None:
        metric = metric_of(objective.source, objective.metric)
        low, high = span_of_loss(metric, limit.reference, objective.max_drop or 0.0)
    is_past = (low is not None and latest < low) or (high is not None and latest > high)
    if is_past:
        return finding
    why = f"{finding.reason}; the latest {_days(shorter.horizon)} is within its limits"
    return replace(
        finding,
        verdict=Verdict.WARN,
        reason=why,
        reason_code=ReasonCode.LATEST_DAYS_RECOVERED,
    )


def _days(horizon: int) -> str:
    return "day" if horizon == 1 else f"{horizon} days"
