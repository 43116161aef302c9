"""Numbers of more decimals than usual, or of fewer."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from functools import cache

import numpy as np
import pandas as pd
import pytest

from monitoring_tasks.domain.batch_summary import BatchSummary
from monitoring_tasks.domain.findings import Check
from monitoring_tasks.validate.corruption.grain_shifts import GRAIN
from monitoring_tasks.validate.corruption.level_shifts import PLACE
from monitoring_tasks.validate.reference_gate import DaysBefore, check_batch
from tests.validate import goods
from tests.validate.goods import FIRST, Change, contract, summary_of


def kept(rows: pd.DataFrame) -> pd.DataFrame:
    """Leave rows as they are."""
    return rows


def whole(rows: pd.DataFrame) -> pd.DataFrame:
    """Round prices: they are counts."""
    return rows.assign(price=rows["price"].round())


def tenths(rows: pd.DataFrame) -> pd.DataFrame:
    """Round prices to a decimal, as an instrument does."""
    return rows.assign(price=rows["price"].round(1))


def daily(rows: pd.DataFrame) -> pd.DataFrame:
    """Put one tenth a day into all rows, and never a whole number."""
    tenth = 900 + rows["weekday"] + 0.1 * (1 + rows["weekday"])
    return rows.assign(price=tenth.round(1))


def some(share: float, change: Change) -> Change:
    """Change the price of a share of the rows, the same ones each time."""

    def changed(rows: pd.DataFrame) -> pd.DataFrame:
        mask = np.random.default_rng(3).permutation(len(rows)) < share * len(rows)
        prices = np.where(mask, change(rows)["price"], rows["price"])
        return rows.assign(price=prices)

    return changed


@cache
def days_of(usually: Change) -> Sequence[BatchSummary]:
    """Return the days of a reference."""
    return [summary_of(FIRST + timedelta(days=n), usually) for n in range(goods.DAYS)]


def found(change: Change, usually: Change) -> list[Check]:
    """Return what does not hold of a day, beside days that were as usual."""
    today = summary_of(change=lambda rows: change(usually(rows)))
    baseline = goods.baseline(days_of(usually))
    checks = check_batch(
        today, baseline, contract(), DaysBefore(summaries=goods.recent(usually))
    )
    return [c for c in checks if c.status == "failed" and c.severity != "info"]


def test_weekday_divided_is_no_weekday() -> None:
    """One value a day has no level and no spread, but it was whole on every day."""
    (check,) = found(lambda rows: rows.assign(weekday=rows["weekday"] / 113), kept)
    assert (check.name, check.column, check.severity) == (GRAIN, "weekday", "warning")
    assert check.is_new
    assert check.failing_rows == goods.ROWS
    assert "100.0% of the values other than 0 are not whole, usually 0.0%" in (
        check.observed
    )


@pytest.mark.parametrize("share", [0.02, 0.3])
@pytest.mark.parametrize(
    ("usually", "words"),
    [(whole, "are not whole"), (tenths, "have more than one decimal")],
)
def test_part_of_the_values_reckoned_with_is_a_fault(
    usually: Change, share: float, words: str
) -> None:
    """Within all that was seen, by the first decimal that usually none has."""
    reckoned = some(share, lambda rows: rows.assign(price=rows["price"] * 1.0137))
    (check,) = found(reckoned, usually)
    assert (check.name, check.column, check.is_new) == (GRAIN, "price", True)
    assert words in check.observed
    assert check.failing_rows == pytest.approx(share * goods.ROWS, rel=0.1)


def test_fewer_rows_than_count_are_not_told() -> None:
    """One in two hundred is what chance may bring."""
    rare = some(0.005, lambda rows: rows.assign(price=rows["price"] * 1.0137))
    assert found(rare, whole) == []


@pytest.mark.parametrize(
    ("usually", "digits", "words"),
    [
        (kept, 0, "are whole"),
        (kept, 2, "have two decimals at most"),
        (tenths, 0, "are whole"),
    ],
)
def test_rounded_values_are_a_fault(usually: Change, digits: int, words: str) -> None:
    """Of doubles hardly one has two decimals; of tenths one in ten is whole."""
    rounded = some(0.5, lambda rows: rows.assign(price=rows["price"].round(digits)))
    (check,) = found(rounded, usually)
    assert (check.name, check.column, check.is_new) == (GRAIN, "price", True)
    assert words in check.observed


def test_one_value_a_day_may_be_whole_by_chance() -> None:
    """Tenths of a day are whole on one day in ten, be it the first one seen."""
    rounded: Change = lambda rows: rows.assign(price=rows["price"].round())  # noqa: E731
    assert GRAIN not in {check.name for check in found(rounded, daily)}


def test_small_values_may_be_finer_than_large_ones() -> None:
    """Below the usual ones an instrument has steps of its own; that is told as such."""
    fog: Change = some(0.05, lambda rows: rows.assign(price=rows["price"] / 2 + 0.25))
    (check,) = found(fog, whole)
    assert check.name == PLACE


def test_what_was_fine_on_a_day_of_the_reference_may_be_so_again() -> None:
    """A column that changes its grain from day to day has none."""
    days = list(days_of(whole))
    days[20] = replace(days_of(kept)[20])
    today = summary_of()
    checks = check_batch(today, goods.baseline(days), contract())
    assert [check for check in checks if check.status == "failed"] == []


def test_level_of_the_season_hides_no_decimals() -> None:
    """Prices are beyond the reference for weeks; that they are no counts is new."""
    dear: Change = lambda rows: whole(rows).assign(price=whole(rows)["price"] + 200)  # noqa: E731
    broken = some(0.3, lambda rows: rows.assign(price=rows["price"] + 0.37))
    checks = check_batch(
        summary_of(change=lambda rows: broken(dear(rows))),
        goods.baseline(days_of(whole)),
        contract(),
        DaysBefore(summaries=goods.recent(dear)),
    )
    said = [(c.name, c.column, c.is_new) for c in checks if c.status == "failed"]
    assert said == [(GRAIN, "price", True)]


def test_column_of_zeros_has_no_grain() -> None:
    """Its first other values are neither finer nor coarser than usual."""
    dry: Change = lambda rows: rows.assign(price=0.0)  # noqa: E731
    rain: Change = lambda rows: rows.assign(price=0.25)  # noqa: E731
    assert GRAIN not in {check.name for check in found(rain, dry)}


def test_old_reference_says_nothing_of_it() -> None:
    """One logged before decimals were counted keeps to what it knows."""
    baseline = goods.baseline()
    shares = {k: v for k, v in baseline.shares.items() if not k.startswith("finer")}
    today = summary_of(change=lambda rows: rows.assign(weekday=rows["weekday"] / 113))
    checks = check_batch(
        today,
        replace(baseline, shares=shares),
        contract(),
        DaysBefore(summaries=goods.recent()),
    )
    assert [check for check in checks if check.status == "failed"] == []


def test_other_faults_of_a_column_come_first() -> None:
    """Prices in another unit are that, and not finer as well."""
    scaled: Change = lambda rows: rows.assign(price=rows["price"] / 113)  # noqa: E731
    names = {(check.name, check.column) for check in found(scaled, whole)}
    assert (GRAIN, "price") not in names
    assert {column for _, column in names} == {"price"}
