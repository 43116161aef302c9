"""Trying a version once more on a few rows, right before it is put back."""

import tempfile
from pathlib import Path

from monitoring_tasks.domain.rollbacks import Rollback
from monitoring_tasks.domain.units import Unit
from monitoring_tasks.errors import DataError
from monitoring_tasks.rows.sampling import hash_sample
from monitoring_tasks.workspace.frozen_rows import predictions_of
from monitoring_tasks.workspace.workspace import Workspace

ROWS = 100


def why_it_does_not_score(space: Workspace, rollback: Rollback) -> str:
    """Score some of the day's rows with the target; give why not, or nothing."""
    contract = space.contract(rollback.model)
    columns = contract.columns
    frozen = predictions_of(space, Unit.from_key(rollback.evaluation))
    if frozen is None:
        return "the rows it was compared on are gone"
    rows = hash_sample(frozen.to_pandas(), columns.id, ROWS)
    with tempfile.TemporaryDirectory(prefix="daywatch-") as folder:
        path = Path(folder) / "rows.parquet"
        rows[[columns.id, *columns.features]].to_parquet(path)
        try:
            scorer = space.scorer(rollback.model)
            scored = scorer.score(path, [rollback.to_version], afresh=True)
        except DataError as error:
            return str(error)
    found = scored[rollback.to_version]
    return found if isinstance(found, str) else ""
