"""The gates schema, nulls and required values, asked of an engine."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import ibis.expr.types as ir

from monitoring_tasks.contract.column_types import Holds
from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.domain.counts import LARGEST
from monitoring_tasks.domain.findings import Check
from monitoring_tasks.engine.values import double, double_of
from monitoring_tasks.validate.bounds import CAN_BE_ADDED, too_many_segments
from monitoring_tasks.validate.pushed.answered import ask
from monitoring_tasks.validate.pushed.batch import PushedBatch
from monitoring_tasks.validate.pushed.catalogue import answers_to
from monitoring_tasks.validate.pushed.distinct import different
from monitoring_tasks.validate.pushed.question import (
    FALSE,
    Question,
    about_rows,
    count_of,
)
from monitoring_tasks.validate.structure import (
    Structure,
    fault,
    fits,
    held,
    type_fault,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sizes:
    """Rows of a batch, and how many lack a value of each column.

    Attributes:
        rows: How many rows.
        missing: Column -> rows without a value; not-a-number is none.
    """

    rows: int
    missing: Mapping[str, int]


def read_sizes(batch: PushedBatch) -> Sizes:
    """Count the rows of a batch, and those without a value of each of its columns."""
    question = Question(
        asked={
            "rows": batch.table.count(),
            **{
                f"missing_{at}": count_of(batch.column(name).values.isnull())
                for at, name in enumerate(batch.names)
            },
        },
        judge=lambda _: None,
    )
    (answers,) = answers_to(batch.table, [question])
    missing = {name: answers[f"missing_{at}"] for at, name in enumerate(batch.names)}
    return Sizes(rows=answers["rows"], missing=missing)


def inspect_pushed_structure(
    batch: PushedBatch, declared: Mapping[str, Holds], sizes: Sizes
) -> Structure:
    """Say which declared columns are there, of the right type and not empty.

    As `inspect_structure` says of rows in memory, without naming the texts that are no
    numbers: of a column of the wrong type no row is looked at.

    Args:
        batch: The rows, at least one.
        declared: Column -> what it must hold.
        sizes: Its rows and missing values.
    """
    schema = list(_schema_faults(batch, declared, sizes))
    unfit = {check.column for check in schema}
    nulls = [
        fault("nulls", "column_is_not_empty", name, f"{sizes.rows} nulls")
        for name in declared
        if name not in unfit and sizes.missing[name] == sizes.rows
    ]
    return Structure(
        checks=(
            *(schema or [held("schema", "declared_columns_hold_their_types")]),
            *(nulls or [held("nulls", "declared_columns_are_not_empty")]),
        ),
        usable=frozenset(declared) - unfit - {check.column for check in nulls},
    )


def _schema_faults(
    batch: PushedBatch, declared: Mapping[str, Holds], sizes: Sizes
) -> Iterator[Check]:
    for name, holds in declared.items():
        if name not in batch.names:
            yield fault("schema", "column_is_present_once", name, "absent")
            continue
        kind = batch.table[batch.names[name]].type().to_pyarrow()
        if sizes.missing[name] < sizes.rows and not fits(kind, holds):
            yield type_fault(kind, name, holds, rows=sizes.rows)


def check_pushed_values(
    batch: PushedBatch, contract: Contract, usable: frozenset[str]
) -> list[Check]:
    """Check the values no row may lack; a failed scoring needs no score.

    Args:
        batch: The rows, at least one.
        contract: Names the columns.
        usable: Which of them can be computed with; the others failed before.
    """
    columns = contract.columns
    is_failed: ir.BooleanValue = FALSE
    if columns.error in usable:
        flags = batch.column(str(columns.error)).values
        is_failed = flags if flags.type().is_boolean() else flags != 0
    required = [
        *(("keys", n, FALSE) for n in (columns.timestamp, columns.model_version)),
        *(("values", name, is_failed) for name in columns.scores),
    ]
    asked = [(gate, name, spared) for gate, name, spared in required if name in usable]
    return [
        *_checks_of_rows(
            batch,
            {
                (gate, name): batch.column(name).values.isnull()
                & ~spared.fill_null(FALSE)
                for gate, name, spared in asked
            },
            id_column=columns.id if columns.id in usable else None,
            name="every_row_has_a_value",
            severity="critical",
            observed="no value",
        ),
    ]


def check_pushed_sizes(
    batch: PushedBatch, names: Iterable[str], *, id_column: str | None
) -> list[Check]:
    """Warn of numbers so large that they count as no value.

    Args:
        batch: The rows, at least one.
        names: Columns of numbers that can be computed with.
        id_column: Column to take the ids of the rows from; None for no ids.
    """
    beyond = {}
    for name in names:
        values = batch.table[batch.names[name]]
        if values.type().is_floating() or values.type().is_decimal():
            size = double_of(values).abs()
            # Infinite counts as no value everywhere; not-a-number is below nothing.
            is_beyond = (size > double(LARGEST)) & (size < double(float("inf")))
            beyond["values", name] = is_beyond.fill_null(FALSE)
    checks = _checks_of_rows(
        batch,
        beyond,
        id_column=id_column,
        name=CAN_BE_ADDED,
        severity="warning",
        observed=f"beyond {LARGEST:g} in size, counted as no value",
    )
    return [check for check in checks if check.status == "failed"]


def _checks_of_rows(
    batch: PushedBatch,
    unmet: Mapping[tuple[str, str], ir.BooleanValue],
    *,
    id_column: str | None,
    name: str,
    severity: str,
    observed: str,
) -> list[Check]:
    """Check that no row fails, by gate and column."""
    questions = [
        about_rows(batch, failed, {}, considered=batch.table.count(), mostly=1.0)
        for failed in unmet.values()
    ]
    answers = ask(batch, questions, id_column=id_column)
    return [
        Check(
            gate=gate,
            name=name,
            status="passed" if told.outcome.holds else "failed",
            severity=severity,
            column=column,
            observed="" if told.outcome.holds else observed,
            failing_rows=told.outcome.failing_rows,
            failing_ids=told.failing_ids,
        )
        for (gate, column), told in zip(unmet, answers, strict=True)
        if told is not None
    ]


def check_pushed_segments(
    batch: PushedBatch, contract: Contract, usable: frozenset[str]
) -> Iterator[Check]:
    """Warn of segment and protected columns with more values than are watched.

    Args:
        batch: The rows, at least one.
        contract: Declares the columns and `policy.max_segments`.
        usable: Columns that are there and not empty.
    """
    columns = contract.columns
    for name in dict.fromkeys((*columns.segments, *columns.protected)):
        if name not in usable:
            continue
        values = different(batch, batch.column(name)).count().to_pyarrow().as_py()
        if values > contract.policy.max_segments:
            yield too_many_segments(name, values, contract)
