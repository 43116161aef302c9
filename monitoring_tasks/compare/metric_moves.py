"""A metric that is promised of all rows, far from its usual value where nobody looked.

Better than it can be, or worse in a segment that has no promise of its own. Pure.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from monitoring_tasks.compare.day_context import DayContext
from monitoring_tasks.compare.level_limits import judge_level, one_sided
from monitoring_tasks.compare.pooled_numbers import longest_pool, pools_of
from monitoring_tasks.compare.thresholds import expected_as_usual, own_noise
from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.domain.direction import loss
from monitoring_tasks.domain.findings import Finding, Kind, Measurement, Verdict
from monitoring_tasks.domain.metrics import metric_of
from monitoring_tasks.domain.reference import DailyNoise
from monitoring_tasks.rows.names import ALL

SOURCES = frozenset({Kind.REALIZED, Kind.ESTIMATED})


def allowed_losses(contract: Contract) -> dict[str, float]:
    """Return the largest allowed loss of each promised metric, better on one side.

    Args:
        contract: Its objectives say which.
    """
    allowed: dict[str, float] = {}
    for objective in contract.objectives:
        if objective.source not in SOURCES or objective.max_drop is None:
            continue
        better = metric_of(objective.source, objective.metric).better
        if len(better.worse_signs) == 1:
            most = allowed.get(objective.metric, 0.0)
            allowed[objective.metric] = max(most, objective.max_drop)
    return allowed


def judge_moves(
    numbers: Sequence[Measurement],
    measurements: Sequence[Measurement],
    context: DayContext,
    *,
    better: bool,
    warns_as: Callable[[Measurement], tuple[Kind, str]],
) -> list[Finding]:
    """Say which numbers moved by more than is allowed, than chance and than foreseen.

    Of all rows chance may do so with `policy.outcome.false_alarm`; the segments of one
    kind of number share as much.

    Args:
        numbers: Those asked about; without a promise of their metric, or of several
            days, they are passed over.
        measurements: The numbers of the day.
        context: The day, and the numbers of the days before it.
        better: Whether a gain is asked about; else a loss.
        warns_as: Kind and metric of the findings about a number.

    Returns:
        Those that warn, in the order of the numbers.
    """
    allowed = allowed_losses(context.contract)
    promised = [n for n in numbers if n.metric in allowed and n.horizon == 1]
    segments = Counter(n.kind for n in promised if n.segment != ALL)
    alarm = context.contract.policy.outcome.false_alarm
    findings = []
    for number in promised:
        move = MetricMove(
            context=context,
            better=better,
            allowed=allowed[number.metric],
            false_alarm=alarm / (1 if number.segment == ALL else segments[number.kind]),
        )
        if not move.is_foreseen(number, measurements):
            kind, metric = warns_as(number)
            findings += move.warnings(number, kind=kind, metric=metric)
    return findings


@dataclass(frozen=True, slots=True, kw_only=True)
class MetricMove:
    """A move of a metric that is too large to be chance, and to be of no matter.

    Attributes:
        context: The day, and the numbers of the days before it.
        better: Whether a gain is asked about; else a loss.
        allowed: A smaller move never counts.
        false_alarm: Probability that chance moves the day so far; all pools of days
            together as often.
    """

    context: DayContext
    better: bool
    allowed: float
    false_alarm: float

    def warnings(
        self, number: Measurement, *, kind: Kind, metric: str
    ) -> list[Finding]:
        """Return what warns: of a number of the day, and the least likely of its pools.

        Args:
            number: Realized or estimated, of the day.
            kind: Of the findings.
            metric: Their metric.
        """
        return [
            replace(f, measurement=replace(f.measurement, kind=kind, metric=metric))
            for f in self._judged(number)
            if f.verdict is Verdict.WARN
        ]

    def _judged(self, number: Measurement) -> Iterator[Finding]:
        policy, day = self.context.contract.policy, self.context.day
        reference = self.context.references.get(number.version)
        noise = own_noise(number, reference, policy)
        if noise is None or number.value is None or not self._is_mature(number):
            return
        yield self._judge(number, noise, self.false_alarm)
        rate, coverage = self.false_alarm / longest_pool(policy), policy.label_coverage
        mature = [
            dated
            for dated in self.context.recent.get(number.key, ())
            if number.kind is not Kind.REALIZED or dated.is_mature(coverage)
        ]
        pooled = [
            self._judge(pool, noise, rate)
            for pool in pools_of(number, mature, policy, day=day, noise=noise)
            if own_noise(pool, reference, policy) is not None
            and pool.rows >= policy.min_rows
        ]
        if pooled:
            yield min(pooled, key=lambda finding: finding.p_value or 0.0)

    def _judge(self, number: Measurement, noise: DailyNoise, rate: float) -> Finding:
        policy, day = self.context.contract.policy, self.context.day
        expected = expected_as_usual(
            number, noise, day=day, confidence=policy.confidence
        )
        (worse,) = metric_of(number.kind, number.metric).better.worse_signs
        sign = -worse if self.better else worse
        least = max(self.allowed, expected.critical_distance(rate))
        limit = one_sided(expected, expected.mean + sign * least, sign, rate)
        p_value = expected.p_value(sign * ((number.value or 0.0) - expected.mean))
        return judge_level(number, limit, p_value, min_rows=policy.min_rows)

    def _is_mature(self, number: Measurement) -> bool:
        coverage = self.context.label_coverage.get(number.version, 0.0)
        least = self.context.contract.policy.label_coverage
        return number.kind is not Kind.REALIZED or coverage >= least

    def is_foreseen(
        self, number: Measurement, measurements: Sequence[Measurement]
    ) -> bool:
        """Whether the scores of the same rows say as much as the labels, or nearly.

        Rows may be easier or harder than usual, and rightly scored so: labels lie on
        either side of what the scores say. What matters lies `allowed` beyond it.

        Args:
            number: Realized; of an estimate there is nothing to foresee.
            measurements: The numbers of the day.
        """
        if number.kind is not Kind.REALIZED or number.value is None:
            return False
        direction, value = metric_of(number.kind, number.metric).better, number.value
        estimated = replace(number, kind=Kind.ESTIMATED).key
        sign = 1 if self.better else -1
        return any(
            m.key == estimated
            and m.value is not None
            and sign * loss(direction, value, m.value) >= -self.allowed
            for m in measurements
        )
