"""Is a batch fit to judge a model by? Six gates, from presence to values.

The built-in gates hold for every model; the user's suite comes last. The seventh,
`reference`, needs a version's baseline: `reference_gate`. Nothing here judges the
model, and nothing is repaired.
"""

from pathlib import Path

from monitoring_tasks.contract.column_types import prediction_columns
from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.domain.findings import Check, DataVerdict
from monitoring_tasks.domain.partitions import OtherDays
from monitoring_tasks.validate.gates.built_in import (
    check_days,
    check_required_values,
    check_row_count,
    check_segments,
    check_sizes,
    check_statements,
)
from monitoring_tasks.validate.gates.day_rows import DayRows
from monitoring_tasks.validate.gates.gate_statements import (
    classes_as_text,
    prediction_statements,
    with_versions_remedy,
)
from monitoring_tasks.validate.gates.structure import inspect_structure
from monitoring_tasks.validate.gates.verdicts import judge_checks
from monitoring_tasks.validate.suites.suite_files import suite_statements


def check_predictions(
    rows: DayRows,
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
        rows: The rows of the day, in memory or in an engine.
        contract: Declares the columns; others are left alone.
        suite: The user's suite for predictions; None for the built-in gates alone.
        known_versions: Versions in the registry; None when that is not to be checked.
        other_days: Rows of other days that were delivered with these and left out.

    Returns:
        `breach` when a critical check failed (no rows at all included), else `error`
        when one could not be evaluated, `warn` or `ok`.

    Raises:
        ConfigurationError: If the suite is not sound.
    """
    columns, policy, count = contract.columns, contract.policy, rows.count
    delivered = Check.held("presence", "predictions_are_delivered")
    checks = [delivered, check_row_count(count, policy.min_rows)]
    if other_days is not None:
        checks.append(check_days(other_days, policy.timestamps))
    # Before the empty day leaves: a suite that is not sound is told on any day.
    users = suite_statements(suite, contract)
    if not count:
        return judge_checks(checks)
    declared = prediction_columns(contract)
    structure = inspect_structure(rows, declared, id_column=columns.id)
    checks += [
        *structure.checks,
        *check_required_values(rows, contract, structure),
        *check_segments(rows, contract, structure.usable),
        *check_sizes(rows, declared, structure),
    ]
    # A statistic of a few rows breaks any bound by chance, and would be a breach.
    if count < policy.min_rows:
        checks += [s.check("skipped", observed=f"{count} rows") for s in users]
        users = []
    stated = check_statements(
        rows,
        [*prediction_statements(contract, known_versions), *users],
        structure,
        as_text=(columns.model_version, *classes_as_text(contract, columns.prediction)),
    )
    return judge_checks(
        [*checks, *with_versions_remedy(stated, contract, known_versions)]
    )
