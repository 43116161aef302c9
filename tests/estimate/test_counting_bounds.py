"""What is counted is bounded, and no number is taken from another column."""

from datetime import date
from time import process_time
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.domain.counts import (
    MAX_CATEGORIES,
    BinaryOutcome,
    Bins,
    CategoricalCounts,
    ContinuousCounts,
    RegressionOutcome,
)
from monitoring_tasks.domain.profiles import DayProfile, merge
from monitoring_tasks.domain.vocabulary import OPEN, Vocabulary, vocabulary_of
from monitoring_tasks.estimate.counting import count_days, learn_vocabulary
from monitoring_tasks.estimate.drift import measure_drift
from monitoring_tasks.estimate.noise import without
from monitoring_tasks.rows.names import DAY
from tests.builders import COLUMNS, make_contract
from tests.estimate.count_by_hand import make_reference

pytestmark = pytest.mark.filterwarnings("ignore::pandas.errors.Pandas4Warning")

FIRST, SECOND = date(2024, 3, 1), date(2024, 3, 2)
LARGEST_DOUBLE = float(np.finfo(np.float64).max)


def contract_of(problem: str = "binary", **roles: object) -> Contract:
    """Return a contract with the given roles of columns."""
    score = {"score": "score" if problem == "binary" else None}
    return make_contract(problem=problem, columns=COLUMNS | score | roles)


def rows_of(day: date, rows: int, **columns: object) -> pa.Table:
    """Return rows of version 1, every other one predicted and labelled 1."""
    known: dict[str, Any] = {
        "version": ["1"] * rows,
        "prediction": [i % 2 for i in range(rows)],
        "label": [i % 2 for i in range(rows)],
        "score": [0.5] * rows,
        DAY: pa.array([day] * rows, pa.date32()),
    }
    return pa.table(known | columns)


def count(
    batch: pa.Table,
    contract: Contract,
    bins: dict[str, Bins] | None = None,
    vocabulary: Vocabulary = OPEN,
) -> dict[str, DayProfile]:
    """Count version 1; profiles by segment."""
    found = count_days(
        batch, contract=contract, version="1", bins=bins or {}, vocabulary=vocabulary
    )
    return {profile.segment: profile for profile in found}


def test_names_that_differ_in_capitals_are_different_columns() -> None:
    """Each role is counted from its own column, the label too."""
    contract = contract_of(categorical=["Label"], continuous=["x", "X"])
    batch = rows_of(
        FIRST, 4, Label=["a", "a", "a", "b"], x=[1.0] * 4, X=[7.0, 8.0, 8.0, 8.0]
    )
    bins = {"x": Bins(low=0, high=9, coarse=9), "X": Bins(low=0, high=9, coarse=9)}
    day = count(batch, contract, bins)["all"]
    assert isinstance(day.outcome, BinaryOutcome)
    assert day.outcome.cells == {(5000, 0, 0): 2, (5000, 1, 1): 2}
    assert day.columns["Label"] == CategoricalCounts(rows=4, counts={"a": 3, "b": 1})
    lower, upper = day.columns["x"], day.columns["X"]
    assert isinstance(lower, ContinuousCounts)
    assert isinstance(upper, ContinuousCounts)
    assert (lower.total, upper.total) == (4.0, 31.0)


@pytest.mark.parametrize(
    "value", [LARGEST_DOUBLE, -LARGEST_DOUBLE, 1e200, float("inf")]
)
def test_number_that_cannot_be_added_up_stays_in_its_cell(value: float) -> None:
    """It counts as no value; all sums are those of the other rows."""
    contract = contract_of("regression", continuous=["x"])
    batch = rows_of(
        FIRST, 3, prediction=[value, 3.0, 4.0], label=[1.0, 1.0, 1.0], x=[value, 1.0, 2]
    )
    day = count(batch.drop("score"), contract, {"x": Bins(low=0, high=2, coarse=2)})
    counted, outcome = day["all"].columns["x"], day["all"].outcome
    assert isinstance(counted, ContinuousCounts)
    assert (counted.rows, counted.nulls, counted.squares) == (3, 1, 5.0)
    assert isinstance(outcome, RegressionOutcome)
    assert (outcome.labelled, outcome.sums["e"], outcome.sums["e4"]) == (2, 5.0, 97.0)


def test_rare_categories_are_counted_together() -> None:
    """The most common keep their names; the others are so many rows of so many."""
    common = [f"v{i:04d}" for i in range(MAX_CATEGORIES)]
    rare = [f"w{i:04d}" for i in range(70)]
    batch = rows_of(FIRST, 1070, c=[*common, *common, *rare])
    counted = count(batch, contract_of(categorical=["c"]))["all"].columns["c"]
    assert counted == CategoricalCounts(
        rows=1070, counts=dict.fromkeys(common, 2), other=70, other_categories=70
    )


def test_day_is_counted_in_the_words_of_its_reference() -> None:
    """A value of the reference keeps its name however rare it is on the day."""
    many = [f"w{i:04d}" for i in range(MAX_CATEGORIES + 5)]
    batch = rows_of(FIRST, 1011, c=[*many, *many, "known"])
    named = Vocabulary(categories={"c": ("known", "gone")})
    contract = contract_of(categorical=["c"])
    counted = count(batch, contract, vocabulary=named)["all"].columns["c"]
    assert isinstance(counted, CategoricalCounts)
    assert len(counted.counts) == MAX_CATEGORIES + 1
    assert (counted.counts["known"], counted.other) == (1, 10)


def test_reference_of_many_categories_can_be_taken_apart() -> None:
    """Days of it are counted in the same names, so one can be taken out again."""
    contract = contract_of(categorical=["c"])
    first, second = (
        rows_of(day, 600, c=[f"{day}-{i}" for i in range(600)])
        for day in (FIRST, SECOND)
    )
    both = pa.concat_tables([first, second])
    named = learn_vocabulary(both, contract=contract, version="1")
    days = count_days(both, contract=contract, version="1", bins={}, vocabulary=named)
    rest = without(merge(days), days[1]).columns["c"]
    assert isinstance(rest, CategoricalCounts)
    whole = days[0].columns["c"]
    assert isinstance(whole, CategoricalCounts)
    assert (rest.counts, rest.other) == (whole.counts, whole.other)
    assert rest.valid == 600


def test_largest_segments_are_watched() -> None:
    """A column of thousands of values makes as many segments as the policy says."""
    contract = contract_of(segments=["s"])
    policy = contract.policy.model_copy(update={"max_segments": 3})
    contract = contract.model_copy(update={"policy": policy})
    values = [*(f"u{i}" for i in range(94)), "b", "b", "b", "a", "a", "known"]
    batch = rows_of(FIRST, 100, s=values)
    named = Vocabulary(segments=("s=known", "s=gone"))
    found = count(batch, contract, vocabulary=named)
    assert list(found) == ["all", "s=a", "s=b", "s=known"]
    assert [profile.rows for profile in found.values()] == [100, 2, 3, 1]
    learnt = learn_vocabulary(batch, contract=contract, version="1")
    assert learnt.segments == ("s=a", "s=b", "s=known")
    assert learnt.is_closed


def test_ids_instead_of_three_categories_are_all_unseen() -> None:
    """However many there are: none of them is a category of the reference."""
    contract = contract_of(categorical=["c"])
    whole = count(rows_of(FIRST, 900, c=["a", "b", "c"] * 300), contract)["all"]
    reference = make_reference(whole)
    for number in (499, 3_000):
        ids = rows_of(SECOND, number, c=[f"id{i}" for i in range(number)])
        day = count(ids, contract, vocabulary=vocabulary_of(reference))["all"]
        found = {m.metric: m.value for m in measure_drift(reference, day)}
        assert found["unseen_ratio"] == 1.0
        assert found["jensen_shannon"] == pytest.approx(1.0)


def test_new_values_every_day_are_no_drift() -> None:
    """Where the reference itself has too many values the rare ones are one category."""
    contract = contract_of(categorical=["c"])
    batch = rows_of(FIRST, 20_000, c=[f"first{i}" for i in range(20_000)])
    named = learn_vocabulary(batch, contract=contract, version="1")
    reference = make_reference(count(batch, contract, vocabulary=named)["all"])
    today = rows_of(SECOND, 5_000, c=[f"second{i}" for i in range(5_000)])
    day = count(today, contract, vocabulary=vocabulary_of(reference))["all"]
    since = process_time()
    found = {m.metric: m.value for m in measure_drift(reference, day)}
    assert process_time() - since < 1
    assert found["jensen_shannon"] < 0.12
