"""Rows unlike what was ever seen: which shares of them are told, and which are none."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest

from monitoring_tasks.domain.batch_summary import BatchSummary
from monitoring_tasks.validate.reference_checks import reference_baseline
from monitoring_tasks.validate.reference_gate import DaysBefore, check_batch
from monitoring_tasks.validate.summary.row_identity import (
    each_held_against_the_last,
    held_against,
)
from tests.validate import loans
from tests.validate.loans import Change, summary_of

AGREE = "columns_agree_as_usual"


def hit(rows: pd.DataFrame, share: float) -> np.ndarray:
    """Say which rows a fault hits, at random."""
    return np.random.default_rng(3).random(len(rows)) < share


def scaled(share: float, column: str, factor: float) -> Change:
    """Multiply a share of a column."""
    return lambda rows: rows.assign(
        **{column: rows[column].mask(hit(rows, share), rows[column] * factor)}
    )


def dealt(share: float, column: str) -> Change:
    """Deal a share of a column's values out anew."""

    def change(rows: pd.DataFrame) -> pd.DataFrame:
        places = np.flatnonzero(hit(rows, share))
        values = rows[column].to_numpy(copy=True)
        values[places] = values[np.random.default_rng(4).permutation(places)]
        return rows.assign(**{column: values})

    return change


def swapped(share: float, first: str, second: str) -> Change:
    """Exchange two columns on a share of the rows."""

    def change(rows: pd.DataFrame) -> pd.DataFrame:
        rows_hit = hit(rows, share)
        return rows.assign(
            **{
                first: rows[first].mask(rows_hit, rows[second]),
                second: rows[second].mask(rows_hit, rows[first]),
            }
        )

    return change


def moved_down(column: str) -> Change:
    """Shift a column by a row against the others."""
    return lambda rows: rows.assign(**{column: np.roll(rows[column].to_numpy(), 1)})


def before(change: Change | None = None) -> list[BatchSummary]:
    """Return the seven days before."""
    days = [loans.TODAY - timedelta(days=n) for n in range(7, 0, -1)]
    return [summary_of(change, day) for day in days]


def failed(
    change: Change | None, recent: Sequence[BatchSummary] = (), **policy: object
) -> list[tuple[str, str, str, bool]]:
    """Return what is said of a day, how gravely and whether it is new."""
    checks = check_batch(
        summary_of(change),
        loans.baseline(),
        loans.contract(**policy),
        DaysBefore(summaries=recent),
    )
    failing = (c for c in checks if c.status == "failed")
    return [(c.name, c.column, c.severity, c.is_new) for c in failing]


@pytest.mark.parametrize(
    ("change", "column", "severity"),
    [
        pytest.param(scaled(0.2, "rate", -1.0), "rate", "warning", id="sign of a part"),
        pytest.param(
            scaled(0.2, "amount", 3.0), "rate", "warning", id="unit of a part"
        ),
        pytest.param(scaled(0.5, "rate", -1.0), "rate", "critical", id="sign of half"),
        pytest.param(dealt(0.3, "years"), "rate", "warning", id="a part reordered"),
        pytest.param(moved_down("years"), "rate", "critical", id="shifted by a row"),
        pytest.param(swapped(0.2, "amount", "years"), "rate", "warning", id="swapped"),
        pytest.param(dealt(0.2, "region"), "branch, region", "warning", id="a join"),
        pytest.param(moved_down("branch"), "branch, region", "critical", id="a shift"),
    ],
)
def test_broken_relation_is_told(change: Change, column: str, severity: str) -> None:
    """Each column stays within its range, and what the others say of it does not."""
    assert failed(change, before()) == [(AGREE, column, severity, True)]


@pytest.mark.parametrize("number", range(40))
def test_clean_days_say_nothing(number: int) -> None:
    """Forty days of the same kind."""
    day = loans.TODAY + timedelta(days=number)
    checks = check_batch(summary_of(day=day), loans.baseline(), loans.contract())
    assert [c.name for c in checks if c.status == "failed"] == []


def test_small_part_says_nothing() -> None:
    """As of every share: what never was is notable from 1 % of the rows on."""

    def said(share: float, **policy: object) -> list[str]:
        told = failed(scaled(share, "rate", -1.0), before(), **policy)
        return [name for name, *_ in told if name == AGREE]

    assert said(0.005) == []
    assert said(0.15) == [AGREE]
    assert said(0.15, rare_share=0.3, notable_share=0.3, gross_share=0.4) == []


def test_what_was_so_before_is_not_new() -> None:
    """The world or the source changed days ago: it is the reference that differs."""
    flipped = scaled(0.2, "rate", -1.0)
    assert failed(flipped, before(flipped)) == [(AGREE, "rate", "warning", False)]


def test_relation_broken_by_a_column_that_is_told_is_not_told_again() -> None:
    """Every amount is a thousand times as large: a unit, and that is enough."""
    said = failed(scaled(1.0, "amount", 1000.0), before())
    assert [name for name, *_ in said] == ["values_keep_their_unit"]


def test_observed_names_share_usual_share_and_sources() -> None:
    """Whoever reads it knows which columns to look at."""
    checks = check_batch(
        summary_of(scaled(0.2, "rate", -1.0)),
        loans.baseline(),
        loans.contract(),
        DaysBefore(summaries=before()),
    )
    (check,) = (c for c in checks if c.status == "failed")
    assert "of the rows have a 'rate' far from what 'years', 'amount' say" in (
        check.observed
    )
    assert "usually 0.5%" in check.observed


def test_reference_without_relations_says_nothing() -> None:
    """References from before relations were learnt have no share to hold against."""
    baseline = loans.baseline()
    learnt = ("relation", "tie")
    shares = {k: v for k, v in baseline.shares.items() if not k.startswith(learnt)}
    checks = check_batch(
        summary_of(scaled(0.5, "rate", -1.0)),
        replace(baseline, shares=shares),
        loans.contract(),
    )
    assert AGREE not in {c.name for c in checks if c.status == "failed"}


@pytest.mark.parametrize(
    ("share", "severity"), [(0.2, None), (0.5, "warning"), (1.0, "critical")]
)
def test_columns_that_lost_their_tie_are_told_by_what_is_sure(
    share: float, severity: str | None
) -> None:
    """Where no row is odd by itself: 300 rows tell half of them, and surely all."""
    baseline = loans.baseline()
    of_rows = ("relation", "pair")
    shares = {k: v for k, v in baseline.shares.items() if not k.startswith(of_rows)}
    checks = check_batch(
        summary_of(dealt(share, "rate")),
        replace(baseline, shares=shares),
        loans.contract(),
    )
    failed = [check for check in checks if check.status == "failed"]
    assert [check.severity for check in failed] == [severity] * bool(severity)
    for check in failed:
        assert (check.name, check.column) == (AGREE, "years, rate")
        assert "or more have a value of 'years, rate' that belongs to another row" in (
            check.observed
        )


def drifted(column: str) -> Change:
    """Move a number by as much as other customers may."""
    return lambda rows: rows.assign(**{column: rows[column] + rows[column].std()})


@pytest.mark.parametrize(
    ("drifting", "told"), [("age", [("years, rate", "warning")]), ("rate", [])]
)
def test_a_tie_that_drift_may_have_loosened_is_held_less_sure(
    drifting: str, told: list[tuple[str, str]]
) -> None:
    """Where another input drifts it warns; of a column that drifts it is not asked."""
    baseline = loans.baseline()
    of_rows = ("relation", "pair")
    shares = {k: v for k, v in baseline.shares.items() if not k.startswith(of_rows)}
    checks = check_batch(
        summary_of(lambda rows: drifted(drifting)(dealt(1.0, "rate")(rows))),
        replace(baseline, shares=shares),
        loans.contract(),
    )
    failed = [check for check in checks if check.status == "failed"]
    assert "values_are_spread_as_usual" in {check.name for check in failed}
    of_ties = [(c.column, c.severity) for c in failed if c.name == AGREE]
    assert [tie for tie in of_ties if "rate" in tie[0]] == told


def again(share: float) -> BatchSummary:
    """Return a day whose first rows are those of the day before, under other ids."""
    yesterday = loans.rows_of(loans.TODAY - timedelta(days=1))
    count = round(share * loans.ROWS)

    def change(rows: pd.DataFrame) -> pd.DataFrame:
        inputs = ["amount", "years", "rate", "age", "region", "branch"]
        renewed = rows.copy()
        renewed.loc[: count - 1, inputs] = yesterday.loc[: count - 1, inputs]
        return renewed

    return held_against(summary_of(change), before()[-1])


@pytest.mark.parametrize(
    ("share", "severity"), [(0.0, ""), (0.2, "warning"), (1.0, "critical")]
)
def test_rows_of_the_day_before_are_told(share: float, severity: str) -> None:
    """An export that did not run delivers what it delivered yesterday."""
    summary = again(share)
    checks = check_batch(
        summary,
        loans.baseline(),
        loans.contract(),
        DaysBefore(summaries=each_held_against_the_last(before())),
    )
    said = [(c.name, c.severity, c.is_new) for c in checks if c.status == "failed"]
    expected = [("rows_are_not_those_of_the_day_before", severity, True)]
    assert said == (expected if severity else [])


def test_rows_of_the_day_before_are_told_where_they_are_fewer_too() -> None:
    """That rows are missing is said of no column, and hides nothing."""
    summary = replace(again(1.0), rows=round(0.62 * loans.ROWS))
    checks = check_batch(
        summary,
        loans.baseline(),
        loans.contract(),
        before=DaysBefore(summaries=each_held_against_the_last(before())),
    )
    said = {c.name for c in checks if c.status == "failed"}
    assert said == {"as_many_rows_as_usual", "rows_are_not_those_of_the_day_before"}


def test_copies_under_other_ids_are_told() -> None:
    """One row of the source became many."""

    def copied(rows: pd.DataFrame) -> pd.DataFrame:
        return pd.concat([rows, rows.head(60)], ignore_index=True)

    assert failed(copied, before()) == [
        ("rows_differ_from_each_other", "", "critical", True)
    ]


def test_days_that_repeat_by_nature_say_nothing() -> None:
    """Where every reference day has the rows of the day before, so may today."""

    def same(day: date) -> pd.DataFrame:
        return loans.rows_of(loans.FIRST).assign(**{loans.COLUMNS.id: str(day)})

    baseline = reference_baseline(loans.reference_table(draw=same), loans.contract())
    assert baseline is not None
    assert baseline.shares["stale/"].mean == 1
    checks = check_batch(again(1.0), baseline, loans.contract())
    assert "rows_are_not_those_of_the_day_before" not in {c.name for c in checks}
