"""Bins of several columns in one statement: the counts of each by itself."""

from datetime import date
from itertools import product
from typing import Any

import ibis
import numpy as np
import pyarrow as pa
import pytest

from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.domain.counts import Bins
from monitoring_tasks.domain.profiles import DayProfile
from monitoring_tasks.engine.relation import engine_rows
from monitoring_tasks.estimate import counting
from monitoring_tasks.estimate.engine import bin_statements
from monitoring_tasks.estimate.engine import counting as engine_counting
from tests.builders import COLUMNS, make_contract

NAMES = ("a", "b", "c", "d", "e")
BINS = {
    "a": Bins(low=-1.0, high=1.0, coarse=4),
    "b": Bins(low=0.0, high=1.0, coarse=1),
    "c": Bins(low=-2.0, high=2.0, coarse=31),
    "d": Bins(low=-1.0, high=1.0, coarse=40),
    "e": Bins(low=-1.0, high=2.0, coarse=17),
}
DAY = date(2024, 3, 1)


def contract_of(segments: list[str]) -> Contract:
    """Return a contract of five numbers, counted by some segments."""
    roles: dict[str, Any] = {"continuous": [*NAMES], "segments": segments}
    return make_contract(columns=COLUMNS | roles)


def batch_of(segments: int) -> pa.Table:
    """Return rows with numbers on edges, outside the bins, and none at all."""
    random, rows = np.random.default_rng(5), 3_000
    numbers = {
        name: np.where(
            random.random(rows) < 0.1,
            random.choice([np.nan, np.inf, -np.inf, 1e70], rows),
            random.integers(-640, 640, rows) / 256,
        )
        for name in NAMES
    }
    values = [f"s{number}" for number in range(segments)]
    return pa.table(
        {
            "id": [f"p{row}" for row in range(rows)],
            "version": ["1"] * rows,
            "score": random.random(rows),
            "prediction": random.integers(0, 2, rows),
            "label": random.integers(0, 2, rows),
            "s": random.choice(values, rows),
            "t": random.choice(["x", "y"], rows),
            **{
                name: pa.array(of, mask=random.random(rows) < 0.1)
                for name, of in numbers.items()
            },
        }
    )


def counted(batch: pa.Table, contract: Contract) -> list[DayProfile]:
    """Count the rows where DuckDB holds them."""
    table = ibis.duckdb.connect().create_table("rows", batch)
    rows = engine_rows(table, contract, {n: n for n in batch.column_names})
    return engine_counting.count_day(rows, day=DAY, version="1", bins=BINS)


# Few segments are counted by their combinations, many column by column.
@pytest.mark.parametrize(("columns", "segments"), [*product([1, 2, 4, 5], [3, 40])])
def test_columns_counted_together_are_counted_as_alone(
    monkeypatch: pytest.MonkeyPatch, columns: int, segments: int
) -> None:
    """However many a statement takes, each has the counts that memory gives it."""
    monkeypatch.setattr(bin_statements, "KEYS_A_SCAN", columns)
    contract, batch = contract_of(["s", "t"]), batch_of(segments)
    here = counting.count_day(batch, contract=contract, day=DAY, version="1", bins=BINS)
    assert counted(batch, contract) == here


@pytest.mark.parametrize(
    ("most", "segments", "groups"),
    # Of 40 segments each is a part of its own: 3,000 / 40 combinations are left.
    [(1, 3, 5), (3_000, 3, 2), (3_000, 40, 4), (2**40, 3, 1), (2**40, 40, 1)],
)
def test_combinations_are_few(
    monkeypatch: pytest.MonkeyPatch, most: int, segments: int, groups: int
) -> None:
    """So few that their groups stay near the processor; (4+1)(1+1)(31+1)3 are 960."""
    monkeypatch.setattr(bin_statements, "MOST_COMBINED", most)
    sets: list[int] = []
    sets_of = bin_statements._sets

    def seen(rows: Any, group: Any) -> Any:  # noqa: ANN401 (handed on)
        sets.append(len(group))
        return sets_of(rows, group)

    monkeypatch.setattr(bin_statements, "_sets", seen)
    monkeypatch.setattr(bin_statements, "KEYS_A_SCAN", 5)
    counted(batch_of(segments), contract_of(["s"]))
    assert (len(sets), sum(sets)) == (groups, 5)
