"""Is a part of the rows worse off, of which nothing is promised? Pure.

A tenth of the rows may lose everything while the whole keeps its promise.
"""

from collections.abc import Sequence

from monitoring_tasks.compare.day_context import DayContext
from monitoring_tasks.compare.metric_moves import judge_moves
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
    promised = {(o.metric, o.segment) for o in context.contract.objectives}
    numbers = [
        m
        for m in measurements
        if m.kind is Kind.REALIZED
        and m.segment != ALL
        and (m.metric, m.segment) not in promised
    ]
    return judge_moves(numbers, measurements, context, better=False, warns_as=_warns_as)


def _warns_as(number: Measurement) -> tuple[Kind, str]:
    return Kind.SEGMENT, number.metric
