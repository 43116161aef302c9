"""What the model writes is held against the reference as what goes into it is."""

from collections.abc import Callable
from datetime import date, timedelta
from functools import cache
from zlib import crc32

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.domain.batch_baseline import BatchBaseline
from monitoring_tasks.domain.batch_summary import BatchSummary
from monitoring_tasks.validate.baseline.batch_baseline import learn_baseline
from monitoring_tasks.validate.reference_gate import DaysBefore, check_batch
from monitoring_tasks.validate.summary.batch_summary import summarize
from tests.builders import COLUMNS, make_contract

FIRST, DAYS, TODAY = date(2024, 1, 1), 28, date(2024, 1, 29)
ROWS = 400
SCORES: dict[str, object] = {
    "binary": "score",
    "multiclass": {"a": "score_a", "b": "score_b"},
    "regression": None,
}
Change = Callable[[pd.DataFrame], pd.DataFrame]


@cache
def contract_of(problem: str) -> Contract:
    """Return the contract of a model whose scoring may fail."""
    columns = COLUMNS | {"score": SCORES[problem], "error": "failed"}
    classes = ["a", "b"] if problem == "multiclass" else []
    return make_contract(problem=problem, classes=classes, columns=columns)


def rows_of(problem: str, day: date) -> pd.DataFrame:
    """Draw a day's outputs."""
    random = np.random.default_rng(crc32(f"{problem}{day}".encode()))
    score = random.beta(2, 3, ROWS)
    failed = np.zeros(ROWS, dtype=bool)
    if problem == "regression":
        value = random.gamma(4, 5, ROWS)
        return pd.DataFrame({"prediction": value, "failed": failed})
    if problem == "binary":
        decided = (score > 0.5).astype("int64")
        return pd.DataFrame({"score": score, "prediction": decided, "failed": failed})
    decided = np.where(score > 0.5, "a", "b")
    both = {"score_a": score, "score_b": 1 - score}
    return pd.DataFrame({**both, "prediction": decided, "failed": failed})


def look(problem: str, day: date, change: Change | None = None) -> BatchSummary:
    """Look at a day, changed on its way if asked for."""
    rows = rows_of(problem, day)
    table = pa.Table.from_pandas(change(rows) if change else rows, preserve_index=False)
    return summarize(table, day, contract_of(problem))


@cache
def reference_baseline(problem: str) -> BatchBaseline:
    """Learn what the reference's days have in common."""
    days = [look(problem, FIRST + timedelta(days=n)) for n in range(DAYS)]
    baseline = learn_baseline(days, recent_days=7)
    assert baseline is not None
    return baseline


def failed(problem: str, change: Change | None) -> set[tuple[str, str, str]]:
    """Name what the gate finds: statement, column, severity."""
    recent = [look(problem, TODAY - timedelta(days=n)) for n in range(7, 0, -1)]
    checks = check_batch(
        look(problem, TODAY, change),
        reference_baseline(problem),
        contract_of(problem),
        DaysBefore(summaries=recent),
    )
    return {(c.name, c.column, c.severity) for c in checks if c.status == "failed"}


def half(column: str, value: object) -> Change:
    """Return every other row of a column a value."""

    def change(rows: pd.DataFrame) -> pd.DataFrame:
        kept = rows[column].astype("object").where(rows.index % 2 == 0, value)
        return rows.assign(**{column: kept})

    return change


def all_are(column: str, value: object) -> Change:
    """Return every row of a column one value."""
    return lambda rows: rows.assign(**{column: value})


def times(column: str, factor: float) -> Change:
    """Write a column in another unit."""
    return lambda rows: rows.assign(**{column: rows[column] * factor})


NULLS = "no_more_nulls_than_usual"
VARIES = "values_vary_as_usual"
THERE = "categories_are_all_there"
KNOWN = "categories_are_known"


@pytest.mark.parametrize("problem", SCORES)
def test_sound_outputs_are_like_the_reference(problem: str) -> None:
    """A day of the same kind passes."""
    assert failed(problem, None) == set()


@pytest.mark.parametrize(
    ("problem", "column"),
    [
        ("regression", "prediction"),
        ("binary", "prediction"),
        ("binary", "score"),
        ("multiclass", "prediction"),
        ("multiclass", "score_a"),
    ],
)
def test_outputs_that_are_null_are_no_outputs(problem: str, column: str) -> None:
    """Half of them null makes the day unfit."""
    assert failed(problem, half(column, None)) == {(NULLS, column, "critical")}


@pytest.mark.parametrize("value", [0.0, -999.0, 7.5])
@pytest.mark.parametrize(
    ("problem", "column"),
    [("regression", "prediction"), ("binary", "score"), ("multiclass", "score_a")],
)
def test_output_that_is_one_number_is_frozen(
    problem: str, column: str, value: float
) -> None:
    """All 0, all of a placeholder, all of a usual number."""
    found = failed(problem, all_are(column, value))
    assert (VARIES, column, "critical") in found


@pytest.mark.parametrize(("problem", "value"), [("binary", 0), ("multiclass", "b")])
def test_class_that_is_always_the_same_is_said(problem: str, value: object) -> None:
    """A model that gives one class alone has stopped to decide."""
    found = failed(problem, all_are("prediction", value))
    assert (THERE, "prediction", "critical") in found


@pytest.mark.parametrize("problem", ["binary", "multiclass"])
def test_class_nobody_knows_is_said(problem: str) -> None:
    """A placeholder for a class is none."""
    found = failed(problem, half("prediction", -1 if problem == "binary" else "?"))
    assert (KNOWN, "prediction", "critical") in found


@pytest.mark.parametrize(
    ("factor", "severity"), [(1000.0, "critical"), (0.01, "critical"), (2.2, "warning")]
)
def test_prediction_in_another_unit_is_said(factor: float, severity: str) -> None:
    """A small factor may be the day's own, which labels have to judge."""
    found = failed("regression", times("prediction", factor))
    assert found == {("values_keep_their_unit", "prediction", severity)}


def test_prediction_beyond_all_usual_ones_is_said() -> None:
    """Numbers far from where they ever were."""
    found = failed(
        "regression", lambda rows: rows.assign(prediction=rows.prediction - 200)
    )
    assert {name for name, *_ in found} == {"values_lie_where_they_did"}


@pytest.mark.parametrize("problem", SCORES)
def test_row_that_failed_needs_no_output(problem: str) -> None:
    """How many failed is a promise of its own (`error_ratio`), not a null flood."""

    def broken(rows: pd.DataFrame) -> pd.DataFrame:
        out = half("prediction", None)(rows)
        return out.assign(failed=out["prediction"].isna())

    assert failed(problem, broken) == set()


@pytest.mark.parametrize("rows", [499, 100_000])
def test_column_of_three_categories_that_became_ids_is_said(rows: int) -> None:
    """However many different values there are."""
    contract = make_contract(columns=COLUMNS | {"categorical": ["kind"]})

    def at(day: date, kinds: list[str]) -> BatchSummary:
        return summarize(
            pa.table({"kind": kinds}),
            day,
            contract,
            named=baseline.categories if baseline else {},
        )

    baseline: BatchBaseline | None = None
    days = [
        at(FIRST + timedelta(days=n), ["a", "b", "c"] * (rows // 3))
        for n in range(DAYS)
    ]
    baseline = learn_baseline(days, recent_days=7)
    ids = at(TODAY, [f"id{number}" for number in range(rows // 3 * 3)])
    found = check_batch(ids, baseline, contract, DaysBefore(summaries=days[-7:]))
    said = {c.name: c for c in found if c.status == "failed"}
    assert said[KNOWN].severity == "critical"
    assert said[KNOWN].observed.startswith("100% of the values are new (id")


def test_new_values_every_day_are_usual() -> None:
    """A column that names its rows has new values on every day."""
    contract = make_contract(columns=COLUMNS | {"categorical": ["kind"]})

    def at(day: date) -> BatchSummary:
        table = pa.table({"kind": [f"{day}-{number}" for number in range(900)]})
        return summarize(table, day, contract)

    baseline = learn_baseline(
        [at(FIRST + timedelta(days=n)) for n in range(DAYS)], recent_days=7
    )
    assert baseline is not None
    assert len(baseline.categories["kind"]) == 500
    found = check_batch(at(TODAY), baseline, contract)
    assert [c for c in found if c.status == "failed"] == []


def test_texts_of_the_data_are_said_short_and_plain() -> None:
    """Customers' words and control characters are not repeated in a reason."""
    contract = make_contract(columns=COLUMNS | {"categorical": ["kind"]})

    def at(day: date, kind: str) -> BatchSummary:
        return summarize(pa.table({"kind": [kind] * 300}), day, contract)

    days = [at(FIRST + timedelta(days=n), "a") for n in range(DAYS)]
    baseline = learn_baseline(days, recent_days=7)
    words = "\x1b[2J my card number is 4000 1234 5678 9012, please call me back"
    found = check_batch(
        at(TODAY, words), baseline, contract, DaysBefore(summaries=days[-7:])
    )
    observed = " ".join(check.observed for check in found)
    assert r"\x1b[2J my card number is" in observed
    assert "\x1b" not in observed
    assert "9012" not in observed
