"""Faults of a part of a day, told once and with its name."""

from collections.abc import Sequence
from datetime import timedelta
from functools import cache

import numpy as np
import pandas as pd
import pytest

from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.domain.batch_baseline import BatchBaseline
from monitoring_tasks.domain.batch_summary import BatchSummary
from monitoring_tasks.domain.findings import Check
from monitoring_tasks.validate.baseline.batch_baseline import learn_baseline
from monitoring_tasks.validate.reference_gate import DaysBefore, check_batch
from monitoring_tasks.validate.summary.batch_summary import summarize
from tests.builders import make_contract
from tests.validate import goods
from tests.validate.goods import Change

ROWS = 1_000


def contract(**policy: object) -> Contract:
    """Declare shops as segments."""
    columns = goods.COLUMNS.model_dump() | {"segments": ["shop"]}
    return make_contract(columns=columns, policy={"min_rows": 80} | policy)


def summary(day: int, change: Change | None = None) -> BatchSummary:
    """Return what the day looks like that lies so many days after the first."""
    date = goods.FIRST + timedelta(days=day)
    rows = goods.rows_of(date, ROWS)
    return summarize(goods.table_of(change(rows) if change else rows), date, contract())


@cache
def days() -> Sequence[BatchSummary]:
    """Return the days of the reference."""
    return [summary(day) for day in range(goods.DAYS)]


@cache
def baseline() -> BatchBaseline:
    """Learn what they have in common."""
    learnt = learn_baseline(days(), recent_days=goods.RECENT)
    assert learnt is not None
    return learnt


def found(change: Change | None, day: int = 60) -> list[Check]:
    """Return what does not hold of a day, beside good days."""
    recent = [summary(day - back) for back in range(goods.RECENT, 0, -1)]
    checks = check_batch(
        summary(day, change), baseline(), contract(), DaysBefore(summaries=recent)
    )
    return [c for c in checks if c.status == "failed" and c.severity != "info"]


def lost(share: float, column: str, *shops: str) -> Change:
    """Lose a share of a column's values in some shops."""

    def change(rows: pd.DataFrame) -> pd.DataFrame:
        drawn = np.random.default_rng(5).random(len(rows)) < share
        return rows.assign(
            **{column: rows[column].mask(drawn & rows["shop"].isin(shops))}
        )

    return change


def test_segments_large_enough_have_a_baseline() -> None:
    """Each shop with enough rows, on its own days; its own column is left out."""
    segments = baseline().segments
    assert set(segments) >= {"shop=north", "shop=south", "shop=east"}
    assert segments["shop=north"].days == goods.DAYS
    assert "nulls/weight" in segments["shop=north"].shares
    assert "nulls/shop" not in segments["shop=north"].shares


def test_healthy_day_says_nothing_of_its_segments() -> None:
    """All segments together fail as seldom as the whole day."""
    assert [found(None, day) for day in range(60, 100)] == [[]] * 40


@pytest.mark.parametrize("share", [0.2, 1.0])
def test_fault_of_one_segment_is_told_once_with_its_name(share: float) -> None:
    """In the whole day's own statement, and gross by the rows of the whole day."""
    (check,) = found(lost(share, "weight", "east"))
    assert check.about == ("no_more_nulls_than_usual", "weight")
    assert "where shop=east" in check.observed
    assert (check.severity, check.is_new) == ("warning", True)


def test_fault_of_all_rows_names_no_segment() -> None:
    """What is everywhere is the whole day's."""
    (check,) = found(lost(0.2, "weight", *goods.SHOPS))
    assert check.about == ("no_more_nulls_than_usual", "weight")
    assert "where" not in check.observed


@pytest.mark.parametrize("shop", ["east", "south"])
def test_what_a_segment_shows_is_said_of_it(shop: str) -> None:
    """A shop whose prices all moved, within what the others have."""

    def moved(rows: pd.DataFrame) -> pd.DataFrame:
        moves = rows["shop"] == shop
        return rows.assign(price=rows["price"].where(~moves, rows["price"] + 45))

    (check,) = found(moved)
    assert check.column == "price"
    assert check.severity == "warning"
    assert f"where shop={shop}" in check.observed


def test_gross_is_said_by_the_rows_of_the_whole_day() -> None:
    """All values of a shop with a tenth of the rows: a warning, and still fit."""
    checks = found(lost(1.0, "weight", "west"))
    assert [check.severity for check in checks] == ["warning"]


def test_decimals_of_one_segment_are_told_with_its_name() -> None:
    """Hours of a small shop that are averages: few rows of the day, all of its own."""

    def averaged(rows: pd.DataFrame) -> pd.DataFrame:
        hours = rows["hour"].where(rows["shop"].ne("west"), rows["hour"] + 0.25)
        return rows.assign(hour=hours)

    (check,) = found(averaged)
    assert check.about == ("values_are_as_fine_as_usual", "hour")
    assert (check.severity, check.is_new) == ("warning", True)
    assert "where shop=west" in check.observed
