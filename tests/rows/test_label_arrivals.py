from datetime import UTC, datetime, timedelta
from typing import Any

import pyarrow as pa
import pytest

from monitoring_tasks.rows.label_arrivals import arrivals_by_age
from tests.builders import make_columns

END = datetime(2024, 3, 2, tzinfo=UTC)


def counted(
    ids: list[str], hours: list[float], *, joined: int | None = None, **parts: object
) -> dict[int, int] | None:
    """Count labels that arrived so many hours after the day's end."""
    at = [END + timedelta(hours=hour) for hour in hours]
    labels = pa.table({"id": ids, "label": [1] * len(ids), "arrived": at, **parts})
    return arrivals_by_age(
        labels,
        make_columns(),
        arrived_at="arrived",
        end=END,
        joined=len(set(ids)) if joined is None else joined,
    )


@pytest.mark.parametrize(
    ("hours", "ages"),
    [
        pytest.param([-5, 0, 23.9], {0: 3}, id="the same night"),
        pytest.param([24, 25, 240], {1: 2, 10: 1}, id="days later"),
    ],
)
def test_labels_are_counted_by_whole_days_after(
    hours: list[float], ages: dict[int, int]
) -> None:
    """An age is a whole day, as in the curve; sooner than the end counts as then."""
    assert counted(["a", "b", "c"], hours) == ages


def test_id_counts_when_it_was_first_labelled() -> None:
    """A correction does not make a label late."""
    assert counted(["a", "a", "b"], [1, 100, 50]) == {0: 1, 2: 1}


def test_labels_that_fit_nothing_do_not_count() -> None:
    """Four came, two of them met a prediction: one on each day."""
    assert counted(["a", "b", "c", "d"], [1, 1, 30, 30], joined=2) == {0: 1, 1: 1}


def test_without_instants_nobody_knows() -> None:
    """Neither without the column nor with one of no instants."""
    assert counted(["a"], [1], arrived=["soon"]) is None
    columns = make_columns()
    labels = pa.table({"id": ["a"], "label": [1]})
    told: dict[str, Any] = {"end": END, "joined": 1}
    assert arrivals_by_age(labels, columns, arrived_at=None, **told) is None
    assert arrivals_by_age(labels, columns, arrived_at="arrived", **told) is None
    assert arrivals_by_age(None, columns, arrived_at="arrived", **told) == {}
