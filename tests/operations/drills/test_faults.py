from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest

from monitoring_tasks.errors import NotApplicableError
from monitoring_tasks.operations.drills import faults
from monitoring_tasks.operations.drills.faults import Change, Delivery
from tests.builders import COLUMNS
from tests.operations.drills.delivered import ROWS, contract, delivery, differing, terms

NO_FEATURES = {"columns": COLUMNS}


@pytest.mark.parametrize(
    ("change", "size", "columns"),
    [
        pytest.param(faults.nothing, 1, [], id="no fault"),
        pytest.param(faults.unit_change, 1.609, ["weight"], id="unit"),
        pytest.param(faults.null_flood, 0.5, ["weight"], id="nulls"),
        pytest.param(faults.frozen_feature, 1, ["weight"], id="frozen"),
        pytest.param(faults.swapped_columns, 1, ["weight", "rate"], id="swapped"),
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


@pytest.mark.parametrize(
    ("change", "size", "rows"),
    [
        pytest.param(faults.duplicate_rows, 0.2, 1.2 * ROWS, id="a fifth twice"),
        pytest.param(faults.duplicate_rows, 0, ROWS, id="none twice"),
        pytest.param(faults.volume_drop, 0.9, 0.1 * ROWS, id="a tenth left"),
        pytest.param(faults.volume_drop, 1, 1, id="one is left"),
        pytest.param(faults.volume_drop, 0, ROWS, id="none lost"),
    ],
)
def test_change_of_rows_keeps_every_row_whole(
    change: Change, size: float, rows: int
) -> None:
    """Rows come twice or not at all; those there are stay as they were."""
    before = delivery()
    after = change(before, terms(size)).predictions
    assert len(after) == rows
    alike = before.predictions.set_index("id").loc[after["id"]].reset_index()
    pd.testing.assert_frame_equal(after, alike[list(after)])


def test_duplicated_rows_are_different_ones() -> None:
    """A fifth of the rows comes twice, none three times."""
    after = faults.duplicate_rows(delivery(), terms(0.2)).predictions
    assert after["id"].value_counts().value_counts().to_dict() == {1: 800, 2: 200}


@pytest.mark.parametrize(
    ("size", "left"),
    [(0, {"shop"}), (0.5, {"shop"}), (1, {"shop"})],
    ids=["at least one", "half", "not all"],
)
def test_outage_loses_categories_whole_and_never_all(
    size: float, left: set[str]
) -> None:
    """Of two categories the more common one of the example is lost."""
    day = delivery()
    rows = day.predictions.assign(channel=["shop", "web", "web", "web"] * (ROWS // 4))
    day = Delivery(predictions=rows, labels=day.labels)
    after = faults.partial_outage(day, terms(size, example=rows)).predictions
    assert set(after["channel"]) == left
    assert len(after) == ROWS // 4


def test_outage_of_a_half_takes_common_and_rare_categories() -> None:
    """Of four categories the first and the third by number of rows are lost."""
    day = delivery()
    names = [*"a" * 400, *"b" * 300, *"c" * 200, *"d" * 100]
    rows = day.predictions.assign(channel=names)
    day = Delivery(predictions=rows, labels=day.labels)
    after = faults.partial_outage(day, terms(0.5, example=rows)).predictions
    assert set(after["channel"]) == {"b", "d"}


def test_fault_breaks_the_same_column_every_day() -> None:
    """The example decides which column matters, not the chance of a day."""
    day = delivery()
    rows = day.predictions.assign(weight=1.0)
    after = faults.unit_change(Delivery(predictions=rows, labels=day.labels), terms(2))
    assert differing(rows, after.predictions) == ["weight"]


def test_outage_takes_a_segment_when_no_feature_has_categories() -> None:
    """Of three regions a third is one, the largest."""
    columns = COLUMNS | {"segments": ["region"]}
    after = faults.partial_outage(delivery(), terms(1 / 3, columns=columns))
    assert set(after.predictions["region"]) == {"s", "w"}


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
        faults.category_recode,
        faults.covariate_shift,
        faults.partial_outage,
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
