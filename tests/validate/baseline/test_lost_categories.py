"""What is missing of categories, below what any other day has."""

from datetime import timedelta

import pytest

from monitoring_tasks.domain.batch_summary import BatchSummary
from monitoring_tasks.validate.baseline.lost_categories import (
    least_shares,
    lost_by_day,
    missing_of,
    shares_of,
)
from tests.validate import goods

COUNTS = [{"a": 60, "b": 40}, {"a": 50, "b": 50}, {"a": 90, "b": 10}]
NAMED = {"shop": {"a": 0.6, "b": 0.3, "c": 0.1}}


def days() -> list[BatchSummary]:
    """Return three days, the last of which lacks a category's rows."""
    return [
        BatchSummary(
            day=goods.FIRST + timedelta(days=n), rows=100, categories={"shop": counts}
        )
        for n, counts in enumerate(COUNTS)
    ]


def test_least_is_of_categories_that_every_day_has() -> None:
    """One that a day lacks cannot be missed."""
    assert least_shares(days(), NAMED) == {"shop": {"a": 0.5, "b": 0.1}}


def test_each_day_is_held_against_the_others() -> None:
    """The last day lacks .3 of b, the second .1 of a; none of it is its own least."""
    ((name, lost),) = lost_by_day(days(), NAMED, 2)
    assert name == "lost/shop"
    assert lost.values == pytest.approx([0.0, 0.1, 0.3])
    assert lost.jumps == pytest.approx([0.3 - 0.4 / 3])


def test_rows_without_a_name_are_rows() -> None:
    """A share is one of all values, named or not."""
    day = BatchSummary(
        day=goods.FIRST, rows=100, categories={"shop": {"a": 30}}, other={"shop": 70}
    )
    assert shares_of(day, "shop") == {"a": 0.3}
    assert missing_of({"a": 0.3}, {"a": 0.5, "b": 0.1}) == pytest.approx(
        {"a": 0.2, "b": 0.1}
    )
