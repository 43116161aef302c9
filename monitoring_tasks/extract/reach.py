"""Whether a declared source can be reached at all, before any day is asked for."""

from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import sqlalchemy as sa
from fsspec.core import url_to_fs

from monitoring_tasks.domain.contract import Contract
from monitoring_tasks.domain.metrics import did_you_mean
from monitoring_tasks.domain.sources import FileSource, SqlSource
from monitoring_tasks.errors import ConfigurationError
from monitoring_tasks.extract.connections import ConnectionLookup, open_engine

MOST_NAMED = 200
"""Of more folders or tables no nearest one is looked for."""


def unreachable(
    contract: Contract, *, home: Path, look_up: ConnectionLookup | None = None
) -> Iterator[tuple[str, str]]:
    """List the sources of a contract that cannot be reached: key and reason.

    Args:
        contract: The contract.
        home: The workspace; relative paths start there.
        look_up: From a connection's name to its URL.
    """
    sources = contract.sources
    for name, source in (
        ("predictions", sources.predictions),
        ("labels", sources.labels),
    ):
        if isinstance(source, SqlSource):
            fault = _why_no_table(source, look_up)
        else:
            fault = _why_no_file(source, home)
        if fault is not None:
            key, why = fault
            yield f"sources.{name}.{key}", why


def _why_no_file(source: FileSource, home: Path) -> tuple[str, str] | None:
    path = source.path.replace("{day}", "*")
    if "://" not in path and not Path(path).is_absolute():
        path = str(home / path)
    try:
        filesystem, pattern = url_to_fs(path)
        folder = _fixed_part(pattern)
        if not filesystem.exists(folder):
            parent = folder.rpartition("/")[0]
            names = _names(filesystem.ls(parent, detail=False), parent)
            near = did_you_mean(folder.rpartition("/")[2], names)
            return "path", f"there is no folder {folder}{near}"
        if not filesystem.glob(pattern):
            return "path", f"no file matches {path}, on any day"
    except FileNotFoundError as error:
        return "path", f"there is no folder {error.filename or path}"
    except (OSError, ValueError, ImportError) as error:
        why = f"{path}: the storage did not answer ({type(error).__name__})"
        return "path", why
    return None


def _fixed_part(pattern: str) -> str:
    """Return the deepest folder of a pattern that has no wildcard in it."""
    fixed, is_pattern, _ = pattern.partition("*")
    return fixed.rpartition("/")[0] if is_pattern else pattern


def _names(paths: list[str], parent: str) -> list[str]:
    return [
        path.rstrip("/").removeprefix(f"{parent}/")
        for path in islice(paths, MOST_NAMED)
    ]


def _why_no_table(
    source: SqlSource, look_up: ConnectionLookup | None
) -> tuple[str, str] | None:
    schema, _, table = source.table.rpartition(".")
    try:
        engine = open_engine(source.connection, look_up)
    except ConfigurationError as error:
        return "connection", str(error)
    file = engine.url.database or ""
    if engine.dialect.name == "sqlite" and not Path(file).is_file():
        return "connection", f"there is no database file {file}"
    try:
        inspector = sa.inspect(engine)
        if inspector.has_table(table, schema=schema or None):
            return None
        names = [
            *inspector.get_table_names(schema=schema or None),
            *inspector.get_view_names(schema=schema or None),
        ]
    except sa.exc.SQLAlchemyError as error:
        # The text of the error may carry the URL.
        name = source.connection.split("://", 1)[0]
        why = f"'{name}' did not answer ({type(error).__name__})"
        return "connection", why
    finally:
        engine.dispose()
    near = did_you_mean(table, names[:MOST_NAMED])
    return "table", f"there is no table or view '{source.table}'{near}"
