"""The labelled rows of a reference, out of a file a person names."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from monitoring_tasks.contract.columns import Columns
from monitoring_tasks.errors import UnreadableDataError
from monitoring_tasks.extract.reference_rows import instants

if TYPE_CHECKING:
    import pandas as pd


def read_rows(path: Path, columns: Columns) -> "pd.DataFrame":
    """Return the rows of a Parquet or CSV file; which of the two its name says.

    In a CSV the id and the version are read as text, so that leading zeros stay, and
    the timestamp as an instant.

    Args:
        path: The file; for Parquet also a folder of files.
        columns: Names the id, the version and the timestamp.

    Raises:
        UnreadableDataError: If there is no such file or it is not readable.
    """
    import pandas as pd  # noqa: PLC0415 (heavy)

    with _said_of(path):
        if not _is_csv(path):
            return pd.read_parquet(path)
        texts = dict.fromkeys((columns.id, columns.model_version), "str")
        rows = pd.read_csv(path, dtype=texts)
        if columns.timestamp in rows.columns:
            rows[columns.timestamp] = instants(rows[columns.timestamp])
        return rows


def require_readable(path: Path) -> None:
    """Look at the beginning of a file of reference rows, before anything is done.

    Raises:
        UnreadableDataError: If there is no such file or it is not readable.
    """
    import pandas as pd  # noqa: PLC0415 (heavy)
    import pyarrow.parquet as pq  # noqa: PLC0415 (heavy)

    with _said_of(path):
        if _is_csv(path):
            pd.read_csv(path, nrows=1)
        elif path.is_file():  # a folder of Parquet files is read as one
            pq.read_schema(path)
        elif not path.exists():
            raise FileNotFoundError(path)


def _is_csv(path: Path) -> bool:
    return path.suffix.lower() == ".csv"


@contextmanager
def _said_of(path: Path) -> Iterator[None]:
    """Turn what goes wrong with reading a file into one of our errors."""
    try:
        yield
    except FileNotFoundError as error:
        msg = f"{path}: there is no such file; name the one with the labelled rows"
        raise UnreadableDataError(msg) from error
    except (OSError, ValueError) as error:
        msg = f"{path}: not readable as Parquet, or as CSV if its name ends in .csv"
        raise UnreadableDataError(msg) from error
