"""Several groupings of the same rows answered by one scan of them.

Columnar engines read nothing twice, so that a statement counts few columns there.
Postgres reads rows whole. It expects as many groups as rows of a key that is computed,
and sorts all rows for it, unless the key comes out of a table that is `computed_once`.

Ibis knows no grouping sets, so the statement is written in Ibis with every key, and
the list of its groups is replaced in what Ibis makes of it. Snowflake, BigQuery,
Databricks, Spark, Trino, Postgres and DuckDB all read the result.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from types import MappingProxyType
from typing import Any

import ibis
import ibis.expr.types as ir
import pyarrow as pa
import sqlglot.expressions as sge

from monitoring_tasks.engine.fetching import fetched, fetched_sql

Keys = tuple[str, ...]
MORE_THAN_ANY = 2**62
COLUMNS_A_ROW = 24
"""Columns a statement counts where a scan reads rows whole, wanted or not."""
NOTHING: Mapping[str, ir.Scalar] = MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupedStatement:
    """Rows counted by several sets of keys at once.

    A key is null in the answer where its set does not hold it: no key's own value is
    null where that has to be told apart.

    Attributes:
        rows: The rows, which have every key as a column.
        sets: The keys of each grouping; an empty one is all rows.
        metrics: What is reckoned of each group.
    """

    rows: ir.Table
    sets: Sequence[Keys]
    metrics: Mapping[str, ir.Scalar]

    @property
    def keys(self) -> list[str]:
        """Every key, each once."""
        return list(dict.fromkeys(key for keys in self.sets for key in keys))

    @property
    def expression(self) -> ir.Table:
        """The statement with all keys in one group: it has the answer's columns."""
        return self.rows.aggregate(dict(self.metrics), by=self.keys)

    def read(self) -> pa.Table:
        """Execute it where the rows lie; no row of theirs is fetched, only counts."""
        expression = self.expression
        if len(self.sets) == 1:
            return fetched(expression)
        backend = ibis.get_backend(expression)
        statement = self.sql(backend.compiler)
        return fetched_sql(backend, statement, expression.schema())

    def sql(self, compiler: Any) -> str:  # noqa: ANN401 (Ibis exports no type of it)
        """Return the statement in an engine's own words.

        Args:
            compiler: Ibis' compiler for the engine.
        """
        query = compiler.to_sqlglot(self.expression)
        columns = {name.alias_or_name: name.unalias() for name in query.selects}
        sets = [
            sge.Tuple(expressions=[columns[key].copy() for key in keys])
            for keys in self.sets
        ]
        group = sge.Group(grouping_sets=[sge.GroupingSets(expressions=sets)])
        query.set("group", group)
        return str(query.sql(dialect=compiler.dialect))


def count_by(
    rows: ir.Table, sets: Sequence[Keys], metrics: Mapping[str, ir.Scalar] = NOTHING
) -> pa.Table:
    """Count rows by several sets of keys, in one scan.

    Args:
        rows: The rows, which have every key as a column.
        sets: The keys of each grouping; an empty one is all rows.
        metrics: What else is reckoned of each group.

    Returns:
        The keys, `n` and the metrics; a row a group of each set.
    """
    metrics = {"n": rows.count(), **metrics}
    return GroupedStatement(rows=rows, sets=list(sets), metrics=metrics).read()


def computed_once(rows: ir.Table) -> ir.Table:
    """Return rows whose columns are computed once a row, however often they are named.

    Postgres repeats what a column is made of wherever it is named, unless a limit that
    no table reaches stands between.

    Args:
        rows: With columns that are computed.
    """
    if ibis.get_backend(rows).name != "postgres":
        return rows
    return rows.limit(MORE_THAN_ANY)


def columns_a_scan(rows: ir.Table, alone: int, whole: int = COLUMNS_A_ROW) -> int:
    """Return how many columns a statement counts at most.

    Args:
        rows: The rows.
        alone: How many, where columns that are not named are not read.
        whole: How many, where rows are read whole.
    """
    return whole if ibis.get_backend(rows).name == "postgres" else alone


def in_parts(names: Iterable[str], size: int) -> Iterator[list[str]]:
    """Yield names in lists of at most `size`, in order."""
    rest = iter(names)
    while part := list(islice(rest, size)):
        yield part
