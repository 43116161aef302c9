"""Rows known by their inputs: copies within a day, and rows of the day before."""

import os
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitoring_tasks.domain.batch_summary import BatchSummary
from monitoring_tasks.validate.summary.row_identity import (
    SKETCHED,
    held_against,
    input_hashes,
    with_identity,
)
from tests.validate import loans

ID = loans.COLUMNS.id


def identified(rows: pd.DataFrame) -> BatchSummary:
    """Return a summary that knows its rows."""
    empty = BatchSummary(day=loans.TODAY, rows=len(rows))
    return with_identity(empty, loans.table_of(rows), loans.contract())


def drawn(rows: int, seed: int = 1) -> pd.DataFrame:
    """Draw rows that are all different."""
    random = np.random.default_rng(seed)
    numbers = {n: random.random(rows) for n in ("amount", "years", "rate", "age")}
    named = {n: random.choice(["a", "b"], rows) for n in ("region", "branch")}
    return pd.DataFrame({ID: range(rows), **numbers, **named})


def share(summary: BatchSummary, kind: str) -> float:
    """Return a share of a summary."""
    unlike, asked = summary.unlike[f"{kind}/"]
    return unlike / asked


@settings(max_examples=30, deadline=None)
@given(st.integers(2, 400), st.floats(0, 1))
def test_share_of_rows_that_were_there_is_exact_on_small_days(
    rows: int, part: float
) -> None:
    """Under other ids, in another order, among rows that are new."""
    yesterday, again = drawn(rows), round(part * rows)
    today = pd.concat([yesterday.head(again), drawn(rows - again, seed=2)])
    today = today.sample(frac=1, random_state=1).assign(**{ID: range(rows)})
    held = held_against(identified(today), identified(yesterday))
    assert share(held, "stale") == again / rows


@pytest.mark.parametrize("part", [0.0, 0.1, 0.5, 1.0])
def test_share_is_estimated_on_large_days_of_any_size(part: float) -> None:
    """A sketch of few hundred hashes, whatever sizes both days have."""
    yesterday, again = drawn(60_000), round(part * 30_000)
    today = pd.concat([yesterday.head(again), drawn(30_000 - again, seed=2)])
    summary = identified(today)
    assert len(summary.sketch) == SKETCHED
    held = held_against(summary, identified(yesterday))
    assert share(held, "stale") == pytest.approx(part, abs=0.07)


@pytest.mark.parametrize("rows", [200, 40_000])
def test_copies_are_counted_whatever_their_ids(rows: int) -> None:
    """Every fifth row twice: a third of the rows has another like it."""
    once = drawn(rows)
    twice = pd.concat([once, once.iloc[::5]]).assign(**{ID: range(rows + rows // 5)})
    assert share(identified(once), "copied") == 0
    assert share(identified(twice), "copied") == pytest.approx(2 / 6, abs=0.06)


def test_day_of_one_row_repeated_is_all_copies() -> None:
    """However large: one distinct row is read to its end."""
    rows = pd.concat([drawn(1)] * 9000)
    summary = identified(rows)
    assert summary.unlike["copied/"] == (9000, 9000)
    assert len(summary.sketch) == 1


def test_hash_is_of_the_value_and_not_of_how_it_is_stored() -> None:
    """Whole numbers or doubles, minus nothing, nulls of either kind, dictionaries."""
    rows = pd.DataFrame(
        {
            "amount": [1.0, 0.0], "years": [2.0, 1.0], "rate": [3.0, np.nan],
            "age": [4.0, 4.0], "region": ["a", None], "branch": ["b", "b"],
        }
    )  # fmt: skip
    other = rows.assign(
        amount=[1.0, -0.0],
        years=rows["years"].astype("int64"),
        rate=rows["rate"].astype("Float64"),
        region=rows["region"].astype("category"),
    )
    hashes = [
        input_hashes(loans.table_of(frame), loans.contract()) for frame in (rows, other)
    ]
    assert hashes[0] is not None
    assert hashes[1] is not None
    assert hashes[0].tolist() == hashes[1].tolist()


def test_columns_are_not_interchangeable() -> None:
    """The same values in each other's columns are another row."""
    rows = drawn(50)
    swapped = rows.rename(columns={"amount": "years", "years": "amount"})
    held = held_against(identified(swapped), identified(rows))
    assert share(held, "stale") == 0


def test_sketch_is_the_same_in_another_process() -> None:
    """Texts are not hashed by Python's own, which differs from process to process."""
    code = (
        "from tests.validate.summary.test_row_identity import identified, drawn\n"
        "print(identified(drawn(20)).sketch)"
    )
    printed = subprocess.run(  # noqa: S603 (fixed words)
        [sys.executable, "-c", code],
        env={
            **os.environ,
            "PYTHONHASHSEED": "7",
            "PYTHONPATH": os.pathsep.join(sys.path),
        },
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert printed.strip() == str(identified(drawn(20)).sketch)


def test_nothing_is_known_where_an_input_lacks() -> None:
    """A column absent, or texts among numbers: other gates say so."""
    for rows in (drawn(9).drop(columns="age"), drawn(9).assign(age="old")):
        summary = identified(rows)
        assert (summary.sketch, dict(summary.unlike)) == ((), {})
        assert held_against(summary, identified(drawn(9))) is summary
    assert held_against(identified(drawn(9)), None).unlike.keys() == {"copied/"}
