"""Is a part of the rows worse off, of which nothing is promised? Pure.

A tenth of the rows may lose everything while the whole keeps its promise.
"""

from collections.abc import Sequence

from monitoring_tasks.compare.day_context import DayContext
from monitoring_tasks.compare.metric_moves import MetricMove, allowed_losses
from monitoring_tasks.domain.findings import Finding, Kind, Measurement
from monitoring_tasks.rows.names import ALL


def judge_segment_losses(
    measurements: Sequence[Measurement], context: DayContext
) -> list[Finding]:
    """Say in which segments a metric that is promised of all rows is lost.

    A loss is larger than the one that is allowed of all rows, beyond what chance brings
    with `policy.outcome.false_alarm`, which all segments share, and all pools of days,
    and beyond what the scores of the same rows say. By mature labels. Segments with an
    objective of their own are judged there. Advisory.

    Args:
        measurements: The numbers of the day.
        context: The day, and the numbers of the days before it.

    Returns:
        Those that warn, of kind `segment`.
    """
    allowed = allowed_losses(context.contract)
    promised = {(o.metric, o.segment) for o in context.contract.objectives}
    numbers = [
        m
        for m in measurements
        if (m.kind, m.horizon) == (Kind.REALIZED, 1)
        and m.segment != ALL
        and m.metric in allowed
        and (m.metric, m.segment) not in promised
    ]
    alarm = context.contract.policy.outcome.false_alarm
    findings = []
    for number in numbers:
        lost = MetricMove(
            context=context,
            better=False,
            allowed=allowed[number.metric],
            false_alarm=alarm / len(numbers),
        )
        if not lost.is_foreseen(number, measurements):
            findings += lost.warnings(number, kind=Kind.SEGMENT, metric=number.metric)
    return findings
