"""Is the model better than it can be? Scores that know the answer look like that. Pure.

A feature filled in after the fact, scores made once the answer was known, labels copied
from decisions: each makes a model better overnight and breaks no promise.
"""

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from monitoring_tasks.compare.baseline import Expected, expect
from monitoring_tasks.compare.day_context import DayContext
from monitoring_tasks.compare.level_limits import judge_level, one_sided
from monitoring_tasks.compare.pooled_numbers import longest_pool, pools_of
from monitoring_tasks.compare.thresholds import own_noise, sampling_error
from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.domain.direction import loss
from monitoring_tasks.domain.findings import Finding, Kind, Measurement, Verdict
from monitoring_tasks.domain.metrics import metric_of
from monitoring_tasks.domain.reference import DailyNoise
from monitoring_tasks.domain.trust import DatedNumber
from monitoring_tasks.rows.names import ALL

SOURCES = frozenset({Kind.REALIZED, Kind.ESTIMATED})
PROMISES = "promised_"
"""Before the name of a metric: what the scores alone say it is."""


def judge_gains(
    measurements: Sequence[Measurement],
    before: Sequence[DatedNumber],
    context: DayContext,
) -> list[Finding]:
    """Say which promised metrics are so good that something must be wrong.

    A gain is larger than the loss that is allowed and beyond what chance brings with
    `policy.outcome.false_alarm`, which all segments share, and all pools of days; by
    labels it is also beyond what the scores promise on the same rows, for a population
    may be an easy one. Of the whole day and of every segment that is measured, on
    mature labels; of the pools the one that chance explains least. Advisory.

    Args:
        measurements: The numbers of the day.
        before: Promised numbers of the days before, in no order.
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
        if not _is_mature(number, context) or _is_promised(number, measurements):
            continue
        rate = alarm if number.segment == ALL else alarm / parts[number.kind]
        judged = _Gains(context, allowed[number.metric], rate).judged(number, before)
        findings += [f for f in judged if f.verdict is Verdict.WARN]
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


@dataclass(frozen=True, slots=True)
class _Gains:
    """What counts as too large a gain of a number: the allowed loss, the chance."""

    context: DayContext
    allowed: float
    false_alarm: float

    def judged(
        self, number: Measurement, before: Sequence[DatedNumber]
    ) -> Iterator[Finding]:
        """Judge a number of the day, then the least likely of its pools."""
        policy = self.context.contract.policy
        reference = self.context.references.get(number.version)
        noise = own_noise(number, reference, policy)
        if noise is None or number.value is None:
            return
        yield self._judge(number, noise, self.false_alarm)
        rate = self.false_alarm / longest_pool(policy)
        day, usual = self.context.day, noise.mean
        mature = [
            dated
            for dated in before
            if number.kind is not Kind.REALIZED
            or dated.is_mature(policy.label_coverage)
        ]
        pooled = [
            self._judge(pool, noise, rate)
            for pool in pools_of(number, mature, policy, day=day, usual=usual)
            if own_noise(pool, reference, policy) is not None
        ]
        if pooled:
            yield min(pooled, key=lambda finding: finding.p_value or 0.0)

    def _judge(self, number: Measurement, noise: DailyNoise, rate: float) -> Finding:
        expected = self._expected(number, noise)
        (worse,) = metric_of(number.kind, number.metric).better.worse_signs
        gain = max(self.allowed, expected.critical_distance(rate))
        limit = one_sided(expected, expected.mean - worse * gain, -worse, rate)
        p_value = expected.p_value(worse * (expected.mean - (number.value or 0.0)))
        least = self.context.contract.policy.min_rows
        return judge_level(_renamed(number), limit, p_value, min_rows=least)

    def _expected(self, number: Measurement, noise: DailyNoise) -> Expected:
        """Return what is usual of a number at its rows.

        A perfect day has hardly an error of its own: no less than a usual one counts.
        """
        own = sampling_error(number, self.context.contract.policy.confidence)
        usual = (
            noise.sampling * math.sqrt(noise.rows / number.rows) if number.rows else 0.0
        )
        return expect(
            noise,
            day=self.context.day,
            horizon=number.horizon,
            sampling=max(own, usual),
        )


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
