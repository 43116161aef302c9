"""Changed inputs scored again by the version that scored them first."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from monitoring_tasks.rows.scored_outputs import (
    SAME_SCORE,
    contract_outputs,
    decision_edges,
)
from monitoring_tasks.workspace.workspace import Workspace

if TYPE_CHECKING:
    import pandas as pd


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
            others = int(apart.gt(SAME_SCORE).sum())
            if others:
                return (
                    f"version {self.version} does not reproduce the scores it logged: "
                    f"'{name}' of {others} of {len(apart)} rows is another, by up to "
                    f"{apart.max():.3g}"
                )
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
    edges = decision_edges(rows, contract)
    outputs = contract_outputs(rows, pd.read_parquet(scored), contract, edges)
    return f"version {version}: {outputs}" if isinstance(outputs, str) else outputs
