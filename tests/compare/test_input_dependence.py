"""Which inputs scores hang on, and how well their order is kept."""

import math
from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from sklearn.metrics import ndcg_score

from monitoring_tasks.compare.input_dependence import (
    changes,
    learn_dependence,
    measure_attribution,
    ndcg,
    question,
    rank_changes,
)
from monitoring_tasks.domain.dependence import Dependence

FEATURES = ["strong", "weak", "unused"]
SIZES = st.lists(st.floats(0, 1, width=32), min_size=2, max_size=8)
START = date(2026, 1, 1)


def score(rows: pd.DataFrame) -> pd.DataFrame:
    """Stand for a version: hangs on `strong`, less on `weak`, not on `unused`."""
    return pd.DataFrame({"score": 0.02 * rows["strong"] + 0.01 * rows["weak"]})


def make_rows(
    seed: int = 1,
    rows: int = 300,
    **columns: Any,  # noqa: ANN401 (as pandas has it)
) -> pd.DataFrame:
    """Give rows whose features are all spread alike."""
    drawn = np.random.default_rng(seed).normal(0, 1, (rows, 3))
    return pd.DataFrame(drawn, columns=FEATURES).assign(**columns)


def moved(rows: pd.DataFrame) -> pd.DataFrame:
    """Ask the version about rows."""
    return changes(score(question(rows, FEATURES)), FEATURES, is_number=False)


def reference(days: int = 20, rows: int = 300) -> Dependence:
    """Learn from days that are all alike."""
    known = {START + timedelta(d): moved(make_rows(d, rows)) for d in range(days)}
    found = learn_dependence(known, rows=rows)
    assert isinstance(found, Dependence)
    return found


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


def test_ndcg_by_hand() -> None:
    """Gains 3, 2, 1 in the order 1st, 3rd, 2nd: (3 + 1/1.585 + 2/2) / (3 + ...)."""
    gains = np.array([3.0, 2.0, 1.0])
    ideal = 3 + 2 / math.log2(3) + 1 / 2
    swapped = 3 + 1 / math.log2(3) + 2 / 2
    assert ndcg(gains, np.array([9.0, 1.0, 2.0])) == pytest.approx(swapped / ideal)


def test_ndcg_of_a_reversed_order() -> None:
    """The example of Amazon SageMaker's documentation: SAT score, GPA, class rank."""
    found = ndcg(np.array([0.7, 0.5, 0.05]), np.array([0.1, 0.2, 0.7]))
    assert found == pytest.approx(0.6876, abs=1e-4)


@given(SIZES, st.randoms())
def test_ndcg_lies_within_its_range_and_is_scikit_learns(
    gains: list[float], random: object
) -> None:
    """Above 0, at most 1, and ties share their ranks as scikit-learn has them."""
    assume(any(gains))
    today = [float(random.randint(0, 3)) for _ in gains]  # type: ignore[attr-defined]
    found = ndcg(np.array(gains), np.array(today))
    assert 0 < found <= 1
    assert found == pytest.approx(ndcg_score([gains], [today]), abs=1e-9)


@given(SIZES, st.floats(0.125, 8))
def test_same_order_is_one_whatever_the_sizes(
    gains: list[float], factor: float
) -> None:
    """Scores that move twice as much, in the same order, are no drift."""
    assume(any(gains))
    own = np.array(gains)
    assert ndcg(own, own * factor) == pytest.approx(1.0)
    assert ndcg(own, np.sqrt(own)) == pytest.approx(1.0)


def test_reference_knows_shares_and_how_its_days_stray() -> None:
    """Two thirds and one third; days alike keep the order, so they do not stray."""
    found = reference()
    assert found.shares == pytest.approx(
        {"strong": 0.667, "weak": 0.333, "unused": 0}, abs=0.02
    )
    assert found.distance is not None
    assert (found.distance.days, found.distance.rows) == (20, 300)
    assert found.distance.mean == pytest.approx(0, abs=1e-6)


def test_days_that_differ_are_in_the_reference() -> None:
    """Where every other day is ruled by another input, no order is expected."""
    wide = np.random.default_rng(9).normal(0, 5, 300)
    days = [make_rows(d) if d % 2 else make_rows(d, weak=wide) for d in range(20)]
    known = {START + timedelta(d): moved(rows) for d, rows in enumerate(days)}
    found = learn_dependence(known, rows=300)
    assert isinstance(found, Dependence)
    assert found.distance is not None
    assert found.distance.mean > 0.15


def test_fewer_rows_stray_further() -> None:
    """The reference's days are taken at the rows of the day that is judged."""
    near = {
        START + timedelta(d): moved(
            make_rows(d, 400).assign(weak=lambda r: 1.9 * r["weak"])
        )
        for d in range(20)
    }
    few, many = (learn_dependence(near, rows=rows) for rows in (30, 400))
    assert isinstance(few, Dependence)
    assert isinstance(many, Dependence)
    assert few.distance is not None
    assert many.distance is not None
    assert few.distance.mean > many.distance.mean
    assert few.distance.rows == 30


def test_ordinary_day_keeps_the_order() -> None:
    """Other rows drawn alike: 1.0, and no rank moved."""
    number = measure_attribution(moved(make_rows(99)), reference(), version="1")
    assert (number.value, number.reason, number.rows) == (1.0, "", 300)
    assert (number.kind, number.metric) == ("drift", "attribution_ndcg")


def test_constant_input_loses_its_rank() -> None:
    """The strongest input is the same everywhere: no score hangs on it today."""
    number = measure_attribution(moved(make_rows(strong=1.0)), reference(), version="1")
    # Two inputs without any change share the ranks 2 and 3.
    gains = [2 / 3 * (1 / math.log2(3) + 1 / 2) / 2, 1 / 3]
    assert number.value == pytest.approx(
        sum(gains) / (2 / 3 + 1 / 3 / math.log2(3)), abs=0.01
    )
    assert number.reason == "weak 2 -> 1, strong 1 -> 3"


def flat(rows: int, **columns: float) -> pd.DataFrame:
    """Give changes that are all the same."""
    return pd.DataFrame({name: [value] * rows for name, value in columns.items()})


@pytest.mark.parametrize(
    ("today", "reason"),
    [
        pytest.param(flat(9, a=0, b=0), "no score changes with any feature", id="zero"),
        pytest.param(
            flat(9, a=0.1, b=math.nan),
            "no row keeps a score when 'b' is exchanged",
            id="no score",
        ),
        pytest.param(
            flat(9, a=0.1), "with 1 feature there is no order", id="one feature"
        ),
        pytest.param(
            flat(0, a=0, b=0), "no row keeps a score when 'a' is exchanged", id="no row"
        ),
    ],
)
def test_number_without_a_value_has_a_reason(today: pd.DataFrame, reason: str) -> None:
    """Of the day and of the reference alike."""
    known = Dependence(shares=dict.fromkeys(today.columns, 0.5))
    number = measure_attribution(today, known, version="1")
    assert (number.value, number.reason) == (None, reason)
    said = learn_dependence({START: today}, rows=9)
    assert said == f"the reference says nothing: {reason}"


def test_reference_without_days_says_so() -> None:
    """Nothing was kept, so nothing is known."""
    said = learn_dependence({}, rows=9)
    assert said == "the reference has no day with enough rows"


def test_one_day_teaches_shares_and_no_distance() -> None:
    """A day cannot be held against itself."""
    found = learn_dependence({START: flat(9, a=0.3, b=0.1)}, rows=9)
    assert isinstance(found, Dependence)
    assert found.shares == pytest.approx({"a": 0.75, "b": 0.25})
    assert found.distance is None


def test_moves_at_the_top_are_named_before_those_at_the_bottom() -> None:
    """Inputs without weight change places every day; at most three are named."""
    before = {"a": 0.5, "b": 0.3, "c": 0.1, "d": 0.01, "e": 0.009, "f": 0.001}
    after = {"a": 0.1, "b": 0.3, "c": 0.5, "d": 0.001, "e": 0.009, "f": 0.01}
    assert rank_changes(before, after) == "a 1 -> 3, c 3 -> 1, d 4 -> 6"
