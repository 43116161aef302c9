"""A day counted in Postgres: the profiles of memory, and no row of it fetched."""

import ibis
import numpy as np
import pyarrow as pa
import pytest
from ibis.backends import BaseBackend

from monitoring_tasks.domain.counts import Bins
from monitoring_tasks.domain.vocabulary import OPEN
from monitoring_tasks.engine import grouping_sets
from monitoring_tasks.engine.relation import engine_rows
from monitoring_tasks.engine.sampling import sampled_rows
from monitoring_tasks.estimate import counting
from monitoring_tasks.estimate.engine import counting as engine_counting
from monitoring_tasks.estimate.engine import segment_rows
from tests.estimate.engine.test_counting import TODAY, contract_of

pytestmark = pytest.mark.slow
ROWS = 5_000
BINS = {"x": Bins(low=-2, high=2, coarse=7), "n": Bins(low=0, high=9, coarse=3)}


def made_rows(problem: str) -> pa.Table:
    """Return rows of two versions with values of every kind, odd ones too."""
    random = np.random.default_rng(7)

    def some(values: list[object], kind: pa.DataType) -> pa.Array:
        positions = random.integers(0, len(values), ROWS)
        return pa.array([values[at] for at in positions], kind)

    odd = [None, float("nan"), float("inf"), 1e300]
    grid = [i / 64 for i in range(-256, 257)]
    classes: list[object] = {"binary": [0.0, 1.0], "multiclass": [1.0, 2.0]}.get(
        problem, [*grid]
    )
    doubles, texts = pa.float64(), pa.string()
    return pa.table(
        {
            "version": some(["1", "2"], texts),
            "prediction": some(classes, doubles),
            "label": some([None, *classes], doubles),
            "score": some([*odd, *grid], doubles),
            "x": some([*odd, *grid], doubles),
            "n": some([None, *range(-3, 13)], pa.int64()),
            "c": some(["a", "b", "Ü", "", "unknown", None], texts),
            "k": some([None, 1.0, 2.0, 3.0], doubles),
            "seconds": some([*grid], doubles),
            "failed": some([None, True, False], pa.bool_()),
        }
    )


@pytest.mark.parametrize("most_joint", [segment_rows.MOST_JOINT, 0])
@pytest.mark.parametrize("problem", ["binary", "multiclass", "regression"])
def test_postgres_counts_as_memory_does(
    problem: str,
    most_joint: int,
    engine: BaseBackend,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Every profile is the same, and only counts leave the database."""
    fetched = []
    read = grouping_sets.GroupedStatement.read

    def counted(statement: grouping_sets.GroupedStatement) -> pa.Table:
        answer = read(statement)
        fetched.append(answer.num_rows)
        return answer

    monkeypatch.setattr(grouping_sets.GroupedStatement, "read", counted)
    # Segments by combination, and where there are too many by column.
    monkeypatch.setattr(segment_rows, "MOST_JOINT", most_joint)
    contract, rows = contract_of(problem), made_rows(problem)
    table = engine.create_table(f"{problem}_{most_joint}", rows, temp=True)
    names = {name: name for name in rows.column_names}
    there = engine_counting.count_day(
        engine_rows(table, contract, names), day=TODAY, version="1", bins=BINS
    )
    here = counting.count_day(
        rows, contract=contract, day=TODAY, version="1", bins=BINS, vocabulary=OPEN
    )
    assert here == there
    # A scan for each of these, whatever few columns there are.
    scans = ["sizes", "bins", "sums", "categories", "seconds", "outcome"]
    assert len(fetched) == len(scans)


def test_postgres_gives_the_sample_of_other_engines(engine: BaseBackend) -> None:
    """The same ids are chosen in Postgres and in DuckDB; no other row is fetched."""
    rows = pa.table({"id": [f"ä{number}" for number in range(ROWS)]})
    there, here = (
        sampled_rows(backend.create_table("ids", rows), "id", most=100, of=ROWS)
        for backend in (engine, ibis.duckdb.connect())
    )
    assert there["id"].to_pylist() == here["id"].to_pylist()
    assert there.num_rows == 100
