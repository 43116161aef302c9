"""The labelled rows of a reference, out of a file a person names."""

from pathlib import Path
from typing import TYPE_CHECKING

from monitoring_tasks.domain.contract import Columns
from monitoring_tasks.errors import UnreadableDataError
from monitoring_tasks.extract.reference_rows import instants

if TYPE_CHECKING:
    import pandas as pd


def read_rows(path: Path, columns: Columns) -> "pd.DataFrame":
    """Return the rows of a Parquet or CSV file; which of the two its name says.

    In a CSV the id and the version are read as text, so that leading zeros stay, and
    the timestamp as an instant.

    Raises:
        UnreadableDataError: If there is no such file or it is not readable.
    """
    import pandas as pd  # noqa: PLC0415 (heavy)

    try:
        if path.suffix.lower() != ".csv":
            return pd.read_parquet(path)
        texts = dict.fromkeys((columns.id, columns.model_version), "str")
        rows = pd.read_csv(path, dtype=texts)
        if columns.timestamp in rows.columns:
            rows[columns.timestamp] = instants(rows[columns.timestamp])
    except FileNotFoundError as error:
        msg = f"{path}: there is no such file; --rows names the labelled rows"
        raise UnreadableDataError(msg) from error
    except (OSError, ValueError) as error:
        msg = f"{path}: not readable as Parquet, or as CSV if its name ends in .csv"
        raise UnreadableDataError(msg) from error
    else:
        return rows
