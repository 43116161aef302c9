"""The gate tells what it promises: faults of the promised size, on days of its own."""

from collections.abc import Callable
from datetime import timedelta

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.domain.batch_baseline import BatchBaseline
from monitoring_tasks.domain.reference import ReferenceProfile
from monitoring_tasks.operations.promises.family_promise import DayTest
from monitoring_tasks.operations.promises.gate_promises import gate_tests
from monitoring_tasks.operations.promises.told_days import POWER, smallest
from monitoring_tasks.validate.corruption.suspects import find_suspects
from monitoring_tasks.validate.summary.batch_summary import summarize
from tests.operations.promises.conftest import DAYS, FIRST
from tests.scenarios import world

DRAWN = 60
Fault = Callable[[pd.DataFrame, np.ndarray], pd.DataFrame]


def without_a_value(rows: pd.DataFrame, hit: np.ndarray) -> pd.DataFrame:
    """Return the rows with no amount where they are hit."""
    return rows.assign(amount=rows["amount"].mask(hit))


def in_a_new_category(rows: pd.DataFrame, hit: np.ndarray) -> pd.DataFrame:
    """Return the rows with a channel nobody has seen where they are hit."""
    return rows.assign(channel=rows["channel"].mask(hit, "robot"))


def too_low(rows: pd.DataFrame, hit: np.ndarray) -> pd.DataFrame:
    """Return the rows with the lowest usual amounts where they are hit."""
    return rows.assign(amount=rows["amount"].mask(hit, 4.5 + rows["rate"] / 100))


def not_delivered(rows: pd.DataFrame, hit: np.ndarray) -> pd.DataFrame:
    """Return the rows that are not hit."""
    return rows[~hit]


def asked(
    reference: ReferenceProfile, contract: Contract, check: str, about: str
) -> tuple[DayTest, BatchBaseline]:
    """Return one of the gate's checks with its chances."""
    baseline = reference.baseline
    assert baseline is not None
    tests = {(t.check, t.about): t for t in gate_tests(baseline, contract)}
    test = tests[check, about]
    return test, baseline


@pytest.mark.parametrize(
    ("check", "about", "fault"),
    [
        pytest.param("nulls", "amount", without_a_value, id="nulls"),
        pytest.param("categories never seen", "channel", in_a_new_category, id="new"),
        pytest.param("values in the lower tail", "amount", too_low, id="tail"),
        pytest.param("rows missing", "", not_delivered, id="rows"),
    ],
)
def test_fault_of_the_promised_size_is_told_on_four_days_of_five(
    reference: ReferenceProfile,
    contract: Contract,
    *,
    check: str,
    about: str,
    fault: Fault,
) -> None:
    """By the gate itself, on days of the same kind; within three standard errors."""
    test, baseline = asked(reference, contract, check, about)
    size = smallest(test.chance, POWER, largest=test.largest)
    assert size is not None
    told = []
    for number in range(DRAWN):
        day = FIRST + timedelta(days=DAYS + number)
        rows = world._score(world.make_rows(day), "2")
        hit = np.random.default_rng(number).random(len(rows)) < size
        table = pa.Table.from_pandas(fault(rows, hit), preserve_index=False)
        checks = find_suspects(summarize(table, day, contract), baseline, contract)
        told.append(any(c.column == about for c in checks))
    assert np.mean(told) == pytest.approx(POWER, abs=3 * (0.16 / DRAWN) ** 0.5)


def test_what_is_gross_is_told_without_a_second_day(
    reference: ReferenceProfile, contract: Contract
) -> None:
    """From the policy's share of the rows on; outputs make no batch unfit."""
    test, _ = asked(reference, contract, "nulls", "amount")
    assert test.gross is not None
    least = smallest(test.gross, POWER, largest=1.0)
    assert least == pytest.approx(0.25, abs=0.03)
    assert asked(reference, contract, "nulls", "score")[0].gross is None
