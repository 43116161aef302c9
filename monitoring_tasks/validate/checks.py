"""Is a batch fit to judge a model by? Six gates, from presence to values.

The built-in gates hold for every model; the user's suite comes last. The seventh,
`reference`, needs a version's baseline: `reference_gate`. Nothing here judges the
model, and nothing is repaired.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pyarrow as pa

from monitoring_tasks.contract.column_types import (
    label_columns,
    prediction_columns,
)
from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.domain.findings import Check, DataVerdict, Verdict
from monitoring_tasks.domain.partitions import OtherDays
from monitoring_tasks.validate.bounds import check_segments
from monitoring_tasks.validate.gate_statements import (
    class_statements,
    classes_as_text,
    id_statements,
)
from monitoring_tasks.validate.gates import (
    check_matches,
    check_refused,
    check_required_values,
)
from monitoring_tasks.validate.prediction_gates import (
    are_delivered,
    judge_predictions,
    suite_statements,
)
from monitoring_tasks.validate.statements import Statement
from monitoring_tasks.validate.structure import Structure, inspect_structure
from monitoring_tasks.validate.usable_checks import check_usable_sizes, run_usable
from monitoring_tasks.validate.verdicts import judge_checks


def check_predictions(
    table: pa.Table | None,
    *,
    contract: Contract,
    suite: Path | None,
    known_versions: frozenset[str] | None = None,
    other_days: OtherDays | None = None,
) -> DataVerdict:
    """Say whether a day of predictions is fit to judge the model by.

    Fewer rows than `policy.min_rows` fail `enough_rows_to_judge` as a warning, and the
    suite is skipped: statistics of so few rows are no evidence. Scores may be absent
    only on rows whose error column is true.

    Args:
        table: The rows of the day; None when nothing was delivered. Not modified.
        contract: Declares the columns; others are left alone.
        suite: The user's suite for predictions; None for the built-in gates alone.
        known_versions: Versions in the registry; None when that is not to be checked.
        other_days: Rows of other days that were delivered with these and left out.

    Returns:
        `no_data` without a table, `breach` when a critical check failed (no rows at
        all included), else `error` when one could not be evaluated, `warn` or `ok`.

    Raises:
        ConfigurationError: If the suite is not sound.
    """
    if table is None:
        return _nothing("no predictions were delivered")
    return judge_predictions(
        _Delivered(table, contract),
        contract=contract,
        suite=suite,
        known_versions=known_versions,
        other_days=other_days,
    )


@dataclass(frozen=True)
class _Delivered:
    """A day's predictions in memory, as the gates ask them."""

    table: pa.Table
    contract: Contract

    @property
    def count(self) -> int:
        rows: int = self.table.num_rows
        return rows

    def check_columns(self) -> list[Check]:
        table, contract, structure = self.table, self.contract, self._structure
        return [
            *structure.checks,
            *check_required_values(table, contract, structure),
            *check_segments(table, contract, structure.usable),
            *check_usable_sizes(
                table, prediction_columns(contract), structure, contract.columns.id
            ),
        ]

    def check_statements(
        self, statements: Sequence[Statement], *, as_text: frozenset[str]
    ) -> list[Check]:
        return run_usable(
            self.table,
            list(statements),
            structure=self._structure,
            contract=self.contract,
            as_text=as_text,
        )

    @cached_property
    def _structure(self) -> Structure:
        return inspect_structure(
            self.table,
            prediction_columns(self.contract),
            id_column=self.contract.columns.id,
        )


def check_labels(
    table: pa.Table | None,
    *,
    contract: Contract,
    suite: Path | None,
    prediction_ids: pa.ChunkedArray | None = None,
    refused: int = 0,
    why_refused: str = "",
) -> DataVerdict:
    """Say whether labels can be joined one to one and mean what was agreed.

    Args:
        table: The labels of a day as known now; None or empty when there are none yet.
        contract: Declares id, label and classes.
        suite: The user's suite for labels, named `labels.json`; None for none.
        prediction_ids: Ids of the day's predictions; a label beside them warns. None
            when that is not to be checked.
        refused: Labels that were refused for their value, null in `table`.
        why_refused: Why, in words.

    Returns:
        `no_data` when no label is known, else as for predictions.

    Raises:
        ConfigurationError: If the suite is not sound.
    """
    users = suite_statements(suite, contract)
    if table is None or not table.num_rows:
        return _nothing("no labels have arrived")
    columns = contract.columns
    structure = inspect_structure(table, label_columns(contract), id_column=columns.id)
    # Labels that are all null are labels that have not come, not broken ones.
    if ("nulls", columns.label) in {(c.gate, c.column) for c in structure.checks}:
        return _nothing(why_refused or "every label that has arrived is null")
    statements = [
        *id_statements(contract),
        *class_statements(contract, columns.label),
    ]
    checks = [
        are_delivered("labels"),
        *structure.checks,
        *run_usable(
            table,
            [*statements, *users],
            structure=structure,
            contract=contract,
            as_text=frozenset(classes_as_text(contract, columns.label)),
        ),
    ]
    checks += check_usable_sizes(table, label_columns(contract), structure, columns.id)
    if refused:
        checks.append(check_refused(refused, why_refused, columns.label))
    if prediction_ids is not None and columns.id in structure.usable:
        checks.append(
            check_matches(table.column(columns.id), prediction_ids, columns.id)
        )
    return judge_checks(checks)


def _nothing(reason: str) -> DataVerdict:
    check = Check(
        gate="presence",
        name="rows_are_delivered",
        status="failed",
        severity="critical",
        observed=reason,
    )
    return DataVerdict(verdict=Verdict.NO_DATA, reason=reason, checks=(check,))
