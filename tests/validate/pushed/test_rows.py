"""The gates of rows in an engine, beside those of the same rows in memory."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import ibis
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.domain.findings import Check, DataVerdict
from monitoring_tasks.domain.partitions import OtherDays
from monitoring_tasks.engine.relation import engine_rows
from monitoring_tasks.validate.gates.prediction_gates import check_predictions
from monitoring_tasks.validate.gates.table_rows import TableRows
from monitoring_tasks.validate.pushed.rows import PushedRows
from monitoring_tasks.validate.pushed.statements import Sample
from tests.builders import COLUMNS, make_contract

NOON = datetime(2024, 3, 1, 12, tzinfo=UTC)
SUITE = [
    ("expect_column_mean_to_be_between", {"column": "x", "min_value": -1}),
    ("expect_column_values_to_be_in_set", {"column": "c", "value_set": ["a", "b"]}),
    ("expect_column_median_to_be_between", {"column": "x", "max_value": 0.5}),
    ("expect_column_values_to_match_regex", {"column": "c", "regex": "^[ab]"}),
    ("expect_table_column_count_to_equal", {"value": 9}),
]
OTHER = OtherDays(rows=2, delivered=9, text="2 of 9 rows are of another day")
CELLS: dict[str, tuple[list[Any], pa.DataType]] = {
    "at": ([NOON, NOON, None], pa.timestamp("us", "UTC")),
    "version": (["1", "2", None], pa.string()),
    "score": ([0.0, 0.5, 1.0, 1.5, None, float("nan")], pa.float64()),
    "prediction": ([0, 1, 2, None], pa.int64()),
    "x": ([-2.5, 0.0, 1.0, 1e80, float("inf"), None], pa.float64()),
    "c": (["a", "b", "z", None], pa.string()),
    "g": (["f", "m", "", None], pa.string()),
    "failed": ([True, False, None], pa.bool_()),
}
WRONG = {"x": pa.array(["1", "one"] * 20), "at": pa.array(["now"] * 40)}


def contract() -> Contract:
    """Return a contract with columns of several roles, and few rows to judge by."""
    roles = {"continuous": ["x"], "categorical": ["c"], "segments": ["c"]}
    return make_contract(
        columns=COLUMNS | roles | {"protected": ["g"], "error": "failed"},
        policy={"min_rows": 4, "max_segments": 2},
    )


@st.composite
def batches(draw: st.DrawFn) -> pa.Table:
    """Draw a day: ids that may repeat, columns that may be odd, absent or empty."""
    rows = draw(st.integers(0, 12))
    ids = draw(st.lists(st.sampled_from([*"abcdefghijklmnop"]), min_size=rows))[:rows]
    columns: dict[str, pa.Array] = {"id": pa.array(sorted(ids), pa.string())}
    for name, (values, kind) in CELLS.items():
        state = draw(
            st.sampled_from(["plain"] * 6 + ["odd", "empty", "absent", "wrong"])
        )
        cells = {"plain": values[:2], "empty": [None]}.get(state, values)
        drawn = draw(st.lists(st.sampled_from(cells), min_size=rows, max_size=rows))
        if state == "wrong" and name in WRONG:
            columns[name] = WRONG[name].slice(0, rows)
        elif state != "absent":
            columns[name] = pa.array(drawn, kind)
    return pa.table(columns)


def said(verdict: DataVerdict) -> list[Check]:
    """Return the checks; of a column of the wrong type no text is looked at."""
    return [_plain(check) for check in verdict.checks]


def _plain(check: Check) -> Check:
    if check.name.startswith("column_holds_"):
        return replace(check, observed="", failing_rows=0, failing_ids=())
    return replace(check, failing_ids=tuple(sorted(check.failing_ids)))


@pytest.fixture
def suite(tmp_path: Path) -> Path:
    """A user's suite: some of it is asked of an engine, some of the sample."""
    path = tmp_path / "predictions.json"
    listed = [{"type": kind, "kwargs": kwargs} for kind, kwargs in SUITE]
    path.write_text(json.dumps({"name": "predictions", "expectations": listed}))
    return path


def pushed_verdict(batch: pa.Table, suite: Path, sample: Sample) -> DataVerdict:
    """Judge a day where DuckDB holds it."""
    engine = ibis.duckdb.connect()
    held = engine.create_table("rows", batch)
    rows = engine_rows(held, contract(), {name: name for name in batch.column_names})
    return check_predictions(
        PushedRows(rows=rows, contract=contract(), sample=sample),
        contract=contract(),
        suite=suite,
        known_versions=frozenset({"1"}),
        other_days=OTHER,
    )


def test_gates_of_an_engine_are_those_of_memory(suite: Path) -> None:
    """The same checks in the same order, with the same counts and ids."""

    @settings(max_examples=12, deadline=None)
    @given(batch=batches())
    def alike(batch: pa.Table) -> None:
        here = check_predictions(
            TableRows(batch),
            contract=contract(),
            suite=suite,
            known_versions=frozenset({"1"}),
            other_days=OTHER,
        )
        there = pushed_verdict(batch, suite, Sample(rows=batch, of=batch.num_rows))
        assert said(there) == said(here)
        assert there.verdict == here.verdict

    alike()


def test_a_check_on_a_sample_says_so(suite: Path) -> None:
    """What no engine is asked speaks of fewer rows than the day has."""
    rows = 40
    batch = pa.table(
        {
            "id": [f"{row:03}" for row in range(rows)],
            **{n: pa.array([v[0]] * rows, kind) for n, (v, kind) in CELLS.items()},
        }
    )
    verdict = pushed_verdict(batch, suite, Sample(rows=batch.slice(0, 10), of=rows))
    on_sample = {
        c.name for c in verdict.checks if "on a sample of 10 of 40" in c.observed
    }
    assert on_sample == {
        "expect_column_median_to_be_between",
        "expect_column_values_to_match_regex",
    }


def test_a_version_kept_as_a_number_is_the_registered_one(suite: Path) -> None:
    """It is compared as text in an engine too, whatever was asked of it before."""
    batch = pa.table(
        {"id": ["a"] * 4, "version": pa.array([1, 1, 1, 2]), "x": [0.0] * 4}
    )
    verdict = pushed_verdict(batch, suite, Sample(rows=batch, of=4))
    (check,) = [c for c in verdict.checks if c.name == "model_version_is_registered"]
    assert (check.status, check.failing_rows) == ("failed", 1)
