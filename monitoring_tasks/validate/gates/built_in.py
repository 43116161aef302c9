"""The built-in gates: what holds for the batches of every model, whatever its suite."""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence

import pyarrow as pa

from monitoring_tasks.contract.column_types import Holds
from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.contract.timestamps import TimestampPolicy
from monitoring_tasks.domain.counts import LARGEST
from monitoring_tasks.domain.findings import Check
from monitoring_tasks.domain.partitions import OtherDays
from monitoring_tasks.domain.volumes import ENOUGH_ROWS
from monitoring_tasks.validate.engine_checks.counting import AnswerT, Batch, Kind
from monitoring_tasks.validate.engine_checks.kwargs import Kwargs
from monitoring_tasks.validate.engine_checks.outcome import Outcome
from monitoring_tasks.validate.gates.day_rows import DayRows
from monitoring_tasks.validate.gates.structure import Structure
from monitoring_tasks.validate.suites.statements import Statement


def check_row_count(rows: int, minimum: int) -> Check:
    """Say whether there are rows (critical) and enough of them (warning)."""
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
    """Check the values no row may lack; a failed scoring needs no score or prediction.

    Of the outputs it is the scores, of a regression the prediction: its metrics leave
    out what is no number, and would speak for the rows that have one.

    Args:
        rows: The rows, at least one.
        contract: Names the columns.
        structure: Which of them can be computed with; the others failed before.
    """
    columns, usable = contract.columns, structure.usable
    is_failed = columns.error if columns.error in usable else None
    required = [
        *(("keys", n, None) for n in (columns.timestamp, columns.model_version)),
        *(
            ("values", name, is_failed)
            for name in columns.scores or (columns.prediction,)
        ),
    ]
    asked = [(gate, n, flags) for gate, n, flags in required if n in usable]
    failing = rows.failing(
        [(_lacks_value, {"column": n, "spared": flags}) for _, n, flags in asked],
        ids=structure.ids,
    )
    return [
        Check(
            gate=gate,
            name="every_row_has_a_value",
            status="failed" if lacking.count else "passed",
            severity="critical",
            column=name,
            observed="no value, or an infinite one" if lacking.count else "",
            failing_rows=lacking.count,
            failing_ids=lacking.ids,
        )
        for (gate, name, _), lacking in zip(asked, failing, strict=True)
    ]


def _lacks_value(batch: Batch[AnswerT], kwargs: Kwargs) -> AnswerT:
    """Count the rows without a value, but for those on which a flag is set.

    A number beyond all sums is none, an infinite one first of all.
    """
    column = batch.column(kwargs["column"])
    is_value = column.is_there
    if column.kind in {Kind.NUMBER, Kind.SINGLE}:
        largest, smallest = (
            batch.constant(end, column.doubles) for end in (LARGEST, -LARGEST)
        )
        is_value &= (column.doubles <= largest) & (column.doubles >= smallest)
    unmet = batch.is_not_true(is_value)
    if kwargs["spared"] is not None:
        flags = batch.column(kwargs["spared"])
        none = batch.constant(0, flags.doubles)
        is_set = flags.values if flags.kind is Kind.FLAG else ~(flags.doubles == none)
        unmet = unmet & batch.is_not_true(is_set)
    return batch.of_rows(unmet, [], {}, considered=batch.count)


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
    declared = dict.fromkeys((*columns.segments, *columns.protected))
    names = [name for name in declared if name in usable]
    different = rows.failing(
        [(_different_values, {"column": n}) for n in names], ids=None
    )
    for name, values in zip(names, different, strict=True):
        if values.count > most:
            role = "segments" if name in columns.segments else "protected"
            yield Check(
                gate="values",
                name="segments_are_few_enough",
                status="failed",
                severity="warning",
                column=name,
                observed=(
                    f"{values.count} different values, at most {most} are watched; "
                    f"take the column out of columns.{role} or raise "
                    "policy.max_segments"
                ),
            )


def _different_values(batch: Batch[AnswerT], kwargs: Kwargs) -> AnswerT:
    """Count the different values of a column."""
    return batch.of_different(
        batch.column(kwargs["column"]),
        lambda answers: Outcome(holds=True, failing_rows=int(answers["count"])),
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
    # No whole number is that large.
    asked = [
        name
        for name in numbers
        if name in structure.usable and not pa.types.is_integer(rows.kind(name))
    ]
    failing = rows.failing(
        [(_is_beyond_all_sums, {"column": name}) for name in asked], ids=structure.ids
    )
    for name, beyond in zip(asked, failing, strict=True):
        if beyond.count:
            yield Check(
                gate="values",
                name="numbers_can_be_added_up",
                status="failed",
                severity="warning",
                column=name,
                observed=f"beyond {LARGEST:g} in size, counted as no value",
                failing_rows=beyond.count,
                failing_ids=beyond.ids,
            )


def _is_beyond_all_sums(batch: Batch[AnswerT], kwargs: Kwargs) -> AnswerT:
    """Count numbers that are too large; infinite counts as no value everywhere."""
    column = batch.column(kwargs["column"])
    if column.is_within({"min_value": -LARGEST, "max_value": LARGEST}):
        return batch.asked({}, lambda _: Outcome(holds=True))
    numbers = column.doubles
    largest, smallest, high, low = (
        batch.constant(end, numbers) for end in (LARGEST, -LARGEST, math.inf, -math.inf)
    )
    too_high = (numbers > largest) & (numbers < high)
    too_low = (numbers < smallest) & (numbers > low)
    return batch.of_rows(too_high | too_low, [], {}, considered=batch.count)


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
