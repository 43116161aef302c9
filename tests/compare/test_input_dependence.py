"""Which inputs scores hang on, and how well their order is kept."""

import math
from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from sklearn.metrics import ndcg_score

from monitoring_tasks.compare.input_dependence import (
    learn_dependence,
    measure_attribution,
    ndcg,
    rank_changes,
)
from monitoring_tasks.domain.dependence import Dependence
from tests.compare.test_exchanged_inputs import make_rows, moved

SIZES = st.lists(st.floats(0, 1, width=32), min_size=2, max_size=8)
START = date(2026, 1, 1)


def reference(days: int = 20, rows: int = 300) -> Dependence:
    """Learn from days that are all alike."""
    known = {START + timedelta(d): moved(make_rows(d, rows)) for d in range(days)}
    found = learn_dependence(known, rows=rows)
    assert isinstance(found, Dependence)
    return found


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
    """Return changes that are all the same."""
    return pd.DataFrame({name: [value] * rows for name, value in columns.items()})


@pytest.mark.parametrize(
    ("today", "reason"),
    [
        pytest.param(
            flat(9, a=0, b=0),
            "no feature changes any score",
            id="zero",
        ),
        pytest.param(
            flat(9, a=0.1, b=math.nan),
            "no row keeps a score when 'b' is exchanged",
            id="no score",
        ),
        pytest.param(
            flat(9, a=0.1), "with 1 feature there is nothing to rank", id="one feature"
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
    assert said == f"nothing can be learnt from the reference: {reason}"


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
