"""The built-in gates: what holds for the batches of every model, whatever its suite."""

from dataclasses import replace

import pyarrow as pa
import pyarrow.compute as pc
from great_expectations.expectations.core.expect_column_values_to_be_between import (
    ExpectColumnValuesToBeBetween,
)
from great_expectations.expectations.core.expect_column_values_to_be_in_set import (
    ExpectColumnValuesToBeInSet,
)
from great_expectations.expectations.core.expect_column_values_to_be_unique import (
    ExpectColumnValuesToBeUnique,
)
from great_expectations.expectations.core.expect_column_values_to_not_be_null import (
    ExpectColumnValuesToNotBeNull,
)

from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.contract.timestamps import TimestampPolicy
from monitoring_tasks.domain.findings import Check
from monitoring_tasks.domain.partitions import OtherDays
from monitoring_tasks.domain.problems import Problem
from monitoring_tasks.validate.expectations import failing_ids
from monitoring_tasks.validate.gx_frame import plain_column
from monitoring_tasks.validate.statements import Statement
from monitoring_tasks.validate.structure import Structure, check_required

ENOUGH_ROWS = "enough_rows_to_judge"
"""Fails as a warning on 1 to `policy.min_rows` - 1 rows: the day is inconclusive."""
OF_THE_DAY = "rows_are_of_the_day"
KNOWN_VERSION = "model_version_is_registered"
LABEL_READABLE = "label_is_an_agreed_value"
LABEL_MATCHES = "label_belongs_to_a_prediction"


def check_row_count(rows: int, minimum: int) -> Check:
    """Say whether there are rows (critical) and enough of them (warning)."""
    return Check(
        gate="rows",
        name=ENOUGH_ROWS,
        status="passed" if rows >= minimum else "failed",
        severity="warning" if rows else "critical",
        observed=f"{rows} (agreed {minimum} to any)",
    )


def check_days(other: OtherDays, policy: TimestampPolicy) -> Check:
    """Say that rows of other days were delivered, and left out."""
    share = other.rows / other.delivered
    return Check(
        gate="rows",
        name=OF_THE_DAY,
        status="failed",
        severity="critical" if share >= policy.max_other_share else "warning",
        observed=other.text,
        failing_rows=other.rows,
    )


def check_required_values(
    table: pa.Table, contract: Contract, structure: Structure
) -> list[Check]:
    """Check the values no row may lack; a failed scoring needs no score."""
    columns, usable = contract.columns, structure.usable
    id_column = columns.id if columns.id in usable else None
    return [
        *check_required(
            table,
            [n for n in (columns.timestamp, columns.model_version) if n in usable],
            gate="keys",
            id_column=id_column,
        ),
        *check_required(
            table,
            [name for name in columns.scores if name in usable],
            gate="values",
            id_column=id_column,
            exempt=columns.error if columns.error in usable else None,
        ),
    ]


def prediction_statements(
    contract: Contract, known_versions: frozenset[str] | None
) -> list[Statement]:
    """State what holds of the rows of predictions."""
    columns = contract.columns
    statements = id_statements(contract)
    statements += [
        Statement(
            gate="values",
            expectation=ExpectColumnValuesToBeBetween(
                column=name, min_value=0, max_value=1
            ),
        )
        for name in columns.scores
    ]
    statements += class_statements(contract, columns.prediction)
    if known_versions is not None:
        expectation = ExpectColumnValuesToBeInSet(
            column=columns.model_version, value_set=sorted(known_versions)
        )
        statements.append(
            Statement(gate="values", expectation=expectation, name=KNOWN_VERSION)
        )
    return statements


def with_versions_remedy(
    checks: list[Check], contract: Contract, known_versions: frozenset[str] | None
) -> list[Check]:
    """Say beside a version nobody registered which there are, and how to name one."""
    newest = sorted(known_versions or (), key=lambda one: (len(one), one))[-5:]
    remedy = (
        f"; registered of {contract.model}: {', '.join(newest) or 'none'}; register "
        f"it, or say what it means: columns.model_version: "
        f"{{column: {contract.columns.model_version}, map: {{VALUE: VERSION}}}}"
    )
    return [
        replace(check, observed=f"{check.observed}{remedy}")
        if check.name == KNOWN_VERSION and check.status == "failed"
        else check
        for check in checks
    ]


def id_statements(contract: Contract) -> list[Statement]:
    """State that every row has an id of its own."""
    kinds = (ExpectColumnValuesToNotBeNull, ExpectColumnValuesToBeUnique)
    return [
        Statement(gate="keys", expectation=kind(column=contract.columns.id))
        for kind in kinds
    ]


def class_statements(contract: Contract, column: str) -> list[Statement]:
    """State that a class is one of the agreed ones: 0 and 1, or `classes`."""
    if contract.problem is Problem.REGRESSION:
        return []
    binary = contract.problem is Problem.BINARY
    expectation = ExpectColumnValuesToBeInSet(
        column=column, value_set=[0, 1] if binary else list(contract.classes)
    )
    return [Statement(gate="values", expectation=expectation)]


def classes_as_text(contract: Contract, column: str) -> tuple[str, ...]:
    """Name `column` when its classes are compared as text, as the contract has them."""
    return (column,) if contract.problem is Problem.MULTICLASS else ()


def check_refused(refused: int, why: str, column: str) -> Check:
    """Say that labels were refused for their value; the others are used."""
    return Check(
        gate="values",
        name=LABEL_READABLE,
        status="failed",
        severity="warning",
        column=column,
        observed=why,
        failing_rows=refused,
    )


def check_matches(ids: pa.ChunkedArray, known: pa.ChunkedArray, column: str) -> Check:
    """Say whether every label has a prediction; one without is a warning."""
    known_texts = plain_column(known, as_text=True)
    matched = pc.is_in(plain_column(ids, as_text=True), value_set=known_texts)
    positions = pc.indices_nonzero(pc.invert(matched)).to_pylist()
    return Check(
        gate="keys",
        name=LABEL_MATCHES,
        status="failed" if positions else "passed",
        severity="warning",
        column=column,
        observed="no prediction has this id" if positions else "",
        failing_rows=len(positions),
        failing_ids=failing_ids(ids, positions),
    )
