"""Rows scored again with registered versions of a model."""

import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from monitoring_tasks.workspace.workspace import Workspace

if TYPE_CHECKING:
    import pandas as pd


def scored_rows(
    workspace: Workspace, model: str, rows: "pd.DataFrame", versions: Sequence[str]
) -> "dict[str, pd.DataFrame | str]":
    """Score rows with registered versions, in the model's scoring worker.

    Args:
        workspace: The workspace whose scoring worker is used.
        model: Registered model name.
        rows: The id column and the features. Not modified.
        versions: Registered versions; one that fails does not lose the others.

    Returns:
        By version, its outputs in the order of the rows; or, as text, why there are
        none.
    """
    import pandas as pd  # noqa: PLC0415 (heavy, and few days need it)

    with tempfile.TemporaryDirectory(prefix="daywatch-") as folder:
        path = Path(folder) / "rows.parquet"
        rows.to_parquet(path)
        scored = workspace.scorer(model).score(path, list(versions))
        return {
            version: outputs if isinstance(outputs, str) else pd.read_parquet(outputs)
            for version, outputs in scored.items()
        }
