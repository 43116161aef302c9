"""What the engine counts, beside Great Expectations on the same rows."""

import math
import warnings
from collections.abc import Sequence
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from great_expectations.expectations.registry import get_expectation_impl
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from monitoring_tasks.validate import gx_door
from monitoring_tasks.validate.engine_checks.catalogue import RULES, count_expectation
from monitoring_tasks.validate.engine_checks.outcome import Outcome
from monitoring_tasks.validate.engine_checks.table_batch import TableBatch
from monitoring_tasks.validate.suites.statements import Statement
from tests.validate.engine_checks.frames import ARGUMENTS, Kwargs, tables

CLOSE = 1e-9
"""Sums are added up in another order."""
PATIENT = [HealthCheck.too_slow, HealthCheck.data_too_large]


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
        return bool(ours == pytest.approx(theirs, rel=CLOSE, abs=CLOSE))
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
    batch, found = TableBatch(table), []
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


@settings(max_examples=4, deadline=None, suppress_health_check=PATIENT)
@given(table=tables(), arguments=st.fixed_dictionaries(ARGUMENTS))
def test_the_engine_says_what_great_expectations_says(
    table: pa.Table, arguments: dict[str, Kwargs]
) -> None:
    """Success, counts, rows, values and statistics are the same, whatever the rows."""
    hold_together(table, arguments)


@pytest.mark.slow
@pytest.mark.timeout(1200)
@settings(max_examples=60, deadline=None, suppress_health_check=PATIENT)
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
        pytest.param("mean_to_be_between", {"min_value": 10**400}, id="beyond floats"),
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
        pytest.param([1], "mean", {"column": "y", "min_value": 1}, id="absent"),
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
    batch = TableBatch(pa.table({"x": column}))
    assert count_expectation(statement.kind, statement.counted, batch) is None


THREE = [1.0, 2.0, 3.0, None, math.nan]


@pytest.mark.parametrize(
    ("values", "kind", "kwargs", "expected"),
    [
        pytest.param(
            THREE, "values_to_be_between", {"max_value": 2, "mostly": 2 / 3}, (True, 1),
            id="just enough of the rows with a value",
        ),
        pytest.param(
            THREE, "values_to_be_between", {"max_value": 2, "mostly": 0.7}, (False, 1),
            id="not enough of them",
        ),
        pytest.param(
            THREE, "values_to_be_between", {"min_value": 1, "strict_min": True},
            (False, 1), id="a strict bound",
        ),
        pytest.param(
            THREE, "values_to_not_be_null", {"mostly": 0.7}, (False, 2),
            id="not-a-number is null",
        ),
        pytest.param(
            pa.nulls(2, pa.string()), "values_to_be_in_set", {"value_set": ["a"]},
            (True, 0), id="no value is in any set",
        ),
        pytest.param(
            [0.0, -0.0, 1.0], "values_to_be_unique", {}, (False, 2), id="two zeros"
        ),
        pytest.param(
            [0.0, -0.0], "values_to_be_in_set", {"value_set": [-0.0]}, (True, 0),
            id="one zero of a set",
        ),
        pytest.param(
            [2**53, 2**53 + 1, None], "values_to_be_unique", {}, (True, 0),
            id="ids beyond the whole numbers of floats",
        ),
        pytest.param(
            [2**62, 2**62, 2**62], "sum_to_be_between", {"min_value": 0}, (True, 0),
            id="a sum beyond 64 bits",
        ),
        pytest.param(
            [math.inf, -math.inf], "mean_to_be_between", {"min_value": 0}, (False, 0),
            id="no mean",
        ),
        pytest.param(
            ["a\n"], "values_to_match_regex", {"regex": "a$"}, (True, 0),
            id="an end as Python has it",
        ),
    ],
)  # fmt: skip
def test_edges_of_what_is_counted(
    values: object, kind: str, kwargs: dict[str, Any], expected: tuple[bool, int]
) -> None:
    """What holds, and how many rows do not."""
    batch = TableBatch(pa.table({"x": values}))
    statement = Statement(
        gate="values", kind=f"expect_column_{kind}", kwargs={"column": "x", **kwargs}
    )
    assert statement.counted is not None
    outcome = count_expectation(statement.kind, statement.counted, batch)
    assert outcome is not None
    assert (outcome.holds, outcome.failing_rows) == expected
