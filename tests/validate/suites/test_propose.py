"""A proposed suite is quiet on normal days and loud on a day in other units."""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.domain.findings import DataVerdict, Verdict
from monitoring_tasks.errors import DataError
from monitoring_tasks.validate.gates.prediction_gates import check_predictions
from monitoring_tasks.validate.gates.table_rows import TableRows
from monitoring_tasks.validate.suites.propose import propose_suite
from monitoring_tasks.validate.suites.suite_files import write_suite

ODD = 'naïve "x" col\''
FIRST = date(2024, 1, 1)
Day = Callable[..., pa.Table]
Days = Mapping[date, pa.Table]
Hold = Callable[[Days, pa.Table], DataVerdict]


@pytest.fixture
def reference(day: Day) -> dict[date, pa.Table]:
    """Thirty days whose level moves from day to day, and with the week."""
    draw = np.random.default_rng(3)
    days = {}
    for number in range(30):
        level = 1000 + 20 * draw.standard_t(5) + 40 * (number % 7 == 6)
        rows = int(draw.integers(185, 215))
        distance = draw.normal(level, 300, rows)
        distance[draw.random(rows) < 0.01] = np.nan
        days[FIRST + timedelta(days=number)] = day(rows, number, distance=distance)
    return days


@pytest.fixture
def hold(contract: Contract, tmp_path: Path) -> Hold:
    """Hold a day against the suite proposed from others."""

    def judge(days: Days, table: pa.Table) -> DataVerdict:
        path = tmp_path / "predictions.json"
        write_suite(path, propose_suite(days, contract=contract))
        return check_predictions(TableRows(table), contract=contract, suite=path)

    return judge


@pytest.fixture
def hold_made(
    reference: dict[date, pa.Table], day: Day, hold: Hold
) -> Callable[..., DataVerdict]:
    """Hold a day made to order against the suite proposed from the reference."""
    return lambda rows=200, **replaced: hold(reference, day(rows, **replaced))


def failed(verdict: DataVerdict) -> list[tuple[str, str]]:
    found = [check for check in verdict.checks if check.status != "passed"]
    return [(check.name.removeprefix("expect_"), check.column) for check in found]


@pytest.mark.slow
def test_no_reference_day_violates_the_proposal(
    contract: Contract, reference: Days, tmp_path: Path
) -> None:
    """What the reference itself would not meet is never proposed."""
    path = tmp_path / "predictions.json"
    write_suite(path, propose_suite(reference, contract=contract))
    found = [
        failed(check_predictions(TableRows(table), contract=contract, suite=path))
        for table in reference.values()
    ]
    assert found == [[]] * 30


@pytest.mark.slow
def test_held_out_day_is_quiet(reference: dict[date, pa.Table], hold: Hold) -> None:
    """Of thirty normal days left out in turn at most one warns; none is a breach."""
    verdicts = []
    for day, table in reference.items():
        others = {d: t for d, t in reference.items() if d != day}
        verdicts.append(hold(others, table).verdict)
    assert Verdict.BREACH not in verdicts
    assert len([v for v in verdicts if v is not Verdict.OK]) <= 1


@pytest.mark.parametrize("factor", [1.609, 1 / 1.609])
def test_day_in_other_units_is_a_breach(
    reference: dict[date, pa.Table], hold: Hold, factor: float
) -> None:
    """Miles for kilometres is critical, either way, and names the column."""
    table = reference.pop(FIRST)
    at = table.column_names.index("distance")
    changed = pa.array(table.column(at).to_numpy() * factor, from_pandas=True)
    verdict = hold(reference, table.set_column(at, "distance", changed))
    assert verdict.verdict is Verdict.BREACH
    assert failed(verdict) == [("column_mean_to_be_between", "distance")]


@pytest.mark.parametrize(
    ("replaced", "found"),
    [
        pytest.param(
            {"distance": [None] * 100 + [1000.0] * 100},
            ("column_proportion_of_non_null_values_to_be_between", "distance"),
            id="half the values are missing",
        ),
        pytest.param(
            {"carrier": ["aa"] * 100 + ["AA"] * 100},
            ("column_values_to_be_in_set", "carrier"),
            id="half the categories are unseen",
        ),
        pytest.param(
            {ODD: [-999.0] * 5 + [0.0] * 195},
            ("column_quantile_values_to_be_between", ODD),
            id="a code for missing values",
        ),
    ],
)
def test_faulty_day_warns(
    hold_made: Callable[..., DataVerdict],
    replaced: dict[str, object],
    found: tuple[str, str],
) -> None:
    """Nulls, new categories and values far outside warn; they are never critical."""
    verdict = hold_made(**replaced)
    assert verdict.verdict is Verdict.WARN
    assert found in failed(verdict)


def test_row_count_far_off_warns(hold_made: Callable[..., DataVerdict]) -> None:
    """A day ten times as long as any other is worth a look."""
    verdict = hold_made(2500)
    assert failed(verdict) == [("table_row_count_to_be_between", "")]


def test_a_few_unseen_rows_pass(hold_made: Callable[..., DataVerdict]) -> None:
    """One new category in 2 % of the rows is no reason to look at the data."""
    verdict = hold_made(carrier=["ZZ"] * 4 + ["AA"] * 196)
    assert verdict.verdict is Verdict.OK


def test_column_without_spread_has_no_bounds(
    contract: Contract, reference: dict[date, pa.Table]
) -> None:
    """From a constant nothing can be learnt about what is normal."""
    at = next(iter(reference.values())).column_names.index("distance")
    flat = {
        day: table.set_column(at, "distance", pa.array([5.0] * table.num_rows))
        for day, table in reference.items()
    }
    stated = propose_suite(flat, contract=contract)["expectations"]
    about = [e["type"] for e in stated if e["kwargs"].get("column") == "distance"]
    assert about == ["expect_column_proportion_of_non_null_values_to_be_between"]


def test_too_little_reference_is_refused(
    contract: Contract, reference: dict[date, pa.Table], day: Day
) -> None:
    """Six full days and many small ones are no reference; nor are absent columns."""
    six = dict(list(reference.items())[:6])
    small = {FIRST + timedelta(days=100 + i): day(20) for i in range(20)}
    with pytest.raises(DataError, match="6 of 26 days hold 50 rows or more"):
        propose_suite(six | small, contract=contract)
    bare = {day: table.drop(["carrier"]) for day, table in reference.items()}
    with pytest.raises(DataError, match="lacks the column 'carrier'"):
        propose_suite(bare, contract=contract)
    with pytest.raises(ValueError, match="must be above 0"):
        propose_suite(reference, contract=contract, false_alarms_per_year=0)
