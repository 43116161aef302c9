"""The gates of a day's predictions, in order, wherever the rows lie."""

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.domain.findings import Check, DataVerdict
from monitoring_tasks.domain.partitions import OtherDays
from monitoring_tasks.validate.gate_statements import (
    classes_as_text,
    prediction_statements,
    with_versions_remedy,
)
from monitoring_tasks.validate.gates import check_days, check_row_count
from monitoring_tasks.validate.statements import Statement
from monitoring_tasks.validate.suites import load_suite
from monitoring_tasks.validate.verdicts import judge_checks


class PredictionRows(Protocol):
    """A day's predictions, in memory or in an engine, as the gates ask them."""

    @property
    def count(self) -> int:
        """How many rows there are."""

    def check_columns(self) -> list[Check]:
        """Check types, required values, segments and sizes; asked of rows only."""

    def check_statements(
        self, statements: Sequence[Statement], *, as_text: frozenset[str]
    ) -> list[Check]:
        """Hold statements; those about a column that cannot be used are skipped.

        Args:
            statements: Of the built-in gates and of the user's suite.
            as_text: Columns whose values are compared as text.
        """


def judge_predictions(
    rows: PredictionRows,
    *,
    contract: Contract,
    suite: Path | None,
    known_versions: frozenset[str] | None,
    other_days: OtherDays | None,
) -> DataVerdict:
    """Say whether a day of predictions is fit to judge the model by.

    Args:
        rows: The rows of the day.
        contract: Declares the columns.
        suite: The user's suite for predictions; None for the built-in gates alone.
        known_versions: Versions in the registry; None when that is not to be checked.
        other_days: Rows of other days that were delivered with these and left out.

    Raises:
        ConfigurationError: If the suite is not sound.
    """
    columns, policy, count = contract.columns, contract.policy, rows.count
    checks = [are_delivered("predictions"), check_row_count(count, policy.min_rows)]
    if other_days is not None:
        checks.append(check_days(other_days, policy.timestamps))
    # Before the empty day leaves: a suite that is not sound is told on any day.
    users = suite_statements(suite, contract)
    if not count:
        return judge_checks(checks)
    checks += rows.check_columns()
    # A statistic of a few rows breaks any bound by chance, and would be a breach.
    if count < policy.min_rows:
        checks += [s.check("skipped", observed=f"{count} rows") for s in users]
        users = []
    as_text = {columns.model_version, *classes_as_text(contract, columns.prediction)}
    stated = rows.check_statements(
        [*prediction_statements(contract, known_versions), *users],
        as_text=frozenset(as_text),
    )
    return judge_checks(
        [*checks, *with_versions_remedy(stated, contract, known_versions)]
    )


def suite_statements(suite: Path | None, contract: Contract) -> list[Statement]:
    """Return the statements of a user's suite; none where there is none.

    Args:
        suite: The file.
        contract: Names the columns a suite may speak of.

    Raises:
        ConfigurationError: If the suite is not sound.
    """
    return [] if suite is None else load_suite(suite, contract)


def are_delivered(kind: str) -> Check:
    """Say that there are rows of a kind: predictions or labels."""
    return Check(
        gate="presence",
        name=f"{kind}_are_delivered",
        status="passed",
        severity="critical",
    )
