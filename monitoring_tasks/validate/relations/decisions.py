"""Decisions that do not follow from their scores, and scores that are too alike."""

import numpy as np
import pyarrow as pa

from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.domain.problems import Problem
from monitoring_tasks.domain.relations import DecisionRange
from monitoring_tasks.statistics.arrays import Floats
from monitoring_tasks.validate.relations.broken_relations import Unlike
from monitoring_tasks.validate.summary.batch_summary import numeric_outputs, scored_rows
from monitoring_tasks.validate.summary.related_columns import (
    RelatedColumns,
    related_columns,
    sampled_rows,
)

DECISION = "decision"
COARSE = "coarse"
FEWEST_ROWS = 50
"""A decision of fewer rows has no usual scores."""


def learn_decisions(table: pa.Table, contract: Contract) -> tuple[DecisionRange, ...]:
    """Learn which scores each decision of a binary model has.

    All but `tail` of them; the outermost ends are open, for scores may drift. Where a
    threshold decides, the inner ends lie on it.
    """
    columns = contract.columns
    if contract.problem is not Problem.BINARY or not columns.scores:
        return ()
    outputs = _outputs(sampled_rows(scored_rows(table, contract)), contract)
    decided = outputs.categories.get(columns.prediction)
    scores = outputs.numbers.get(columns.scores[0])
    if decided is None or scores is None:
        return ()
    tail = contract.policy.reference_gate.relations.tail
    ends: dict[str, tuple[float, float]] = {}
    for place, decision in enumerate(decided.texts):
        of_decision = scores[(decided.codes == place) & ~np.isnan(scores)]
        if len(of_decision) >= FEWEST_ROWS:
            low, high = np.quantile(of_decision, [tail / 2, 1 - tail / 2])
            ends[decision] = float(low), float(high)
    lowest = min((low for low, _ in ends.values()), default=None)
    highest = max((high for _, high in ends.values()), default=None)
    return tuple(
        DecisionRange(
            decision=decision,
            low=None if low == lowest else low,
            high=None if high == highest else high,
        )
        for decision, (low, high) in sorted(ends.items())
    )


def count_outputs(
    table: pa.Table, contract: Contract, decisions: tuple[DecisionRange, ...]
) -> Unlike:
    """Count rows whose decision is not that of their scores, and scores not their own.

    A decision of a binary model is held against the scores it had on the reference,
    one of several classes against the largest score. Rows whose scoring failed are
    left out.

    Args:
        table: The rows of a day; at most `MOST_ROWS` of them are asked.
        contract: Declares the columns.
        decisions: What the reference taught.
    """
    outputs = _outputs(sampled_rows(scored_rows(table, contract)), contract)
    counted = {
        f"{COARSE}/{name}": _repeated(values)
        for name, values in outputs.numbers.items()
    }
    differ = (
        _not_the_largest(outputs, contract)
        if contract.problem is Problem.MULTICLASS
        else _out_of_range(outputs, contract, decisions)
    )
    counted[f"{DECISION}/{contract.columns.prediction}"] = differ
    return {key: counts for key, counts in counted.items() if counts[1]}


def _outputs(table: pa.Table, contract: Contract) -> RelatedColumns:
    prediction = contract.columns.prediction
    is_decision = contract.problem is not Problem.REGRESSION
    return related_columns(
        table,
        numbers=numeric_outputs(contract),
        categories=[prediction] if is_decision else [],
    )


def _repeated(values: Floats) -> tuple[int, int]:
    present = values[~np.isnan(values)]
    rows = np.unique(present, return_counts=True)[1]
    return int(rows[rows > 1].sum()), len(present)


def _out_of_range(
    outputs: RelatedColumns, contract: Contract, decisions: tuple[DecisionRange, ...]
) -> tuple[int, int]:
    decided = outputs.categories.get(contract.columns.prediction)
    scores = outputs.numbers.get((*contract.columns.scores, "")[0])
    if decided is None or scores is None or not decisions:
        return 0, 0
    lows = {d.decision: -np.inf if d.low is None else d.low for d in decisions}
    highs = {d.decision: np.inf if d.high is None else d.high for d in decisions}
    low, high = decided.looked_up(lows), decided.looked_up(highs)
    asked = ~np.isnan(scores) & ~np.isnan(low)
    outside = (scores < low) | (scores > high)
    return int(outside[asked].sum()), int(asked.sum())


def _not_the_largest(outputs: RelatedColumns, contract: Contract) -> tuple[int, int]:
    decided = outputs.categories.get(contract.columns.prediction)
    columns = contract.columns.score
    if decided is None or not isinstance(columns, dict):
        return 0, 0
    if any(column not in outputs.numbers for column in columns.values()):
        return 0, 0
    scores = np.column_stack([outputs.numbers[column] for column in columns.values()])
    places = decided.looked_up({name: place for place, name in enumerate(columns)})
    asked = ~np.isnan(places) & ~np.isnan(scores).any(axis=1)
    own = scores[np.flatnonzero(asked), places[asked].astype(np.int64)]
    return int((own < scores[asked].max(axis=1)).sum()), int(asked.sum())
