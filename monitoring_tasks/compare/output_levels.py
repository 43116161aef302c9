"""Have scores, decisions or predictions moved, on a day or over a week? Pure.

Of all rows and of every declared segment and protected group, however few rows a day
has: days are added up.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta

from monitoring_tasks.compare.day_context import DayContext
from monitoring_tasks.compare.level_limits import LevelTest, judge_level
from monitoring_tasks.compare.skewed import Shape
from monitoring_tasks.compare.thresholds import (
    expected_value,
    noise_of,
    sampling_error,
)
from monitoring_tasks.contract.policy import Policy
from monitoring_tasks.domain.findings import Finding, Kind, Limit, Measurement
from monitoring_tasks.domain.metrics import DECISION_RATE
from monitoring_tasks.domain.reference import DailyNoise
from monitoring_tasks.rows.names import ALL
from monitoring_tasks.statistics.intervals import normal

FEW_DAYS = Limit(
    origin="the reference has too few days on which outputs were measured; log it "
    "again (`daywatch reference`) if it is older than that",
    advisory=True,
)


def pooled_days(policy: Policy) -> int:
    """Return how many days outputs are added up over: the shortest horizon of several.

    1 where the policy has no horizon of several days.
    """
    return next((h.days for h in policy.horizons if h.days > 1), 1)


def judge_outputs(
    measurements: Sequence[Measurement], context: DayContext
) -> list[Finding]:
    """Hold how the outputs lie against the reference's own days, on both sides.

    The day itself, and with the days before it, of the same version and segment:
    their mean by rows, without the day that lies farthest on the side they lie on, for
    one strange day is that day's news. A move is beyond chance and at least
    `policy.outputs.min_shift`. Advisory; p-values join the family of drift.

    Args:
        measurements: The numbers of the day.
        context: The day, and the outputs of the days before it.

    Returns:
        Findings of kind `output`; of a segment only where it can be judged.
    """
    today = [m for m in measurements if m.kind is Kind.OUTPUT]
    return [finding for number in today for finding in _judge(number, context)]


def _judge(number: Measurement, context: DayContext) -> Iterator[Finding]:
    policy = context.contract.policy
    reference = context.references.get(number.version)
    for held in (number, _pooled(number, context)):
        if held is None:
            continue
        noise = noise_of(held, reference, policy)
        is_whole_day = held is number and number.segment == ALL
        if noise is not None and _is_judged(held, policy):
            yield _judge_level(held, noise, context)
        elif is_whole_day and reference is not None:
            yield judge_level(held, FEW_DAYS, None, min_rows=policy.min_rows)


def _is_judged(number: Measurement, policy: Policy) -> bool:
    has_interval = number.lower is not None and number.upper is not None
    return has_interval and number.rows >= policy.min_rows


def _judge_level(
    number: Measurement, noise: DailyNoise, context: DayContext
) -> Finding:
    policy = context.contract.policy
    is_share = number.metric.startswith(DECISION_RATE)
    # Back from the error of a usual day to the spread of one row.
    row_spread = noise.sampling * math.sqrt(noise.rows)
    test = LevelTest(
        shape=Shape.SHARE if is_share else Shape.PLAIN,
        # Days that share most of their rows cross together.
        false_alarm=policy.outputs.false_alarm / number.horizon,
        shift=policy.outputs.min_shift * row_spread,
    )
    expected = expected_value(
        number, noise, day=context.day, confidence=policy.confidence
    )
    limit, p_value = test.held(number, expected)
    return judge_level(number, limit, p_value, min_rows=policy.min_rows)


def _pooled(number: Measurement, context: DayContext) -> Measurement | None:
    """Add a number up with those of the days before; None where too few have one."""
    policy = context.contract.policy
    horizon, reference = pooled_days(policy), context.references.get(number.version)
    noise = noise_of(number, reference, policy)
    if number.value is None or horizon == 1 or noise is None:
        return None
    first = context.day - timedelta(days=horizon - 1)
    about = number.key
    before = [
        dated.measurement
        for dated in context.outputs
        if first <= dated.day < context.day
        and dated.day not in policy.excluded_days
        and dated.measurement.key == about
        and dated.measurement.value is not None
    ]
    days = _without_the_farthest([*before, number], noise.mean)
    if len(days) < max(2, horizon / 2):
        return None
    return _mean_of(days, number, horizon, confidence=policy.confidence)


def _without_the_farthest(
    days: Sequence[Measurement], usual: float
) -> list[Measurement]:
    away = [m.rows * ((m.value or 0.0) - usual) for m in days]
    sign = 1 if sum(away) > 0 else -1
    farthest = max(
        range(len(days)), key=lambda at: sign * ((days[at].value or 0.0) - usual)
    )
    return [m for at, m in enumerate(days) if at != farthest]


def _mean_of(
    days: Sequence[Measurement],
    number: Measurement,
    horizon: int,
    *,
    confidence: float,
) -> Measurement | None:
    """Return the mean by rows, its error from those of the days."""
    rows = sum(day.rows for day in days)
    if not rows:
        return None
    mean = sum(day.rows * (day.value or 0.0) for day in days) / rows
    errors = [day.rows * sampling_error(day, confidence) for day in days]
    lower, upper = normal(mean, math.hypot(*errors) / rows, confidence=confidence)
    note = f"over {len(days)} days, the one farthest off left out"
    pool = replace(number, value=mean, lower=lower, upper=upper, rows=rows)
    return replace(pool, horizon=horizon, reason="").with_remark(note)
