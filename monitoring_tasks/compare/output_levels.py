"""Have scores, decisions or predictions moved, on a day or over a few? Pure.

Of all rows and of every declared segment and protected group, however few rows a day
has: days are pooled.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace

from monitoring_tasks.compare.day_context import DayContext
from monitoring_tasks.compare.level_limits import LevelTest, judge_level
from monitoring_tasks.compare.pooled_numbers import longest_pool, pools_of
from monitoring_tasks.compare.skewed import Shape
from monitoring_tasks.compare.thresholds import expected_as_usual, noise_of
from monitoring_tasks.contract.policy import Policy
from monitoring_tasks.domain.findings import Finding, Kind, Limit, Measurement
from monitoring_tasks.domain.metric_table import DECISION_RATE
from monitoring_tasks.domain.reference import DailyNoise
from monitoring_tasks.rows.names import ALL

FEW_DAYS = Limit(
    origin="the reference has too few days on which outputs were measured; log it "
    "again (`daywatch reference`) if it is older than that",
    advisory=True,
)


def judge_outputs(
    measurements: Sequence[Measurement], context: DayContext
) -> list[Finding]:
    """Hold how the outputs lie against the reference's own days, on both sides.

    The day itself, and of the pools of up to a week the one that chance explains least
    (`pools_of`). A move is beyond chance, with `policy.outputs.false_alarm` of a day
    and as much of all pools, and at least `policy.outputs.min_shift`. Advisory; the
    p-values join the family of drift.

    Args:
        measurements: The numbers of the day.
        context: The day, and the numbers of the days before it.

    Returns:
        Findings of kind `output`; of a segment only where it can be judged.
    """
    today = [m for m in measurements if m.kind is Kind.OUTPUT]
    return [finding for number in today for finding in _judge(number, context)]


def _judge(number: Measurement, context: DayContext) -> Iterator[Finding]:
    policy = context.contract.policy
    reference = context.references.get(number.version)
    noise = noise_of(number, reference, policy)
    if noise is not None and _is_judged(number, policy):
        yield _judge_level(number, noise, context)
    elif number.segment == ALL and reference is not None:
        yield judge_level(number, FEW_DAYS, None, min_rows=policy.min_rows)
    if noise is None or number.value is None:
        return
    before = context.recent.get(number.key, ())
    pooled = [
        _judge_level(_possible(pool), noise, context)
        for pool in pools_of(number, before, policy, day=context.day, noise=noise)
        if noise_of(pool, reference, policy) is not None and _is_judged(pool, policy)
    ]
    if pooled:
        yield min(pooled, key=lambda finding: finding.p_value or 0.0)


def _possible(pool: Measurement) -> Measurement:
    """Return a pool whose share lies between 0 and 1, freed of weekdays or not."""
    if not pool.metric.startswith(DECISION_RATE) or pool.value is None:
        return pool
    half_row = 0.5 / pool.rows
    return replace(pool, value=min(max(pool.value, half_row), 1 - half_row))


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
    tests = 1 if number.horizon == 1 else longest_pool(policy)
    test = LevelTest(
        shape=Shape.SHARE if is_share else Shape.PLAIN,
        false_alarm=policy.outputs.false_alarm / tests,
        shift=policy.outputs.min_shift * row_spread,
    )
    expected = expected_as_usual(
        number, noise, day=context.day, confidence=policy.confidence
    )
    limit, p_value = test.held(number, expected)
    return judge_level(number, limit, p_value, min_rows=policy.min_rows)
