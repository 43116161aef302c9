"""Whether a day's labels come as they usually do, from the looks at earlier days."""

from collections.abc import Mapping
from datetime import date
from zlib import crc32

from monitoring_tasks.domain.findings import Kind, Measurement
from monitoring_tasks.domain.units import Unit
from monitoring_tasks.statistics.daily_errors import DailyErrors
from monitoring_tasks.statistics.label_arrival import (
    Arrived,
    LabelHistory,
    arrival_curve,
    label_histories,
)
from monitoring_tasks.statistics.label_maturity import (
    coverage_shortfall,
    expected_coverage,
    overdue_days,
    provisional_error,
)
from monitoring_tasks.store.history import backfilled_looks, dated_numbers, label_looks
from monitoring_tasks.store.label_arrivals import label_arrivals
from monitoring_tasks.store.label_rounds import label_rounds
from monitoring_tasks.workspace.workspace import Workspace

REPLICATES = 400
"""Draws behind the intervals of the curve."""


def measure_labels(
    space: Workspace,
    unit: Unit,
    *,
    version: str,
    arrived: Mapping[int, int] | None = None,
) -> list[Measurement]:
    """Measure how complete a day's labels are beside earlier days, and will be.

    To be called once the day is counted, before its numbers are written down. Days
    before it that the contract excludes do not count.

    Args:
        space: The workspace.
        unit: The day; later days and looks after `unit.as_of` do not count.
        version: The day's main version, whom the numbers are written down for.
        arrived: Days after the day's end -> its labels that arrived, if its rows say.

    Returns:
        `label_coverage_shortfall`, `label_coverage_expected` (at the age from which a
        day is no longer looked at again) and `label_overdue_days`; nothing for a day
        that was not counted.
    """
    policy = space.contract(unit.model).policy
    histories = label_histories_of(space, unit, arrived=arrived)
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
            min_days=policy.labels.min_days,
            confidence=policy.confidence,
        ),
        expected_coverage(
            today,
            earlier,
            version=version,
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


def label_curve(space: Workspace, unit: Unit) -> list[Arrived]:
    """Give what share of labels is known k days after, as known at `unit.as_of`."""
    policy = space.contract(unit.model).policy
    return arrival_curve(
        [
            h
            for h in label_histories_of(space, unit)
            if h.day not in policy.excluded_days
        ],
        min_days=policy.labels.min_days,
        confidence=policy.confidence,
        replicates=REPLICATES,
        seed=crc32(unit.key.encode()),
    )


def provisional_errors(
    space: Workspace, unit: Unit
) -> dict[tuple[str, str], DailyErrors]:
    """Say how far promised numbers on early labels lay from those on mature ones.

    Returns:
        By version and metric; the first look at each day against its newest one that
        is mature, for realized objectives on the whole batch.
    """
    contract = space.contract(unit.model)
    metrics = {o.metric for o in contract.objectives if o.source == "realized"}
    looks = [
        _by_series(space, unit, metrics, at_first=at_first)
        for at_first in (True, False)
    ]
    confidence = contract.policy.confidence
    return {
        key: provisional_error(early, final, confidence=confidence)
        for key, final in looks[1].items()
        if (early := looks[0].get(key))
    }


Series = dict[tuple[str, str], dict[date, Measurement]]


def _by_series(
    space: Workspace, unit: Unit, metrics: set[str], *, at_first: bool
) -> Series:
    """Give realized numbers by version and metric; of newest looks mature ones only."""
    policy = space.contract(unit.model).policy
    found: Series = {}
    for one in dated_numbers(
        space.database,
        unit,
        days=policy.labels.window_days,
        kinds=(Kind.REALIZED,),
        segments={"all"},
        metrics=metrics,
        at_first=at_first,
    ):
        is_mature = one.labelled >= policy.label_coverage * one.rows
        if (at_first or is_mature) and one.day not in policy.excluded_days:
            number = one.measurement
            found.setdefault((number.version, number.metric), {})[one.day] = number
    return found


def label_histories_of(
    space: Workspace, unit: Unit, *, arrived: Mapping[int, int] | None = None
) -> list[LabelHistory]:
    """Give what was known of the day and those before it, by age.

    As their rows say when they arrived; else as the looks at them found. A backfill
    finds labels that came later: where the source does not say when they arrived, its
    looks at other days say nothing of what is usual at an age.
    """
    contract = space.contract(unit.model)
    policy = contract.policy
    window = policy.labels.watched_days
    looks = label_looks(space.database, unit, days=window)
    if contract.sources.labels.arrived_at is None:
        late = backfilled_looks(space.database, unit, days=window)
        looks = [
            look
            for look in looks
            if look.day == unit.day or (look.day, look.known_at) not in late
        ]
    arrivals = label_arrivals(space.database, unit, days=window)
    if arrived is not None:
        arrivals[unit.day] = dict(arrived)
    return label_histories(
        looks,
        label_rounds(space.database, unit),
        timezone=contract.timezone,
        arrived=arrivals,
    )
