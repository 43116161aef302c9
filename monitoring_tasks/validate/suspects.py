"""In what a day is unlike a baseline, at the levels of the policy."""

import math

from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.domain.batch_baseline import BatchBaseline
from monitoring_tasks.domain.batch_summary import BatchSummary
from monitoring_tasks.domain.findings import Check
from monitoring_tasks.validate.batch_summary import outputs_of
from monitoring_tasks.validate.batch_test import BatchTest
from monitoring_tasks.validate.corruption import find_corruption
from monitoring_tasks.validate.margins import season_over
from monitoring_tasks.validate.segment_suspects import with_segments


def find_suspects(
    summary: BatchSummary,
    baseline: BatchBaseline,
    contract: Contract,
    *,
    out_of_season: bool = False,
) -> list[Check]:
    """Say in what a day, then each segment of it, is unlike a baseline.

    Args:
        summary: What the day looks like; at least one row.
        baseline: What the reference's days have in common.
        contract: Brings the policy.
        out_of_season: Whether levels have to be further off than the seasons a short
            reference has not seen. If not, seasons are included.
    """
    policy = contract.policy
    false_alarm = policy.reference_gate.false_alarm
    test = BatchTest(
        summary=summary,
        baseline=baseline,
        policy=policy.reference_gate,
        # Where there are days before, a level is asked twice, here and against those:
        # both together fail by chance at `false_alarm`.
        level_alarm=false_alarm if out_of_season else math.sqrt(false_alarm),
        season=season_over(baseline.days) if out_of_season else 1.0,
        outputs=frozenset(outputs_of(contract)),
    )
    whole = find_corruption(test, min_rows=policy.min_rows)
    return with_segments(
        test, whole, min_rows=policy.min_rows, min_days=policy.min_reference_days
    )
