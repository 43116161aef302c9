from datetime import UTC, datetime
from typing import Any

import pyarrow as pa
import pytest

from monitoring_tasks.domain.partitions import LabelCounts
from monitoring_tasks.errors import LabelMismatchError
from monitoring_tasks.extract.labels import join_labels
from tests.builders import make_columns

COLUMNS = make_columns()


Values = Any  # a list or an Arrow array, which has no types of its own


def joined(
    ids: Values, label_ids: Values, labels: Values
) -> tuple[list[Any], LabelCounts]:
    """Join labels onto predictions; give the label of each prediction in order."""
    table, counts = join_labels(
        pa.table({"id": ids}), pa.table({"id": label_ids, "label": labels}), COLUMNS
    )
    return table["label"].to_pylist(), counts


@pytest.mark.parametrize(
    ("label_ids", "labels", "expected", "counts"),
    [
        pytest.param(
            ["c", "b", "a"],
            [0, 1, 1],
            [1, 1, 0],
            {"rows": 3, "joined": 3},
            id="every row",
        ),
        pytest.param(
            ["a"],
            [1],
            [1, None, None],
            {"rows": 1, "joined": 1, "missing": 2},
            id="few",
        ),
        pytest.param(
            ["a", "a", "a"],
            [1, 1, 1],
            [1, None, None],
            {"rows": 3, "joined": 1, "missing": 2, "duplicates": 2},
            id="said three times",
        ),
        pytest.param(
            ["a", "a", "b"],
            [1, 0, 1],
            [None, 1, None],
            {"rows": 3, "joined": 1, "missing": 2, "conflicts": 1},
            id="contradictory",
        ),
        pytest.param(
            ["a", "x", "y", "y"],
            [1, 1, 0, 0],
            [1, None, None],
            {"rows": 4, "joined": 1, "missing": 2, "orphans": 2, "duplicates": 1},
            id="of no prediction",
        ),
        pytest.param(
            ["a", "b"],
            [None, 1],
            [None, 1, None],
            {"rows": 1, "joined": 1, "missing": 2},
            id="null",
        ),
        pytest.param(
            ["a", "a", "b"],
            [1.0, float("nan"), float("nan")],
            [1, None, None],
            {"rows": 1, "joined": 1, "missing": 2},
            id="not a number",
        ),
        pytest.param(
            ["a", "b"], [None, None], [None] * 3, {"missing": 3}, id="all null"
        ),
        pytest.param(
            ["a", "b", "b"],
            ["ja", "nein", "nein"],
            ["ja", "nein", None],
            {"rows": 3, "joined": 2, "missing": 1, "duplicates": 1},
            id="classes as text",
        ),
        pytest.param(
            ["a", "b"],
            [True, False],
            [True, False, None],
            {"rows": 2, "joined": 2, "missing": 1},
            id="booleans",
        ),
    ],
)
def test_labels_meet_predictions_one_to_one(
    label_ids: list[str],
    labels: list[Any],
    expected: list[Any],
    counts: dict[str, int],
) -> None:
    """Every way in which labels can differ from predictions is counted."""
    assert joined(["a", "b", "c"], label_ids, labels) == (
        expected,
        LabelCounts(**counts),
    )


@pytest.mark.parametrize(
    ("ids", "label_ids"),
    [
        pytest.param(["1", "2"], [1, 2], id="texts and integers"),
        pytest.param([1, 2], ["1", "2"], id="integers and texts"),
        pytest.param([1, 2], [1.0, 2.0], id="integers and doubles"),
        pytest.param(pa.array([1, 2], pa.int8()), [1, 2], id="widths"),
    ],
)
def test_ids_of_different_types_meet_when_they_say_the_same(
    ids: Values, label_ids: Values
) -> None:
    """A number written as text is the same id."""
    assert joined(ids, label_ids, [1, 0])[0] == [1, 0]


@pytest.mark.parametrize(
    ("ids", "label_ids"),
    [
        pytest.param([1, 2], ["1", "s3cret"], id="text that is no number"),
        pytest.param([1, 2], [1.5, 2.0], id="half a number"),
        pytest.param(pa.array([1, 2], pa.int8()), [1, 300], id="too large"),
    ],
)
def test_ids_that_cannot_be_compared_are_refused(
    ids: Values, label_ids: Values
) -> None:
    """Both types are named, and no value is."""
    with pytest.raises(LabelMismatchError, match=r"'id' is .* in the labels") as caught:
        joined(ids, label_ids, [1, 0])
    assert "s3cret" not in str(caught.value)


def test_null_ids_never_meet() -> None:
    """Not knowing which row a label is about is not being about every such row."""
    labels, counts = joined(["a", None], ["a", None], [1, 0])
    assert labels == [1, None]
    assert counts == LabelCounts(rows=1, joined=1, missing=1)


@pytest.mark.parametrize(
    "labels", [None, pa.table({"id": pa.array([], "string"), "label": []})]
)
def test_no_labels_leave_every_row_unknown(labels: pa.Table | None) -> None:
    """Before labels arrive the column is there and empty."""
    table, counts = join_labels(pa.table({"id": ["a", "b"]}), labels, COLUMNS)
    assert table["label"].to_pylist() == [None, None]
    assert counts == LabelCounts(missing=2)


def test_label_in_the_predictions_is_replaced() -> None:
    """What a scoring job wrote as label is not the truth."""
    predictions = pa.table({"id": ["a"], "label": [1], "score": [0.5]})
    labels = pa.table({"id": ["a"], "label": [0]})
    table, _ = join_labels(predictions, labels, COLUMNS)
    assert table.to_pydict() == {"id": ["a"], "score": [0.5], "label": [0]}


@pytest.mark.parametrize(
    ("names", "label_names", "said"),
    [
        (["id"], ["key", "label"], "labels lack id; they have key, label"),
        (["id"], ["id", "truth"], "labels lack label"),
        (["key"], ["id", "label"], "predictions lack id; they have key"),
    ],
)
def test_absent_columns_are_named(
    names: list[str], label_names: list[str], said: str
) -> None:
    """The error says which side lacks what, and what it has."""
    sides = [pa.table({name: [1] for name in side}) for side in (names, label_names)]
    with pytest.raises(LabelMismatchError, match=said):
        join_labels(sides[0], sides[1], COLUMNS)


@pytest.mark.parametrize(
    ("about", "arrived", "early"),
    [
        (pa.timestamp("us", "UTC"), pa.timestamp("us", "UTC"), 1),
        (pa.timestamp("ns", "UTC"), pa.timestamp("s", "America/New_York"), 1),
        (pa.timestamp("us"), pa.timestamp("us", "UTC"), 0),
        (pa.timestamp("us", "UTC"), pa.date32(), 0),
    ],
)
def test_labels_known_before_their_row_are_counted(
    about: pa.DataType, arrived: pa.DataType, early: int
) -> None:
    """A label older than what it is about leaks from the future, or is wrong."""
    instants = [datetime(2013, 9, day, tzinfo=UTC) for day in (1, 2, 3)]
    predictions = pa.table(
        {"id": ["a", "b"], "at": pa.array(instants[1:2] * 2).cast(about)}
    )
    labels = pa.table(
        {
            "id": ["a", "b", "x"],
            "label": [1, 0, 1],
            "arrived": pa.array([instants[0], instants[2], instants[0]]).cast(arrived),
        }
    )
    _, counts = join_labels(predictions, labels, COLUMNS, arrived_at="arrived")
    assert counts.early == early


def test_labels_without_an_arrival_are_not_early() -> None:
    """Nothing is known of when they came, so nothing is counted."""
    predictions = pa.table({"id": ["a"]})
    labels = pa.table({"id": ["a"], "label": [1], "when": [1]})
    for name in ("arrived", "when"):
        _, counts = join_labels(predictions, labels, COLUMNS, arrived_at=name)
        assert counts.early == 0
