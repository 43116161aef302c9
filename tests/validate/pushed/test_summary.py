"""What a day looks like, asked of an engine and measured in memory."""

from datetime import UTC, date, datetime, timedelta

import ibis
import numpy as np
import pyarrow as pa
import pytest

from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.domain.batch_summary import BatchSummary
from monitoring_tasks.engine.relation import engine_rows
from monitoring_tasks.rows.texts import with_short_texts
from monitoring_tasks.validate.pushed.statements import Sample
from monitoring_tasks.validate.pushed.summary import summarize_pushed
from monitoring_tasks.validate.summary.batch_summary import summarize
from tests.builders import COLUMNS, make_contract

DAY, ROWS = date(2024, 3, 31), 4_000
"""In Berlin an hour of the day is missing."""
START = datetime(2024, 3, 30, 23, tzinfo=UTC)


SAMPLED = {"quantiles", "distributions", "grain", "segments"}


def contract() -> Contract:
    """Return a contract with columns of every role."""
    roles = {"continuous": ["x", "whole", "odd"], "categorical": ["c", "many"]}
    more = {"calendar": ["hour", "weekday"], "protected": ["g"], "error": "failed"}
    return make_contract(timezone="Europe/Berlin", columns=COLUMNS | roles | more)


def made_day(*, with_zone: bool = True) -> pa.Table:
    """Return a day: placeholders, nulls, long texts, failures, texts among numbers."""
    random = np.random.default_rng(11)

    def holed(values: list[object]) -> list[object]:
        return [None if hole else v for v, hole in zip(values, holes, strict=True)]

    holes = random.random(ROWS) < 0.1
    x = np.where(random.random(ROWS) < 0.2, -999.0, random.normal(0, 1, ROWS))
    seconds = random.integers(0, 23 * 3600, ROWS).tolist()
    at = [START + timedelta(seconds=s) for s in seconds]
    names = ["a", "b", "Ü", "z" * 300, "z" * 301]
    return pa.table(
        {
            "id": [f"{row:05}" for row in range(ROWS)],
            "at": pa.array(
                at if with_zone else [t.replace(tzinfo=None) for t in at],
                pa.timestamp("us", "UTC" if with_zone else None),
            ),
            "version": ["1"] * ROWS,
            "score": pa.array(holed((random.integers(0, 4, ROWS) / 4).tolist())),
            "prediction": pa.array(random.integers(0, 2, ROWS)),
            "x": pa.array(np.where(holes, np.nan, x)),
            "whole": pa.array(random.integers(0, 5, ROWS)),
            "odd": pa.array(random.choice(["NA", "1", "2"], ROWS).tolist()),
            "c": pa.array(holed(random.choice(names, ROWS).tolist())),
            "many": pa.array([f"m{v}" for v in random.integers(0, 900, ROWS)]),
            "hour": pa.array(random.integers(0, 24, ROWS)),
            "weekday": pa.array(random.integers(0, 7, ROWS)),
            "g": pa.array(
                holed(random.choice([1.0, 2.5], ROWS).tolist()), pa.float64()
            ),
            "failed": pa.array(holed((random.random(ROWS) < 0.3).tolist()), pa.bool_()),
        }
    )


@pytest.mark.parametrize("with_zone", [True, False])
def test_counts_are_of_all_rows_and_quantiles_of_the_sample(*, with_zone: bool) -> None:
    """All but the quantiles is what memory says; those are near."""
    day, named = made_day(with_zone=with_zone), {"many": ["m899", "none"]}
    short = with_short_texts(day, contract().columns.named)
    held = ibis.duckdb.connect().create_table("rows", day)
    rows = engine_rows(held, contract(), {n: n for n in day.column_names})
    sample = Sample(rows=short.slice(0, 1_000), of=ROWS)
    here = summarize(short, DAY, contract(), named=named)
    there = summarize_pushed(rows, DAY, contract(), sample=sample, named=named)
    sampled = summarize(sample.rows, DAY, contract(), named=named)
    for part in BatchSummary.__dataclass_fields__:
        if part not in SAMPLED:
            assert getattr(there, part) == getattr(here, part), part
    assert there.quantiles.keys() == here.quantiles.keys()
    assert there.distributions.keys() == here.distributions.keys()
    assert there.grain == sampled.grain
    assert there.segments == sampled.segments
    assert there.quantiles["x"] == pytest.approx(here.quantiles["x"], abs=0.5)


def test_a_sample_of_all_rows_is_measured_itself() -> None:
    """A day that fits into the sample is not asked of the engine at all."""
    day = made_day().slice(0, 50)
    held = ibis.duckdb.connect().create_table("rows", day.slice(0, 1))
    rows = engine_rows(held, contract(), {n: n for n in day.column_names})
    there = summarize_pushed(rows, DAY, contract(), sample=Sample(rows=day, of=50))
    assert there == summarize(day, DAY, contract())
