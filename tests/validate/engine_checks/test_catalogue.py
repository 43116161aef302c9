"""What the engine counts, beside Great Expectations on the same rows."""

import math
import subprocess
import sys
import warnings
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from great_expectations.expectations.registry import get_expectation_impl
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from monitoring_tasks.validate import gx_door
from monitoring_tasks.validate.engine_checks.batch import Batch
from monitoring_tasks.validate.engine_checks.catalogue import RULES, count_expectation
from monitoring_tasks.validate.engine_checks.outcome import Outcome
from monitoring_tasks.validate.statements import Statement
from tests.validate.engine_checks.frames import ARGUMENTS, Kwargs, tables

SINGLE = 2e-6
"""Great Expectations adds floats of 32 bits up in 32 bits."""
PATIENT = [HealthCheck.too_slow, HealthCheck.data_too_large]
ROOT = Path(__file__).parents[3]


def plain(value: object) -> object:
    """Return a value as both sides write it: no number types of numpy, one null."""
    if isinstance(value, dict):
        return {k: plain(v) for k, v in value.items() if k != "quantiles"}
    if isinstance(value, list | tuple):
        return [plain(part) for part in value]
    value = value.item() if isinstance(value, np.generic) else value
    if value is pd.NaT or (isinstance(value, float) and math.isnan(value)):
        return None
    # NumPy's instants are nanoseconds since 1970, others know their zone.
    if isinstance(value, date):
        return pd.Timestamp(value).as_unit("ns").value
    return value


def said(outcome: Outcome) -> tuple[Any, ...]:
    """Return all a check is made of; what holds is not looked at further."""
    if outcome.holds:
        return (True,)
    return (
        False,
        outcome.failing_rows,
        plain(outcome.positions),
        plain(outcome.failing_values),
        plain(outcome.observed),
    )


def is_same(ours: object, theirs: object) -> bool:
    """Whether two sides say the same, floats about."""
    if isinstance(ours, dict):
        return ours.keys() == theirs.keys() and all(
            is_same(ours[key], theirs[key]) for key in ours
        )
    if isinstance(ours, list | tuple):
        return len(ours) == len(theirs) and all(map(is_same, ours, theirs))
    if isinstance(ours, float) or isinstance(theirs, float):
        return bool(ours == pytest.approx(theirs, rel=SINGLE, abs=SINGLE))
    return bool(ours == theirs)


def hold_together(table: pa.Table, arguments: dict[str, Kwargs]) -> None:
    """Hold one expectation of each type against the rows, by both."""
    statements = [
        Statement(gate="values", kind=f"expect_{kind}", kwargs=kwargs)
        for kind, kwargs in arguments.items()
    ]
    # So that Great Expectations is given every column.
    names = {"column_set": table.column_names}
    every = Statement(
        gate="values", kind="expect_table_columns_to_match_set", kwargs=names
    )
    with warnings.catch_warnings():
        # It takes what pandas warns it of for a reason not to evaluate.
        warnings.simplefilter("ignore")
        theirs = gx_door.evaluate(table, [*statements, every], frozenset())
    found = differences(table, statements, theirs)
    assert not found, "\n".join(found)


def differences(
    table: pa.Table, statements: Sequence[Statement], theirs: Sequence[Outcome]
) -> list[str]:
    """List what the engine says otherwise."""
    batch, found = Batch(table), []
    for statement, by_gx in zip(statements, theirs, strict=False):
        assert statement.counted is not None, statement
        ours = count_expectation(statement.kind, statement.counted, batch)
        # On such columns Great Expectations itself is asked.
        if ours is None or is_told_otherwise(ours, by_gx):
            continue
        if by_gx.error or not is_same(said(ours), said(by_gx)):
            found.append(f"{statement}: {ours} is not {by_gx}")
    return found


def is_told_otherwise(ours: Outcome, theirs: Outcome) -> bool:
    """Whether values are absent from a set: Great Expectations observes nothing."""
    is_without = str(ours.observed).startswith("without ")
    return is_without and not theirs.holds and not theirs.failing_rows


@settings(max_examples=6, deadline=None, suppress_health_check=PATIENT)
@given(table=tables(), arguments=st.fixed_dictionaries(ARGUMENTS))
def test_the_engine_says_what_great_expectations_says(
    table: pa.Table, arguments: dict[str, Kwargs]
) -> None:
    """Success, counts, rows, values and statistics are the same, whatever the rows."""
    hold_together(table, arguments)


@pytest.mark.slow
@pytest.mark.timeout(1200)
@settings(max_examples=200, deadline=None, suppress_health_check=PATIENT)
@given(table=tables(), arguments=st.fixed_dictionaries(ARGUMENTS))
def test_the_engine_says_what_great_expectations_says_of_many_tables(
    table: pa.Table, arguments: dict[str, Kwargs]
) -> None:
    """As above, on so many tables that rare meetings of odd values are among them."""
    hold_together(table, arguments)


@pytest.mark.parametrize("kind", sorted(RULES))
def test_arguments_are_those_of_great_expectations(kind: str) -> None:
    """What is read exists there, and what is required there is required here."""
    fields = get_expectation_impl(kind).__fields__
    rule = RULES[kind]
    assert rule.kwargs.keys() <= fields.keys()
    assert {name for name, field in fields.items() if field.required} <= rule.required
    assert kind.removeprefix("expect_") in ARGUMENTS


@pytest.mark.parametrize(
    ("kind", "changed"),
    [
        pytest.param("mean_to_be_between", {"minimum": 1}, id="unknown argument"),
        pytest.param("mean_to_be_between", {"min_value": "1"}, id="number as text"),
        pytest.param("mean_to_be_between", {"min_value": True}, id="flag for number"),
        pytest.param("mean_to_be_between", {"min_value": math.nan}, id="no number"),
        pytest.param("values_to_be_null", {"mostly": 1.1}, id="share above 1"),
        pytest.param("values_to_be_null", {"row_condition": "x > 1"}, id="condition"),
        pytest.param("values_to_be_between", {}, id="no bound"),
        pytest.param("values_to_be_in_set", {"value_set": "AA"}, id="text for a set"),
        pytest.param("values_to_match_regex", {"regex": "("}, id="no expression"),
        pytest.param("values_to_be_increasing", {}, id="another type"),
    ],
)
def test_what_is_not_understood_is_left_to_great_expectations(
    kind: str, changed: dict[str, Any]
) -> None:
    """Nothing is guessed: it says what is wrong, or counts it."""
    kwargs = {"column": "x", **changed}
    statement = Statement(gate="values", kind=f"expect_column_{kind}", kwargs=kwargs)
    assert statement.evaluated_by == "Great Expectations"


@pytest.mark.parametrize(
    ("column", "kind", "kwargs"),
    [
        pytest.param(["a"], "mean", {"min_value": 1}, id="mean of texts"),
        pytest.param([date(2024, 1, 1)], "max", {"min_value": 1}, id="a date"),
        pytest.param(
            pa.array([0], pa.timestamp("us", "UTC")),
            "min",
            {"min_value": "2024-01-01T00:00:00"},
            id="an instant without a zone",
        ),
    ],
)
def test_odd_columns_are_left_to_great_expectations(
    column: object, kind: str, kwargs: dict[str, Any]
) -> None:
    """What does not compare is not counted, whatever the suite says."""
    statement = Statement(
        gate="values",
        kind=f"expect_column_{kind}_to_be_between",
        kwargs={"column": "x", **kwargs},
    )
    assert statement.counted is not None
    batch = Batch(pa.table({"x": column}))
    assert count_expectation(statement.kind, statement.counted, batch) is None


@pytest.mark.parametrize("suite", sorted(ROOT.glob("expectations/*/*.json")))
def test_a_shipped_suite_loads_no_great_expectations(suite: Path) -> None:
    """A day is validated without the seconds its import takes."""
    script = f"""
import sys
from datetime import UTC, datetime
from pathlib import Path
import pyarrow as pa
from monitoring_tasks.contract.column_types import Holds, prediction_columns
from monitoring_tasks.contract.files import load_contract
from monitoring_tasks.validate.checks import check_predictions
suite = Path({str(suite)!r})
contract = load_contract(suite.parent / "monitor.yaml").contract
rows = contract.policy.min_rows
kinds = {{
    Holds.NUMBERS: [0.5] * rows,
    Holds.FLAGS: [False] * rows,
    Holds.TIMESTAMPS: [datetime(2024, 1, 1, tzinfo=UTC)] * rows,
}}
table = pa.table({{
    name: kinds.get(holds, [str(row) for row in range(rows)])
    for name, holds in prediction_columns(contract).items()
}})
verdict = check_predictions(
    table, contract=contract, suite=suite, known_versions=frozenset("1")
)
assert len(verdict.checks) > 10, verdict
assert "skipped" not in {{check.status for check in verdict.checks}}, verdict
print("great_expectations" in sys.modules)
"""
    done = subprocess.run(  # noqa: S603 (our own interpreter)
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "False"
