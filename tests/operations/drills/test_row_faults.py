"""Rows that come twice or not at all are the right ones, and stay whole."""

import pandas as pd
import pytest

from monitoring_tasks.errors import NotApplicableError
from monitoring_tasks.operations.drills import row_faults
from monitoring_tasks.operations.drills.deliveries import Change, Delivery
from tests.builders import COLUMNS
from tests.operations.drills.delivered import ROWS, delivery, terms


@pytest.mark.parametrize(
    ("change", "size", "rows"),
    [
        pytest.param(row_faults.duplicate_rows, 0.2, 1.2 * ROWS, id="a fifth twice"),
        pytest.param(row_faults.duplicate_rows, 0, ROWS, id="none twice"),
        pytest.param(row_faults.volume_drop, 0.9, 0.1 * ROWS, id="a tenth left"),
        pytest.param(row_faults.volume_drop, 1, 1, id="one is left"),
        pytest.param(row_faults.volume_drop, 0, ROWS, id="none lost"),
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
    after = row_faults.duplicate_rows(delivery(), terms(0.2)).predictions
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
    after = row_faults.partial_outage(day, terms(size, example=rows)).predictions
    assert set(after["channel"]) == left
    assert len(after) == ROWS // 4


def test_outage_of_a_half_takes_common_and_rare_categories() -> None:
    """Of four categories the first and the third by number of rows are lost."""
    day = delivery()
    names = [*"a" * 400, *"b" * 300, *"c" * 200, *"d" * 100]
    rows = day.predictions.assign(channel=names)
    day = Delivery(predictions=rows, labels=day.labels)
    after = row_faults.partial_outage(day, terms(0.5, example=rows)).predictions
    assert set(after["channel"]) == {"b", "d"}


def test_outage_takes_a_segment_when_no_feature_has_categories() -> None:
    """Of three regions a third is one, the largest."""
    columns = COLUMNS | {"segments": ["region"]}
    after = row_faults.partial_outage(delivery(), terms(1 / 3, columns=columns))
    assert set(after.predictions["region"]) == {"s", "w"}


def test_outage_needs_a_column_with_two_categories() -> None:
    """A model without such a column cannot be drilled, and that is not a success."""
    with pytest.raises(NotApplicableError, match="column"):
        row_faults.partial_outage(delivery(), terms(columns=COLUMNS))
