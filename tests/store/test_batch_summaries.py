from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from monitoring_tasks.domain.batch_summary import BatchSummary, Grain
from monitoring_tasks.store.batch_summaries import (
    KEPT_DAYS,
    MOST_AT_HAND,
    BatchSummaries,
)
from monitoring_tasks.store.database import Database
from monitoring_tasks.store.schema import BatchSummaryRow
from tests.builders import DAY, MODEL

SUMMARY = BatchSummary(
    day=DAY,
    rows=12,
    nulls={"fare": 0.25},
    common={"fare": 1 / 3, "carrier": 0.1},
    value={"fare": "7", "carrier": "ÅÄ"},
    distributions={"fare": (0.1, 7.0, 1e300)},
    quantiles={"fare": (0.1, 0.2, 1 / 3, 5e-324, 1e300)},
    grain={"fare": Grain(9, 8, 3, (4, 2, 0), (0.1, 1 / 3, 0.0), (7.0, 7.0, 7.0))},
    categories={"carrier": {"ÅÄ": 3, "": 1}},
    other={"carrier": 2},
    hours={"at": tuple(range(24))},
    segments={
        "carrier=ÅÄ": BatchSummary(
            day=DAY, rows=3, distributions={"fare": (0.1, 1 / 3)}, nulls={"fare": 0.0}
        )
    },
    unlike={"relation/fare": (2, 12)},
    sketch=(3, 2**40 - 1),
)


@pytest.fixture
def store(tmp_path: Path) -> Database:
    """An empty store."""
    return Database(f"sqlite:///{tmp_path}/daywatch.db")


@pytest.fixture
def kept(store: Database) -> BatchSummaries:
    """Its summaries."""
    return BatchSummaries(store)


def test_summary_is_read_back_to_the_last_bit(
    kept: BatchSummaries, store: Database
) -> None:
    """Floats, tuples and the order of categories included; once more is once.

    In another process as where it was saved, where it is at hand.
    """
    for _ in range(2):
        kept.save(SUMMARY, model=MODEL, digest="rows", columns="a")
    back = BatchSummaries(store).load(MODEL, DAY, digest="rows", columns="a")
    assert repr(back) == repr(kept.load(MODEL, DAY, digest="rows", columns="a"))
    assert back == SUMMARY
    assert back is not None
    assert list(back.categories["carrier"]) == ["ÅÄ", ""]


@pytest.mark.parametrize(
    ("digest", "columns"),
    [pytest.param("other", "a", id="rows"), pytest.param("rows", "b", id="columns")],
)
def test_other_rows_and_other_columns_are_another_summary(
    kept: BatchSummaries, digest: str, columns: str
) -> None:
    """None is kept of what the day does not look like."""
    kept.save(SUMMARY, model=MODEL, digest="rows", columns="a")
    assert kept.load(MODEL, DAY, digest=digest, columns=columns) is None


def test_old_summaries_of_a_model_make_room(
    kept: BatchSummaries, store: Database
) -> None:
    """The table does not grow with the years; other models keep theirs."""
    for model in (MODEL, "another"):
        kept.save(SUMMARY, model=model, digest="rows", columns="a")
    for days in (KEPT_DAYS, KEPT_DAYS + 1):
        later = replace(SUMMARY, day=DAY + timedelta(days=days))
        kept.save(later, model=MODEL, digest="rows", columns="a")
        for summaries in (kept, BatchSummaries(store)):
            back = summaries.load(MODEL, DAY, digest="rows", columns="a")
            assert (back is not None) is (days == KEPT_DAYS)
    assert kept.load("another", DAY, digest="rows", columns="a") == SUMMARY


def test_as_many_are_at_hand_as_are_allowed(
    kept: BatchSummaries, store: Database
) -> None:
    """Those asked for last; the others are read from the store again."""
    days = [DAY + timedelta(days=n) for n in range(MOST_AT_HAND + 1)]
    for day in days:
        kept.save(replace(SUMMARY, day=day), model=MODEL, digest="rows", columns="a")
    with store.transaction() as connection:
        connection.execute(sa.delete(BatchSummaryRow))
    at_hand = [day for day in days if kept.load(MODEL, day, digest="rows", columns="a")]
    assert at_hand == days[1:]
