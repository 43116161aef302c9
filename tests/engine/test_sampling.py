"""The sample is the same rows wherever they lie."""

import hashlib
import importlib

import ibis
import pyarrow as pa
import pytest
import sqlglot

from monitoring_tasks.engine.sampling import (
    COLUMNS_A_SCAN,
    DIGITS,
    id_hash,
    sampled_rows,
)

DIALECTS = {"snowflake": "snowflake", "bigquery": "bigquery", "trino": "trino"}
IDS = [f"p{number}" for number in range(2_000)]


def held(ids: list[object]) -> ibis.expr.types.Table:
    """Return rows that DuckDB holds."""
    rows = pa.table({"id": ids, "row": range(len(ids))})
    return ibis.duckdb.connect().create_table("rows", rows)


def by_hand(ids: list[str], most: int) -> set[str]:
    """Choose ids by the beginning of their MD5."""

    def digest(text: str) -> str:
        content = hashlib.md5(text.encode(), usedforsecurity=False)
        return content.hexdigest()[:DIGITS]

    return set(sorted(ids, key=digest)[:most])


@pytest.mark.parametrize("most", [1, 50, 1_999])
def test_the_smallest_hashes_are_chosen(most: int) -> None:
    """Exactly so many rows, by the hash of their ids alone."""
    chosen = sampled_rows(held([*IDS]), "id", most=most, of=len(IDS))
    assert chosen.num_rows == most
    assert set(chosen["id"].to_pylist()) == by_hand(IDS, most)


def test_numbers_are_chosen_as_their_texts() -> None:
    """An id is the same whether a source keeps it as a number or as a text."""
    numbers = [*range(500)]
    as_text = sampled_rows(held([str(n) for n in numbers]), "id", most=20, of=500)
    as_number = sampled_rows(held([*numbers]), "id", most=20, of=500)
    assert as_number["row"].to_pylist() == as_text["row"].to_pylist()


def test_a_small_day_is_its_own_sample() -> None:
    """Where there are no more rows than are wanted all come, without an id too."""
    assert sampled_rows(held([None, "a"]), "id", most=2, of=2).num_rows == 2


def test_rows_without_an_id_or_with_one_id_are_no_endless_search() -> None:
    """Ids that are null are not chosen; one that all rows share brings as many."""
    rows = held([None] * 50 + ["a"] * 50)
    assert sampled_rows(rows, "id", most=60, of=100)["id"].to_pylist() == ["a"] * 50


@pytest.mark.parametrize("twins", [0, 1_000])
def test_many_columns_come_in_parts(twins: int) -> None:
    """A row stays together, in the same order, where ids repeat as well."""
    ids = IDS[: len(IDS) - twins] + IDS[:twins]
    own = [f"{number}" for number in range(2 * COLUMNS_A_SCAN + 3)]
    rows = range(len(ids))
    narrow = pa.table({"id": ids, "row": rows})
    columns = {name: [f"{row} {name}" for row in rows] for name in own}
    wide = narrow.append_column("id again", pa.array(ids))
    for name, values in columns.items():
        wide = wide.append_column(name, pa.array(values))
    engine = ibis.duckdb.connect()
    few, many = (
        sampled_rows(engine.create_table(name, table), "id", most=301, of=len(ids))
        for name, table in {"narrow": narrow, "wide": wide}.items()
    )
    assert many.column_names == wide.column_names
    assert sorted(many["id"].to_pylist()) == sorted(few["id"].to_pylist())
    assert len(set(many["row"].to_pylist())) == 301
    for row in many.to_pylist():
        assert row["id"] == row["id again"] == ids[row["row"]]
        assert all(row[name] == f"{row['row']} {name}" for name in own)


@pytest.mark.parametrize("engine", DIALECTS)
def test_every_engine_hashes(engine: str) -> None:
    """Engines that give bytes, or want them, are asked in their own words."""
    rows = ibis.table({"id": "string"}, name="rows")
    statement = rows.select(h=id_hash(rows["id"], engine))
    compiler = importlib.import_module(f"ibis.backends.sql.compilers.{engine}").compiler
    text = compiler.to_sqlglot(statement).sql(dialect=compiler.dialect)
    assert "md5" in text.lower()
    assert ("to_hex" in text.lower()) == (engine != "snowflake")
    assert sqlglot.parse_one(text, read=DIALECTS[engine]).named_selects == ["h"]
