from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from monitoring_tasks.rows import label_arrivals
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


BERLIN = ZoneInfo("Europe/Berlin")
WITHIN_A_MINUTE = datetime(2024, 10, 26, 0, 0, 7, 1, tzinfo=BERLIN)
A_DAY = 86_400 * 10**6


@given(
    offsets=st.lists(
        st.none()
        | st.integers(-3 * 10**6, 3 * 10**6)
        | st.tuples(st.integers(0, 40), st.integers(-3, 3)).map(
            lambda near: near[0] * A_DAY + near[1]
        )
        | st.integers(-(10**14), 5 * 10**12),
        min_size=1,
        max_size=30,
    ),
    zone=st.sampled_from([None, "UTC", "Europe/Berlin", "Asia/Kathmandu"]),
    end=st.sampled_from(
        [
            datetime(2024, 3, 30, tzinfo=BERLIN),
            datetime(2024, 10, 26, tzinfo=BERLIN),
            WITHIN_A_MINUTE,
            END,
        ]
    ),
)
@example(offsets=[A_DAY, 2 * A_DAY - 1], zone="UTC", end=WITHIN_A_MINUTE)
@example(offsets=[A_DAY - 1, A_DAY, A_DAY + 1], zone="UTC", end=END)
@example(offsets=[A_DAY, 2 * A_DAY], zone="Europe/Berlin", end=WITHIN_A_MINUTE)
def test_ages_are_those_of_every_instant_by_itself(
    offsets: list[int | None], zone: str | None, end: datetime
) -> None:
    """Also next to the day's end, and across changes of the clock."""
    start = int(end.timestamp() * 10**6)
    micros = [None if offset is None else start + offset for offset in offsets]
    at = pa.array(micros, pa.timestamp("us", zone))
    instants = [
        instant if instant.tzinfo else instant.replace(tzinfo=end.tzinfo)
        for instant in at.to_pylist()
        if instant is not None
    ]
    ages = Counter(max((at - end) // timedelta(days=1), 0) for at in instants)
    labels = pa.table({"id": range(len(at)), "label": [1] * len(at), "arrived": at})
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(label_arrivals, "AT_A_TIME", 7)
        counted = arrivals_by_age(
            labels,
            make_columns(),
            arrived_at="arrived",
            end=end,
            joined=len(instants),
        )
    assert counted == dict(sorted(ages.items()))
