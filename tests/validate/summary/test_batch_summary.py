"""What a day's rows look like, in a few numbers."""

from datetime import UTC, datetime
from decimal import Decimal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from monitoring_tasks.domain.batch_summary import BatchSummary
from monitoring_tasks.domain.counts import MAX_CATEGORIES
from monitoring_tasks.rows.coded_texts import with_coded_texts
from monitoring_tasks.validate.summary.batch_summary import summarize
from tests.builders import make_contract
from tests.validate.goods import COLUMNS, TODAY, contract, rows_of, summary_of, table_of


def look(**columns: object) -> BatchSummary:
    """Look at a few rows of some columns."""
    return summarize(pa.table(columns), TODAY, contract())


def test_numbers_are_told_by_nulls_quantiles_and_the_most_common_value() -> None:
    """Not-a-number is null; quantiles are numpy's."""
    summary = look(weight=[1.0, 2.0, 2.0, None, float("nan")])
    assert summary.nulls["weight"] == pytest.approx(0.4)
    assert summary.common["weight"] == pytest.approx(2 / 3)
    assert summary.value["weight"] == "2"
    assert summary.quantiles["weight"] == pytest.approx(
        tuple(np.quantile([1, 2, 2], [0.05, 0.25, 0.5, 0.75, 0.95]))
    )


def test_decimals_are_those_of_inputs_and_predicted_numbers() -> None:
    """Calendars too; scores are fine by themselves, and infinity has no decimals."""
    weights = [1.5, 2.0, float("inf"), None]
    summary = look(weight=weights, weekday=[3, 3, 3, 4], score=[0.1, 0.2, 0.3, 0.4])
    assert summary.grain.keys() == {"weight", "weekday"}
    assert summary.grain["weight"][:4] == (2, 2, 2, (1, 0, 0))
    assert summary.grain["weekday"][:4] == (4, 4, 2, (0, 0, 0))
    regression = make_contract(problem="regression")
    rows = pa.table({regression.columns.prediction: [0.5, 2.0]})
    (grain,) = summarize(rows, TODAY, regression).grain.values()
    assert grain.finer == (1, 0, 0)


def test_texts_are_counted() -> None:
    """Rows by category; of equally common ones the first by name is the value."""
    summary = look(shop=["west", "east", None, "east", "west"])
    assert summary.categories == {"shop": {"east": 2, "west": 2}}
    assert summary.value["shop"] == "east"
    assert summary.common["shop"] == pytest.approx(0.5)


@pytest.mark.parametrize(
    "values",
    [
        pytest.param(pa.array(["a", "b", "a"]).dictionary_encode(), id="dictionary"),
        pytest.param(pa.array(["a", "b", "a"], pa.large_string()), id="large text"),
    ],
)
def test_text_of_any_kind_is_counted(values: pa.Array) -> None:
    """How a file stores text does not matter."""
    assert look(shop=values).categories["shop"] == {"a": 2, "b": 1}


def test_only_the_most_common_categories_have_a_name() -> None:
    """Of the rest it is known how many rows they have; what was asked for is named."""
    names = [f"n{number:04d}" for number in range(MAX_CATEGORIES + 9)]
    rows = pa.table({"shop": [*names, "n0505"]})
    summary = summarize(rows, TODAY, contract(), named={"shop": {"n0508", "gone"}})
    counts = summary.categories["shop"]
    assert summary.value["shop"] == "n0505"
    assert len(counts) == MAX_CATEGORIES + 1
    assert (counts["n0505"], counts["n0498"], counts["n0508"]) == (2, 1, 1)
    assert "n0499" not in counts
    assert summary.other == {"shop": 8}


def test_empty_column_has_nulls_alone() -> None:
    """A column without a value has no distribution."""
    summary = look(weight=pa.array([None, None], pa.float64()), shop=[None, None])
    assert summary.nulls == {"weight": 1.0, "shop": 1.0}
    assert not summary.quantiles
    assert not summary.common
    assert not summary.categories


def test_infinite_values_have_no_quantile() -> None:
    """Infinity is no number to compute with; finite ones are."""
    assert look(weight=[1.0, 3.0, np.inf]).quantiles["weight"][2] == pytest.approx(2)
    assert not look(weight=[np.inf, -np.inf]).quantiles


def test_decimals_are_numbers() -> None:
    """A warehouse's decimals are computed with as floats."""
    decimals = pa.array([Decimal(1), Decimal(2), Decimal(3)], pa.decimal128(10, 2))
    assert look(weight=decimals).quantiles["weight"][2] == pytest.approx(2)


@pytest.mark.parametrize("column", ["weight", "shop", "hour"])
@pytest.mark.parametrize(
    "values",
    [
        pytest.param(pa.array([[1], None]), id="lists"),
        pytest.param(pa.array([{"a": 1}, None]), id="records"),
        pytest.param(pa.array([b"\xff", None]), id="bytes"),
    ],
)
def test_values_nobody_can_count_have_nulls_alone(
    values: pa.Array, column: str
) -> None:
    """A field that became a record is the schema's to tell, and no crash."""
    summary = look(**{column: values})
    assert summary.nulls == {column: 0.5}
    assert not summary.common


def test_short_floats_are_numbers() -> None:
    """Half precision is computed with as full."""
    short = pa.array(np.array([1, 2, 3], dtype=np.float16))
    assert look(weight=short).quantiles["weight"][2] == pytest.approx(2)


def test_hours_are_the_models_own() -> None:
    """An instant is counted in the hour the model's clock shows."""
    at = [datetime(2024, 3, 15, 23, tzinfo=UTC), datetime(2024, 3, 15, 0, tzinfo=UTC)]
    berlin = make_contract(columns=COLUMNS.model_dump(), timezone="Europe/Berlin")
    hours = summarize(pa.table({COLUMNS.timestamp: at}), TODAY, berlin).hours
    (counted,) = hours.values()
    assert [hour for hour, rows in enumerate(counted) if rows] == [0, 1]


def test_instants_without_a_zone_are_in_the_models() -> None:
    """Naive instants are taken as they are."""
    naive = pa.array([datetime(2024, 3, 15, 5)], pa.timestamp("s"))  # noqa: DTZ001 (naive on purpose)
    assert look(**{COLUMNS.timestamp: naive}).hours[COLUMNS.timestamp][5] == 1


def test_calendar_columns_that_count_hours_are_found() -> None:
    """0 to 23 with an afternoon; a weekday or a month is no hour."""
    assert set(summary_of().hours) == {COLUMNS.timestamp, "hour"}
    assert set(look(hour=[1, 12, 7]).hours) == set()
    assert set(look(hour=[0, 24]).hours) == set()
    assert set(look(hour=[0.5, 13.0]).hours) == set()


def test_what_cannot_be_computed_with_is_left_out() -> None:
    """Absent, twice there, text for numbers: the gates before say so."""
    twice = pa.table([pa.array([1.0]), pa.array([2.0])], names=["weight", "weight"])
    assert summarize(twice, TODAY, contract()).nulls == {}
    assert not look(weight=["1", "2"]).quantiles


def test_day_looks_the_same_in_any_order() -> None:
    """Rows have no order."""
    rows = rows_of(TODAY)
    turned = summarize(table_of(rows.iloc[::-1]), TODAY, contract())
    assert turned == summarize(table_of(rows), TODAY, contract())


def test_codes_of_texts_look_as_the_texts_do() -> None:
    """As a whole and by segment; a category that has no row is none."""
    kinds = ["a", "b", None, "c"] * 100
    table = pa.table({"shop": kinds, "weight": range(400)})
    coded = with_coded_texts(table, ["shop"])
    assert pa.types.is_dictionary(coded["shop"].type)
    declared = make_contract(
        columns=COLUMNS.model_dump() | {"segments": ["shop"]}, policy={"min_rows": 10}
    )
    assert summarize(coded, TODAY, declared) == summarize(table, TODAY, declared)
    without_a, plain = (
        summarize(rows.filter(pc.not_equal(table["shop"], "a")), TODAY, declared)
        for rows in (coded, table)
    )
    assert without_a == plain
    assert "a" not in plain.categories["shop"]
