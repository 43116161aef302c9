"""The gates of a day whose rows stay in an engine."""

from pathlib import Path

from monitoring_tasks.contract.column_types import Holds, prediction_columns
from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.domain.findings import DataVerdict
from monitoring_tasks.domain.partitions import OtherDays
from monitoring_tasks.engine.relation import EngineRows
from monitoring_tasks.validate.checks import are_delivered, suite_statements
from monitoring_tasks.validate.gate_statements import (
    classes_as_text,
    prediction_statements,
    with_versions_remedy,
)
from monitoring_tasks.validate.gates import check_days, check_row_count
from monitoring_tasks.validate.pushed.batch import PushedBatch
from monitoring_tasks.validate.pushed.statements import Sample, run_pushed_statements
from monitoring_tasks.validate.pushed.structure import (
    check_pushed_segments,
    check_pushed_sizes,
    check_pushed_values,
    inspect_pushed_structure,
    read_sizes,
)
from monitoring_tasks.validate.verdicts import judge_checks


def check_pushed_predictions(
    rows: EngineRows,
    *,
    contract: Contract,
    suite: Path | None,
    sample: Sample,
    known_versions: frozenset[str] | None = None,
    other_days: OtherDays | None = None,
) -> DataVerdict:
    """Say whether a day of predictions in an engine is fit to judge the model by.

    As `check_predictions` says of rows in memory: the same gates in the same order. No
    row is fetched but the first ones that fail.

    Args:
        rows: The rows of the day.
        contract: Declares the columns, by their own names.
        suite: The user's suite for predictions; None for the built-in gates alone.
        sample: Rows of the day, for what is not asked of an engine.
        known_versions: Versions in the registry; None when that is not to be checked.
        other_days: Rows of other days that were delivered with these and left out.

    Raises:
        ConfigurationError: If the suite is not sound.
    """
    columns, declared = contract.columns, prediction_columns(contract)
    as_text = {columns.model_version, *classes_as_text(contract, columns.prediction)}
    names = {n: rows.names[n] for n in declared if rows.has(rows.names[n])}
    batch = PushedBatch(table=rows.table, names=names)
    sizes = read_sizes(batch)
    min_rows = contract.policy.min_rows
    checks = [are_delivered("predictions"), check_row_count(sizes.rows, min_rows)]
    if other_days is not None:
        checks.append(check_days(other_days, contract.policy.timestamps))
    # Before the empty day leaves: a suite that is not sound is told on any day.
    users = suite_statements(suite, contract)
    if not sizes.rows:
        return judge_checks(checks)
    structure = inspect_pushed_structure(batch, declared, sizes)
    usable = structure.usable
    id_column = columns.id if columns.id in usable else None
    numbers = [n for n, h in declared.items() if h is Holds.NUMBERS and n in usable]
    checks += [*structure.checks, *check_pushed_values(batch, contract, usable)]
    checks += check_pushed_segments(batch, contract, usable)
    checks += check_pushed_sizes(batch, numbers, id_column=id_column)
    # A statistic of a few rows breaks any bound by chance, and would be a breach.
    if sizes.rows < min_rows:
        checks += [s.check("skipped", observed=f"{sizes.rows} rows") for s in users]
        users = []
    statements = [*prediction_statements(contract, known_versions), *users]
    possible = [s for s in statements if usable.issuperset(s.columns)]
    skipped = [s for s in statements if not usable.issuperset(s.columns)]
    stated = run_pushed_statements(
        PushedBatch(table=rows.table, names=names, as_text=frozenset(as_text)),
        possible,
        id_column=id_column,
        sample=sample,
    )
    stated += [
        s.check("skipped", observed="the column cannot be used") for s in skipped
    ]
    return judge_checks(
        [*checks, *with_versions_remedy(stated, contract, known_versions)]
    )
