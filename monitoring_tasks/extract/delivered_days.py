"""Which days a source has rows of, asked the way its days are read."""

import re
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import assert_never

import pyarrow as pa
from fsspec.core import url_to_fs
from fsspec.utils import glob_translate

from monitoring_tasks.contract.column_types import Holds
from monitoring_tasks.contract.sources import FileSource, Source, SqlSource
from monitoring_tasks.errors import NoDataError, UnreadableDataError
from monitoring_tasks.extract.database_tables import days_of_table
from monitoring_tasks.extract.day_filter import days_in
from monitoring_tasks.extract.files import read_file
from monitoring_tasks.extract.plain_columns import decode
from monitoring_tasks.extract.stacking import stack
from monitoring_tasks.extract.typed_columns import read_column
from monitoring_tasks.settings import ConnectionLookup
from monitoring_tasks.sources.file_listing import files_of

A_DAY = re.compile(r"\d{4}-\d\d-\d\d")


def days_with_rows(
    source: Source,
    column: str,
    *,
    timezone: str,
    home: Path,
    look_up: ConnectionLookup | None = None,
) -> list[date]:
    """Return the days on which a source has something to read, in order.

    Those its files are named by; else those of all its rows.

    Args:
        source: Where the rows are.
        column: Picks the rows of a day where the names of files do not.
        timezone: The model's; instants with a zone are put on its calendar.
        home: Where relative paths start.
        look_up: From a connection's name to its URL.

    Raises:
        NoDataError: If there are none.
        UnreadableDataError: If a file or the column cannot be read.
        SourceUnavailableError: If the source did not answer.
        ConfigurationError: If the connection is unknown.
    """
    match source:
        case SqlSource():
            where = source.table
            days = days_of_table(source, column, timezone=timezone, look_up=look_up)
        case FileSource():
            where = source.path
            days = _days_of_files(source, column, timezone=timezone, home=home)
        case _:
            assert_never(source)
    if not days:
        msg = (
            f"{where}: the source answered, but no row has a day in '{column}'; has "
            "the scoring job run? If another column holds the days, name it as "
            "`columns.timestamp` or `day_column`"
        )
        raise NoDataError(msg)
    return sorted(days)


def _days_of_files(
    source: FileSource, column: str, *, timezone: str, home: Path
) -> set[date]:
    if "{day}" in source.path:
        return _days_of_names(source, home)
    return _days_of_rows(source, column, timezone=timezone, home=home)


def _days_of_names(source: FileSource, home: Path) -> set[date]:
    """Return the days that files are named by."""
    _, path, names = files_of(source.path, home)
    days = days_named(names, url_to_fs(path)[1])
    if not days:
        msg = (
            f"{path}: {len(names)} files match, none with a day such as 2024-03-01 in "
            "the place of {day}; has the scoring job run? If they are named otherwise, "
            "correct the path"
        )
        raise NoDataError(msg)
    return days


def days_named(names: Sequence[str], pattern: str) -> set[date]:
    """Return the days that files are of: those for which the pattern finds them.

    Args:
        names: Files of one storage.
        pattern: A path of it with `{day}` in it; `*` may stand elsewhere.
    """
    candidates = {name: set(A_DAY.findall(name)) for name in names}
    # A name may hold other days as well, such as that of a dump.
    shapes = {
        day: re.compile(glob_translate(pattern.replace("{day}", day)))
        for day in set().union(*candidates.values())
    }
    texts = {day for name, days in candidates.items() for day in days
             if shapes[day].match(name)}  # fmt: skip
    return {day for text in texts if (day := _date_of(text)) is not None}


def _date_of(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:  # such as a 30 February
        return None


def _days_of_rows(
    source: FileSource, column: str, *, timezone: str, home: Path
) -> set[date]:
    """Return the days of all rows, of files whose names tell none."""
    filesystem, path, names = files_of(source.path, home)
    if not names:
        msg = f"no file matches {path}; has the scoring job run?"
        raise NoDataError(msg)
    back = {new: old for old, new in source.rename.items()}
    # A file may have been written with the contract's own name already.
    own_names = list(dict.fromkeys((back.get(column, column), column)))
    parts: list[pa.Table] = []
    for name in names:
        table = read_file(filesystem, name, source.format, columns=own_names)
        origin = next((n for n in own_names if n in table.column_names), None)
        if origin is None:
            continue
        if len(here := table.schema.get_all_field_indices(origin)) > 1:
            msg = f"{name}: column '{origin}' stands there {len(here)} times; name each"
            raise UnreadableDataError(msg)
        read = read_column(decode(table.column(origin)), Holds.TIMESTAMPS)
        parts.append(pa.table({column: read}))
    if not parts:
        msg = (
            f"{path}: column '{own_names[0]}' picks the rows of a day and is in none "
            f"of the {len(names)} files; correct `columns.timestamp` or `rename`"
        )
        raise UnreadableDataError(msg)
    return days_in(stack(parts, path).column(column), column, timezone)
