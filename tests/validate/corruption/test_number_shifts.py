"""Numbers outside all that was seen, in the tails, and spread otherwise."""

import numpy as np
import pandas as pd
import pytest

from monitoring_tasks.domain.findings import Check
from monitoring_tasks.validate.corruption.level_shifts import PLACE
from monitoring_tasks.validate.corruption.number_shifts import SHAPE
from tests.validate import goods
from tests.validate.goods import Change, recent, summary_of

ROWS = goods.ROWS


def some(share: float, column: str, change: Change) -> Change:
    """Change a share of the rows, the same ones each time."""

    def changed(rows: pd.DataFrame) -> pd.DataFrame:
        mask = np.random.default_rng(3).permutation(len(rows)) < share * len(rows)
        other = change(rows)[column]
        return rows.assign(**{column: rows[column].where(~mask, other)})

    return changed


def found(change: Change) -> list[Check]:
    """Return what does not hold of a day, beside good days."""
    checks = goods.checked(summary_of(change=change), recent())
    return [c for c in checks if c.status == "failed" and c.severity != "info"]


def spread(column: str, low: float, high: float) -> Change:
    """Put a column's values evenly between two ends."""
    draw = np.random.default_rng(4).uniform(low, high, 10 * ROWS)
    return lambda rows: rows.assign(**{column: draw[: len(rows)]})


@pytest.mark.parametrize(
    ("share", "ends", "where", "severity"),
    [
        (0.03, (1_300, 1_400), "outside", "warning"),
        (0.4, (1_300, 1_400), "outside", "warning"),
        (0.03, (9_000, 11_000), "far outside", "warning"),
        (0.2, (9, 11), "far outside", "warning"),
        (0.4, (9_000, 11_000), "far outside", "critical"),
    ],
)
def test_values_outside_all_that_was_seen_are_a_fault(
    share: float, ends: tuple[float, float], where: str, severity: str
) -> None:
    """A part elsewhere is warned of; a quarter in another unit is unfit."""
    (check,) = found(some(share, "price", spread("price", *ends)))
    assert (check.name, check.column, check.severity) == (PLACE, "price", severity)
    assert check.is_new
    assert f"of the values lie {where} all that was seen" in check.observed
    # To half a step of the grid.
    assert check.failing_rows == pytest.approx(share * ROWS, abs=0.03 * ROWS)


@pytest.mark.parametrize("share", [0.0, 0.004])
def test_two_rows_that_lie_elsewhere_are_none(share: float) -> None:
    """What chance puts there, and less than counts."""
    assert found(some(share, "price", spread("price", 9_000, 11_000))) == []


@pytest.mark.parametrize(
    ("low", "high", "where"), [(725, 745, "up to"), (1_055, 1_075, "above")]
)
def test_values_in_a_tail_are_a_fault_where_the_rest_lies_as_usual(
    low: float, high: float, where: str
) -> None:
    """A tenth within all that was seen, where one in a hundred usually lies."""
    (check,) = found(some(0.1, "price", spread("price", low, high)))
    assert (check.name, check.is_new) == (PLACE, True)
    assert where in check.observed
    assert "usually 1.0%" in check.observed


def test_values_drawn_to_the_middle_change_the_shape() -> None:
    """Neither end nor tail tells; the distribution does, and may be the world's."""
    (check,) = found(spread("price", 860, 940))
    assert (check.name, check.column) == (SHAPE, "price")
    assert (check.severity, check.is_new) == ("warning", False)
    assert "of the values than usual lie up to" in check.observed


def test_on_few_rows_chance_may_move_a_shape() -> None:
    """A fifth of the usual rows: their distances are twice as large."""
    few = summary_of(change=lambda rows: rows.head(100))
    said = {check.name for check in goods.checked(few) if check.status == "failed"}
    assert said == {"as_many_rows_as_usual"}


def test_healthy_days_pass() -> None:
    """Of 300 days drawn like the reference none fails: 1e-5 a statement."""
    days = pd.date_range("2025-01-01", periods=300).date
    failed = [
        (day, check.about)
        for day in days
        for check in goods.checked(summary_of(day))
        if check.status == "failed"
    ]
    assert failed == []
