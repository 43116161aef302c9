"""Counting and measuring the days that are fit: one at a time or a month at once."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pyarrow as pa

from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.domain.findings import FIT, Measurement
from monitoring_tasks.domain.partitions import LabelCounts
from monitoring_tasks.domain.profiles import DayProfile
from monitoring_tasks.domain.units import Unit
from monitoring_tasks.errors import EstimationError
from monitoring_tasks.estimate.arrivals import arrivals_of
from monitoring_tasks.estimate.counting import count_days
from monitoring_tasks.estimate.day import measure_version
from monitoring_tasks.estimate.pooled import measure_pooled
from monitoring_tasks.estimate.vocabulary import vocabulary_of
from monitoring_tasks.rows.names import ALL, DAY
from monitoring_tasks.rows.sampling import hash_sample
from monitoring_tasks.rows.texts import with_short_texts
from monitoring_tasks.store.label_arrivals import ARRIVED
from monitoring_tasks.workspace.containment import contained, is_from_rows
from monitoring_tasks.workspace.day import Day
from monitoring_tasks.workspace.frozen_rows import labelled_batch, versions_in
from monitoring_tasks.workspace.label_histories import measure_labels
from monitoring_tasks.workspace.workspace import Workspace

if TYPE_CHECKING:
    import pandas as pd

    from monitoring_tasks.estimate.rowwise import Fitted


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """A fit day: its rows with labels, and how and when the labels met them."""

    unit: Unit
    rows: pa.Table
    labels: LabelCounts
    arrived: dict[int, int] | None
    versions: dict[str, int]


def estimate_days(space: Workspace, units: Sequence[Unit]) -> None:
    """Count and measure days of one model and write their numbers down.

    Days that are not fit to judge by keep no numbers. Every version is counted in one
    go over all the days.
    """
    if len(units) == 1:
        with contained(Day(space, units[0]), "estimate"):
            _estimate(space, units)
        return
    try:
        _estimate(space, units)
    except Exception as error:
        if not is_from_rows(error):
            raise
        # One of the days cannot be counted; each on its own shows which.
        for unit in units:
            estimate_days(space, [unit])


def _estimate(space: Workspace, units: Sequence[Unit]) -> None:
    batches = [
        _batch(space, unit) for unit in units if space.results.checks(unit).is_fit
    ]
    profiles = _count(space, batches)
    for batch in batches:
        mine = profiles[batch.unit.day]
        space.profiles.save(
            [p for part in mine.values() for p in part], batch.unit.as_of
        )
        numbers = [
            number
            for version, part in mine.items()
            for number in (
                *_measure(space, batch, version, part),
                *measure_pools(space, batch.unit, version),
            )
        ]
        numbers += measure_labels(
            space,
            batch.unit,
            version=next(iter(batch.versions)),
            arrived=batch.arrived,
        )
        row = space.results.evaluation(batch.unit)
        space.results.save_measurements(
            batch.unit,
            numbers,
            header={
                "version": next(iter(batch.versions)),
                "rows": batch.rows.num_rows,
                "labelled": batch.labels.joined,
                "label_counts": dict(row.label_counts)
                | asdict(batch.labels)
                | {ARRIVED: batch.arrived},
            },
        )


def _batch(space: Workspace, unit: Unit) -> Batch:
    rows, labels = labelled_batch(space, unit)
    columns = space.contract(unit.model).columns
    return Batch(
        unit=unit,
        rows=with_short_texts(rows, columns.named),
        labels=labels,
        arrived=arrivals_of(space, unit, joined=labels.joined),
        versions=versions_in(rows, columns.model_version),
    )


Counted = dict[object, dict[str, list[DayProfile]]]


def _count(space: Workspace, batches: Sequence[Batch]) -> Counted:
    """Count every version over all its days: day -> version -> profiles."""
    counted: Counted = defaultdict(dict)
    versions = sorted({version for batch in batches for version in batch.versions})
    for version in versions:
        mine = [batch for batch in batches if version in batch.versions]
        model = mine[0].unit.model
        reference = space.reference(model, version)
        for rows in _stacks(mine):
            for profile in count_days(
                rows,
                contract=space.contract(model),
                version=version,
                bins=reference.bins if reference else {},
                vocabulary=vocabulary_of(reference),
            ):
                counted[profile.day].setdefault(version, []).append(profile)
    return counted


def _stacks(batches: Sequence[Batch]) -> list[pa.Table]:
    """Put the days on top of each other; apart where a column changed its type."""
    dated = [
        batch.rows.append_column(
            DAY, pa.array([batch.unit.day] * batch.rows.num_rows, pa.date32())
        )
        for batch in batches
    ]
    try:
        return [pa.concat_tables(dated, promote_options="permissive")]
    except (pa.ArrowTypeError, pa.ArrowInvalid):
        return dated


def _measure(
    space: Workspace, batch: Batch, version: str, profiles: list[DayProfile]
) -> list[Measurement]:
    contract = space.contract(batch.unit.model)
    reference = space.reference(batch.unit.model, version)
    numbers = measure_version(profiles, reference, contract)
    if not contract.measures_rows or reference is None:
        return numbers
    parts = [p.segment for p in profiles if p.segment != ALL]
    return numbers + _measure_rows(space, batch, version, segments=parts)


def measure_pools(space: Workspace, unit: Unit, version: str) -> list[Measurement]:
    """Measure the version's last fit days together, for every longer horizon.

    Days the contract excludes, or that were not fit when last looked at, are left out.
    """
    contract = space.contract(unit.model)
    horizons = [h.days for h in contract.policy.horizons if h.days > 1]
    if not horizons or not contract.objectives:
        return []
    first = unit.day - timedelta(days=max(horizons) - 1)
    fit = {
        row.day
        for row in space.results.current(unit.model, first, unit.day, unit.as_of)
        if row.data_verdict in FIT
    }.difference(contract.policy.excluded_days)
    days = [
        profile
        for profile in space.profiles.load(unit.model, first, unit.day, unit.as_of)
        if profile.version == version and profile.day in fit
    ]
    reference = space.reference(unit.model, version)
    numbers = []
    for horizon in horizons:
        since = unit.day - timedelta(days=horizon - 1)
        pool = [profile for profile in days if profile.day >= since]
        numbers += measure_pooled(pool, reference, contract, horizon)
    return numbers


def _measure_rows(
    space: Workspace, batch: Batch, version: str, *, segments: Sequence[str]
) -> list[Measurement]:
    """Measure what counts cannot tell, on a deterministic sample of the rows.

    What NannyML cannot learn or estimate has no value, and its words for a reason.
    """
    from monitoring_tasks.estimate.row_noise import unmeasured  # noqa: PLC0415 (heavy)
    from monitoring_tasks.estimate.row_segments import measure_rows  # noqa: PLC0415 (heavy)
    from monitoring_tasks.rows.encoding import texts  # noqa: PLC0415 (heavy)

    contract = space.contract(batch.unit.model)
    frame: pd.DataFrame = batch.rows.to_pandas()
    mine = frame[texts(frame[contract.columns.model_version]) == version]
    sample = hash_sample(mine, contract.columns.id, contract.policy.sample_rows)
    try:
        fitted = space.remember(
            "row estimators",
            contract.model,
            version,
            make=lambda: _fit(space, contract, version),
        )
        numbers = measure_rows(
            fitted, sample, contract=contract, version=version, segments=segments
        )
    except EstimationError as error:
        return unmeasured(contract, version, segments=segments, reason=str(error))
    if len(sample) == len(mine):
        return numbers
    note = f"on a sample of {len(sample)} of {len(mine)} rows"
    return [replace(n, reason=f"{n.reason}; {note}".lstrip("; ")) for n in numbers]


def _fit(space: Workspace, contract: Contract, version: str) -> "tuple[Fitted, ...]":
    """Fit a version's row-level estimators; none without reference rows."""
    from monitoring_tasks.estimate.row_noise import fit_estimators  # noqa: PLC0415 (heavy)

    rows = space.reference_rows(contract.model, version)
    return () if rows is None else fit_estimators(rows, contract)
