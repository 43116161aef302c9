"""Rebuilding rows: equal to NannyML's calculator, reusable, never silent."""

from types import ModuleType

import numpy as np
import pandas as pd
import pytest

from monitoring_tasks.contract.columns import Columns
from monitoring_tasks.domain.findings import Measurement
from monitoring_tasks.domain.texts import short_text
from monitoring_tasks.errors import EstimationError
from monitoring_tasks.estimate import reconstruction
from monitoring_tasks.estimate.reconstruction_learning import (
    fit_reconstruction,
    learn_reconstruction,
)
from monitoring_tasks.rows.encoding import encode, learn_code_book
from tests.estimate.count_by_hand import make_contract

Rows = tuple[pd.DataFrame, pd.DataFrame]
ROWS = 4000
# NannyML is called here as we call it: one chunk; and it uses what
# pandas 4 will take away.
pytestmark = [
    pytest.mark.filterwarnings("ignore:The resulting number of chunks is too low"),
    pytest.mark.filterwarnings("ignore::pandas.errors.Pandas4Warning"),
]
LOAN_COLUMNS = make_contract(
    continuous=["car_value", "debt_to_income_ratio", "loan_length", "driver_tenure"],
    categorical=["salary_range", "repaid_loan_on_prev_car", "size_of_downpayment"],
).columns
# Not in the order of their names, which is that in which NannyML imputes.
ODD = {
    "continuous": ["z", "constant", "a", "empty"],
    "categorical": ["m", "many", "flag", "nothing"],
}


def odd_rows(rows: int, seed: int) -> pd.DataFrame:
    """Return rows with nulls, a constant, more categories than are named, empties."""
    random = np.random.default_rng(seed)
    z = random.normal(1e6, 3, rows)
    return pd.DataFrame(
        {
            "z": np.where(random.random(rows) < 0.1, np.nan, z),
            "constant": 7.0,
            "a": pd.array(np.round(z / 2), dtype="Int64"),
            "empty": np.nan,
            "m": random.choice(["x", "y", None], rows),
            "many": [f"c{n}" for n in random.integers(0, 700, rows)],
            "flag": random.random(rows) < 0.01,
            "nothing": pd.Series([None] * rows, dtype="str"),
        }
    )


def changed(rows: pd.DataFrame) -> pd.DataFrame:
    """Turn a day's rows into what the reference never saw."""
    return rows.assign(
        z=np.nan,
        constant=8.0,
        a=rows["a"].where(rows.index % 2 == 0, 10**14),
        m=rows["m"].where(rows.index % 3 > 0, "unheard of"),
        many=rows["many"].where(rows.index % 4 > 0),
        nothing="something",
    )


def compared(
    nannyml: ModuleType, reference: pd.DataFrame, day: pd.DataFrame, columns: Columns
) -> tuple[Measurement, "pd.Series[float]"]:
    """Return our number of a day, and NannyML's of the same codes."""
    book = learn_code_book(reference, columns)
    theirs = nannyml.DataReconstructionDriftCalculator(book.columns, chunk_number=1)
    theirs.fit(encode(reference, book))
    expected = theirs.calculate(encode(day, book)).data.iloc[-1]
    fitted = fit_reconstruction(reference, columns)
    ours = fitted.measure(day, version="1", confidence=0.9973)[0]
    return ours, expected["reconstruction_error"]


@pytest.mark.parametrize("is_changed", [False, True], ids=["alike", "changed"])
@pytest.mark.parametrize(
    "roles",
    [
        pytest.param(ODD, id="both"),
        pytest.param(ODD | {"categorical": []}, id="numbers"),
        pytest.param(ODD | {"continuous": []}, id="categories"),
    ],
)
def test_odd_rows_equal_nannyml(
    nannyml: ModuleType,
    roles: dict[str, list[str]],
    is_changed: bool,  # noqa: FBT001 (a case)
) -> None:
    """Nulls, constants, empty columns, unseen and unnamed categories: as there."""
    reference, day = odd_rows(3000, 1), odd_rows(500, 2)
    day = changed(day) if is_changed else day
    ours, theirs = compared(nannyml, reference, day, make_contract(**roles).columns)
    assert ours.value == pytest.approx(theirs["value"], rel=1e-9, abs=1e-9)
    error = (ours.value - ours.lower) / 3
    assert error == pytest.approx(theirs["sampling_error"], rel=1e-4)
    assert ours.value > 0.1


def test_long_categories_are_those_of_the_day() -> None:
    """A day's texts are cut before anything reads them; the reference's are not."""
    columns = make_contract(categorical=["m"]).columns
    rows = pd.DataFrame({"m": ["north " * 20, "south " * 20, "west", "west"] * 9})
    (learnt,) = learn_reconstruction(rows, columns).categorical
    assert [*learnt.shares] == sorted(map(short_text, rows["m"].unique()))


def test_reconstruction_equals_nannyml(nannyml: ModuleType, car_loan: Rows) -> None:
    """Without nulls, coding the categories changes nothing."""
    reference, day = car_loan[0][:ROWS], car_loan[1][-ROWS:]
    names = [*LOAN_COLUMNS.continuous, *LOAN_COLUMNS.categorical]
    theirs = nannyml.DataReconstructionDriftCalculator(names, chunk_number=1)
    whole = reference.astype({"repaid_loan_on_prev_car": "str"})
    expected = (
        theirs.fit(whole)
        .calculate(day.astype({"repaid_loan_on_prev_car": "str"}))
        .data.iloc[-1]["reconstruction_error"]
    )
    fitted = fit_reconstruction(reference, LOAN_COLUMNS)
    ours = fitted.measure(day, version="1", confidence=0.9973)[0]
    assert ours.value == pytest.approx(expected["value"], abs=1e-9)
    upper = expected["upper_confidence_boundary"]
    assert ours.upper == pytest.approx(upper, abs=1e-5)


def test_reconstruction_reads_every_dtype_alike(car_loan: Rows) -> None:
    """Arrow, nullable and boolean columns are not dropped, as NannyML drops them."""
    reference, day = car_loan[0][:ROWS], car_loan[1][-ROWS:]
    fitted = fit_reconstruction(reference, LOAN_COLUMNS)
    arrow = day.convert_dtypes(dtype_backend="pyarrow")
    nullable = day.convert_dtypes()
    values = {
        fitted.measure(rows, version="1", confidence=0.95)[0].value
        for rows in (day, arrow, nullable)
    }
    assert len(values) == 1


def test_a_fitted_estimator_gives_each_day_its_own_number(car_loan: Rows) -> None:
    """Nothing of one day is left in the next, in whatever order they come."""
    fitted = fit_reconstruction(car_loan[0][:ROWS], LOAN_COLUMNS)
    days = [car_loan[1][:500], car_loan[1][-500:], car_loan[1][:500]]
    first, second, again = (
        fitted.measure(day, version="1", confidence=0.95)[0] for day in days
    )
    assert first == again
    assert first.value != second.value


def test_nulls_and_unseen_categories_raise_the_reconstruction_error(
    car_loan: Rows,
) -> None:
    """They are categories of their own and neither fail nor pass unseen."""
    day = car_loan[1][:1000].copy()
    fitted = fit_reconstruction(car_loan[0][:ROWS], LOAN_COLUMNS)
    before = fitted.measure(day, version="1", confidence=0.95)[0]
    day["salary_range"] = day["salary_range"].where(day.index % 2 == 0, "unheard of")
    day["size_of_downpayment"] = day["size_of_downpayment"].where(day.index % 3 > 0)
    after = fitted.measure(day, version="1", confidence=0.95)[0]
    assert before.value is not None
    assert after.value is not None
    assert after.value > before.value


@pytest.mark.parametrize("rows", [0, 1])
def test_too_few_rows_give_a_reason(car_loan: Rows, rows: int) -> None:
    """Fewer than two rows never reach NannyML."""
    fitted = fit_reconstruction(car_loan[0][:ROWS], LOAN_COLUMNS)
    measured = fitted.measure(car_loan[1][:rows], version="1", confidence=0.95)[0]
    assert measured.value is None
    assert "too few" in measured.reason


def test_a_reference_without_any_feature_value_is_refused() -> None:
    """There would be nothing to learn, and NannyML would fail obscurely."""
    rows = pd.DataFrame({"x": [np.nan, np.nan]})
    columns = make_contract(continuous=["x"]).columns
    with pytest.raises(EstimationError, match="no declared feature"):
        fit_reconstruction(rows, columns)


def test_rows_rebuilt_in_blocks_are_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rows are rebuilt a block at a time, the last one shorter: no number depends
    on where they are cut."""
    rows = odd_rows(1_000, 1)
    fitted = fit_reconstruction(rows, make_contract(**ODD).columns)
    whole = fitted.measure(rows, version="1", confidence=0.9973)[0]
    monkeypatch.setattr(reconstruction, "BLOCK_ROWS", 299)
    cut = fitted.measure(rows, version="1", confidence=0.9973)[0]
    assert cut.value == pytest.approx(whole.value, rel=1e-12)
    assert cut.lower == pytest.approx(whole.lower, rel=1e-12)
