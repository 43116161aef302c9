"""Changed inputs scored again by the version that scored them first."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.domain.problems import Problem
from monitoring_tasks.workspace.workspace import Workspace

if TYPE_CHECKING:
    import pandas as pd

SAME_SCORE = 1e-6
"""Scores further apart than float noise are other scores."""


@dataclass
class Rescorer:
    """Scores rows with the version that served them, if it gives what it gave then.

    Attributes:
        workspace: The workspace whose scoring worker is used.
        model: Registered model name.
        version: The version that served.
        example: Rows as they were delivered, to see whether the version still gives
            their scores.
        remark: Why rows kept the scores they had; empty when they did not.
        folder: Where rows are put for the worker; the workspace unless said otherwise.
    """

    workspace: Workspace
    model: str
    version: str
    example: "pd.DataFrame"
    remark: str = ""
    folder: Path | None = None

    def rescore(self, rows: "pd.DataFrame") -> "pd.DataFrame":
        """Return the rows with the outputs their inputs as they are now lead to.

        Rows that had no score keep none. If the version cannot score them, or does
        not give the scores that were logged for the example, the rows stay as they
        are and `remark` says why. Not modified.
        """
        outputs = self._refusal or self._outputs(rows)
        if isinstance(outputs, str):
            self.remark = outputs
            return rows
        return rows.assign(**outputs)

    @cached_property
    def _refusal(self) -> str:
        """Why rows are not scored again; empty when they may be."""
        outputs = self._outputs(self.example)
        if isinstance(outputs, str):
            return outputs
        columns = self.workspace.contract(self.model).columns
        for name in columns.scores or (columns.prediction,):
            apart = outputs[name].sub(self.example[name]).abs().dropna()
            if apart.gt(SAME_SCORE).any():
                return f"version {self.version} does not reproduce the scores it logged"
        return ""

    def _outputs(self, rows: "pd.DataFrame") -> "dict[str, pd.Series[Any]] | str":
        path = (self.folder or self.workspace.settings.home) / "rescored.parquet"
        return outputs_of(self.workspace, self.model, self.version, rows, path=path)


def outputs_of(
    workspace: Workspace, model: str, version: str, rows: "pd.DataFrame", *, path: Path
) -> "dict[str, pd.Series[Any]] | str":
    """Score rows with a version.

    Args:
        workspace: The workspace whose scoring worker is used.
        model: Registered model name.
        version: Registered version.
        rows: Rows as they were delivered, with the outputs they had. Not modified.
        path: Where the rows are put for the worker.

    Returns:
        The contract's output columns by name, aligned with `rows`, where rows that had
        no score keep none; or, as text, why there are none.
    """
    import pandas as pd  # noqa: PLC0415 (heavy)

    contract = workspace.contract(model)
    columns = contract.columns
    rows[[columns.id, *columns.features]].to_parquet(path)
    scored = workspace.scorer(model).score(path, [version])[version]
    if isinstance(scored, str):
        return scored
    outputs = pd.read_parquet(scored).set_axis(rows.index)
    lacking = set(_names(contract).values()) - set(outputs.columns)
    if lacking:
        return f"version {version} gives no {', '.join(sorted(lacking))}"
    scores = {
        column: outputs[output].where(rows[column].notna())
        for column, output in _names(contract).items()
    }
    return scores | {columns.prediction: _predictions(contract, rows, outputs)}


def _names(contract: Contract) -> Mapping[str, str]:
    """Name the worker's column for each score column of the contract."""
    score = contract.columns.score
    if isinstance(score, dict):
        return {column: f"score_{name}" for name, column in score.items()}
    return {score: "score"} if score else {}


def _predictions(
    contract: Contract, rows: "pd.DataFrame", outputs: "pd.DataFrame"
) -> "pd.Series[Any]":
    """Return predictions; of scores by the threshold the rows show they had."""
    columns = contract.columns
    given = rows[columns.prediction]
    if contract.problem is Problem.BINARY:
        old = rows[str(columns.score)]
        lowest, highest = old[given.eq(1)].min(), old[given.eq(0)].max()
        # One threshold parts them; the version's own default may be another.
        if lowest > highest:
            decided = outputs["score"].ge(lowest).astype(given.dtype)
            return decided.where(old.notna(), given)
    return outputs["prediction"].where(given.notna())
