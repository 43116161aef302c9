"""A source that was opened in an engine, and what it held then."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import ibis.expr.types as ir
import pyarrow as pa

from monitoring_tasks.domain.partitions import SourceState

Upload = Callable[[ir.Table, Mapping[str, str]], pa.Table | None]
"""From a source and what its columns are called there to what is laid beside it."""
LABELS = "daywatch_labels"
"""The table that labels are laid in; it goes with the connection."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What an engine of this process may take; a database has limits of its own.

    Attributes:
        memory: As DuckDB writes it, such as `2GB`; empty for its own default.
        threads: How many; 0 for its own default.
    """

    memory: str = ""
    threads: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """Which declared columns are read of a source.

    Attributes:
        columns: Those that are there, by the contract's name -> our name.
        key: Our name of the id.
    """

    columns: Mapping[str, str]
    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A source in an engine.

    Attributes:
        table: All its columns.
        columns: The source's name of each -> its name in `table`.
        query: What is read, in words and without secrets.
        state: From the rows of a day, as `delivered_rows` returns them, to what tells
            that they are still the same; in the way of a state it is compared with.
        labels: What was uploaded of labels; None where nothing was.
    """

    table: ir.Table
    columns: Mapping[str, str]
    query: str
    state: Callable[[ir.Table, Read, SourceState | None], SourceState]
    labels: ir.Table | None = None
