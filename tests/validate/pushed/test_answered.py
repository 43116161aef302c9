"""What an engine answers, beside what is counted of the same rows in memory."""

from typing import Any

import ibis
import pyarrow as pa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from monitoring_tasks.engine.key_groups import GROUPS_A_PART
from monitoring_tasks.validate.engine_checks.catalogue import (
    count_expectation,
    read_kwargs,
)
from monitoring_tasks.validate.engine_checks.outcome import Outcome
from monitoring_tasks.validate.engine_checks.table_batch import TableBatch
from monitoring_tasks.validate.pushed.answered import answers_to
from monitoring_tasks.validate.pushed.batch import PushedBatch
from monitoring_tasks.validate.pushed.question import with_examples
from tests.validate.engine_checks.frames import ARGUMENTS, Kwargs, tables
from tests.validate.engine_checks.test_catalogue import is_same, plain

PATIENT = [HealthCheck.too_slow, HealthCheck.data_too_large]


def pushed(table: pa.Table, groups_a_part: int) -> PushedBatch:
    """Return a table as DuckDB holds it."""
    names = {name: f"c{at}" for at, name in enumerate(table.column_names)}
    engine = ibis.duckdb.connect()
    held = engine.create_table("rows", table.rename_columns([*names.values()]))
    return PushedBatch(table=held, names=names, groups_a_part=groups_a_part)


def decoded(table: pa.Table) -> pa.Table:
    """Return rows as `extract` leaves them: no half floats, no nanoseconds."""
    kinds = {"half": pa.float64(), "until": pa.timestamp("us", "UTC")}
    fields = [(f.name, kinds.get(f.name, f.type)) for f in table.schema]
    return table.cast(pa.schema(fields))


def said(outcome: Outcome) -> tuple[Any, ...]:
    """Return what a check says; which rows are shown of many is not held together."""
    if outcome.holds:
        return (True,)
    return (False, outcome.failing_rows, plain(outcome.observed))


def differences(
    table: pa.Table, arguments: dict[str, Kwargs], groups_a_part: int
) -> list[str]:
    """List what the engine says otherwise than memory."""
    here, there, found = TableBatch(table), pushed(table, groups_a_part), []
    for kind, given_kwargs in arguments.items():
        name = f"expect_{kind}"
        kwargs = read_kwargs(name, given_kwargs)
        assert kwargs is not None
        question = count_expectation(name, kwargs, there)
        if question is None:
            continue
        (answers,) = answers_to(there.table, [question])
        theirs, ours = question.judge(answers), count_expectation(name, kwargs, here)
        if theirs is None:
            continue
        if ours is None or not is_same(said(theirs), said(ours)):
            found.append(f"{name} {kwargs}: {theirs} is not {ours}")
        elif (
            not theirs.holds and question.examples and theirs.failing_values is not None
        ):
            shown, _ = with_examples(theirs, question.examples(), None)
            alike = sorted(map(repr, plain(shown.failing_values)))
            if len(alike) < 20 and alike != sorted(
                map(repr, plain(ours.failing_values))
            ):
                found.append(f"{name} {kwargs}: shows {shown}, not {ours}")
    return found


@settings(max_examples=8, deadline=None, suppress_health_check=PATIENT)
@given(
    table=tables(),
    arguments=st.fixed_dictionaries(ARGUMENTS),
    groups_a_part=st.sampled_from([2, GROUPS_A_PART]),
)
def test_an_engine_says_what_memory_says(
    table: pa.Table, arguments: dict[str, Kwargs], groups_a_part: int
) -> None:
    """Success, counts, statistics and examples are the same, whatever the rows."""
    found = differences(decoded(table), arguments, groups_a_part)
    assert not found, "\n".join(found)
