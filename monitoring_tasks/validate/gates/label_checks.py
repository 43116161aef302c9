"""Are the labels of a day fit to be joined? As they are read for the join itself."""

from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from monitoring_tasks.contract.column_types import label_columns
from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.domain.findings import Check, DataVerdict, Verdict
from monitoring_tasks.domain.label_verdict import LabelVerdict
from monitoring_tasks.errors import LabelMismatchError
from monitoring_tasks.rows.label_reading import ReadLabels, read_labels
from monitoring_tasks.rows.label_values import values_of
from monitoring_tasks.validate.engine_checks.table_column import plain_column
from monitoring_tasks.validate.gates.built_in import (
    check_sizes,
    check_statements,
)
from monitoring_tasks.validate.gates.gate_statements import (
    class_statements,
    classes_as_text,
    id_statements,
)
from monitoring_tasks.validate.gates.structure import inspect_structure
from monitoring_tasks.validate.gates.table_rows import TableRows
from monitoring_tasks.validate.gates.verdicts import judge_checks
from monitoring_tasks.validate.suites.expectations import failing_ids
from monitoring_tasks.validate.suites.suite_files import suite_statements


def judge_labels(
    labels: pa.Table | None,
    predictions: pa.Table,
    contract: Contract,
    *,
    suite: Path | None,
    unreadable: str = "",
) -> LabelVerdict:
    """Return whether the labels may be used, the verdict on them and why.

    Ones that fail critically are not used; values and ids that cannot be are left out
    one by one.

    Args:
        labels: The frozen labels of a day; None when none are known.
        predictions: Its frozen predictions, at least one row.
        contract: Declares id, label and what a label may be.
        suite: The user's suite for labels; None for none.
        unreadable: Why the labels could not be read at all; empty when they could.
    """
    if unreadable:
        return _unusable(unreadable)
    id_column = contract.columns.id
    # The structure of the predictions fails on its own where the id is absent.
    is_joinable = id_column in predictions.column_names
    if labels is None or not labels.num_rows or not is_joinable:
        return _summary(check_labels(labels, contract, suite=suite))
    try:
        read = read_labels(
            predictions,
            labels,
            contract.columns,
            arrived_at=contract.sources.labels.arrived_at,
            values=values_of(contract),
        )
    except LabelMismatchError as error:
        return _unusable(str(error))
    return _summary(check_labels(read.newest, contract, suite=suite, read=read))


def check_labels(
    table: pa.Table | None,
    contract: Contract,
    *,
    suite: Path | None,
    read: ReadLabels | None = None,
) -> DataVerdict:
    """Say whether labels can be joined one to one and mean what was agreed.

    Args:
        table: The labels of a day as known now; None or empty when there are none yet.
        contract: Declares id, label and classes.
        suite: The user's suite for labels, named `labels.json`; None for none.
        read: How the join reads them, refused values and ids of predictions: a label
            beside those warns. None when that is not to be checked.

    Returns:
        `no_data` when no label is known, else as for predictions.

    Raises:
        ConfigurationError: If the suite is not sound.
    """
    users = suite_statements(suite, contract)
    if table is None or not table.num_rows:
        return _nothing("no labels have arrived")
    columns, declared = contract.columns, label_columns(contract)
    rows = TableRows(table)
    structure = inspect_structure(rows, declared, id_column=columns.id)
    # Labels that are all null are labels that have not come, not broken ones.
    if ("nulls", columns.label) in {(c.gate, c.column) for c in structure.checks}:
        refused = read.remark if read else ""
        return _nothing(refused or "every label that has arrived is null")
    built_in = [*id_statements(contract), *class_statements(contract, columns.label)]
    as_text = classes_as_text(contract, columns.label)
    checks = [
        Check.held("presence", "labels_are_delivered"),
        *structure.checks,
        *check_statements(rows, [*built_in, *users], structure, as_text=as_text),
        *check_sizes(rows, declared, structure),
    ]
    if read and read.refused:
        checks.append(_check_refused(read, columns.label))
    if read and structure.ids:
        ids = table.column(columns.id)
        checks.append(_check_matches(ids, read.prediction_ids, columns.id))
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


def _check_refused(read: ReadLabels, column: str) -> Check:
    """Say that labels were refused for their value; the others are used."""
    return Check(
        gate="values",
        name="label_is_an_agreed_value",
        status="failed",
        severity="warning",
        column=column,
        observed=read.remark,
        failing_rows=read.refused,
    )


def _check_matches(
    ids: pa.ChunkedArray, predicted_ids: pa.ChunkedArray, column: str
) -> Check:
    """Say whether every label has a prediction; one without is a warning."""
    # The same ids in the same order need no hash of each.
    positions = [] if ids.equals(predicted_ids) else _strangers(ids, predicted_ids)
    return Check(
        gate="keys",
        name="label_belongs_to_a_prediction",
        status="failed" if positions else "passed",
        severity="warning",
        column=column,
        observed="no prediction has this id" if positions else "",
        failing_rows=len(positions),
        failing_ids=failing_ids(ids, positions),
    )


def _strangers(ids: pa.ChunkedArray, predicted_ids: pa.ChunkedArray) -> list[int]:
    """Return the positions of ids that no prediction has."""
    # As text: an id may be a number on one side and a text on the other.
    predicted = plain_column(predicted_ids, as_text=True)
    matched = pc.is_in(plain_column(ids, as_text=True), value_set=predicted)
    positions: list[int] = pc.indices_nonzero(pc.invert(matched)).to_pylist()
    return positions


def _unusable(reason: str) -> LabelVerdict:
    return LabelVerdict(usable=False, verdict=Verdict.ERROR, reason=reason)


def _summary(verdict: DataVerdict) -> LabelVerdict:
    return LabelVerdict(
        usable=verdict.verdict is not Verdict.BREACH or _only_repeats(verdict),
        verdict=verdict.verdict,
        reason=verdict.reason,
        failed=tuple(c for c in verdict.checks if c.status in {"failed", "errored"}),
    )


def _only_repeats(verdict: DataVerdict) -> bool:
    """Whether repeated ids are all that is wrong: the join settles those by itself."""
    return all(
        check.gate == "keys"
        for check in verdict.checks
        if check.status == "failed" and check.severity == "critical"
    )
