"""In what a day is unlike a baseline, at the levels of the policy."""

import math

from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.domain.batch_baseline import BatchBaseline
from monitoring_tasks.domain.batch_summary import BatchSummary
from monitoring_tasks.domain.findings import Check
from monitoring_tasks.validate.batch_summary import outputs_of
from monitoring_tasks.validate.batch_test import BatchTest
from monitoring_tasks.validate.corruption import find_corruption
from monitoring_tasks.validate.hours import skipped_hours
from monitoring_tasks.validate.margins import season_over
from monitoring_tasks.validate.segment_suspects import with_segments


def find_suspects(
    summary: BatchSummary, baseline: BatchBaseline, contract: Contract
) -> list[Check]:
    """Say in what a day is unlike the reference, seasons included.

    Args:
        summary: What the day looks like; at least one row.
        baseline: What the reference's days have in common.
        contract: Brings the policy.
    """
    policy = contract.policy.reference_gate
    test = BatchTest(
        summary=summary,
        baseline=baseline,
        policy=policy,
        # A level is asked twice, here and against the days before: both together
        # fail by chance at `false_alarm`.
        level_alarm=math.sqrt(policy.false_alarm),
        outputs=frozenset(outputs_of(contract)),
        skipped_hours=skipped_hours(summary.day, contract.zone),
    )
    return _find(test, contract)


def find_out_of_season(
    summary: BatchSummary, baseline: BatchBaseline, contract: Contract
) -> list[Check]:
    """Find what is further off than the seasons a short reference has not seen.

    Args:
        summary: What the day looks like; at least one row.
        baseline: What the reference's days have in common.
        contract: Brings the policy.
    """
    policy = contract.policy.reference_gate
    test = BatchTest(
        summary=summary,
        baseline=baseline,
        policy=policy,
        # Asked once only, for there are no days before to ask again.
        level_alarm=policy.false_alarm,
        season=season_over(baseline.days),
        outputs=frozenset(outputs_of(contract)),
        skipped_hours=skipped_hours(summary.day, contract.zone),
    )
    return _find(test, contract)


def _find(test: BatchTest, contract: Contract) -> list[Check]:
    """Ask the whole day, then its segments."""
    policy = contract.policy
    whole = find_corruption(test, min_rows=policy.min_rows)
    return with_segments(
        test, whole, min_rows=policy.min_rows, min_days=policy.min_reference_days
    )
