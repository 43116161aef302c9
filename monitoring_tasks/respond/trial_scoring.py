"""Trying a version once more on a few rows, right before it is put back. Pure."""

import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from monitoring_tasks.contract.columns import Columns
from monitoring_tasks.errors import DataError
from monitoring_tasks.rows.sampling import hash_sample

if TYPE_CHECKING:
    import pyarrow as pa

ROWS = 100
ScoreAfresh = Callable[[Path, list[str]], Mapping[str, Path | str]]
"""Scores a Parquet file with versions, their files fetched again: rows or a reason."""


def why_it_does_not_score(
    version: str, rows: "pa.Table | None", columns: Columns, score: ScoreAfresh
) -> str:
    """Return why a version does not score some rows of a day; empty when it does.

    Args:
        version: The version to try.
        rows: The frozen predictions of the day it was compared on; None if they are
            gone.
        columns: The columns of the contract.
        score: Scores a file of rows, `{version: path or reason}`.
    """
    from monitoring_tasks.rows.coded_texts import frame_of  # noqa: PLC0415 (heavy)

    if rows is None:
        return "the rows it was compared on are gone"
    sample = hash_sample(frame_of(rows), columns.id, ROWS)
    with tempfile.TemporaryDirectory(prefix="daywatch-") as folder:
        path = Path(folder) / "rows.parquet"
        sample[[columns.id, *columns.features]].to_parquet(path)
        try:
            scored = score(path, [version])[version]
        except DataError as error:
            return str(error)
    return scored if isinstance(scored, str) else ""
