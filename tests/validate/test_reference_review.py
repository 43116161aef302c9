"""What a reference can and cannot do is said before anyone relies on it."""

from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest

from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.errors import DataError
from monitoring_tasks.validate.reference_review import review_reference
from tests.builders import COLUMNS, make_contract

FIRST = date(2024, 3, 1)
BEFORE = FIRST - timedelta(days=1)


def rows_of(days: int, rows: int) -> tuple[pd.DataFrame, list[date]]:
    count = days * rows
    frame = pd.DataFrame(
        {
            COLUMNS["id"]: np.arange(count),
            COLUMNS["score"]: 0.5,
            COLUMNS["prediction"]: 1,
            COLUMNS["label"]: 1.0,
        }
    )
    return frame, [FIRST + timedelta(days=n // rows) for n in range(count)]


@pytest.fixture
def contract() -> Contract:
    """A binary model of which 100 rows make a day that is judged."""
    return make_contract()


def test_nothing_is_said_of_a_good_reference(contract: Contract) -> None:
    """Enough days, enough rows, every label."""
    rows, days = rows_of(28, 100)
    review = review_reference(rows, days, contract, trained_until=BEFORE)
    assert (review.rows, review.days, review.rows_a_day) == (2800, 28, 100)
    assert (review.baseline_days, review.labelled) == (28, 2800)
    assert review.warnings == ()


def test_small_days_are_said_with_the_remedy(contract: Contract) -> None:
    """24 rows a day never make a baseline of 100; the number to set is named."""
    rows, days = rows_of(28, 24)
    review = review_reference(rows, days, contract, trained_until=BEFORE)
    assert review.baseline_days == 0
    first, second = review.warnings
    assert "28 of 28 days have fewer rows than policy.min_rows (100)" in first
    assert "set policy.min_rows to 12 and run this again with --replace" in first
    assert "no baseline of the data: 0 days" in second
    small = make_contract(policy={"min_rows": 12})
    assert review_reference(rows, days, small, trained_until=BEFORE).warnings == ()


@pytest.mark.parametrize(
    ("days", "said"),
    [
        pytest.param(13, "no limits from the days' own spread: 13 days", id="day"),
        pytest.param(27, "no limits over several days: 27 days", id="horizon"),
    ],
)
def test_short_references_are_said(contract: Contract, days: int, said: str) -> None:
    """Which limits the days cannot teach."""
    rows, of_rows = rows_of(days, 100)
    review = review_reference(rows, of_rows, contract, trained_until=BEFORE)
    assert said in review.warnings[-1]


def test_training_labels_repeats_and_other_versions_are_counted(
    contract: Contract,
) -> None:
    """Rows that the model may have learnt from, lack a label or come twice."""
    rows, days = rows_of(28, 100)
    rows.loc[:9, COLUMNS["label"]] = np.nan
    rows.loc[1, COLUMNS["id"]] = 0
    review = review_reference(rows, days, contract, trained_until=FIRST, others=7)
    assert [warning.split(" ", 1)[0] for warning in review.warnings] == [
        "7", "10", "1", "100",
    ]  # fmt: skip
    assert review.labelled == 2790


def test_ids_that_begin_again_each_day_are_not_rows_that_come_twice(
    contract: Contract,
) -> None:
    """What to keep once is what a day has twice."""
    rows, days = rows_of(28, 100)
    again = rows.assign(**{COLUMNS["id"]: np.arange(len(rows)) % 100})
    (said,) = review_reference(again, days, contract, trained_until=BEFORE).warnings
    assert said.startswith("2700 rows have an id of 'id' that an earlier day has too")
    again.loc[1, COLUMNS["id"]] = 0
    twice, _ = review_reference(again, days, contract, trained_until=BEFORE).warnings
    assert twice == "1 rows repeat an id of 'id'; keep each row once"


def test_feature_without_a_value_is_named_with_what_follows() -> None:
    """Its days would be unfit one after the other, and nobody would know why."""
    contract = make_contract(columns=COLUMNS | {"continuous": ["coupon"]})
    rows, days = rows_of(28, 100)
    rows = rows.assign(coupon=np.nan)
    (said,) = review_reference(rows, days, contract, trained_until=BEFORE).warnings
    assert said.startswith("column 'coupon' is empty in all 2800 rows")
    assert "every day without a value in it is unfit" in said


@pytest.mark.parametrize("name", ["label", "score", "prediction"])
def test_reference_that_teaches_nothing_is_refused(
    contract: Contract, name: str
) -> None:
    """Without any label, score or prediction there is nothing to log."""
    rows, days = rows_of(28, 100)
    rows[COLUMNS[name]] = np.nan
    with pytest.raises(DataError, match=f"'{COLUMNS[name]}'"):
        review_reference(rows, days, contract, trained_until=BEFORE)


def test_columns_of_too_much_are_named() -> None:
    """Segments, categories and numbers, each with count and remedy."""
    contract = make_contract(
        columns=COLUMNS | {"segments": ["s"], "categorical": ["c"], "continuous": ["x"]}
    )
    rows, days = rows_of(28, 100)
    many = [f"v{number}" for number in range(len(rows))]
    huge = np.where(np.arange(len(rows)) < 3, np.finfo(np.float64).max, np.inf)
    rows = rows.assign(s=many, c=many, x=huge)
    review = review_reference(rows, days, contract, trained_until=BEFORE)
    segments, categories, numbers = review.warnings
    assert segments.startswith("column 's' has 2800 different values: the 100 with the")
    assert categories.startswith("column 'c' has 2800 different values: the 500 most")
    assert numbers.startswith("column 'x' holds 3 numbers beyond 1e+60 in size")


def test_reference_without_labels_is_said_where_none_ever_come() -> None:
    """Elsewhere it is refused: the labels were only not joined."""
    rows, days = rows_of(30, 200)
    rows = rows.assign(**{COLUMNS["label"]: float("nan")})
    contract = make_contract(
        policy={"labels": {"delay_days": "never"}},
        objectives=[{"metric": "roc_auc", "source": "estimated", "max_drop": 0.1}],
    )
    review = review_reference(rows, days, contract, trained_until=date(2024, 2, 29))
    assert review.labelled == 0
    assert any("only data and drift are judged" in text for text in review.warnings)
