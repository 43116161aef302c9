"""Is the model better than it can be? Scores that know the answer look like that. Pure.

A feature filled in after the fact, scores made once the answer was known, labels copied
from decisions: each makes a model better overnight and breaks no promise.
"""

from collections.abc import Sequence

from monitoring_tasks.compare.day_context import DayContext
from monitoring_tasks.compare.metric_moves import SOURCES, judge_moves
from monitoring_tasks.domain.findings import Finding, Kind, Measurement
from monitoring_tasks.domain.metric_table import PROMISED


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
    numbers = [m for m in measurements if m.kind in SOURCES]
    return judge_moves(numbers, measurements, context, better=True, warns_as=_warns_as)


def _warns_as(number: Measurement) -> tuple[Kind, str]:
    if number.kind is Kind.ESTIMATED:
        return Kind.OUTPUT, f"{PROMISED}{number.metric}"
    return Kind.TOO_GOOD, number.metric
