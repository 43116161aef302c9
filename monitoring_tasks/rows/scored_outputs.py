"""What a registered version gives for rows, in the columns of the contract."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.domain.problems import Problem

if TYPE_CHECKING:
    import pandas as pd

SAME_SCORE = 1e-6
"""Scores further apart than float noise are other scores; of numbers above 1 the same
as a share of them."""


class DecisionEdges(NamedTuple):
    """Between which scores a binary decision turns.

    Attributes:
        highest_negative: Highest score that was decided for class 0.
        lowest_positive: Lowest score that was decided for class 1; above it.
    """

    highest_negative: float
    lowest_positive: float


def decision_edges(rows: "pd.DataFrame", contract: Contract) -> DecisionEdges | None:
    """Return between which scores the decisions of rows turn.

    One threshold parts them; the version's own default may be another.

    Args:
        rows: Rows with their scores and decisions. Not modified.
        contract: Names the columns.

    Returns:
        None where no threshold parts them, one class is missing, or the problem is not
        binary.
    """
    if contract.problem is not Problem.BINARY:
        return None
    scores = rows[str(contract.columns.score)]
    decided = rows[contract.columns.prediction]
    highest, lowest = scores[decided.eq(0)].max(), scores[decided.eq(1)].min()
    return DecisionEdges(float(highest), float(lowest)) if lowest > highest else None


def contract_outputs(
    rows: "pd.DataFrame",
    scored: "pd.DataFrame",
    contract: Contract,
    edges: DecisionEdges | None,
) -> "dict[str, pd.Series[Any]] | str":
    """Return what a version gave for rows by the contract's output columns.

    Args:
        rows: Rows as they were delivered, with the outputs they had. Not modified.
        scored: What the version gave for the same rows, in the same order. Not
            modified.
        contract: Names the columns.
        edges: Between which scores decisions turn; None to take the version's own.

    Returns:
        By column, aligned with `rows`, where rows that had no value keep none; or, as
        text, why there is nothing.
    """
    columns = contract.columns
    outputs, names = scored.set_axis(rows.index), score_names(contract)
    lacking = {*names.values(), "prediction"} - set(outputs.columns)
    if lacking:
        return f"it gives no {', '.join(sorted(lacking))}"
    scores = {
        column: outputs[output].where(rows[column].notna())
        for column, output in names.items()
    }
    given = rows[columns.prediction]
    if edges is None:
        return scores | {columns.prediction: outputs["prediction"].where(given.notna())}
    score = scores[str(columns.score)]
    decided = score.ge(edges.lowest_positive).astype(given.dtype)
    return scores | {columns.prediction: decided.where(score.notna(), given)}


def score_names(contract: Contract) -> Mapping[str, str]:
    """Name what a version gives for each score column of the contract.

    Args:
        contract: Names the columns; without scores there is nothing to name.
    """
    score = contract.columns.score
    if isinstance(score, dict):
        return {column: f"score_{name}" for name, column in score.items()}
    return {score: "score"} if score else {}
