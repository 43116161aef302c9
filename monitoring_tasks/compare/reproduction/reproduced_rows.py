"""Which rows have other outputs than a version gives for their inputs. Pure."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Self

import numpy as np

from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.domain.json_values import JsonObject
from monitoring_tasks.domain.problems import Problem
from monitoring_tasks.rows.scored_outputs import SAME_SCORE, DecisionEdges

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    Rows = NDArray[np.bool_]
    Numbers = NDArray[np.float64]


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
        expected = numbers(outputs[name])
        distance = np.abs(numbers(rows[name]) - expected)
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


def numbers(column: "pd.Series") -> "Numbers":
    """Return a column as float64, NaN where there is no number.

    Args:
        column: Of any type that holds numbers. Not modified.
    """
    return column.to_numpy(dtype="float64", na_value=np.nan)
