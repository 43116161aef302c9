"""A suite that no day survives is refused before the first day depends on it."""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.validate.suites.suite_trial import SuiteTrial, try_suite

Day = Callable[..., pa.Table]
Suite = Callable[..., Path]
Stated = tuple[str, dict[str, Any], str]
BETWEEN = "column_values_to_be_between"
SUM = "multicolumn_sum_to_equal"


Judge = Callable[[Stated], SuiteTrial]


@pytest.fixture
def judge(contract: Contract, day: Day, suite: Suite) -> Judge:
    """Try a suite of one expectation on nine whole days."""
    return lambda stated: try_suite(
        suite(stated), contract, days_of(day), is_whole=True
    )


def days_of(day: Day, count: int = 9) -> dict[date, pa.Table]:
    first = date(2024, 3, 1)
    return {first + timedelta(days=n): day(rows=60, seed=n) for n in range(count)}


@pytest.mark.parametrize(
    ("stated", "said"),
    [
        pytest.param(
            (BETWEEN, {"column": "score", "min_value": 0}, "critical"),
            ([], []),
            id="held",
        ),
        pytest.param(
            (BETWEEN, {"column": "score", "min_value": 2}, "critical"),
            (["fails on every day of the reference tried (7): observed"], []),
            id="never held",
        ),
        pytest.param(
            (BETWEEN, {"column": "score", "min_value": 2}, "warning"),
            ([], []),
            id="a warning may fail",
        ),
        pytest.param(
            (SUM, {"column_list": ["score", "carrier"], "sum_total": 1}, "warning"),
            (["cannot be evaluated on the reference: "], []),
            id="not to be evaluated",
        ),
        pytest.param(
            ("column_mean_to_be_between", {"column": "distance", "min_value": 1000},
             "critical"),
            ([], [" of 7 days of the reference: observed"]),
            id="held on some days",
        ),
        pytest.param(
            ("table_row_count_to_be_between", {"min_value": 100}, "critical"),
            (["fails on every day"], []),
            id="about the table",
        ),
    ],
)  # fmt: skip
def test_suite_is_tried_on_days_that_were_well(
    judge: Judge, stated: Stated, said: tuple[list[str], list[str]]
) -> None:
    """What cannot be evaluated or no day meets is a fault; some days make a note."""
    trial = judge(stated)
    for words, texts in zip(said, (trial.faults, trial.notes), strict=True):
        for part, text in zip(words, texts, strict=True):
            assert part in text


def test_a_sample_says_nothing_of_the_number_of_rows(
    contract: Contract, day: Day, suite: Suite
) -> None:
    """Of a large reference only a sample is kept."""
    stated = ("table_row_count_to_be_between", {"min_value": 100}, "critical")
    trial = try_suite(suite(stated), contract, days_of(day), is_whole=False)
    assert trial.faults == []
