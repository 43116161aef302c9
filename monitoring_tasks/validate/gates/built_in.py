"""The built-in gates: what holds for the batches of every model, whatever its suite."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from monitoring_tasks.contract.column_types import Holds
from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.contract.timestamps import TimestampPolicy
from monitoring_tasks.domain.counts import LARGEST
from monitoring_tasks.domain.findings import Check
from monitoring_tasks.domain.partitions import OtherDays
from monitoring_tasks.validate.gates.day_rows import DayRows
from monitoring_tasks.validate.gates.structure import Structure
from monitoring_tasks.validate.suites.statements import Statement

ENOUGH_ROWS = "enough_rows_to_judge"
"""Fails as a warning on 1 to `policy.min_rows` - 1 rows: the day is inconclusive."""


def are_delivered(kind: str) -> Check:
    """Say that there are rows of a kind: predictions or labels."""
    return Check(
        gate="presence",
        name=f"{kind}_are_delivered",
        status="passed",
        severity="critical",
    )


def check_row_count(rows: int, minimum: int) -> Check:
    """Say whether there are rows (critical) and enough of them (warning).

    Args:
        rows: Rows of the day.
        minimum: `policy.min_rows`.
    """
    return Check(
        gate="rows",
        name=ENOUGH_ROWS,
        status="passed" if rows >= minimum else "failed",
        # No row is no batch; a few are a batch that cannot be judged by.
        severity="warning" if rows else "critical",
        observed=f"{rows} (agreed {minimum} to any)",
    )


def check_days(other: OtherDays, policy: TimestampPolicy) -> Check:
    """Say that rows of other days were delivered, and left out.

    Args:
        other: How many rows were delivered, and how many of them are of other days.
        policy: From which share on that is critical.
    """
    share = other.rows / other.delivered
    return Check(
        gate="rows",
        name="rows_are_of_the_day",
        status="failed",
        severity="critical" if share >= policy.max_other_share else "warning",
        observed=other.text,
        failing_rows=other.rows,
    )


def check_required_values(
    rows: DayRows, contract: Contract, structure: Structure
) -> list[Check]:
    """Check the values no row may lack; a failed scoring needs no score.

    Args:
        rows: The rows, at least one.
        contract: Names the columns.
        structure: Which of them can be computed with; the others failed before.
    """
    columns, usable = contract.columns, structure.usable
    is_failed = columns.error if columns.error in usable else None
    gates = {columns.timestamp: "keys", columns.model_version: "keys"}
    spared = dict.fromkeys(gates) | dict.fromkeys(columns.scores, is_failed)
    asked = {name: flags for name, flags in spared.items() if name in usable}
    return [
        Check(
            gate=gates.get(name, "values"),
            name="every_row_has_a_value",
            status="failed" if failing.count else "passed",
            severity="critical",
            column=name,
            observed="no value" if failing.count else "",
            failing_rows=failing.count,
            failing_ids=failing.ids,
        )
        for name, failing in rows.without_value(asked, ids=structure.ids).items()
    ]


def check_segments(
    rows: DayRows, contract: Contract, usable: frozenset[str]
) -> Iterator[Check]:
    """Warn of segment and protected columns with more values than are watched.

    Args:
        rows: The rows.
        contract: Declares the columns and `policy.max_segments`.
        usable: Columns that can be computed with.
    """
    columns, most = contract.columns, contract.policy.max_segments
    for name in dict.fromkeys((*columns.segments, *columns.protected)):
        values = rows.different(name) if name in usable else 0
        if values > most:
            role = "segments" if name in columns.segments else "protected"
            yield Check(
                gate="values",
                name="segments_are_few_enough",
                status="failed",
                severity="warning",
                column=name,
                observed=(
                    f"{values} different values, at most {most} are watched; take the "
                    f"column out of columns.{role} or raise policy.max_segments"
                ),
            )


def check_sizes(
    rows: DayRows, declared: Mapping[str, Holds], structure: Structure
) -> Iterator[Check]:
    """Warn of numbers so large that they count as no value.

    Args:
        rows: The rows, at least one.
        declared: Column -> what it must hold.
        structure: Which columns can be computed with.
    """
    numbers = [n for n, holds in declared.items() if holds is Holds.NUMBERS]
    usable = [name for name in numbers if name in structure.usable]
    for name, failing in rows.beyond_all_sums(usable, ids=structure.ids).items():
        if failing.count:
            yield Check(
                gate="values",
                name="numbers_can_be_added_up",
                status="failed",
                severity="warning",
                column=name,
                observed=f"beyond {LARGEST:g} in size, counted as no value",
                failing_rows=failing.count,
                failing_ids=failing.ids,
            )


def check_statements(
    rows: DayRows,
    statements: Sequence[Statement],
    structure: Structure,
    as_text: Iterable[str],
) -> list[Check]:
    """Hold what can be held; a statement about an unusable column is skipped.

    Args:
        rows: The rows, at least one.
        statements: Of the built-in gates and of the user's suite.
        structure: Which columns can be computed with.
        as_text: Columns whose values are compared as text.
    """
    # On a column of nulls Great Expectations passes everything, on an absent one it
    # raises.
    possible = [s for s in statements if structure.usable.issuperset(s.columns)]
    skipped = [s for s in statements if not structure.usable.issuperset(s.columns)]
    return [
        *rows.check_statements(possible, ids=structure.ids, as_text=frozenset(as_text)),
        *(s.check("skipped", observed="the column cannot be used") for s in skipped),
    ]
