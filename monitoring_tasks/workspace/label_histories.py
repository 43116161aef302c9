"""What was known of the labels of a day and of those before it, at which age."""

from collections.abc import Mapping
from datetime import date
from zlib import crc32

from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.contract.policy import Policy
from monitoring_tasks.domain.findings import Kind, Measurement
from monitoring_tasks.domain.units import Unit
from monitoring_tasks.statistics.arrival_curve import Arrived, arrival_curve
from monitoring_tasks.statistics.daily_errors import DailyErrors
from monitoring_tasks.statistics.label_arrival import LabelHistory, label_histories
from monitoring_tasks.statistics.label_maturity import provisional_error
from monitoring_tasks.store.history import dated_numbers
from monitoring_tasks.store.label_arrivals import label_arrivals
from monitoring_tasks.store.label_coverages import (
    backfilled_evaluations,
    label_coverages,
)
from monitoring_tasks.store.label_rounds import label_rounds
from monitoring_tasks.workspace.workspace import Workspace

REPLICATES = 400
"""Draws behind the intervals of the curve."""
Series = dict[tuple[str, str], dict[date, Measurement]]
"""Realized numbers by version and metric, then by day."""


def load_label_histories(
    workspace: Workspace, unit: Unit, *, arrived: Mapping[int, int] | None = None
) -> list[LabelHistory]:
    """Load what was known of the day and those before it, by age.

    As their rows say when they arrived; else as each evaluation found them. A backfill
    finds labels that came later: where the source does not say when they arrived, its
    evaluations of other days say nothing of what is usual at an age.

    Args:
        workspace: The workspace.
        unit: The last day; later days, and what became known after
            `unit.as_of`, do not count.
        arrived: Days after the day's end -> its labels that arrived, if its rows say
            and that is not written down yet.
    """
    contract = workspace.contract(unit.model)
    window = contract.policy.labels.watched_days
    sightings = label_coverages(workspace.database, unit, days=window)
    if contract.sources.labels.arrived_at is None:
        late = backfilled_evaluations(workspace.database, unit, days=window)
        sightings = [
            sighting
            for sighting in sightings
            if sighting.day == unit.day or (sighting.day, sighting.known_at) not in late
        ]
    arrivals = label_arrivals(workspace.database, unit, days=window)
    if arrived is not None:
        arrivals[unit.day] = dict(arrived)
    return label_histories(
        sightings,
        label_rounds(workspace.database, unit),
        timezone=contract.timezone,
        arrived=arrivals,
    )


def label_curve(
    histories: list[LabelHistory], policy: Policy, unit: Unit
) -> list[Arrived]:
    """Return what share of a day's labels is known so many days after it.

    Args:
        histories: Of a day and those before it; those the contract excludes do not
            count. Not modified.
        policy: Brings confidence and how many days an age needs.
        unit: The day; it seeds the draws, so that the curve is the same on every run.
    """
    return arrival_curve(
        [h for h in histories if h.day not in policy.excluded_days],
        min_days=policy.labels.min_days,
        confidence=policy.confidence,
        replicates=REPLICATES,
        seed=crc32(unit.key.encode()),
    )


def load_provisional_errors(
    workspace: Workspace, unit: Unit
) -> dict[tuple[str, str], DailyErrors]:
    """Return how far numbers on early labels lay from those on mature ones.

    Args:
        workspace: The workspace.
        unit: The last day; what became known after `unit.as_of` does not count.

    Returns:
        By version and metric: the first evaluation of each day against its newest one
        that is mature, for realized objectives on the whole batch.
    """
    contract = workspace.contract(unit.model)
    early_series = _load_series(workspace, unit, contract, at_first=True)
    final_series = _load_series(workspace, unit, contract, at_first=False)
    confidence = contract.policy.confidence
    return {
        key: provisional_error(early, late, confidence=confidence)
        for key, late in final_series.items()
        if (early := early_series.get(key))
    }


def _load_series(
    workspace: Workspace, unit: Unit, contract: Contract, *, at_first: bool
) -> Series:
    """Load the realized numbers that objectives are set on.

    At first sight of a day, or as last evaluated: then of mature days only.
    """
    policy, series = contract.policy, Series()
    for number in dated_numbers(
        workspace.database,
        unit,
        days=policy.labels.window_days,
        kinds=(Kind.REALIZED,),
        segments={"all"},
        metrics={o.metric for o in contract.objectives if o.source == "realized"},
        at_first=at_first,
    ):
        # Early labels are what the first evaluation shows, so it need not be mature.
        is_counted = at_first or number.labelled >= policy.label_coverage * number.rows
        if is_counted and number.day not in policy.excluded_days:
            measurement = number.measurement
            key = (measurement.version, measurement.metric)
            series.setdefault(key, {})[number.day] = measurement
    return series
