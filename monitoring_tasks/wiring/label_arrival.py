"""Whether a day's labels come as they usually do, from the looks at earlier days."""

from monitoring_tasks.domain.evaluations import Unit
from monitoring_tasks.domain.findings import Measurement
from monitoring_tasks.learn.label_arrival import label_histories
from monitoring_tasks.learn.label_maturity import coverage_shortfall, expected_coverage
from monitoring_tasks.store.history import label_looks
from monitoring_tasks.wiring.workspace import Workspace


def measure_labels(
    space: Workspace, unit: Unit, *, version: str, window_days: int, min_days: int
) -> list[Measurement]:
    """Measure how complete a day's labels are beside earlier days, and will be.

    To be called once the day is counted, before its numbers are written down.

    Args:
        space: The workspace.
        unit: The day; later days and looks after `unit.as_of` do not count.
        version: The day's main version, whom the numbers are written down for.
        window_days: How many days before it count; those excluded do not.
        min_days: Fewer days that can be compared give no value.

    Returns:
        `label_coverage_shortfall` and `label_coverage_expected` (at the age from which
        a day is no longer looked at again); nothing for a day that was not counted.
    """
    contract = space.contract(unit.model)
    policy = contract.policy
    histories = label_histories(
        label_looks(space.database, unit, days=window_days),
        timezone=contract.timezone,
        look_back_days=policy.look_back_days,
    )
    earlier = [
        h for h in histories if h.day < unit.day and h.day not in policy.excluded_days
    ]
    today = next((h for h in histories if h.day == unit.day), None)
    if today is None:
        return []
    return [
        coverage_shortfall(
            today,
            earlier,
            version=version,
            min_days=min_days,
            confidence=policy.confidence,
        ),
        expected_coverage(
            today,
            earlier,
            version=version,
            horizon_days=max(policy.look_back_days - 1, 0),
            min_days=min_days,
            confidence=policy.confidence,
        ),
    ]
