"""What a version is asked, and what its answers say of each input."""

import math
from typing import Any

import numpy as np
import pandas as pd
import pytest

from monitoring_tasks.compare.exchanged_inputs import changes, question

FEATURES = ["strong", "weak", "unused"]


def score(rows: pd.DataFrame) -> pd.DataFrame:
    """Stand for a version: hangs on `strong`, less on `weak`, not on `unused`."""
    return pd.DataFrame({"score": 0.02 * rows["strong"] + 0.01 * rows["weak"]})


def make_rows(
    seed: int = 1,
    rows: int = 300,
    **columns: Any,  # noqa: ANN401 (as pandas has it)
) -> pd.DataFrame:
    """Return rows whose features are all spread alike."""
    drawn = np.random.default_rng(seed).normal(0, 1, (rows, 3))
    return pd.DataFrame(drawn, columns=FEATURES).assign(**columns)


def moved(rows: pd.DataFrame) -> pd.DataFrame:
    """Ask the version about rows."""
    return changes(score(question(rows, FEATURES)), FEATURES, is_number=False)


def test_question_exchanges_one_feature_at_a_time() -> None:
    """Each block has the same values as the rows, in one column all at other rows."""
    rows = make_rows(rows=50)
    asked = question(rows, FEATURES)
    blocks = [asked.iloc[begin : begin + 50] for begin in range(0, 200, 50)]
    plain = blocks[0]
    assert sorted(plain["strong"]) == sorted(rows["strong"])
    for name, block in zip(FEATURES, blocks[1:], strict=True):
        others = [one for one in FEATURES if one != name]
        assert block[others].to_numpy().tolist() == plain[others].to_numpy().tolist()
        assert sorted(block[name]) == sorted(plain[name])
        assert (block[name].to_numpy() != plain[name].to_numpy()).all()


def test_question_is_the_same_on_every_run() -> None:
    """Nothing is drawn anew."""
    rows = make_rows(rows=20)
    pd.testing.assert_frame_equal(question(rows, FEATURES), question(rows, FEATURES))


@pytest.mark.parametrize(
    "column",
    [
        pytest.param(pd.Series(["a", None, "b", "a"], dtype="str"), id="text"),
        pytest.param(pd.Series(["a", "b", "b", "a"], dtype="category"), id="category"),
        pytest.param(pd.Series([True, False, True, True]), id="boolean"),
        pytest.param(pd.Series([True, None, True, None], dtype="boolean"), id="nulls"),
        pytest.param(pd.Series([1, 2, 3, None], dtype="Int64"), id="integer"),
        pytest.param(pd.Series([math.nan] * 4), id="nothing"),
        pytest.param(pd.Series([7.0] * 4), id="constant"),
    ],
)
def test_question_keeps_the_type_of_a_feature(column: pd.Series) -> None:
    """Whatever was delivered is what the version is asked about."""
    rows = pd.DataFrame({"x": column, "y": [1.0, 2.0, 3.0, 4.0]})
    asked = question(rows, ["x", "y"])
    assert asked["x"].dtype == column.dtype
    assert asked["x"].value_counts(dropna=False).sort_index().tolist() == (
        (column.value_counts(dropna=False) * 3).sort_index().tolist()
    )


def test_attribution_is_the_mean_change_of_the_score() -> None:
    """By hand: two rows change places, 3 apart at .02 and 5 apart at .01."""
    rows = pd.DataFrame({"strong": [1.0, 4.0], "weak": [2.0, 7.0], "unused": [0, 9]})
    assert moved(rows).mean().tolist() == pytest.approx([0.06, 0.05, 0.0])


@pytest.mark.parametrize(
    ("outputs", "is_number", "expected"),
    [
        pytest.param({"score": [0.1, 0.4]}, False, 0.3, id="probability"),
        pytest.param(
            {"score_a": [0.6, 0.1], "score_b": [0.4, 0.5], "score_c": [0.0, 0.4]},
            False,
            0.5,
            id="probabilities of classes",
        ),
        pytest.param({"prediction": [3, 10]}, True, 7.0, id="a number"),
        pytest.param({"prediction": [3, 10]}, False, 1.0, id="another class"),
        pytest.param({"prediction": ["a", "a"]}, False, 0.0, id="the same class"),
        pytest.param({"prediction": ["a", None]}, False, None, id="no class"),
        pytest.param({"score": [0.5, 0.5 + 1e-9]}, False, 0.0, id="float noise"),
        pytest.param({"score": [0.1, None]}, False, None, id="no score"),
        pytest.param({"prediction": [1.0, "x"]}, True, None, id="not a number"),
    ],
)
def test_change_is_what_the_version_says_differently(
    outputs: dict[str, list[object]],
    is_number: bool,  # noqa: FBT001 (a column of the table)
    expected: float | None,
) -> None:
    """One row, one feature: the plain answer, then the one with it exchanged."""
    found = changes(pd.DataFrame(outputs), ["x"], is_number=is_number)["x"].tolist()
    assert found == pytest.approx(
        [math.nan if expected is None else expected], nan_ok=True
    )
