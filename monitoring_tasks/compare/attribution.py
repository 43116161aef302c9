"""Do the scores hang on other inputs than they did on the reference?"""

import math
from dataclasses import replace
from datetime import date

from monitoring_tasks.compare.baseline import expect_distance
from monitoring_tasks.compare.interval_rule import judge
from monitoring_tasks.contract.policy import Policy
from monitoring_tasks.domain.findings import Finding, Limit, Measurement, Verdict
from monitoring_tasks.domain.reference import DailyNoise


def judge_attribution(
    number: Measurement, distance: DailyNoise | None, policy: Policy, *, day: date
) -> Finding:
    """Hold a day's `attribution_ndcg` against how far the reference's own days stray.

    On sqrt(1 - NDCG), whose days are spread more evenly than those of the number
    itself, the limit is what such a day passes with the policy's `false_alarm`
    (Student's t, `baseline.expect_distance`); never nearer to 1 than `min_loss`.
    Advisory: `warn`, never `breach`; a warning names what moved.

    Args:
        number: The number; its reason names the features whose ranks moved.
        distance: How the distance moves on the version's reference.
        policy: `attribution`, `min_rows` and `min_reference_days`.
        day: The day.
    """
    own = policy.attribution
    fewest = min(policy.min_rows, own.rows)  # of the day's rows that are asked about
    # NDCG has no scale of its own: without days to learn from there is no limit.
    if distance is None or distance.days < policy.min_reference_days:
        limit = Limit(origin="the reference has too few days", advisory=True)
        return judge(number, limit, min_rows=fewest, noun=number.metric)
    expected = expect_distance(distance, day=day, rows=number.rows)
    # Learnt on the distance, told on the NDCG itself.
    edge = max(expected.mean + expected.critical_distance(own.false_alarm), 0.0)
    limit = Limit(
        low=1 - min(max(edge**2, own.min_loss), 1.0),
        origin=f"expected {1 - expected.mean**2:.3f}, below the limit at most once in "
        f"{1 / own.false_alarm:.0f} days by chance",
        reference=1 - expected.mean**2,
        advisory=True,
        false_alarm=own.false_alarm,
    )
    finding = judge(number, limit, min_rows=fewest, noun=number.metric)
    # What is no number has no p-value either.
    if number.value is None or finding.verdict is Verdict.NO_DATA:
        return finding
    p_value = expected.p_value(math.sqrt(1 - number.value) - expected.mean)
    finding = replace(finding, p_value=p_value)
    if finding.verdict is not Verdict.WARN or not number.reason:
        return finding
    return replace(finding, reason=f"{finding.reason}; moved most: {number.reason}")
