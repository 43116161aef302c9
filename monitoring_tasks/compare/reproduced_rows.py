"""Which rows have other outputs than a version gives for their inputs. Pure."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import TYPE_CHECKING, Self

import numpy as np

from monitoring_tasks.compare.version_comparison import ScoreRows
from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.domain.json_values import JsonObject
from monitoring_tasks.domain.problems import Problem
from monitoring_tasks.rows.sampling import hash_sample
from monitoring_tasks.rows.scored_outputs import (
    SAME_SCORE,
    DecisionEdges,
    contract_outputs,
    decision_edges,
)

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    Rows = NDArray[np.bool_]
    Numbers = NDArray[np.float64]
MOST_ROWS = 0.99
"""Share of the reference's rows whose distance shows how finely outputs are logged."""
ALLOWANCE = 1.5
"""A day's rows may lie so many times as far from what the version gives."""
MOST_UNLIKE = 0.2
"""Where a larger share of a version's own rows have other outputs, what is logged of
them is not what was scored: nothing can be proven by them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reproducibility:
    """How far logged outputs lie from what the version gives for the same rows.

    Learnt on rows that are known to be the version's own.

    Attributes:
        rows: Rows that were scored again.
        unlike: Rows of these with other outputs.
        precision: Column of a number -> how far rounding, of it or of the inputs, puts
            it from what the version gives; 0 where no more than float noise does.
        spread: Column of a number -> standard deviation of what the version gives.
        edges: Between which scores decisions turn; None to take the version's own.
        knows_decisions: Whether decisions follow from what the version gives; where
            they are taken elsewhere, by other rules, nothing is asked of them.
    """

    rows: int
    unlike: int
    precision: Mapping[str, float] = field(default_factory=dict)
    spread: Mapping[str, float] = field(default_factory=dict)
    edges: DecisionEdges | None = None
    knows_decisions: bool = True

    @property
    def share(self) -> float:
        """Share of the rows with other outputs, 0..1."""
        return self.unlike / self.rows if self.rows else 0.0

    def to_json(self) -> JsonObject:
        """Return it as plain JSON."""
        return asdict(self)

    @classmethod
    def from_json(cls, plain: JsonObject) -> Self:
        """Read it back from JSON."""
        edges = plain["edges"]
        return cls(**{**plain, "edges": DecisionEdges(*edges) if edges else None})


@dataclass(frozen=True, slots=True, kw_only=True)
class RowErrors:
    """How each row differs from what a version gives for its inputs.

    Attributes:
        differs: Which rows differ at all, shape (n_rows,).
        unlike_number: Which have a number that is so far off that it counts.
        unlike_decision: Which are decided otherwise.
        largest: Largest distance of a number from what the version gives.
    """

    differs: "Rows"
    unlike_number: "Rows"
    unlike_decision: "Rows"
    largest: float = 0.0

    @property
    def unlike(self) -> "Rows":
        """Which rows have other outputs, shape (n_rows,)."""
        return self.unlike_number | self.unlike_decision


def reference_reproducibility(
    rows: "pd.DataFrame | None", version: str, contract: Contract, *, score: ScoreRows
) -> JsonObject | str | None:
    """Ask a version for the rows of its reference again; learn from what it gives.

    Args:
        rows: The rows kept beside the reference; None when there are none.
        version: The version.
        contract: The columns, and how many rows are asked about.
        score: Scores rows with registered versions.

    Returns:
        A `Reproducibility` as plain JSON; None where there are no rows with every
        column that is needed; or, as text, why the version gave nothing.
    """
    columns = contract.columns
    needed = [columns.id, *columns.features, *columns.scores, columns.prediction]
    if rows is None or not set(needed) <= set(rows.columns):
        return None
    scored_rows = rows.dropna(subset=[*columns.scores, columns.prediction])
    if scored_rows.empty:
        return None
    sample = hash_sample(scored_rows, columns.id, contract.policy.versions.rescore.rows)
    scored = score(sample[[columns.id, *columns.features]], [version])[version]
    if isinstance(scored, str):
        return f"its reference could not be scored: {scored}"
    learnt = learn_reproducibility(sample, scored, contract)
    return learnt if isinstance(learnt, str) else learnt.to_json()


def reproducibility_key(contract: Contract, version: str, *, reference: str) -> str:
    """Return a text of all that `reference_reproducibility` follows from.

    Args:
        contract: The model, its columns, how many rows are asked and what counts.
        version: The version that is asked.
        reference: What names the reference as it was logged.
    """
    policy, columns = contract.policy.versions.rescore, contract.columns
    asked = [contract.model, version, reference, policy.rows, policy.min_shift]
    return json.dumps([*asked, *columns.scores, columns.prediction, *columns.features])


def learn_reproducibility(
    rows: "pd.DataFrame", scored: "pd.DataFrame", contract: Contract
) -> Reproducibility | str:
    """Learn how well a version reproduces rows that are known to be its own.

    What nearly all rows are off by is how finely outputs, or the inputs behind them,
    are logged, as long as it is too little to count.

    Args:
        rows: Its reference's rows, every output among them. Not modified.
        scored: What the version gives for them, in the same order.
        contract: Names the columns, and says what counts.

    Returns:
        What was learnt, or, as text, why nothing could be.
    """
    edges = decision_edges(rows, contract)
    outputs = contract_outputs(rows, scored, contract, edges)
    if isinstance(outputs, str):
        return outputs
    precision, spread = {}, {}
    least = contract.policy.versions.rescore.min_shift
    for name in number_columns(contract):
        expected = _numbers(outputs[name])
        distance = np.abs(_numbers(rows[name]) - expected)
        spread[name] = _spread(expected)
        usual = ALLOWANCE * float(np.nanquantile(distance, MOST_ROWS))
        precision[name] = usual if usual <= least * spread[name] else 0.0
    learnt = Reproducibility(
        rows=len(rows), unlike=0, precision=precision, spread=spread, edges=edges
    )
    errors = row_errors(rows, outputs, contract, learnt)
    knows = bool(errors.unlike_decision.mean() <= MOST_UNLIKE)
    unlike = errors.unlike if knows else errors.unlike_number
    return replace(learnt, unlike=int(unlike.sum()), knows_decisions=knows)


def without_reference(
    rows: "pd.DataFrame", scored: "pd.DataFrame", contract: Contract
) -> Reproducibility:
    """Return what rows say of themselves where no reference tells.

    Args:
        rows: The day's rows. Not modified.
        scored: What the version gives for them, in the same order.
        contract: Names the columns.
    """
    edges = decision_edges(rows, contract)
    outputs = contract_outputs(rows, scored, contract, edges)
    spread = {}
    if not isinstance(outputs, str):
        names = number_columns(contract)
        spread = {name: _spread(_numbers(outputs[name])) for name in names}
    return Reproducibility(rows=0, unlike=0, spread=spread, edges=edges)


def row_errors(
    rows: "pd.DataFrame",
    outputs: "Mapping[str, pd.Series]",
    contract: Contract,
    usual: Reproducibility,
) -> RowErrors:
    """Hold rows against what a version gives for their inputs.

    Numbers are the same within float noise and the usual precision. They count as
    other ones from `min_shift` standard deviations on; decisions always do.

    Args:
        rows: Rows with every output. Not modified.
        outputs: What the version gives for them, by column, as `contract_outputs`
            returns it.
        contract: Names the columns, and says what counts.
        usual: What is known of the version.
    """
    none = np.zeros(len(rows), dtype=bool)
    differs, unlike, largest = none.copy(), none.copy(), 0.0
    least = contract.policy.versions.rescore.min_shift
    for name in number_columns(contract):
        expected = _numbers(outputs[name])
        distance = np.abs(_numbers(rows[name]) - expected)
        # What the version gives no number for is not what was delivered.
        distance = np.where(np.isnan(distance), np.inf, distance)
        noise = SAME_SCORE * np.maximum(1.0, np.nan_to_num(np.abs(expected)))
        same = np.maximum(noise, usual.precision.get(name, 0.0))
        differs |= distance > same
        unlike |= distance > np.maximum(same, least * usual.spread.get(name, 0.0))
        largest = max(largest, float(distance.max(initial=0.0)))
    decided = none
    if contract.problem is not Problem.REGRESSION and usual.knows_decisions:
        decided = _decided_otherwise(rows, outputs, contract, usual.edges)
    return RowErrors(
        differs=differs | decided,
        unlike_number=unlike,
        unlike_decision=decided,
        largest=largest,
    )


def number_columns(contract: Contract) -> tuple[str, ...]:
    """Return the output columns that hold numbers: scores, or what is predicted.

    Args:
        contract: Names the columns.
    """
    if contract.problem is Problem.REGRESSION:
        return (contract.columns.prediction,)
    return contract.columns.scores


def _decided_otherwise(
    rows: "pd.DataFrame",
    outputs: "Mapping[str, pd.Series]",
    contract: Contract,
    edges: DecisionEdges | None,
) -> "Rows":
    """Return which rows are decided otherwise; where nobody knows they are not."""
    from monitoring_tasks.rows.encoding import texts  # noqa: PLC0415 (heavy)

    name = contract.columns.prediction
    given, expected = rows[name], outputs[name]
    other = (texts(given) != texts(expected)) & given.notna()
    if edges is not None:
        score = outputs[str(contract.columns.score)]
        is_clear = score.ge(edges.lowest_positive) | score.le(edges.highest_negative)
        other &= is_clear
    return other.to_numpy(dtype=bool)


def _numbers(column: "pd.Series") -> "Numbers":
    return column.to_numpy(dtype="float64", na_value=np.nan)


def _spread(expected: "Numbers") -> float:
    return float(np.nanstd(expected)) if np.isfinite(expected).any() else 0.0
