"""Whether a day's labels come as they usually do, beside those of earlier days."""

from collections.abc import Sequence
from datetime import date

from monitoring_tasks.contract.policy import Policy
from monitoring_tasks.domain.findings import Measurement
from monitoring_tasks.statistics.label_arrival import LabelHistory
from monitoring_tasks.statistics.label_delays import overdue_days
from monitoring_tasks.statistics.label_maturity import (
    coverage_shortfall,
    expected_coverage,
)


def measure_labels(
    histories: Sequence[LabelHistory], day: date, policy: Policy, *, version: str
) -> list[Measurement]:
    """Measure how complete a day's labels are beside earlier days, and will be.

    Args:
        histories: What was known of the day and of days before it, oldest first; those
            the contract excludes do not count. Not modified.
        day: The day that is measured.
        policy: When labels are mature, how long they may take and how many days of
            comparison are needed.
        version: The day's main version, whom the numbers are written down for.

    Returns:
        `label_coverage_shortfall`, `label_coverage_expected` (at the age from which a
        day is no longer looked at again) and `label_overdue_days`; nothing for a day
        that was not counted.
    """
    earlier = [
        h for h in histories if h.day < day and h.day not in policy.excluded_days
    ]
    today = next((h for h in histories if h.day == day), None)
    if today is None:
        return []
    return [
        coverage_shortfall(
            today,
            earlier,
            version=version,
            min_days=policy.labels.min_days,
            confidence=policy.confidence,
        ),
        expected_coverage(
            today,
            earlier,
            version=version,
            # The oldest age at which a day is still asked for labels.
            horizon_days=max(policy.reach_days - 1, 0),
            min_days=policy.labels.min_days,
            confidence=policy.confidence,
        ),
        overdue_days(
            [h for h in (*earlier, today) if h.rows >= policy.min_rows],
            version=version,
            min_days=policy.labels.min_days,
            mature=policy.label_coverage,
            stated=policy.labels.stated_delay,
        ),
    ]
