"""What a reference teaches its gate, and a day's rows as that gate looks at them."""

from dataclasses import replace
from datetime import date

import pyarrow as pa
import pyarrow.compute as pc

from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.domain.batch_baseline import BatchBaseline
from monitoring_tasks.domain.batch_summary import BatchSummary
from monitoring_tasks.domain.reference import ReferenceProfile
from monitoring_tasks.domain.relations import Relations
from monitoring_tasks.rows.names import DAY
from monitoring_tasks.rows.texts import with_short_texts
from monitoring_tasks.validate.baseline.batch_baseline import learn_baseline
from monitoring_tasks.validate.relations.broken_relations import count_unrelated
from monitoring_tasks.validate.relations.decisions import count_outputs, learn_decisions
from monitoring_tasks.validate.relations.reference_relations import learn_relations
from monitoring_tasks.validate.summary.batch_summary import summarize
from monitoring_tasks.validate.summary.row_identity import (
    each_held_against_the_last,
    with_identity,
)


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
    reference: ReferenceProfile,
) -> BatchSummary:
    """Describe a day's rows so that they can be held against a reference.

    Args:
        predictions: The rows of the day, at least one. Not modified.
        day: Their calendar day.
        contract: Declares the columns.
        reference: Of the version most rows carry.
    """
    # Rare on the day, common in the reference: uncounted they would pass for new ones.
    named = reference.baseline.categories if reference.baseline else {}
    rows = with_short_texts(predictions, contract.columns.named)
    summary = replace(
        summarize(rows, day, contract, named=named),
        unlike=count_unlike(rows, contract, reference),
    )
    return with_identity(summary, rows, contract)


def count_unlike(
    rows: pa.Table, contract: Contract, reference: ReferenceProfile
) -> dict[str, tuple[int, int]]:
    """Count the rows that break what the reference taught of columns and decisions.

    Args:
        rows: Rows of a day, their texts short.
        contract: Declares the columns.
        reference: Of the version most rows carry.

    Returns:
        `kind/column` -> such rows, and the rows that were asked.
    """
    relations = relations_of(reference)
    return {
        **count_unrelated(rows, relations),
        **count_outputs(rows, contract, relations.decisions),
    }


def relations_of(reference: ReferenceProfile) -> Relations:
    """Return what a reference taught of its columns; nothing without a baseline."""
    return reference.baseline.relations if reference.baseline else Relations()


def main_version(predictions: pa.Table, contract: Contract) -> str:
    """Return the version most rows carry; empty where no row names one."""
    column = contract.columns.model_version
    if predictions.column_names.count(column) != 1:
        return ""
    counted = pc.value_counts(predictions[column].cast(pa.string()).drop_null())
    # Of two with as many rows the first by name, on every run.
    pairs = [(-c["counts"].as_py(), c["values"].as_py()) for c in counted]
    return str(min(pairs)[1]) if pairs else ""
