"""Wiring of the gate `reference`: the norms of a version, and the days just before."""

from datetime import timedelta

import pyarrow as pa
import pyarrow.compute as pc

from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.domain.evaluations import Evaluation
from monitoring_tasks.domain.findings import FIT, Check, damage_in
from monitoring_tasks.domain.norms import Norms
from monitoring_tasks.domain.partitions import PartitionKind
from monitoring_tasks.domain.units import Unit
from monitoring_tasks.rows.names import DAY
from monitoring_tasks.rows.texts import with_short_texts
from monitoring_tasks.store.partitions import read_partition
from monitoring_tasks.validate.likeness import Looks, look_at
from monitoring_tasks.validate.norms import learn_norms
from monitoring_tasks.validate.reference_gate import (
    check_likeness,
    is_suspect,
    no_norms,
)
from monitoring_tasks.workspace.workspace import Workspace

SPAN = 2
"""The fit days just before lie within so many times `recent_days`."""


def norms_of(rows: pa.Table, contract: Contract) -> Norms | None:
    """Learn what the days of a reference have in common.

    Days with fewer than `policy.min_rows` rows are left out.

    Args:
        rows: The reference with each row's day in the column `DAY`, its texts short.
        contract: Declares the columns.
    """
    days = sorted(pc.unique(rows[DAY]).drop_null().to_pylist())
    parts = {day: rows.filter(pc.equal(rows[DAY], pa.scalar(day))) for day in days}
    looks = [
        look_at(part, day, contract)
        for day, part in parts.items()
        if part.num_rows >= contract.policy.min_rows
    ]
    return learn_norms(looks, recent_days=contract.policy.likeness.recent_days)


def reference_checks(
    space: Workspace, unit: Unit, predictions: pa.Table, *, in_order: bool
) -> list[Check]:
    """Hold a batch against the reference of the version most of its rows carry.

    The fit days just before are read only if the batch is unlike the reference.

    Args:
        space: The workspace.
        unit: The day.
        predictions: Its rows.
        in_order: Whether the days before may be asked.
    """
    contract = space.contract(unit.model)
    if contract.policy.likeness.when == "never" or not predictions.num_rows:
        return []
    version = _version(predictions, contract)
    reference = space.reference(unit.model, version) if version else None
    if reference is None:
        why = f"version '{version}' has no reference; `daywatch reference` logs one"
        return [no_norms(why)]
    named = reference.norms.categories if reference.norms else {}
    rows = with_short_texts(predictions, contract.columns.named)
    looks = look_at(rows, unit.day, contract, named=named)
    checks = check_likeness(looks, reference.norms, contract, recent=())
    if not in_order or not is_suspect(checks):
        return checks
    before = _days_before(space, unit, contract)
    fit = [r for r in before if r.data_verdict in FIT and r.predictions]
    return check_likeness(
        looks,
        reference.norms,
        contract,
        recent=[_looks(space, row, contract) for row in fit],
        damaged={
            row.day: frozenset(c.about for c in damage_in(row.checks)) for row in before
        },
    )


def _version(predictions: pa.Table, contract: Contract) -> str:
    column = contract.columns.model_version
    if predictions.column_names.count(column) != 1:
        return ""
    counted = pc.value_counts(predictions[column].cast(pa.string()).drop_null())
    pairs = [(-c["counts"].as_py(), c["values"].as_py()) for c in counted]
    return str(min(pairs)[1]) if pairs else ""


def _days_before(space: Workspace, unit: Unit, contract: Contract) -> list[Evaluation]:
    """Give the headers of the days before a day, whichever version served them."""
    count = contract.policy.likeness.recent_days
    first, last = (unit.day - timedelta(days=back) for back in (SPAN * count, 1))
    return [
        row
        for row in space.results.current(unit.model, first, last, unit.as_of)
        if row.day not in contract.policy.excluded_days
    ]


def _looks(space: Workspace, row: Evaluation, contract: Contract) -> Looks:
    """Look at the frozen predictions of a day, once in a process."""
    unit, digest = row.unit, str(row.predictions)

    def look() -> Looks:
        kind = PartitionKind.PREDICTIONS.value
        rows = read_partition(space.results.partition(unit, kind, digest))
        short = with_short_texts(rows, contract.columns.named)
        return look_at(short, unit.day, contract)

    return space.remember("batch summary", unit.model, unit.day, digest, make=look)
