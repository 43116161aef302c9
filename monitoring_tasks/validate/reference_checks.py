"""What a reference teaches its gate, and which rows of a day break that."""

from dataclasses import replace

import pyarrow as pa
import pyarrow.compute as pc

from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.domain.batch_baseline import BatchBaseline
from monitoring_tasks.domain.reference import ReferenceProfile
from monitoring_tasks.domain.relations import Relations
from monitoring_tasks.rows.names import DAY
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
