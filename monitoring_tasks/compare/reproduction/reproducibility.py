"""How well a version gives again what is known to be its own.

Pure: rows and kept answers are handed in, and so is who scores rows.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from monitoring_tasks.compare.reproduction.reproduced_rows import (
    Reproducibility,
    number_columns,
    numbers,
    row_errors,
)
from monitoring_tasks.compare.versions.version_comparison import ScoreRows
from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.domain.json_values import JsonObject
from monitoring_tasks.errors import DataError, RegistryError
from monitoring_tasks.rows.sampling import hash_sample
from monitoring_tasks.rows.scored_outputs import contract_outputs, decision_edges

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

MOST_ROWS = 0.99
"""Share of the reference's rows whose distance shows how finely outputs are logged."""
ALLOWANCE = 1.5
"""A day's rows may lie so many times as far from what the version gives."""
MOST_UNLIKE = 0.2
"""Where a larger share of a reference's rows have other outputs, they were scored by
others (out of fold), or on other inputs than are logged: they show nothing."""


class KeptAnswer(Protocol):
    """Where what references taught is kept, under a text."""

    def remember(
        self,
        key: str,
        make: Callable[[], JsonObject | str | None],
        *,
        is_kept: Callable[[Any], bool],
    ) -> JsonObject | str | None:
        """Return what was kept, or what `make` gives; that is kept where it may be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferenceOutputs:
    """How well versions give their references again: kept, or asked once.

    Attributes:
        contract: The model's contract.
        logged: What names a version's reference as it was logged; None without one.
        rows: The rows kept beside it; None where there are none.
        kept: What was asked before.
        score: Scores rows with registered versions.
    """

    contract: Contract
    logged: Callable[[str], str | None]
    rows: Callable[[str], "pd.DataFrame | None"]
    kept: KeptAnswer
    score: ScoreRows

    def of(self, version: str) -> Reproducibility | str | None:
        """Return what a version's reference taught; None where it has no rows.

        As text, why nothing could be learnt: a version that is merely tried, and whose
        reference nobody can read, stops no day.
        """
        try:
            # Named by its digest, so that another reference is another key.
            logged = self.logged(version)
        except (DataError, RegistryError) as error:
            return f"its reference cannot be read ({type(error).__name__})"
        if logged is None:
            return None
        answer = self.kept.remember(
            reproducibility_key(self.contract, version, reference=logged),
            lambda: reference_reproducibility(
                self.rows(version), version, self.contract, score=self.score
            ),
            # A failure is not kept: the version may answer the next time.
            is_kept=lambda answer: not isinstance(answer, str),
        )
        if answer is None or isinstance(answer, str):
            return answer
        return Reproducibility.from_json(answer)


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
        What was learnt, of 0 rows where the version does not reproduce them; or, as
        text, why nothing could be.
    """
    edges = decision_edges(rows, contract)
    outputs = contract_outputs(rows, scored, contract, edges)
    if isinstance(outputs, str):
        return outputs
    precision, spread = {}, {}
    least = contract.policy.versions.rescore.min_shift
    for name in number_columns(contract):
        expected = numbers(outputs[name])
        distance = np.abs(numbers(rows[name]) - expected)
        spread[name] = _spread(expected)
        usual = ALLOWANCE * float(np.nanquantile(distance, MOST_ROWS))
        precision[name] = usual if usual <= least * spread[name] else 0.0
    learnt = Reproducibility(
        rows=len(rows), unlike=0, precision=precision, spread=spread, edges=edges
    )
    errors = row_errors(rows, outputs, contract, learnt)
    # Where one threshold parts them, decisions follow from the scores.
    knows = edges is not None or bool(errors.unlike_decision.mean() <= MOST_UNLIKE)
    unlike = errors.unlike if knows else errors.unlike_number
    learnt = replace(learnt, knows_decisions=knows)
    if unlike.mean() > MOST_UNLIKE:
        return replace(learnt, rows=0)
    return replace(learnt, unlike=int(unlike.sum()))


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
        spread = {name: _spread(numbers(outputs[name])) for name in names}
    return Reproducibility(rows=0, unlike=0, spread=spread, edges=edges)


def _spread(expected: "NDArray[np.float64]") -> float:
    return float(np.nanstd(expected)) if np.isfinite(expected).any() else 0.0
