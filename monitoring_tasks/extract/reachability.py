"""Whether a declared source can be reached at all, before any day is asked for."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import assert_never

import sqlalchemy as sa
from fsspec import AbstractFileSystem
from fsspec.core import url_to_fs

from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.contract.sources import FileSource, Source, SqlSource
from monitoring_tasks.domain.texts import did_you_mean
from monitoring_tasks.errors import ConfigurationError
from monitoring_tasks.settings import ConnectionLookup
from monitoring_tasks.sources.database_engine import open_engine

MISSPELT = 0.8
"""From this likeness on a folder is taken to be the one that was meant."""
MOST_NAMED = 200
"""Of more folders or tables no nearest one is looked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unreached:
    """A source that cannot be reached.

    Attributes:
        key: The key of the contract that says where it is.
        why: What is not there, or did not answer.
        may_come: Whether there merely is nothing yet, as before the first delivery;
            else it is a fault.
    """

    key: str
    why: str
    may_come: bool = False


def unreachable(
    contract: Contract, *, home: Path, look_up: ConnectionLookup | None = None
) -> Iterator[Unreached]:
    """List the sources of a contract that cannot be reached.

    Labels that never come need no source. Labels may come later than predictions;
    predictions that are not there are a fault, unless nothing was delivered yet: a
    contract comes before its first day.

    Args:
        contract: The contract.
        home: The workspace; relative paths start there.
        look_up: From a connection's name to its URL.
    """
    predictions = _of_source("predictions", contract.sources.predictions, home, look_up)
    labels = None
    if not contract.policy.labels.never_come:
        labels = _of_source("labels", contract.sources.labels, home, look_up)
    if predictions and predictions.may_come:
        is_empty = labels is not None and labels.may_come
        predictions = replace(predictions, may_come=is_empty)
    for unreached in (predictions, labels):
        if unreached is None:
            continue
        why = unreached.why
        if unreached.may_come:
            why += "; check the path again once the first rows are due"
        yield replace(unreached, why=why)


def _of_source(
    name: str, source: Source, home: Path, look_up: ConnectionLookup | None
) -> Unreached | None:
    """Return why a source cannot be reached, if it cannot."""
    match source:
        case SqlSource():
            missing = _why_no_table(source, look_up)
        case FileSource():
            missing = _why_no_file(source, home)
        case _:
            assert_never(source)
    if missing is None:
        return None
    return replace(missing, key=f"sources.{name}.{missing.key}")


def _why_no_file(source: FileSource, home: Path) -> Unreached | None:
    path = source.path.replace("{day}", "*")
    if "://" not in path and not Path(path).is_absolute():
        path = str(home / path)
    try:
        filesystem, pattern = url_to_fs(path)
        folder = _fixed_part(pattern)
        if not filesystem.exists(folder):
            return _no_folder(filesystem, folder)
        if filesystem.glob(pattern):
            return None
    except (OSError, ValueError, ImportError) as error:
        why = f"{path}: the storage did not answer ({type(error).__name__})"
        return Unreached(key="path", why=why)
    why = f"no file matches {path}, on any day"
    return Unreached(key="path", why=why, may_come=True)


def _no_folder(filesystem: AbstractFileSystem, folder: str) -> Unreached:
    """Say that a folder is not there, and which was meant if one is called nearly so.

    Others come with their first file, unless nothing of the path exists.
    """
    there, _, missing = folder.rpartition("/")
    while there and not filesystem.exists(there):
        there, _, missing = there.rpartition("/")
    near = ""
    if there:
        names = _names(filesystem.ls(there, detail=False), there)
        near = did_you_mean(missing, names, cutoff=MISSPELT)
    why = f"there is no folder {folder}{near}"
    return Unreached(key="path", why=why, may_come=bool(there) and not near)


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
) -> Unreached | None:
    schema, _, table = source.table.rpartition(".")
    try:
        engine = open_engine(source.connection, look_up)
    except ConfigurationError as error:
        return Unreached(key="connection", why=str(error))
    file = engine.url.database or ""
    if engine.dialect.name == "sqlite" and not Path(file).is_file():
        return Unreached(key="connection", why=f"there is no database file {file}")
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
        return Unreached(key="connection", why=why)
    finally:
        engine.dispose()
    near = did_you_mean(table, names[:MOST_NAMED])
    why = f"there is no table or view '{source.table}'{near}"
    return Unreached(key="table", why=why)
