"""Labels met with rows where they lie: the counts and labels that memory finds."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.domain.version_names import VersionNames
from monitoring_tasks.rows.label_values import values_of
from monitoring_tasks.rows.labels import join_labels
from monitoring_tasks.workspace.day import Day
from monitoring_tasks.workspace.source_rows import SourceRows, source_rows
from tests.builders import COLUMNS, DAY, make_contract, make_unit

NOON = datetime(DAY.year, DAY.month, DAY.day, 12, tzinfo=UTC)
UTC_INSTANT = pa.timestamp("us", "UTC")
ARRIVALS = [NOON + timedelta(days=days) for days in (-1, 1, 2)] + [None]
LABELS = {
    "binary": [0, 1, 2, None],
    "multiclass": ["a", "b", "z", None],
    "regression": [0.5, -1.5, float("nan"), None],
}


def contract_of(problem: str) -> Contract:
    """Return a contract whose rows stay in files; labels say when they came."""
    score = {"binary": "score", "multiclass": {"a": "score", "b": "other"}}
    parts = {"classes": ["a", "b"]} if problem == "multiclass" else {}
    return make_contract(
        problem=problem,
        columns=COLUMNS | {"score": score.get(problem)},
        sources={
            "predictions": {"kind": "files", "path": "r.parquet", "freeze": "facts"},
            "labels": {"kind": "files", "path": "l", "arrived_at": "arrived"},
        },
        **parts,
    )


def day_of(home: Path, contract: Contract, names: VersionNames | None = None) -> Day:
    """Return a look at the day; of the workspace nothing but its home is asked."""
    settings = SimpleNamespace(home=home, engine_memory="", engine_threads=0)
    workspace = SimpleNamespace(settings=settings, look_up=None)
    parts = SimpleNamespace(
        contract=contract,
        workspace=workspace,
        unit=make_unit(as_of=NOON + timedelta(days=9)),
        version_names=names,
        unmatched_labels={},
    )
    return cast("Day", parts)


def write_predictions(home: Path, ids: pa.Array, **columns: Any) -> pa.Table:  # noqa: ANN401 (cells)
    """Write the rows of the day."""
    rows = {
        "id": ids,
        "at": pa.array([NOON] * len(ids), UTC_INSTANT),
        "version": pa.array(["1"] * len(ids)),
        "score": pa.array([0.5] * len(ids)),
        "prediction": pa.array([1] * len(ids)),
    }
    table = pa.table(rows | columns)
    pq.write_table(table, home / "r.parquet")
    return table


@st.composite
def label_tables(draw: st.DrawFn, problem: str, *, as_numbers: bool) -> pa.Table:
    """Draw labels: of ids that rows have and of others, again, late, early, odd."""
    size = draw(st.integers(1, 12))

    def column(values: list[Any]) -> list[Any]:
        return draw(st.lists(st.sampled_from(values), min_size=size, max_size=size))

    texts = [*"123489", "07", " 8", "2.0", "+3", "-0", "x", None]
    ids = [1, 2, 3, 7, 8, 9, None] if as_numbers else texts
    return pa.table(
        {
            "id": pa.array(column(ids), pa.int64() if as_numbers else pa.string()),
            "label": pa.array(column(LABELS[problem])),
            "arrived": pa.array(column(ARRIVALS), UTC_INSTANT),
        }
    )


IDS = {
    "numbers": pa.array([1, 2, 3, 4, 7, 0]),
    "texts": pa.array(["1", "2", "3", "07", "8 ", "+9"]),
}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("problem", "ids", "as_numbers"),
    [
        ("binary", "numbers", True),
        ("binary", "numbers", False),
        ("binary", "texts", True),
        ("binary", "texts", False),
        ("multiclass", "texts", False),
        ("regression", "numbers", True),
    ],
)
def test_labels_meet_rows_as_in_memory(
    tmp_path: Path,
    problem: str,
    ids: str,
    as_numbers: bool,  # noqa: FBT001 (a case)
) -> None:
    """Each row has the same label, and every count and remark is the same."""
    contract = contract_of(problem)
    predictions = write_predictions(tmp_path, IDS[ids])
    columns = contract.columns

    @settings(
        max_examples=8,
        deadline=None,
        suppress_health_check=[HealthCheck.function_scoped_fixture],
    )
    @given(labels=label_tables(problem, as_numbers=as_numbers))
    def alike(labels: pa.Table) -> None:
        here, counts = join_labels(
            predictions,
            labels,
            columns,
            arrived_at="arrived",
            values=values_of(contract),
        )
        with source_rows(day_of(tmp_path, contract), labels=labels) as source:
            assert source.label_counts(source.sample(99)) == counts
            there = joined(source)
        assert there == dict(
            zip(map(str, here["id"].to_pylist()), plain(here["label"]), strict=True)
        )

    alike()


def joined(source: SourceRows) -> dict[str, Any]:
    """Return the label of every row by its id."""
    rows = source.labelled
    table = rows.table.to_pyarrow()
    id_name, label = rows.names["id"], rows.names["label"]
    ids = map(str, table[id_name].to_pylist())
    return dict(zip(ids, plain(table[label]), strict=True))


def plain(values: pa.ChunkedArray) -> list[Any]:
    """Return labels as Python has them."""
    listed: list[Any] = values.to_pylist()
    return listed


def test_without_labels_every_row_lacks_one(tmp_path: Path) -> None:
    """None known, or none that can be joined: no row is labelled."""
    contract = contract_of("binary")
    write_predictions(tmp_path, IDS["numbers"])
    for labels in (None, pa.table({"id": pa.array([], pa.int64())})):
        with source_rows(day_of(tmp_path, contract), labels=labels) as source:
            assert source.label_counts(source.sample(9)).missing == source.count == 6
            assert {*joined(source).values()} == {None}


def test_versions_are_called_by_their_number(tmp_path: Path) -> None:
    """What a job wrote means a version; what means none stays, most rows first."""
    contract = contract_of("binary")
    versions = pa.array(["v1", "2", "v1", "new", None, "v1"])
    write_predictions(tmp_path, IDS["numbers"], version=versions)
    names = VersionNames(mapped={"v1": "1"}, numbers=frozenset({"1", "2"}))
    with source_rows(day_of(tmp_path, contract, names)) as source:
        assert list(source.versions.items()) == [("1", 3), ("2", 1), ("new", 1)]
        assert source.sample(9)["version"].to_pylist().count("1") == 3


def test_without_an_id_no_row_is_picked(tmp_path: Path) -> None:
    """The sample is empty, whatever the number of rows."""
    table = write_predictions(tmp_path, IDS["numbers"]).drop_columns(["id"])
    pq.write_table(table, tmp_path / "r.parquet")
    with source_rows(day_of(tmp_path, contract_of("binary"))) as source:
        assert (source.count, source.sample(3).num_rows) == (6, 0)
