"""Groups in parts add up to what one statement says of all."""

import tempfile
from collections import Counter
from pathlib import Path

import ibis
import ibis.expr.types as ir
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitoring_tasks.engine.key_groups import COUNT, KeyGroups

TEXTS = st.one_of(st.none(), st.text("ab'/%=é\0", max_size=3))
NUMBERS = st.one_of(st.none(), st.sampled_from([0.5, 1.0, float("inf"), -2.0]))
ROWS = st.lists(st.tuples(TEXTS, NUMBERS), min_size=1, max_size=60)


def groups_of(pairs: list[tuple[object, object]], *, most: int) -> KeyGroups:
    """Return rows that DuckDB holds, by both of their columns."""
    texts, numbers = zip(*pairs, strict=True)
    columns = {
        "a": pa.array(texts, pa.string()),
        "b": pa.array(numbers, pa.float64()),
    }
    rows = ibis.duckdb.connect().create_table("rows", pa.table(columns))
    return KeyGroups(rows=rows, keys=["a", "b"], most=most)


def counted(groups: ir.Table) -> dict[str, ir.Scalar]:
    """Ask how many groups and rows there are, and how many groups are repeated."""
    repeated = (groups[COUNT] > 1).ifelse(1, 0)
    return {
        "groups": groups.count(),
        "rows": groups[COUNT].sum(),
        "repeated": repeated.sum(),
    }


@settings(max_examples=12, deadline=None)
@given(pairs=ROWS, most=st.sampled_from([1, 3, 1_000]))
def test_parts_add_up(pairs: list[tuple[object, object]], most: int) -> None:
    """Nulls are alike, and no group is in two parts, however many parts there are."""
    by_hand = Counter(pairs)
    assert groups_of(pairs, most=most).added_up(counted) == {
        "groups": len(by_hand),
        "rows": len(pairs),
        "repeated": sum(n > 1 for n in by_hand.values()),
    }


@settings(max_examples=12, deadline=None)
@given(pairs=ROWS, wanted=st.integers(1, 5))
def test_the_first_groups_are_those_of_all(
    pairs: list[tuple[object, object]], wanted: int
) -> None:
    """In the order of the keys, nulls last, whichever parts they lie in."""
    whole, parts = groups_of(pairs, most=1_000), groups_of(pairs, most=1)
    firsts = [
        groups.first(lambda group: group[COUNT] > 1, wanted).to_pyarrow()
        for groups in (whole, parts)
    ]
    assert firsts[0].equals(firsts[1])
    assert firsts[0].num_rows == min(
        wanted, sum(n > 1 for n in Counter(pairs).values())
    )


@pytest.mark.parametrize(("most", "largest"), [(10, 50), (1_000, 500)])
def test_parts_are_looked_at_one_by_one_and_removed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, most: int, largest: int
) -> None:
    """Many keys go by way of files, which do not stay; few through none."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    groups = groups_of([(f"id {n}", None) for n in range(500)], most=most)
    sizes: list[int] = []
    files: list[Path] = []

    def noted(part: ir.Table) -> dict[str, ir.Scalar]:
        sizes.append(part.count().to_pyarrow().as_py())
        files.extend(tmp_path.rglob("*.parquet"))
        return counted(part)

    groups.added_up(noted)
    assert sum(sizes) == 500
    assert max(sizes) <= largest
    assert bool(files) == (largest < 500)
    assert not [*tmp_path.iterdir()]


def test_keys_a_file_would_change_are_grouped_at_once() -> None:
    """Lists are no keys that are known to come back as they were."""
    keys = pa.table({"key": [[number] for number in range(50)]})
    rows = ibis.duckdb.connect().create_table("rows", keys)
    groups = KeyGroups(rows=rows, keys=["key"], most=1)
    assert groups.added_up(lambda part: {"n": part.count()}) == {"n": 50}
