"""A published day scored again with the version that was put back."""

import tempfile
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.domain.partitions import Partition, PartitionKind
from monitoring_tasks.domain.problems import Problem
from monitoring_tasks.domain.rollbacks import Rollback
from monitoring_tasks.domain.units import Unit
from monitoring_tasks.errors import RegistryError
from monitoring_tasks.operations.rollbacks.differences import differences
from monitoring_tasks.rows.delivery import Rows
from monitoring_tasks.store.partitions import freeze
from monitoring_tasks.workspace.day import Day
from monitoring_tasks.workspace.scoring_again import outputs_of
from monitoring_tasks.workspace.workspace import Workspace

if TYPE_CHECKING:
    import pandas as pd


def score_again(workspace: Workspace, rollback: Rollback, unit: Unit) -> dict[str, Any]:
    """Publish a day with the outputs of the version put back, as a new partition.

    Args:
        workspace: Where the day was frozen.
        rollback: The move that withdrew the version.
        unit: The day.

    Returns:
        `day`, `path` and `digest` of the new partition, and what it changes.

    Raises:
        NoDataError: If there are no predictions to score again.
        RegistryError: If the version cannot score them.
    """
    from monitoring_tasks.rows.coded_texts import frame_of  # noqa: PLC0415 (heavy)

    day = Day(workspace, unit)
    contract, old = day.contract, frame_of(day.rows)
    fresh = _fresh_rows(day, rollback, old)
    number = contract.columns.score
    if contract.problem is Problem.REGRESSION:
        number = contract.columns.prediction
    changes = differences(
        old,
        fresh,
        prediction=contract.columns.prediction,
        number=number if isinstance(number, str) else None,
    )
    partition = _publish(day, rollback, _with_other_rows(contract, old, fresh))
    return {
        "day": unit.day.isoformat(),
        "path": partition.path,
        "digest": partition.digest,
        **asdict(changes),
    }


def _fresh_rows(day: Day, rollback: Rollback, old: "pd.DataFrame") -> "pd.DataFrame":
    """Return the withdrawn version's rows with the outputs of the version put back."""
    from monitoring_tasks.rows.encoding import texts  # noqa: PLC0415 (heavy)

    version_column = day.contract.columns.model_version
    # Rows that other versions scored were never withdrawn.
    withdrawn = old[texts(old[version_column]) == rollback.from_version]
    with tempfile.TemporaryDirectory(prefix="daywatch-") as folder:
        outputs = outputs_of(
            day.workspace,
            rollback.model,
            rollback.to_version,
            withdrawn,
            path=Path(folder) / "rows.parquet",
        )
    if isinstance(outputs, str):
        msg = f"version {rollback.to_version} cannot score the rows again: {outputs}"
        raise RegistryError(msg)
    return withdrawn.assign(**outputs, **{version_column: rollback.to_version})


def _with_other_rows(
    contract: Contract, old: "pd.DataFrame", fresh: "pd.DataFrame"
) -> "pd.DataFrame":
    """Return all rows of the day, those of other versions as they were."""
    import pandas as pd  # noqa: PLC0415 (heavy)

    version = contract.columns.model_version
    kept = old.drop(index=fresh.index)
    # Versions put back are text: a column of two types cannot be written.
    kept = kept.assign(**{version: kept[version].astype(str)})
    return pd.concat([kept, fresh]) if len(kept) else fresh


def _publish(day: Day, rollback: Rollback, frame: "pd.DataFrame") -> Partition:
    """Write a day as a new revision beside what was published."""
    import pyarrow as pa  # noqa: PLC0415 (heavy)

    rows = Rows(
        table=pa.Table.from_pandas(frame, preserve_index=False),
        query=f"{rollback.id}: scored again with version {rollback.to_version}",
        watermark=None,
    )
    return freeze(
        rows,
        root=str(day.workspace.settings.partitions),
        model=rollback.model,
        day=day.day,
        kind=PartitionKind.RESCORED,
        key=day.contract.columns.id,
        as_of=day.unit.as_of,
    ).partition
