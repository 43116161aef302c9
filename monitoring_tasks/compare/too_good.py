"""Is the model better than it can be? Scores that know the answer look like that. Pure.

A feature filled in after the fact, scores made once the answer was known, labels copied
from decisions: each makes a model better overnight and breaks no promise.
"""

from collections import Counter
from collections.abc import Sequence

from monitoring_tasks.compare.day_context import DayContext
from monitoring_tasks.compare.metric_moves import SOURCES, MetricMove, allowed_losses
from monitoring_tasks.domain.findings import Finding, Kind, Measurement
from monitoring_tasks.domain.metrics import PROMISED
from monitoring_tasks.rows.names import ALL


def judge_gains(
    measurements: Sequence[Measurement], context: DayContext
) -> list[Finding]:
    """Say which promised metrics are so good that something must be wrong.

    A gain is larger than the loss that is allowed and beyond what chance brings with
    `policy.outcome.false_alarm`, which all segments share, and all pools of days; by
    labels it is also beyond what the scores promise on the same rows, for a population
    may be an easy one. Of the whole day and of every segment that is measured, on
    mature labels; of the pools the one that chance explains least. Advisory.

    Args:
        measurements: The numbers of the day.
        context: The day, and the numbers of the days before it.

    Returns:
        Those that warn: by labels of kind `too_good`; by the scores alone, which are
        sharper than ever, of kind `output`, metric `promised_<metric>`.
    """
    allowed = allowed_losses(context.contract)
    numbers = [
        m
        for m in measurements
        if m.kind in SOURCES and m.metric in allowed and m.horizon == 1
    ]
    parts = Counter(m.kind for m in numbers if m.segment != ALL)
    alarm = context.contract.policy.outcome.false_alarm
    findings = []
    for number in numbers:
        gain = MetricMove(
            context=context,
            better=True,
            allowed=allowed[number.metric],
            false_alarm=alarm / (1 if number.segment == ALL else parts[number.kind]),
        )
        if not gain.is_foreseen(number, measurements):
            is_estimate = number.kind is Kind.ESTIMATED
            findings += gain.warnings(
                number,
                kind=Kind.OUTPUT if is_estimate else Kind.TOO_GOOD,
                metric=f"{PROMISED}{number.metric}" if is_estimate else number.metric,
            )
    return findings
