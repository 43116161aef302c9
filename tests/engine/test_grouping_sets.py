"""Several groupings in one scan: the same counts, and words every engine reads."""

import importlib

import ibis
import pyarrow as pa
import pytest
import sqlglot
import sqlglot.expressions as sge

from monitoring_tasks.engine.grouping_sets import (
    GroupedStatement,
    computed_once,
    count_by,
    in_parts,
)

ROWS = {"a": ["x", "x", "y"], "b": [1, 2, 1], "c": [0.5, 0.25, 0.25]}
DIALECTS = {
    "duckdb": "duckdb",
    "postgres": "postgres",
    "snowflake": "snowflake",
    "bigquery": "bigquery",
    "databricks": "databricks",
    "trino": "trino",
    "pyspark": "spark",
}


def held(rows: dict[str, list[object]]) -> ibis.expr.types.Table:
    """Return rows that DuckDB holds."""
    return ibis.duckdb.connect().create_table("rows", pa.table(rows))


def test_one_scan_answers_every_set() -> None:
    """A key is null in the rows of a set that does not hold it."""
    rows = held(ROWS)
    answer = count_by(rows, [(), ("a",), ("a", "b")], {"c": rows["c"].sum()})
    assert sorted(map(tuple, map(dict.values, answer.to_pylist())), key=str) == sorted(
        [
            (None, None, 3, 1.0),
            ("x", None, 2, 0.75),
            ("y", None, 1, 0.25),
            ("x", 1, 1, 0.5),
            ("x", 2, 1, 0.25),
            ("y", 1, 1, 0.25),
        ],
        key=str,
    )


def test_one_set_needs_no_sets() -> None:
    """A single grouping is counted as Ibis counts it; of no rows too."""
    answer = count_by(held(ROWS), [()])
    assert answer.to_pylist() == [{"n": 3}]
    none = held(ROWS).filter(ibis.literal(value=False))
    assert count_by(none, [()]).to_pylist() == [{"n": 0}]


@pytest.mark.parametrize("engine", DIALECTS)
def test_every_engine_reads_the_statement(engine: str) -> None:
    """What is compiled for an engine parses there, with all sets and their keys."""
    rows = ibis.table({"a": "string", "b": "int64", "c": "float64"}, name="rows")
    keyed = rows.select(s0=rows["a"].fill_null("unknown"), k=rows["b"])
    statement = GroupedStatement(
        rows=keyed, sets=[("k",), ("s0", "k")], metrics={"n": keyed.count()}
    )
    compiler = importlib.import_module(f"ibis.backends.sql.compilers.{engine}").compiler
    parsed = sqlglot.parse_one(statement.sql(compiler), read=DIALECTS[engine])
    (sets,) = parsed.find_all(sge.GroupingSets)
    named = [[c.name for c in part.find_all(sge.Column)] for part in sets.expressions]
    assert named == [["k"], ["s0", "k"]]


def test_an_engine_that_computes_once_anyway_is_asked_for_nothing() -> None:
    """What Postgres needs a limit for costs others the order of their threads."""
    rows = held(ROWS)
    assert computed_once(rows) is rows


def test_parts_keep_the_order() -> None:
    """Every name once, the last part the smaller."""
    assert list(in_parts("abcde", 2)) == [["a", "b"], ["c", "d"], ["e"]]
