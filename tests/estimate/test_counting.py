from datetime import date, timedelta
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.domain.counts import (
    LATENCY_GROWTH,
    BinaryOutcome,
    Bins,
    CategoricalCounts,
    ContinuousCounts,
    MulticlassOutcome,
    RegressionOutcome,
)
from monitoring_tasks.domain.profiles import DayProfile
from monitoring_tasks.estimate.counting import count_day, count_days
from monitoring_tasks.rows.coded_texts import with_coded_texts
from monitoring_tasks.rows.names import DAY
from tests.builders import COLUMNS, make_contract
from tests.estimate.count_by_hand import (
    count_binary,
    count_categorical,
    count_continuous,
    count_regression,
)

# NannyML, an import of the package, still sets an option pandas gives up.
pytestmark = pytest.mark.filterwarnings("ignore::pandas.errors.Pandas4Warning")

TODAY = date(2013, 9, 2)
N = 2_000


def contract_of(problem: str = "binary", **roles: object) -> Contract:
    """Return a contract with the given roles of columns."""
    score = {"score": "score" if problem == "binary" else None}
    return make_contract(problem=problem, columns=COLUMNS | score | roles)


def batch_of(rows: int, **columns: object) -> pa.Table:
    """Return rows of version 1, half of them predicted and labelled 1."""
    known: dict[str, Any] = {
        "version": ["1"] * rows,
        "prediction": [i % 2 for i in range(rows)],
        "label": [i % 2 for i in range(rows)],
        "score": [0.5] * rows,
    }
    return pa.table(known | columns)


def count(
    batch: pa.Table, contract: Contract, bins: dict[str, Bins] | None = None
) -> dict[str, DayProfile]:
    """Count version 1 of a day; profiles by segment."""
    found = count_day(batch, contract=contract, day=TODAY, version="1", bins=bins or {})
    return {profile.segment: profile for profile in found}


def assert_same(counted: Any, expected: ContinuousCounts) -> None:  # noqa: ANN401 (either kind of counts)
    """Counts agree exactly, sums to the twelve digits that are kept."""
    assert isinstance(counted, ContinuousCounts)
    for name in ("rows", "nulls", "below", "above", "coarse", "fine"):
        assert getattr(counted, name) == getattr(expected, name), name
    for name in ("below_distance", "above_distance", "total", "squares"):
        assert getattr(counted, name) == pytest.approx(
            getattr(expected, name), rel=1e-11, abs=1e-9
        ), name


RNG = np.random.default_rng(20130902)
EDGES = np.linspace(0.1, 0.7, 10_001)


@pytest.mark.parametrize(
    ("values", "bins"),
    [
        pytest.param(RNG.normal(size=N), Bins(low=-2, high=2, coarse=12), id="normal"),
        pytest.param(
            np.repeat(EDGES, 2), Bins(low=0.1, high=0.7, coarse=20), id="on the edges"
        ),
        pytest.param(
            np.nextafter(EDGES, -1), Bins(low=0.1, high=0.7, coarse=20), id="just below"
        ),
        pytest.param(
            RNG.integers(-5, 15, N), Bins(low=0, high=10, coarse=10), id="integers"
        ),
        pytest.param(
            np.where(RNG.random(N) < 0.2, np.nan, RNG.random(N)),
            Bins(low=0, high=1, coarse=7),
            id="not numbers",
        ),
        pytest.param(
            np.array([np.inf, -np.inf, np.nan, 0.5]),
            Bins(low=0, high=1, coarse=7),
            id="infinite",
        ),
        pytest.param(
            np.array([-3.0, 9.0, 0.5]), Bins(low=0, high=1, coarse=2), id="outside"
        ),
        pytest.param(
            np.full(50, 4.2), Bins(low=3.7, high=4.7, coarse=1), id="constant"
        ),
        pytest.param(
            np.array([4.2, 4.2, 4.1, 4.3]),
            Bins(low=4.2, high=4.2, coarse=1),
            id="point",
        ),
        pytest.param(
            RNG.random(N) * 1e12, Bins(low=1e11, high=9e11, coarse=30), id="large"
        ),
        pytest.param(
            RNG.random(N) * 1e-12, Bins(low=0, high=1e-12, coarse=30), id="small"
        ),
    ],
)
def test_continuous_counts_are_those_of_numpy(values: Any, bins: Bins) -> None:  # noqa: ANN401 (an array of any kind)
    """Bin by bin as `numpy.histogram`, to the last bit of an edge."""
    batch = batch_of(len(values), x=values)
    counted = count(batch, contract_of(continuous=["x"]), {"x": bins})["all"]
    assert_same(counted.columns["x"], count_continuous(values, bins))


def test_nulls_and_nans_are_both_no_value() -> None:
    """Whether a writer put null or NaN makes no difference."""
    batch = batch_of(4, x=pa.array([None, float("nan"), 1.0, 2.0]))
    bins = {"x": Bins(low=0, high=2, coarse=2)}
    counts = count(batch, contract_of(continuous=["x"]), bins)["all"].columns["x"]
    assert (counts.rows, counts.nulls, counts.valid) == (4, 2, 2)


def test_column_of_nulls_only_is_counted() -> None:
    """A feed that broke down entirely has rows, and nothing but nulls."""
    batch = batch_of(3, x=pa.nulls(3), c=pa.nulls(3))
    contract = contract_of(continuous=["x"], categorical=["c"])
    columns = count(batch, contract, {"x": Bins(low=0, high=1, coarse=1)})[
        "all"
    ].columns
    assert columns["x"] == ContinuousCounts(rows=3, nulls=3)
    assert columns["c"] == CategoricalCounts(rows=3, nulls=3)


def test_column_without_bins_is_left_out() -> None:
    """A column the reference does not know cannot be held against it."""
    batch = batch_of(3, x=[1.0, 2.0, 3.0])
    assert count(batch, contract_of(continuous=["x"]))["all"].columns == {}


@pytest.mark.parametrize(
    "values",
    [
        pytest.param(["a", "b", "a", None, "never seen", ""], id="texts"),
        pytest.param(["größe", "空", "'", '"', "a\nb", "a"], id="any text"),
        pytest.param([1, 2, 2, None, 3, 1], id="integers"),
        pytest.param([None] * 5 + ["a"], id="nearly all null"),
    ],
)
def test_categories_are_counted_by_their_text(values: list[Any]) -> None:
    """Unseen categories are counted as well; a null is none of them."""
    batch = batch_of(6, c=pa.array(values))
    counted = count(batch, contract_of(categorical=["c"]))["all"].columns["c"]
    texts = [None if value is None else str(value) for value in values]
    assert counted == count_categorical(texts)


def test_categories_in_numbers_have_one_name_in_any_type() -> None:
    """One null makes floats of a column of whole numbers; its categories stay."""
    values = pa.array([1.0, 2.0, 2.5, float("nan"), 1e300, None])
    contract = contract_of(categorical=["c"], segments=["c"])
    found = count(batch_of(6, c=values), contract)
    assert list(found) == ["all", "c=1", "c=1e+300", "c=2", "c=2.5", "c=unknown"]
    names = ["1", "2", "2.5", None, "1e+300", None]
    assert found["all"].columns["c"] == count_categorical(names)


def test_binary_outcome_is_by_score_bin_prediction_and_label() -> None:
    """Cells and sums agree with a row by row count."""
    scores = np.concatenate([RNG.random(N), np.arange(0, 1.01, 0.01)])
    rows = len(scores)
    predicted, labels = RNG.integers(0, 2, rows), RNG.integers(-1, 2, rows)
    known = pa.array([None if label < 0 else int(label) for label in labels])
    batch = batch_of(rows, score=scores, prediction=predicted, label=known)
    profile = count(batch, contract_of())["all"]
    expected = count_binary(scores, predicted, labels)
    assert isinstance(profile.outcome, BinaryOutcome)
    assert profile.outcome.cells == expected.cells
    assert profile.outcome.score_sums == pytest.approx(expected.score_sums, rel=1e-11)
    assert profile.labelled == int((labels >= 0).sum())


def test_scores_that_are_no_probability_are_invalid() -> None:
    """Null, NaN, infinite and out of range are counted apart, never put in a bin."""
    scores = pa.array([None, float("nan"), float("inf"), -0.01, 1.01, 0.0, 1.0])
    outcome = count(batch_of(7, score=scores), contract_of())["all"].outcome
    assert isinstance(outcome, BinaryOutcome)
    assert outcome.invalid == 5
    assert sorted(cell[0] for cell in outcome.cells) == [0, 9999]


@pytest.mark.parametrize("kind", [pa.bool_(), pa.int8(), pa.float64(), pa.int64()])
def test_classes_may_be_of_any_type(kind: pa.DataType) -> None:
    """True, 1 and 1.0 are the same class."""
    classes = pa.array([1, 0, None]).cast(kind)
    batch = batch_of(3, prediction=classes, label=classes)
    outcome = count(batch, contract_of())["all"].outcome
    assert isinstance(outcome, BinaryOutcome)
    assert set(outcome.cells) == {(5000, 1, 1), (5000, 0, 0), (5000, -1, -1)}


def test_multiclass_outcome_is_by_prediction_and_label() -> None:
    """A row whose label is not known counts under None."""
    contract = make_contract(
        problem="multiclass",
        classes=["a", "ü"],
        columns=COLUMNS | {"score": {"a": "sa", "ü": "su"}},
    )
    batch = batch_of(4, prediction=["a", "a", "ü", "ü"], label=["a", None, "a", "a"])
    outcome = count(batch, contract)["all"].outcome
    assert outcome == MulticlassOutcome(
        cells={("a", "a"): 1, ("a", None): 1, ("ü", "a"): 2}
    )


@pytest.mark.parametrize("kind", [pa.int64(), pa.float64(), pa.float32()])
def test_classes_in_numbers_are_the_same_in_any_type(kind: pa.DataType) -> None:
    """A class read as 1 or, beside nulls, as 1.0 is the class 1 of the contract."""
    contract = make_contract(
        problem="multiclass",
        classes=["0", "1"],
        columns=COLUMNS | {"score": {"0": "s0", "1": "s1"}},
    )
    labels = pa.array([1, 0, None]).cast(kind)
    outcome = count(batch_of(3, prediction=[1, 1, 0], label=labels), contract)[
        "all"
    ].outcome
    assert outcome == MulticlassOutcome(
        cells={("0", None): 1, ("1", "0"): 1, ("1", "1"): 1}
    )


def test_row_without_a_class_is_no_outcome() -> None:
    """A scoring that failed is counted among the rows and is no wrong answer."""
    contract = make_contract(
        problem="multiclass",
        classes=["a", "b"],
        columns=COLUMNS | {"score": {"a": "sa", "b": "sb"}},
    )
    profile = count(batch_of(2, prediction=["a", None], label=["a", "a"]), contract)[
        "all"
    ]
    assert profile.rows == 2
    assert profile.outcome == MulticlassOutcome(cells={("a", "a"): 1})


def test_day_on_which_no_row_has_a_class_has_no_outcome() -> None:
    """A scoring that failed for all is an empty outcome, not an error."""
    contract = make_contract(
        problem="multiclass",
        classes=["a", "b"],
        columns=COLUMNS | {"score": {"a": "sa", "b": "sb"}},
    )
    batch = batch_of(3, prediction=pa.nulls(3, pa.string()), label=["a", None, "b"])
    assert count(batch, contract)["all"].outcome == MulticlassOutcome()


def test_many_classes_are_counted_pair_by_pair() -> None:
    """A thousand classes have a million pairs, of which a day has some."""
    numbers = np.arange(5_000)
    predicted, label = numbers % 1000, numbers * 7 % 1000
    classes = [str(number) for number in range(1000)]
    contract = make_contract(
        problem="multiclass",
        classes=classes,
        columns=COLUMNS | {"score": {name: f"s{name}" for name in classes}},
    )
    outcome = count(batch_of(5_000, prediction=predicted, label=label), contract)[
        "all"
    ].outcome
    assert isinstance(outcome, MulticlassOutcome)
    assert outcome.cells == {(str(n), str(n * 7 % 1000)): 5 for n in range(1000)}


def test_scores_next_to_nothing_have_a_sum() -> None:
    """A score of 1e-300 is a probability, and its sum a number."""
    outcome = count(batch_of(1, score=[1e-300], label=[1]), contract_of())[
        "all"
    ].outcome
    assert isinstance(outcome, BinaryOutcome)
    assert list(outcome.score_sums.values()) == [1e-300]


def test_regression_moments_are_those_of_numpy() -> None:
    """Sums over the labelled rows; logarithms where both sides allow them."""
    predicted, labels = RNG.normal(3, 3, N), RNG.normal(3, 3, N)
    batch = batch_of(N, prediction=predicted, label=labels).drop("score")
    outcome = count(batch, contract_of("regression"))["all"].outcome
    expected = count_regression(predicted, labels)
    assert isinstance(outcome, RegressionOutcome)
    assert (outcome.rows, outcome.labelled) == (N, N)
    assert outcome.sums == pytest.approx(expected.sums, rel=1e-9)


def test_regression_leaves_rows_without_a_pair_out() -> None:
    """A null, NaN or infinite side makes no error; -1 has no logarithm."""
    nan, inf = float("nan"), float("inf")
    predicted = pa.array([1.0, None, nan, inf, 2.0, -1.0])
    labels = pa.array([2.0, 1.0, 1.0, 1.0, None, 1.0])
    batch = batch_of(6, prediction=predicted, label=labels).drop("score")
    outcome = count(batch, contract_of("regression"))["all"].outcome
    assert isinstance(outcome, RegressionOutcome)
    assert (outcome.rows, outcome.labelled) == (6, 2)
    sums = {name: outcome.sums[name] for name in ("e", "abs", "y", "logs")}
    assert sums == {"e": -3.0, "abs": 3.0, "y": 3.0, "logs": 1}


def test_segments_are_filters_and_null_is_one_of_them() -> None:
    """Every value of a segment and protected column is a profile of its own."""
    x = RNG.random(N)
    c = RNG.choice(np.array(["a", "b", None], dtype=object), N)
    batch = batch_of(N, x=x, c=pa.array(c), p=["ü"] * N)
    contract = contract_of(continuous=["x"], segments=["c"], protected=["p", "c"])
    bins = Bins(low=0, high=1, coarse=10)
    found = count(batch, contract, {"x": bins})
    assert list(found) == ["all", "c=a", "c=b", "c=unknown", "p=ü"]
    for segment, value in (("c=a", "a"), ("c=b", "b"), ("c=unknown", None)):
        inside = np.array([one == value for one in c])
        expected = count_continuous(x[inside], bins)
        counted = found[segment].columns["x"]
        assert isinstance(counted, ContinuousCounts)
        assert (counted.coarse, counted.fine) == (expected.coarse, {})
        assert found[segment].rows == int(inside.sum())


@pytest.mark.parametrize("kind", [pa.string(), pa.int64()])
def test_only_rows_of_the_version_are_counted(kind: pa.DataType) -> None:
    """On a day of two versions each is counted by itself, number or text."""
    batch = batch_of(4, version=pa.array([1, 2, 1, 1]).cast(kind))
    contract = contract_of()
    rows = {
        version: [
            profile.rows
            for profile in count_day(
                batch, contract=contract, day=TODAY, version=version, bins={}
            )
        ]
        for version in ("1", "2", "3")
    }
    assert rows == {"1": [3], "2": [1], "3": []}


def test_no_rows_give_no_profiles() -> None:
    """Nothing counted is no profile, not a profile of zeros."""
    contract = contract_of(continuous=["x"], categorical=["c"], segments=["c"])
    batch = batch_of(1, x=[1.0], c=["a"]).slice(0, 0)
    assert count(batch, contract, {"x": Bins(low=0, high=1, coarse=1)}) == {}


def test_latency_is_counted_in_bins_of_two_percent() -> None:
    """Values that are no duration are in no bin, and errors are counted."""
    lasted = [0.001, 1.0, 1.01, 1.03, 60.0]
    seconds = [*lasted, 0.0, -1.0, None, float("nan"), float("inf")]
    failed = [True, False, None, *[False] * 7]
    batch = batch_of(10, seconds=seconds, failed=pa.array(failed))
    service = count(batch, contract_of(latency="seconds", error="failed"))[
        "all"
    ].service
    assert service is not None
    expected = np.floor(np.log(lasted) / np.log(LATENCY_GROWTH)).astype(int)
    values, rows = np.unique(expected, return_counts=True)
    assert service.latency == dict(zip(values.tolist(), rows.tolist(), strict=True))
    assert (service.rows, service.errors) == (10, 1)


def test_service_is_unknown_when_it_was_not_declared() -> None:
    """No latency column is not a latency of zero."""
    assert count(batch_of(1), contract_of())["all"].service is None


CLASHES = (
    *("day", "segment", "column", "dimension", "low", "high", "n", "x", "category"),
    *("coarse", "fine", "coarse_bins", "fine_bins", "bin", "valid", "predicted"),
)


@pytest.mark.parametrize("name", CLASHES)
def test_column_may_have_any_name(name: str) -> None:
    """A stock's `low` and `high`, a visitor's `segment` are columns like others."""
    values = RNG.random(40)
    batch = batch_of(40, **{name: values})
    bins = Bins(low=0, high=1, coarse=4)
    counted = count(batch, contract_of(continuous=[name]), {name: bins})["all"]
    assert_same(counted.columns[name], count_continuous(values, bins))
    texts = batch_of(2, **{name: ["a", "ü"]})
    found = count(texts, contract_of(categorical=[name], segments=[name]))
    assert list(found) == ["all", f"{name}=a", f"{name}=ü"]
    assert found["all"].columns[name] == count_categorical(["a", "ü"])


def test_unicode_and_quotes_in_names_are_names() -> None:
    """A column's name is never a part of a statement."""
    name = "größe 'x' \"y\"; DROP TABLE 空"
    found = count(
        batch_of(2, **{name: ["a", "b"]}),
        contract_of(categorical=[name], segments=[name]),
    )
    assert list(found) == ["all", f"{name}=a", f"{name}=b"]


def random_days(days: int) -> tuple[pa.Table, list[date]]:
    """Return rows of several days with everything a binary model may have.

    Numbers lie on a grid of powers of two: they add up exactly in any order.
    """
    dates = [TODAY + timedelta(days=int(i)) for i in RNG.integers(0, days, N)]
    labels = [None if i < 0 else int(i) for i in RNG.integers(-1, 2, N)]
    batch = batch_of(
        N,
        x=np.round(64 * RNG.normal(size=N)) / 64,
        c=RNG.choice(["a", "b", "c"], N),
        score=RNG.integers(0, 1025, N) / 1024,
        label=pa.array(labels),
        seconds=RNG.random(N),
        failed=RNG.random(N) < 0.1,
    )
    return batch.append_column(DAY, pa.array(dates)), dates


EVERYTHING = contract_of(
    continuous=["x"],
    categorical=["c"],
    segments=["c"],
    latency="seconds",
    error="failed",
)
BINS = {"x": Bins(low=-2, high=2, coarse=9), "score": Bins(low=0, high=1, coarse=9)}


def test_many_days_at_once_are_day_by_day() -> None:
    """A month counted in one go is the same month counted daily."""
    batch, dates = random_days(5)
    together = count_days(batch, contract=EVERYTHING, version="1", bins=BINS)
    apart = [
        profile
        for day in sorted(set(dates))
        for profile in count_day(
            batch.drop(DAY).filter(pa.array([other == day for other in dates])),
            contract=EVERYTHING,
            day=day,
            version="1",
            bins=BINS,
        )
    ]
    assert together == apart


def test_order_of_rows_does_not_matter() -> None:
    """The profile is of the rows, not of the order they were read in."""
    batch, _ = random_days(2)
    turned = batch.take(RNG.permutation(N))
    first, second = (
        count_days(rows, contract=EVERYTHING, version="1", bins=BINS)
        for rows in (batch, turned)
    )
    assert first == second


@pytest.mark.parametrize("different", [2, 128, 200])
def test_codes_of_texts_count_as_the_texts_do(different: int) -> None:
    """In categories, segments and versions; nulls too, where every code is in use."""
    contract = contract_of(categorical=["c", "s"], segments=["s"])
    names = [None, *(f"name {i % different}" for i in range(N - 1))]
    batch = batch_of(N, c=names, s=names, version=["1"] * (N - 9) + ["2"] * 9)
    coded = with_coded_texts(batch, ["c", "s", "version"])
    assert pa.types.is_dictionary(coded["s"].type)
    assert count(coded, contract) == count(batch, contract)
