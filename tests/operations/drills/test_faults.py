from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest

from monitoring_tasks.errors import NotApplicableError
from monitoring_tasks.operations.drills import faults
from monitoring_tasks.operations.drills.deliveries import Change, Delivery
from tests.builders import COLUMNS
from tests.operations.drills.delivered import contract, delivery, differing, terms

NO_FEATURES = {"columns": COLUMNS}


@pytest.mark.parametrize(
    ("change", "size", "columns"),
    [
        pytest.param(faults.nothing, 1, [], id="no fault"),
        pytest.param(faults.unit_change, 1.609, ["weight"], id="unit"),
        pytest.param(faults.null_flood, 0.5, ["weight"], id="nulls"),
        pytest.param(faults.frozen_feature, 1, ["weight"], id="frozen"),
        pytest.param(faults.swapped_columns, 1, ["weight", "rate"], id="swapped"),
        pytest.param(faults.misjoined_feature, 1, ["weight"], id="misjoined"),
        pytest.param(faults.timezone_shift, 5, ["at", "hour"], id="time zone"),
        pytest.param(faults.category_recode, 1, ["channel"], id="recoded"),
        pytest.param(faults.covariate_shift, 1, ["idle"], id="harmless"),
    ],
)
def test_change_touches_its_columns_and_no_other(
    change: Change, size: float, columns: list[str]
) -> None:
    """Rows, labels, scores and all other columns stay as they were delivered."""
    before = delivery()
    after = change(before, terms(size))
    assert differing(before.predictions, after.predictions) == columns
    pd.testing.assert_frame_equal(after.labels, before.labels)


@pytest.mark.parametrize(
    ("change", "size", "seen"),
    [
        pytest.param(
            faults.unit_change,
            1000,
            lambda new, old: np.allclose(new["weight"], 1000 * old["weight"]),
            id="times a thousand",
        ),
        pytest.param(
            faults.null_flood,
            0.25,
            lambda new, _: 0.2 < new["weight"].isna().mean() < 0.3,
            id="a quarter is null",
        ),
        pytest.param(
            faults.misjoined_feature,
            0.5,
            lambda new, old: (
                sorted(new["weight"]) == sorted(old["weight"])
                and 0.3 < (new["weight"] != old["weight"]).mean() < 0.7
            ),
            id="half lie on other rows",
        ),
        pytest.param(
            faults.frozen_feature,
            1,
            lambda new, old: set(new["weight"]) == {old["weight"].iloc[0]},
            id="one value all day",
        ),
        pytest.param(
            faults.swapped_columns,
            1,
            lambda new, old: new["weight"].tolist() == old["rate"].tolist(),
            id="in the other's place",
        ),
        pytest.param(
            faults.timezone_shift,
            5,
            lambda new, old: (
                (new["at"] - old["at"]).eq(pd.Timedelta(hours=5)).all()
                and new["hour"].tolist() == [(h + 5) % 24 for h in old["hour"]]
            ),
            id="five hours later",
        ),
        pytest.param(
            faults.category_recode,
            1,
            lambda new, old: (
                new["channel"].tolist()
                == old["channel"].map({"shop": "0", "web": "1"}).tolist()
            ),
            id="in alphabetical order",
        ),
        pytest.param(
            faults.covariate_shift,
            2,
            lambda new, old: np.allclose(
                new["idle"] - old["idle"], 2 * old["idle"].std()
            ),
            id="two standard deviations",
        ),
    ],
)
def test_change_is_of_the_size_asked_for(
    change: Change, size: float, seen: Callable[[Any, Any], bool]
) -> None:
    """A fault does what it says, to the number."""
    before = delivery()
    after = change(before, terms(size))
    assert seen(after.predictions, before.predictions)


def test_fault_breaks_the_same_column_every_day() -> None:
    """The example decides which column matters, not the chance of a day."""
    day = delivery()
    rows = day.predictions.assign(weight=1.0)
    after = faults.unit_change(Delivery(predictions=rows, labels=day.labels), terms(2))
    assert differing(rows, after.predictions) == ["weight"]


@pytest.mark.parametrize(
    ("size", "lost"),
    [(1, {"weight"}), (2, {"weight", "channel"})],
    ids=["one", "two"],
)
def test_schema_breaks_at_the_features_the_score_follows(
    size: float, lost: set[str]
) -> None:
    """The most important columns are gone and others of nearly their name there."""
    before = delivery()
    after = faults.schema_break(before, terms(size)).predictions
    assert set(before.predictions) - set(after) == lost
    assert set(after) - set(before.predictions) == {f"{name}_v2" for name in lost}


@pytest.mark.parametrize(
    "change",
    [
        faults.schema_break,
        faults.unit_change,
        faults.null_flood,
        faults.frozen_feature,
        faults.swapped_columns,
        faults.misjoined_feature,
        faults.category_recode,
        faults.covariate_shift,
    ],
)
def test_change_says_when_there_is_nothing_to_change(change: Change) -> None:
    """A model without such a column cannot be drilled, and that is not a success."""
    with pytest.raises(NotApplicableError, match=r"column|feature"):
        change(delivery(), terms(**NO_FEATURES))


def test_swapping_needs_two_columns() -> None:
    """With one number there is nothing to swap it with."""
    columns = COLUMNS | {"continuous": ["weight"]}
    with pytest.raises(NotApplicableError, match="has 1 continuous columns, 2 needed"):
        faults.swapped_columns(delivery(), terms(columns=columns))


def test_column_that_never_changes_is_the_least_important() -> None:
    """Constants, nulls and single categories are no reason to fail."""
    day = delivery()
    dull = day.predictions.assign(idle=1.0, channel="web")
    after = faults.covariate_shift(
        Delivery(predictions=dull, labels=day.labels),
        terms(example=dull, columns=COLUMNS | {"continuous": ["weight", "idle"]}),
    )
    assert differing(dull, after.predictions) == []


def test_harmless_shift_of_a_category_gives_half_the_rows_the_common_one() -> None:
    """A text column has no standard deviation to move by, and must not be constant."""
    columns = COLUMNS | {"continuous": ["weight"], "categorical": ["region"]}
    before = delivery()
    after = faults.covariate_shift(before, terms(columns=columns)).predictions["region"]
    moved = after.ne(before.predictions["region"])
    assert set(after[moved]) == {"n"}
    others = before.predictions["region"].ne("n")
    assert 0.2 < moved[others].mean() < 0.8


def test_contract_of_these_tests_declares_the_columns() -> None:
    """The day has every column the contract speaks of."""
    declared = contract().columns.of_predictions
    assert set(declared) <= set(delivery().predictions)
