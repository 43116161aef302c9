"""The files a pattern stands for, and the storage they lie in."""

from collections.abc import Iterable, Sequence
from pathlib import Path

import fsspec
from fsspec.core import url_to_fs

from monitoring_tasks.contract.sources import FileSource
from monitoring_tasks.errors import NoDataError, SourceUnavailableError
from monitoring_tasks.sources.request import Request


def files_of(path: str, home: Path) -> tuple[fsspec.AbstractFileSystem, str, list[str]]:
    """Return the storage of a pattern, the whole pattern and the files it matches.

    A `{day}` that is left in it stands for any text.

    Args:
        path: A path or URL; `*` may stand for any text.
        home: Where relative paths start.

    Raises:
        SourceUnavailableError: If the storage did not answer.
    """
    if "://" not in path and not Path(path).is_absolute():
        path = str(home / path)
    try:
        filesystem, pattern = url_to_fs(path)
        # One object a process: what it listed before is not what is there now.
        filesystem.invalidate_cache()
        names = sorted(filesystem.glob(pattern.replace("{day}", "*")))
    except (OSError, ValueError, ImportError) as error:
        msg = f"{path}: the storage did not answer ({type(error).__name__}: {error})"
        raise SourceUnavailableError(msg) from error
    return filesystem, path, names


def files_of_day(
    source: FileSource, request: Request
) -> tuple[fsspec.AbstractFileSystem, str, list[str]]:
    """Return the storage of a day's files, their pattern and the files, at least one.

    Args:
        source: The files.
        request: Says which day.

    Raises:
        NoDataError: If no file matches.
        SourceUnavailableError: If the storage did not answer.
    """
    path = source.path.replace("{day}", request.day.isoformat())
    filesystem, path, names = files_of(path, request.home)
    if not names:
        msg = f"no file matches {path} for {request.day}; has the scoring job run?"
        raise NoDataError(msg)
    return filesystem, path, names


def query_text(source: FileSource, path: str, names: Sequence[str]) -> str:
    """Say in words which files were asked for.

    Args:
        source: The files.
        path: Their pattern.
        names: Those there are.
    """
    return f"{source.format} {path} ({len(names)} files)"


def no_day_column_text(column: str, names: Iterable[str]) -> str:
    """Say that the column which picks the rows of a day is absent.

    Args:
        column: That column.
        names: The columns that files have.
    """
    return (
        f"column '{column}' picks the rows of a day and is not in the source; "
        f"it has: {', '.join(names)}"
    )
