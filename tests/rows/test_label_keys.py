"""Labels laid beside rows: one row an id, in types every engine keeps."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pyarrow as pa
import pytest

from monitoring_tasks.rows.label_keys import (
    ARRIVED,
    KEY,
    LABEL,
    KeyedLabels,
    keyed_labels,
    labels_of,
)
from monitoring_tasks.rows.label_values import ANY_VALUE
from monitoring_tasks.rows.labels import join_labels
from tests.builders import make_columns

NOON = datetime(2024, 3, 1, 12, tzinfo=UTC)
INSTANT = pa.timestamp("us", "UTC")


def keyed(labels: pa.Table, *, ids_are_texts: bool = True) -> KeyedLabels:
    """Return labels that can be joined."""
    found = keyed_labels(
        labels,
        make_columns(),
        arrived_at="arrived",
        values=ANY_VALUE,
        ids_are_texts=ids_are_texts,
    )
    assert found is not None
    return found


def test_an_id_has_the_label_that_came_last_and_the_instant_of_the_first() -> None:
    """Of labels that contradict each other none is known."""
    hours = [1, 2, 3, 3, 5]
    labels = pa.table(
        {
            "id": ["a", "a", "b", "b", None],
            "label": [0, 1, 0, 1, 1],
            "arrived": pa.array([NOON + timedelta(hours=h) for h in hours], INSTANT),
        }
    )
    rows = {row[KEY]: row for row in keyed(labels).by_key.to_pylist()}
    assert {key: row[LABEL] for key, row in rows.items()} == {"a": 1, "b": None}
    assert rows["a"][ARRIVED] == NOON + timedelta(hours=1)


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        (pa.array([1, 0], pa.int8()), pa.int64()),
        (pa.array([1.5, 0], pa.float32()), pa.float64()),
        (pa.array([Decimal("1.5"), None]), pa.float64()),
        (pa.array([True, None]), pa.bool_()),
        (pa.array(["a", "b"]), pa.string()),
        (pa.nulls(2), pa.float64()),
    ],
)
def test_labels_are_of_few_types(values: pa.Array, kind: pa.DataType) -> None:
    """Whatever a source stores them as."""
    by_key = keyed(pa.table({"id": ["a", "b"], "label": values})).by_key
    assert by_key.schema.field(LABEL).type == kind
    assert by_key.column_names == [KEY, LABEL]


def test_ids_are_numbers_where_one_side_has_numbers() -> None:
    """Texts that are whole numbers are then the numbers they are."""
    labels = pa.table({"id": ["007", "7.0", "x"], "label": [1, 1, 0]})
    assert keyed(labels).by_key[KEY].to_pylist() == ["007", "7.0", "x"]
    numbers = keyed(labels, ids_are_texts=False)
    assert numbers.kinds_differ
    assert sorted(numbers.by_key[KEY].to_pylist()) == ["7", "x"]


@pytest.mark.parametrize(
    "labels",
    [
        None,
        pa.table({"id": pa.array([], pa.string()), "label": pa.array([], pa.int64())}),
        pa.table({"id": ["a"]}),
        pa.table({"id": [["a"]], "label": [1]}),
    ],
    ids=["none", "empty", "no label", "lists"],
)
def test_what_cannot_be_joined_is_not_laid(labels: pa.Table | None) -> None:
    """The checks of the labels say why."""
    found = keyed_labels(
        labels, make_columns(), arrived_at=None, values=ANY_VALUE, ids_are_texts=True
    )
    assert found is None


def test_labels_before_their_row_are_counted_one_by_one() -> None:
    """Of one id several may be; a null value is no label."""
    labels = pa.table(
        {
            "id": ["a", "a", "a", "b"],
            "label": [0, 1, None, 1],
            "arrived": pa.array([NOON - timedelta(1)] * 2 + [NOON] * 2, INSTANT),
        }
    )
    about = pa.table({KEY: ["a"], ARRIVED: pa.array([NOON], INSTANT)})
    assert keyed(labels).count_early(about) == 2
    assert keyed(labels).count_early(about.slice(1)) == 0


@pytest.mark.parametrize(
    ("row_ids", "label_ids"),
    [
        (["a", "c", None, "x"], ["a", "b", None, "c", "a"]),
        ([1, 2, 7], ["01", "2.0", "3", "x"]),
        (["1", "02", "7 "], [1, 2, 7, 9]),
        (["a"], ["b", "c"]),
    ],
)
def test_some_rows_are_joined_by_their_own_labels_alone(
    row_ids: list[object], label_ids: list[object]
) -> None:
    """As by all of them: the same labels, of the same type, whatever ids are."""
    columns = make_columns()
    rows = pa.table({"id": row_ids, "row": range(len(row_ids))})
    labels = pa.table({"id": label_ids, "label": range(len(label_ids))})
    own = labels_of(rows, labels, columns)
    (by_all, _), (by_own, _) = (
        join_labels(rows, side, columns) for side in (labels, own)
    )
    assert by_own.equals(by_all)
    assert own.num_rows < labels.num_rows


def test_labels_that_cannot_be_told_apart_all_stay() -> None:
    """The join says what is wrong with them."""
    rows, labels = pa.table({"id": ["a"]}), pa.table({"label": [1, 0]})
    assert labels_of(rows, labels, make_columns()) is labels
    nested = pa.table({"id": [["a"]], "label": [1]})
    assert labels_of(rows, nested, make_columns()) is nested
