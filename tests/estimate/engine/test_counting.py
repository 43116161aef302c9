"""Rows counted in memory and rows counted in an engine give the same profiles."""

from datetime import date
from typing import Any

import ibis
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.domain.counts import Bins
from monitoring_tasks.domain.profiles import DayProfile
from monitoring_tasks.domain.vocabulary import OPEN, Vocabulary
from monitoring_tasks.engine.relation import engine_rows
from monitoring_tasks.estimate import counting
from monitoring_tasks.estimate.day_tally import DayTally
from monitoring_tasks.estimate.engine import counting as engine_counting
from monitoring_tasks.rows.names import DAY
from monitoring_tasks.rows.texts import with_short_texts
from tests.builders import COLUMNS, make_contract

pytestmark = pytest.mark.filterwarnings("ignore::pandas.errors.Pandas4Warning")
TODAY = date(2024, 3, 1)
BINS = {"x": Bins(low=-2, high=2, coarse=7), "n": Bins(low=0, high=9, coarse=3)}
LONG = "x" * 200
TEXTS = st.sampled_from(["a", "b", "Ü", "", "unknown", LONG, LONG + "y", None])
SCORES = {
    "binary": "score",
    "multiclass": {"1": "score", "2": "seconds"},
    "regression": None,
}
GRID = st.integers(-256, 256).map(lambda i: i / 64)  # adds up exactly in any order
NUMBERS = st.one_of(GRID, st.sampled_from([None, float("nan"), float("inf"), 1e300]))


def contract_of(problem: str) -> Contract:
    """Return a contract with a column of every role."""
    return make_contract(
        problem=problem,
        columns=COLUMNS
        | {
            "score": SCORES[problem],
            "continuous": ["x", "n"],
            "categorical": ["c", "k"],
            "segments": ["c"],
            "protected": ["k"],
            "latency": "seconds",
            "error": "failed",
        },
        **({"classes": ["1", "2"]} if problem == "multiclass" else {}),
    )


@st.composite
def batches(draw: st.DrawFn, problem: str) -> pa.Table:
    """Draw rows of two versions and two days."""
    rows = draw(st.integers(0, 40))

    def column(values: st.SearchStrategy[Any]) -> list[Any]:
        return draw(st.lists(values, min_size=rows, max_size=rows))

    classes = st.sampled_from([0, 1] if problem == "binary" else [1, 2])
    outcome = GRID if problem == "regression" else classes
    return pa.table(
        {
            "version": pa.array(column(st.sampled_from(["1", "2"])), pa.string()),
            "prediction": pa.array(column(outcome), pa.float64()),
            "label": pa.array(column(st.one_of(st.none(), outcome)), pa.float64()),
            "score": pa.array(column(st.one_of(NUMBERS, GRID)), pa.float64()),
            "x": pa.array(column(NUMBERS), pa.float64()),
            "n": pa.array(
                column(st.one_of(st.none(), st.integers(-3, 12))), pa.int64()
            ),
            "c": pa.array(column(TEXTS), pa.string()),
            "k": pa.array(
                column(st.one_of(st.none(), st.integers(1, 3))), pa.float64()
            ),
            "seconds": pa.array(column(GRID), pa.float64()),
            "failed": pa.array(column(st.one_of(st.none(), st.booleans())), pa.bool_()),
            DAY: pa.array(
                column(st.sampled_from([TODAY, date(2024, 3, 2)])), pa.date32()
            ),
        }
    )


def counted_in_engine(
    batch: pa.Table, contract: Contract, vocabulary: Vocabulary
) -> list[DayProfile]:
    """Count every day of a batch where DuckDB holds it."""
    engine = ibis.duckdb.connect()
    profiles = []
    for day in sorted(pc.unique(batch[DAY]).to_pylist()):
        of_day = batch.filter(pc.equal(batch[DAY], pa.scalar(day, pa.date32())))
        table = engine.create_table("rows", of_day, overwrite=True)
        rows = engine_rows(table, contract, {n: n for n in of_day.column_names})
        profiles += engine_counting.count_day(
            rows, day=day, version="1", bins=BINS, vocabulary=vocabulary
        )
    return profiles


VOCABULARIES = [
    OPEN,
    Vocabulary(categories={"c": ("a", "z")}, segments=("c=a", "k=2"), is_closed=True),
]


@pytest.mark.slow
@pytest.mark.parametrize("problem", ["binary", "multiclass", "regression"])
@pytest.mark.parametrize("vocabulary", VOCABULARIES)
def test_memory_and_engine_count_alike(problem: str, vocabulary: Vocabulary) -> None:
    """Whatever the values and wherever the rows lie, a profile is the same."""
    contract = contract_of(problem)

    @settings(max_examples=12, deadline=None)
    @given(batch=batches(problem))
    def alike(batch: pa.Table) -> None:
        here = counting.count_days(
            with_short_texts(batch, ["c"]),
            contract=contract,
            version="1",
            bins=BINS,
            vocabulary=vocabulary,
        )
        assert here == counted_in_engine(batch, contract, vocabulary)

    alike()


@settings(max_examples=25, deadline=None)
@given(batch=batches("binary"), cut=st.integers(0, 40))
def test_any_split_of_the_rows_gives_the_same_profile(
    batch: pa.Table, cut: int
) -> None:
    """Parts of a day are counted one after the other as the day is at once."""
    contract = contract_of("binary")
    whole, parts = DayTally(contract, BINS), DayTally(contract, BINS)
    whole.add(batch)
    parts.add(batch.slice(0, cut))
    parts.add(batch.slice(cut))
    assert whole.profiles(TODAY, "1", OPEN) == parts.profiles(TODAY, "1", OPEN)


def test_many_blocks_are_one_day(monkeypatch: pytest.MonkeyPatch) -> None:
    """A day of more rows than a block holds is cut, and nothing shows it."""
    contract = contract_of("binary")
    random = np.random.default_rng(3)
    batch = pa.table(
        {
            "version": ["1"] * 1000,
            "prediction": random.integers(0, 2, 1000),
            "label": random.integers(0, 2, 1000),
            "score": random.integers(0, 1025, 1000) / 1024,
            "x": random.integers(-200, 200, 1000) / 64,
            "n": random.integers(0, 9, 1000),
            "c": random.choice(["a", "b"], 1000),
            "k": random.integers(1, 200, 1000),
            "seconds": random.integers(1, 9, 1000) / 8,
            "failed": random.random(1000) < 0.1,
        }
    )
    at_once = counting.count_day(
        batch, contract=contract, day=TODAY, version="1", bins=BINS
    )
    monkeypatch.setattr("monitoring_tasks.estimate.day_tally.BLOCK_ROWS", 64)
    monkeypatch.setattr("monitoring_tasks.estimate.cell_tally.WAITING", 100)
    monkeypatch.setattr("monitoring_tasks.estimate.cell_tally.DENSE", 0)
    assert (
        counting.count_day(batch, contract=contract, day=TODAY, version="1", bins=BINS)
        == at_once
    )


@pytest.mark.parametrize("vocabulary", VOCABULARIES)
def test_segments_beyond_those_that_are_kept_are_none(vocabulary: Vocabulary) -> None:
    """An engine counts the segments memory counts, whatever the others are called."""
    contract = contract_of("binary")
    policy = contract.policy.model_copy(update={"max_segments": 2})
    bounded = contract.model_copy(update={"policy": policy})
    names = ["rest", "a", "a", "b", None, "rest_", "rest", "a"]
    rows = len(names)
    batch = pa.table(
        {
            "version": ["1"] * rows,
            "prediction": [0.0, 1.0] * 4,
            "label": [1.0] * rows,
            "score": [0.25] * rows,
            "x": [1.5, None] * 4,
            "n": [*range(rows)],
            "c": names,
            "k": [1.0, 2.0, 3.0, None] * 2,
            "seconds": [0.5] * rows,
            "failed": [True, False] * 4,
            DAY: pa.array([TODAY] * rows, pa.date32()),
        }
    )
    here = counting.count_days(
        batch, contract=bounded, version="1", bins=BINS, vocabulary=vocabulary
    )
    assert here == counted_in_engine(batch, bounded, vocabulary)
    assert len(here) < 1 + len(set(names))


def test_a_version_without_rows_has_no_profile() -> None:
    """Nothing is counted of a version nobody scored with."""
    rows = pa.table({"version": ["2"], "prediction": [0], "label": [1], "score": [0.5]})
    held = ibis.duckdb.connect().create_table("rows", rows)
    loaded = engine_rows(held, make_contract(), {n: n for n in rows.column_names})
    assert not engine_counting.count_day(loaded, day=TODAY, version="1", bins=BINS)
