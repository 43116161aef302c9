import math
from datetime import UTC, datetime
from typing import Any

import pyarrow as pa
import pytest

from monitoring_tasks.contract.column_types import Holds
from monitoring_tasks.domain.partitions import LabelCounts
from monitoring_tasks.errors import LabelMismatchError
from monitoring_tasks.rows.label_values import LabelValues
from monitoring_tasks.rows.labels import join_labels
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
            ["a", "a", "b"],
            [0.0, -0.0, 1.0],
            [0, 1, None],
            {"rows": 3, "joined": 2, "missing": 1, "duplicates": 1},
            id="zero with either sign",
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
        pytest.param([1, 2], ["1", "x7"], id="text that is no number"),
        pytest.param([1, 2], [1.0, 2.5], id="half a number"),
        pytest.param(pa.array([1, 2], pa.int8()), [1, 300], id="too large"),
        pytest.param(pa.array([1, 2], pa.int32()), [1, 2**31 + 5], id="wider"),
    ],
)
def test_odd_id_takes_no_other_along(ids: Values, label_ids: Values) -> None:
    """It belongs to no prediction; the label beside it is used."""
    labels, counts = joined(ids, label_ids, [1, 0])
    assert labels == [1, None]
    assert (counts.joined, counts.orphans, counts.lost) == (1, 1, 0)


@pytest.mark.parametrize(
    ("ids", "label_ids", "said"),
    [
        pytest.param(["007", "008"], ["7", "8"], "zeros in front", id="zeros"),
        pytest.param(["7", "8"], ["7.0", "8.0"], "an empty fraction", id="fraction"),
        pytest.param(["A7", "A8"], ["a7", "a8"], "capital letters", id="case"),
        pytest.param(["7", "8"], [" 7", "8 "], "spaces", id="spaces"),
        pytest.param(["a-7", "a-8"], ["a7", "a8"], "signs", id="signs"),
        pytest.param(["A-07"], ["a07.0"], "the way", id="several at once"),
        pytest.param([7, 8], ["x", "y"], "no prediction has", id="types"),
    ],
)
def test_labels_that_fit_nothing_are_lost_and_the_cause_is_said(
    ids: Values, label_ids: Values, said: str
) -> None:
    """In numbers, with an example of both sides; they are not joined by guess."""
    labels, counts = joined(ids, label_ids, [1] * len(label_ids))
    assert set(labels) == {None}
    assert counts.lost == len(label_ids)
    assert f"{len(label_ids)} labels fit no prediction" in counts.remark
    assert said in counts.remark


def test_labels_of_other_days_are_no_loss_unless_only_this_day_was_asked() -> None:
    """A table of all labels holds those of all days, and today's come tomorrow."""
    predictions = pa.table({"id": ["a", "b"]})
    labels = pa.table({"id": ["x", "y", "z"], "label": [1, 0, 1]})
    _, counts = join_labels(predictions, labels, COLUMNS)
    assert (counts.orphans, counts.lost, counts.remark) == (3, 0, "")
    _, counts = join_labels(predictions, labels, COLUMNS, of_day=True)
    assert (counts.orphans, counts.lost) == (3, 3)
    assert "are they labels of another day" in counts.remark


BINARY = LabelValues(holds=Holds.BINARY)
NUMBERS = LabelValues(holds=Holds.NUMBERS)
COLORS = LabelValues(classes=("red", "1"))


@pytest.mark.parametrize(
    ("values", "labels", "expected"),
    [
        pytest.param(BINARY, ["yes", "No", "maybe"], [1, 0, None], id="words"),
        pytest.param(BINARY, [1, 0, -1], [1, 0, None], id="integers"),
        pytest.param(BINARY, [1.0, 0.0, 0.5], [1, 0, None], id="doubles"),
        pytest.param(NUMBERS, ["1.5", "2", "n/a"], [1.5, 2, None], id="texts"),
        pytest.param(NUMBERS, [1.0, 2.0, math.inf], [1, 2, None], id="infinite"),
        pytest.param(COLORS, ["red", "1", "blue"], ["red", "1", None], id="classes"),
    ],
)
def test_value_that_is_no_label_is_refused_and_the_others_are_used(
    values: LabelValues, labels: Values, expected: Values
) -> None:
    """The remark says how many of how many, with the value and what was agreed."""
    predictions = pa.table({"id": ["a", "b", "c"]})
    table, counts = join_labels(
        predictions,
        pa.table({"id": ["a", "b", "c"], "label": labels}),
        COLUMNS,
        values=values,
    )
    assert table["label"].to_pylist() == expected
    assert (counts.joined, counts.refused, counts.lost) == (2, 1, 1)
    assert counts.remark.startswith("1 of 3 labels are refused: 'label' holds '")


def test_refused_text_is_short_and_escaped() -> None:
    """What customers wrote is not repeated at length."""
    text = "line\n" * 100
    labels = pa.table({"id": ["a"], "label": [text]})
    predictions = pa.table({"id": ["a"]})
    _, counts = join_labels(predictions, labels, COLUMNS, values=BINARY)
    assert "\n" not in counts.remark
    assert len(counts.remark) < 200


def test_later_label_of_an_id_counts() -> None:
    """A correction wins over what it corrects; the same instant decides nothing."""
    hours = [datetime(2013, 9, 3, hour, tzinfo=UTC) for hour in range(4)]
    labels = pa.table(
        {
            "id": ["a", "a", "b", "b", "c", "c", "d"],
            "label": [0, 1, 1, 1, 0, 1, 0],
            "arrived": [hours[n] for n in (0, 3, 0, 1, 2, 2, 0)],
        }
    )
    predictions = pa.table({"id": ["a", "b", "c", "d"]})
    table, counts = join_labels(predictions, labels, COLUMNS, arrived_at="arrived")
    assert table["label"].to_pylist() == [1, 1, None, 0]
    assert (counts.corrected, counts.duplicates, counts.conflicts) == (1, 1, 1)


def test_null_ids_never_meet() -> None:
    """Not knowing which row a label is about is not being about every such row."""
    labels, counts = joined(["a", None], ["a", None], [1, 0])
    assert labels == [1, None]
    assert counts == LabelCounts(rows=1, joined=1, missing=1)


@pytest.mark.parametrize("nothing", [None, math.nan])
def test_labels_without_a_value_are_none(nothing: float | None) -> None:
    """A number that lacks, or is none: nothing was said, and nothing is lost."""
    labels, counts = joined(["a", "b"], ["a", "b"], [0.5, nothing])
    assert labels == [0.5, None]
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


@pytest.mark.parametrize(
    ("ids", "label_ids", "labels", "said"),
    [
        pytest.param(["a"], [["a"]], [1], "the labels hold list.* in 'id'", id="id"),
        pytest.param(["a"], ["a"], [{"y": 1}], "the labels hold .* in 'label'", id="y"),
        pytest.param([["a"]], ["a"], [1], "the predictions hold .* in 'id'", id="rows"),
    ],
)
def test_lists_and_records_are_joined_to_nothing(
    ids: Values, label_ids: Values, labels: Values, said: str
) -> None:
    """The error names side, column and type; a fault of Arrow would name none."""
    with pytest.raises(LabelMismatchError, match=said):
        joined(ids, label_ids, labels)
