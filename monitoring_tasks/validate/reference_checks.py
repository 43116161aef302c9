"""The gate `reference`: a day against its reference, then the days before it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pyarrow as pa
import pyarrow.compute as pc

from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.domain.batch_baseline import BatchBaseline
from monitoring_tasks.domain.batch_summary import BatchSummary
from monitoring_tasks.domain.findings import Check
from monitoring_tasks.domain.reference import ReferenceProfile
from monitoring_tasks.domain.relations import Relations
from monitoring_tasks.rows.names import DAY
from monitoring_tasks.rows.texts import with_short_texts
from monitoring_tasks.validate.baseline.batch_baseline import learn_baseline
from monitoring_tasks.validate.reference_gate import (
    DaysBefore,
    check_batch,
    no_baseline,
)
from monitoring_tasks.validate.relations.broken_relations import count_unrelated
from monitoring_tasks.validate.relations.decisions import count_outputs, learn_decisions
from monitoring_tasks.validate.relations.reference_relations import learn_relations
from monitoring_tasks.validate.summary.batch_summary import summarize
from monitoring_tasks.validate.summary.row_identity import (
    each_held_against_the_last,
    with_identity,
)

SPAN = 2
"""The fit days just before lie within so many times `recent_days`."""


def reference_baseline(rows: pa.Table, contract: Contract) -> BatchBaseline | None:
    """Learn what the days of a reference have in common.

    Days with fewer than `policy.min_rows` rows are left out.

    Args:
        rows: The reference with each row's day in the column `DAY`, its texts short.
        contract: Declares the columns.
    """
    days = sorted(pc.unique(rows[DAY]).drop_null().to_pylist())
    parts = {day: rows.filter(pc.equal(rows[DAY], pa.scalar(day))) for day in days}
    counted = {
        day: part
        for day, part in parts.items()
        if part.num_rows >= contract.policy.min_rows
    }
    relations, unlike = learn_relations(rows, contract, list(counted))
    relations = replace(relations, decisions=learn_decisions(rows, contract))
    summaries = []
    for day, part in counted.items():
        outputs = count_outputs(part, contract, relations.decisions)
        summary = replace(
            summarize(part, day, contract), unlike={**unlike[day], **outputs}
        )
        summaries.append(with_identity(summary, part, contract))
    baseline = learn_baseline(
        each_held_against_the_last(summaries),
        recent_days=contract.policy.reference_gate.recent_days,
    )
    return replace(baseline, relations=relations) if baseline else None


def summarize_batch(
    predictions: pa.Table,
    day: date,
    contract: Contract,
    reference: ReferenceProfile | None,
) -> BatchSummary:
    """Describe a day's rows so that they can be held against a reference.

    Args:
        predictions: The rows of the day, at least one. Not modified.
        day: Their calendar day.
        contract: Declares the columns.
        reference: Of the version most rows carry; None where it has none.
    """
    # Rare on the day, common in the reference: uncounted they would pass for new ones.
    baseline = reference.baseline if reference else None
    named = baseline.categories if baseline else {}
    rows = with_short_texts(predictions, contract.columns.named)
    summary = replace(
        summarize(rows, day, contract, named=named),
        unlike=count_unlike(rows, contract, reference),
    )
    return with_identity(summary, rows, contract)


def count_unlike(
    rows: pa.Table, contract: Contract, reference: ReferenceProfile | None
) -> dict[str, tuple[int, int]]:
    """Count the rows that break what the reference taught of columns and decisions.

    Args:
        rows: Rows of a day, their texts short.
        contract: Declares the columns.
        reference: Of the version most rows carry; None where it has none.

    Returns:
        `kind/column` -> such rows, and the rows that were asked.
    """
    relations = relations_of(reference)
    return {
        **count_unrelated(rows, relations),
        **count_outputs(rows, contract, relations.decisions),
    }


def relations_of(reference: ReferenceProfile | None) -> Relations:
    """Return what a reference taught of its columns' relations; none where it did not.

    Args:
        reference: The reference, if there is one.
    """
    baseline = reference.baseline if reference else None
    return baseline.relations if baseline else Relations()


def has_no_reference(version: str) -> Check:
    """Say that a version was logged without a reference."""
    why = f"version '{version}' has no reference; `daywatch reference` logs one"
    return no_baseline(why)


def check_reference(
    summary: BatchSummary,
    contract: Contract,
    *,
    reference: ReferenceProfile,
    before: Callable[[], DaysBefore] | None,
) -> list[Check]:
    """Hold a batch against the reference of the version most of its rows carry.

    Args:
        summary: What the day looks like, as `summarize_batch` has it.
        contract: Declares the columns and brings the policy.
        reference: Of that version, see `main_version`.
        before: Reads the days before; called only if the batch is unlike the
            reference. None when these may not be asked.

    Returns:
        The checks of the gate; `skipped` where nothing can be said.
    """
    # The days before are read only for a day that needs them: most do not.
    checks = check_batch(summary, reference.baseline, contract)
    if before is None or all(check.status != "failed" for check in checks):
        return checks
    return check_batch(summary, reference.baseline, contract, before())


def main_version(predictions: pa.Table, contract: Contract) -> str:
    """Return the version most rows carry; empty where no row names one.

    Args:
        predictions: The rows of the day.
        contract: Names the column of the version.
    """
    column = contract.columns.model_version
    if predictions.column_names.count(column) != 1:
        return ""
    counted = pc.value_counts(predictions[column].cast(pa.string()).drop_null())
    # Of two with as many rows the first by name, on every run.
    pairs = [(-c["counts"].as_py(), c["values"].as_py()) for c in counted]
    return str(min(pairs)[1]) if pairs else ""
