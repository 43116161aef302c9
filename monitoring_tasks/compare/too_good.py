"""Is the model better than it can be? Scores that know the answer look like that. Pure.

A feature filled in after the fact, scores made once the answer was known, labels copied
from decisions: each makes a model better overnight and breaks no promise.
"""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from monitoring_tasks.compare.baseline import Expected, expect
from monitoring_tasks.compare.day_context import DayContext
from monitoring_tasks.compare.level_limits import judge_level, one_sided
from monitoring_tasks.compare.thresholds import own_noise, sampling_error
from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.domain.direction import loss
from monitoring_tasks.domain.findings import Finding, Kind, Measurement, Verdict
from monitoring_tasks.domain.metrics import metric_of
from monitoring_tasks.domain.reference import DailyNoise
from monitoring_tasks.rows.names import ALL

SOURCES = frozenset({Kind.REALIZED, Kind.ESTIMATED})
PROMISES = "promised_"
"""Before the name of a metric: what the scores alone say it is."""


def judge_gains(
    measurements: Sequence[Measurement], context: DayContext
) -> list[Finding]:
    """Say which promised metrics are so good that something must be wrong.

    A gain is larger than the loss that is allowed and beyond what chance brings with
    `policy.outcome.false_alarm`, which all segments share; by labels it is also beyond
    what the scores promise on the same rows, for a population may be an easy one. Of
    the whole day and of every segment that is measured, on mature labels. Advisory.

    Args:
        measurements: The numbers of the day.
        context: The day.

    Returns:
        Those that warn: by labels of kind `too_good`; by the scores alone, which are
        sharper than ever, of kind `output`, metric `promised_<metric>`.
    """
    allowed = _allowed_losses(context.contract)
    numbers = [
        m
        for m in measurements
        if m.kind in SOURCES and m.metric in allowed and m.horizon == 1
    ]
    parts = Counter(m.kind for m in numbers if m.segment != ALL)
    alarm = context.contract.policy.outcome.false_alarm
    findings = []
    for number in numbers:
        rate = alarm if number.segment == ALL else alarm / parts[number.kind]
        finding = _judge(number, allowed[number.metric], rate, context)
        if finding is not None and not _is_promised(number, measurements):
            findings.append(finding)
    return findings


def _allowed_losses(contract: Contract) -> dict[str, float]:
    """Return the largest allowed loss of each metric that is better on one side."""
    allowed: dict[str, float] = {}
    for objective in contract.objectives:
        if objective.source not in SOURCES or objective.max_drop is None:
            continue
        better = metric_of(objective.source, objective.metric).better
        if len(better.worse_signs) == 1:
            most = allowed.get(objective.metric, 0.0)
            allowed[objective.metric] = max(most, objective.max_drop)
    return allowed


def _judge(
    number: Measurement, allowed: float, rate: float, context: DayContext
) -> Finding | None:
    """Return the finding on a gain that warns; None of all others."""
    policy = context.contract.policy
    noise = own_noise(number, context.references.get(number.version), policy)
    if noise is None or number.value is None or not _is_mature(number, context):
        return None
    expected = _expected(number, noise, context)
    (worse,) = metric_of(number.kind, number.metric).better.worse_signs
    gain = max(allowed, expected.critical_distance(rate))
    limit = one_sided(expected, expected.mean - worse * gain, -worse, rate)
    p_value = expected.p_value(worse * (expected.mean - number.value))
    finding = judge_level(_renamed(number), limit, p_value, min_rows=policy.min_rows)
    return finding if finding.verdict is Verdict.WARN else None


def _expected(number: Measurement, noise: DailyNoise, context: DayContext) -> Expected:
    """Return what is usual of a number at its rows.

    A perfect day has hardly an error of its own: no less than a usual day's counts.
    """
    own = sampling_error(number, context.contract.policy.confidence)
    usual = noise.sampling * math.sqrt(noise.rows / number.rows) if number.rows else 0.0
    return expect(noise, day=context.day, horizon=1, sampling=max(own, usual))


def _is_mature(number: Measurement, context: DayContext) -> bool:
    if number.kind is not Kind.REALIZED:
        return True
    coverage = context.label_coverage.get(number.version, 0.0)
    return coverage >= context.contract.policy.label_coverage


def _renamed(number: Measurement) -> Measurement:
    if number.kind is Kind.REALIZED:
        return replace(number, kind=Kind.TOO_GOOD)
    return replace(number, kind=Kind.OUTPUT, metric=f"{PROMISES}{number.metric}")


def _is_promised(number: Measurement, measurements: Sequence[Measurement]) -> bool:
    """Whether the scores of the same rows promise as much as the labels say."""
    if number.kind is not Kind.REALIZED or number.value is None:
        return False
    better, value = metric_of(number.kind, number.metric).better, number.value
    promised = replace(number, kind=Kind.ESTIMATED).key
    return any(
        m.key == promised and m.value is not None and loss(better, value, m.value) >= 0
        for m in measurements
    )
