"""Every bad input: which verdict, at which gate, on which column, how many rows."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pytest

from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.domain.findings import GATES, Check, DataVerdict, Verdict
from monitoring_tasks.validate.gates.built_in import ENOUGH_ROWS
from monitoring_tasks.validate.gates.gate_statements import KNOWN_VERSION
from monitoring_tasks.validate.gates.prediction_gates import check_predictions
from monitoring_tasks.validate.gates.table_rows import TableRows

OLD_WORDS = "ignore:(Passing a string to the row|The condition_parser)"
"""How Great Expectations speaks of the conditions that suites on disk hold."""
ODD = 'naïve "x" col\''
Column = Sequence[Any] | npt.NDArray[Any]
Day = Callable[..., pa.Table]
Suite = Callable[..., Path]
Stated = tuple[str, dict[str, Any], str]
Judge = Callable[[Stated], DataVerdict]
MEAN = "column_mean_to_be_between"


@pytest.fixture
def judge(contract: Contract, day: Day, suite: Suite) -> Judge:
    """Judge a good day by the gates and one expectation."""
    return lambda stated: check_predictions(
        TableRows(day()), contract=contract, suite=suite(stated)
    )


def unmet(verdict: DataVerdict) -> list[Check]:
    return [check for check in verdict.checks if check.status in {"failed", "errored"}]


def test_verdict_is_ok_when_every_gate_holds(contract: Contract, day: Day) -> None:
    """A good day passes every gate, and the checks come in the order of the gates."""
    verdict = check_predictions(TableRows(day()), contract=contract, suite=None)
    assert verdict.verdict is Verdict.OK
    assert verdict.is_fit
    order = [GATES.index(check.gate) for check in verdict.checks]
    assert order == sorted(order)
    assert {check.gate for check in verdict.checks} == set(GATES) - {"reference"}


SCORE = np.random.default_rng(1).random(200)


def put(values: Column | range, **at: object) -> list[Any]:
    changed: list[Any] = list(values)
    for position, value in at.items():
        changed[int(position[1:])] = value
    return changed


Found = tuple[str, str, int, tuple[str, ...]]


@pytest.mark.parametrize(
    ("replaced", "found"),
    [
        pytest.param(
            {"distance": None}, ("schema", "distance", 0, ()), id="missing column"
        ),
        pytest.param(
            {"carrier": None, "Carrier": ["AA"] * 200},
            ("schema", "carrier", 0, ()),
            id="renamed column",
        ),
        pytest.param(
            {"distance": put(["1.5"] * 200, _3="x", _9="y")},
            ("schema", "distance", 2, ("r3", "r9")),
            id="text in a number",
        ),
        pytest.param(
            {"distance": [True] * 200},
            ("schema", "distance", 200, ()),
            id="flags for numbers",
        ),
        pytest.param(
            {"at": ["2024-01-01"] * 200}, ("schema", "at", 200, ()), id="text for time"
        ),
        pytest.param(
            {"failed": ["no"] * 200}, ("schema", "failed", 200, ()), id="text for flag"
        ),
        pytest.param({ODD: pa.nulls(200)}, ("nulls", ODD, 0, ()), id="all nulls"),
        pytest.param(
            {"distance": [float("nan")] * 200},
            ("nulls", "distance", 0, ()),
            id="all not a number",
        ),
        pytest.param(
            {"score": pa.nulls(200)}, ("nulls", "score", 0, ()), id="no scores"
        ),
        pytest.param(
            {"id": put([f"r{i}" for i in range(200)], _5="r4")},
            ("keys", "id", 2, ("r4", "r4")),
            id="duplicated id",
        ),
        pytest.param(
            {"id": put(range(200), _5=None)}, ("keys", "id", 1, ()), id="id is null"
        ),
        pytest.param(
            {"version": pa.array(put([1] * 200, _8=None), pa.int64())},
            ("keys", "version", 1, ("r8",)),
            id="version is null",
        ),
        pytest.param(
            {"score": put(SCORE, _2=1.01, _4=-0.2)},
            ("values", "score", 2, ("r2", "r4")),
            id="scores outside 0..1",
        ),
        pytest.param(
            {"score": put(SCORE, _2=float("nan"))},
            ("values", "score", 1, ("r2",)),
            id="score is not a number",
        ),
        pytest.param(
            {"score": put(SCORE, _6=None)},
            ("values", "score", 1, ("r6",)),
            id="score is null",
        ),
        pytest.param(
            {"predicted": put([0] * 200, _7=2)},
            ("values", "predicted", 1, ("r7",)),
            id="class nobody agreed",
        ),
    ],
)
def test_breach_names_gate_column_and_rows(
    contract: Contract, day: Day, replaced: dict[str, Any], found: Found
) -> None:
    """Exactly one critical check fails, at the right gate, and the reason says so."""
    verdict = check_predictions(
        TableRows(day(**replaced)), contract=contract, suite=None
    )
    (failed,) = unmet(verdict)
    gate, column, rows, ids = found
    assert verdict.verdict is Verdict.BREACH
    assert (failed.gate, failed.column, failed.severity) == (gate, column, "critical")
    assert (failed.failing_rows, failed.failing_ids) == (rows, ids)
    assert f"gate {gate}: {failed.name} on column '{column}' failed" in verdict.reason


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        pytest.param(0, ("rows", Verdict.BREACH), id="delivered and empty"),
        pytest.param(3, ("rows", Verdict.WARN), id="three rows"),
        pytest.param(49, ("rows", Verdict.WARN), id="one row short"),
    ],
)
def test_verdict_is_never_ok_on_too_few_rows(
    contract: Contract, day: Day, rows: int, expected: tuple[str, Verdict]
) -> None:
    """No row is a breach, too few rows a warning at `rows`."""
    verdict = check_predictions(TableRows(day(rows)), contract=contract, suite=None)
    (failed,) = unmet(verdict)
    assert (failed.gate, verdict.verdict) == expected


def test_suite_is_skipped_on_too_few_rows(
    contract: Contract, day: Day, suite: Suite
) -> None:
    """A mean of three rows is no evidence: only the row check is left to speak."""
    path = suite((MEAN, {"column": "distance", "max_value": 0}, "critical"))
    verdict = check_predictions(TableRows(day(3)), contract=contract, suite=path)
    assert [check.name for check in unmet(verdict)] == [ENOUGH_ROWS]
    assert [c.column for c in verdict.checks if c.status == "skipped"] == ["distance"]


@pytest.mark.parametrize(
    ("known", "expected"),
    [
        pytest.param(None, Verdict.OK, id="not asked"),
        pytest.param({"1", "2"}, Verdict.OK, id="known, and an integer in the data"),
        pytest.param({"2"}, Verdict.BREACH, id="unknown"),
        pytest.param(set(), Verdict.BREACH, id="nothing is registered"),
    ],
)
def test_version_must_be_registered(
    contract: Contract, day: Day, known: set[str] | None, expected: Verdict
) -> None:
    """A version the registry does not know is a breach that names the version."""
    versions = None if known is None else frozenset(known)
    verdict = check_predictions(
        TableRows(day()), contract=contract, suite=None, known_versions=versions
    )
    assert verdict.verdict is expected
    failed = [(c.name, c.failing_rows) for c in unmet(verdict)]
    assert failed == ([(KNOWN_VERSION, 200)] if expected is Verdict.BREACH else [])
    for check in unmet(verdict):
        there = ", ".join(sorted(known or ())) or "none"
        assert check.observed.startswith(f"1; registered of {contract.model}: {there}")
        assert "map: {VALUE: VERSION}" in check.observed


def test_score_may_be_absent_where_scoring_failed(contract: Contract, day: Day) -> None:
    """A row flagged as failed needs no score; every other row does."""
    flags = put([False] * 200, _6=True)
    table = day(score=put(SCORE, _6=None), failed=flags)
    verdict = check_predictions(TableRows(table), contract=contract, suite=None)
    assert verdict.verdict is Verdict.OK


IN_SET = "column_values_to_be_in_set"
BETWEEN = "column_values_to_be_between"


@pytest.mark.parametrize(
    ("stated", "expected"),
    [
        pytest.param(
            (IN_SET, {"column": "carrier", "value_set": ["AA"]}, "info"),
            (Verdict.OK, "failed", 100),
            id="unseen category is information",
        ),
        pytest.param(
            (MEAN, {"column": ODD, "min_value": 5}, "warning"),
            (Verdict.WARN, "failed", 0),
            id="warning only, odd name",
        ),
        pytest.param(
            (BETWEEN, {"column": ODD, "max_value": -9}, "critical"),
            (Verdict.BREACH, "failed", 200),
            id="rows of a column with an odd name",
        ),
        pytest.param(
            (MEAN, {"column": "carrier", "min_value": 5}, "warning"),
            (Verdict.ERROR, "errored", 0),
            id="mean of text cannot be evaluated",
        ),
    ],
)
def test_suite_decides_after_the_gates(
    judge: Judge, stated: Stated, expected: tuple[Verdict, str, int]
) -> None:
    """Severity decides what a failed expectation means; one that raises is an error."""
    verdict = judge(stated)
    (found,) = unmet(verdict)
    assert (verdict.verdict, found.status, found.failing_rows) == expected
    assert (found.gate, found.column) == ("values", stated[1]["column"])
    assert found.observed


def test_breach_outranks_an_expectation_that_raises(
    contract: Contract, day: Day, suite: Suite
) -> None:
    """What could not be evaluated never hides a critical failure."""
    path = suite((MEAN, {"column": "carrier", "min_value": 5}, "critical"))
    table = day(score=put(SCORE, _2=7.0))
    verdict = check_predictions(TableRows(table), contract=contract, suite=path)
    assert verdict.verdict is Verdict.BREACH
    assert {check.status for check in unmet(verdict)} == {"failed", "errored"}


@pytest.mark.parametrize("values", [None, pa.nulls(200), ["x"] * 200])
def test_statement_is_skipped_when_its_column_cannot_be_used(
    contract: Contract, day: Day, suite: Suite, values: Column | None
) -> None:
    """An earlier gate that failed neither crashes a later one nor lets it pass."""
    path = suite((MEAN, {"column": "distance", "min_value": 0}, "critical"))
    verdict = check_predictions(
        TableRows(day(distance=values)), contract=contract, suite=path
    )
    assert [c.name for c in verdict.checks if c.status == "skipped"] == [
        f"expect_{MEAN}"
    ]
    assert verdict.verdict is Verdict.BREACH


def test_gates_hold_without_an_id_column(contract: Contract, day: Day) -> None:
    """Without ids rows are still counted; only the ids are left out."""
    table = day(id=None, score=put(SCORE, _2=7.0))
    verdict = check_predictions(TableRows(table), contract=contract, suite=None)
    found = {check.gate: check for check in unmet(verdict)}
    assert found.keys() == {"schema", "values"}
    assert (found["values"].failing_rows, found["values"].failing_ids) == (1, ())


def test_ids_are_cut_at_twenty(contract: Contract, day: Day) -> None:
    """At most twenty ids are kept, however many rows fail."""
    verdict = check_predictions(
        TableRows(day(score=[2.0] * 200)), contract=contract, suite=None
    )
    (failed,) = unmet(verdict)
    assert (failed.failing_rows, len(failed.failing_ids)) == (200, 20)


def test_column_delivered_twice_is_a_breach(contract: Contract, day: Day) -> None:
    """Of two columns of one name nobody can say which one is meant."""
    table = day().append_column("distance", pa.array([1.0] * 200))
    (failed,) = unmet(
        check_predictions(TableRows(table), contract=contract, suite=None)
    )
    assert (failed.gate, failed.observed) == ("schema", "present 2 times")


@pytest.mark.filterwarnings(OLD_WORDS)
@pytest.mark.parametrize(
    "condition",
    [
        pytest.param({"row_condition": 'carrier == "AA"'}, id="pandas"),
        pytest.param(
            {
                "row_condition": 'col("carrier") == "AA"',
                "condition_parser": "great_expectations",
            },
            id="Great Expectations",
        ),
    ],
)
def test_condition_on_another_column_picks_the_rows(
    contract: Contract, day: Day, suite: Suite, condition: dict[str, str]
) -> None:
    """Only the rows the condition names are held against the bounds."""
    carrier = ["AA", "BB"] * 100
    stated: Stated = (
        "column_values_to_be_between",
        {"column": "distance", "max_value": 10, **condition},
        "critical",
    )
    distances = {"sound": (5.0, 500.0), "bad": (500.0, 5.0)}
    found = {}
    for name, pair in distances.items():
        table = day(carrier=carrier, distance=list(pair) * 100)
        found[name] = check_predictions(
            TableRows(table), contract=contract, suite=suite(stated)
        )
    assert found["sound"].verdict is Verdict.OK
    assert found["bad"].verdict is Verdict.BREACH
    (check,) = unmet(found["bad"])
    assert (check.failing_rows, check.failing_ids[:2]) == (100, ("r0", "r2"))
