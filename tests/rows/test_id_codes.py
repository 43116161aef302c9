"""Ids of two tables as numbers: the same whether they lie in order or not."""

import pyarrow as pa
import pytest

from monitoring_tasks.rows.id_codes import id_codes


def ids(*texts: str | None) -> pa.ChunkedArray:
    """Return ids as a column."""
    return pa.chunked_array([pa.array(texts, pa.string())])


@pytest.mark.parametrize(
    ("predictions", "labels"),
    [
        pytest.param(ids("a", "b", "c"), ids("a", "b", "c"), id="a label for each row"),
        pytest.param(ids("a", "b", "c"), ids("a", "c", "z"), id="others, in order"),
        pytest.param(ids("a", "b", "c"), ids("c", "b", "a"), id="labels out of order"),
        pytest.param(ids("b", "a", "b"), ids("b", "a", "b"), id="repeated and alike"),
        pytest.param(ids("a", None, "b"), ids("a", "b", "z"), id="an id that is null"),
    ],
)
def test_ids_are_equal_where_their_numbers_are(
    predictions: pa.ChunkedArray, labels: pa.ChunkedArray
) -> None:
    """Equal ids have one number on both sides; null and strangers are told apart."""
    codes = id_codes(predictions, labels)
    of_predictions = dict(zip(predictions.to_pylist(), codes.predictions, strict=True))
    for label, code in zip(labels.to_pylist(), codes.labels, strict=True):
        if label in of_predictions:
            assert code == of_predictions[label]
        else:
            assert codes.strangers[code - codes.known].as_py() == label
    assert of_predictions.get(None, -1) == -1
    assert codes.known == len({*predictions.to_pylist()} - {None})
    strangers = {*labels.to_pylist()} - {*predictions.to_pylist()}
    assert {*codes.strangers.to_pylist()} == strangers
    assert codes.count == codes.known + len(strangers)
