"""The files a pattern stands for, and the storage they lie in."""

from pathlib import Path

import fsspec
from fsspec.core import url_to_fs

from monitoring_tasks.errors import SourceUnavailableError


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
        names = sorted(filesystem.glob(pattern.replace("{day}", "*")))
    except (OSError, ValueError, ImportError) as error:
        msg = f"{path}: the storage did not answer ({type(error).__name__}: {error})"
        raise SourceUnavailableError(msg) from error
    return filesystem, path, names
