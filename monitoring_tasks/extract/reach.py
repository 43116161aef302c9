"""Whether a declared source can be reached at all, before any day is asked for."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

import sqlalchemy as sa
from fsspec.core import url_to_fs

from monitoring_tasks.domain.contract import Contract
from monitoring_tasks.domain.metrics import did_you_mean
from monitoring_tasks.domain.sources import FileSource, Source, SqlSource
from monitoring_tasks.errors import ConfigurationError
from monitoring_tasks.extract.connections import ConnectionLookup, open_engine

MOST_NAMED = 200
"""Of more folders or tables no nearest one is looked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unreached:
    """A source that cannot be reached.

    Attributes:
        key: The key of the contract that says where it is.
        why: What is not there, or did not answer.
        may_come: Whether it is of labels and there merely is nothing yet, as before
            the first label can have come; else it is a fault.
    """

    key: str
    why: str
    may_come: bool = False


def unreachable(
    contract: Contract, *, home: Path, look_up: ConnectionLookup | None = None
) -> Iterator[Unreached]:
    """List the sources of a contract that cannot be reached.

    Labels that never come need no source.

    Args:
        contract: The contract.
        home: The workspace; relative paths start there.
        look_up: From a connection's name to its URL.
    """
    yield from _of_source("predictions", contract.sources.predictions, home, look_up)
    if contract.policy.labels.never_come:
        return
    for one in _of_source("labels", contract.sources.labels, home, look_up):
        if not one.may_come:
            yield one
            continue
        said = f"{one.why}; look at the path once the first labels should have come"
        yield replace(one, why=said)


def _of_source(
    name: str, source: Source, home: Path, look_up: ConnectionLookup | None
) -> Iterator[Unreached]:
    """Yield why a source cannot be reached; of predictions nothing is waited for."""
    if isinstance(source, SqlSource):
        found = _why_no_table(source, look_up)
    else:
        found = _why_no_file(source, home)
    if found is not None:
        key, may_come = f"sources.{name}.{found.key}", found.may_come
        yield replace(found, key=key, may_come=may_come and name == "labels")


def _why_no_file(source: FileSource, home: Path) -> Unreached | None:
    path = source.path.replace("{day}", "*")
    if "://" not in path and not Path(path).is_absolute():
        path = str(home / path)
    near = ""
    try:
        filesystem, pattern = url_to_fs(path)
        folder = _fixed_part(pattern)
        if filesystem.exists(folder):
            if filesystem.glob(pattern):
                return None
            why = f"no file matches {path}, on any day"
        else:
            why = f"there is no folder {folder}"
            parent = folder.rpartition("/")[0]
            names = _names(filesystem.ls(parent, detail=False), parent)
            near = did_you_mean(folder.rpartition("/")[2], names)
    except FileNotFoundError as error:
        why = f"there is no folder {error.filename or path}"
    except (OSError, ValueError, ImportError) as error:
        why = f"{path}: the storage did not answer ({type(error).__name__})"
        return Unreached(key="path", why=why)
    # A folder that is called nearly so is misspelt; in a bucket the others come with
    # their first file.
    return Unreached(key="path", why=f"{why}{near}", may_come=not near)


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
