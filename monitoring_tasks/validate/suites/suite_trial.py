"""A suite evaluated on the days of a reference, before the first day depends on it."""

import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import pyarrow as pa

from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.domain.findings import Check
from monitoring_tasks.validate.gates.gate_statements import classes_as_text
from monitoring_tasks.validate.suites.expectations import run_statements
from monitoring_tasks.validate.suites.statements import Statement
from monitoring_tasks.validate.suites.suite_files import LABELS, load_suite

MOST_DAYS = 7
"""Days a suite is tried on: enough to see what no day survives."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SuiteTrial:
    """What a suite says of days that were well.

    Attributes:
        faults: Expectations that cannot be evaluated, or that no day met.
        notes: Critical expectations that some days did not meet.
    """

    faults: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def try_suite(
    path: Path, contract: Contract, days: Mapping[date, pa.Table], *, is_whole: bool
) -> SuiteTrial:
    """Evaluate a suite on some of a reference's days.

    Args:
        path: A sound suite.
        contract: Declares the columns.
        days: The rows of each day, label included.
        is_whole: Whether the days hold all their rows; if not, what a suite says of
            the table as a whole (its number of rows) is left out.
    """
    statements = [s for s in load_suite(path, contract) if s.columns or is_whole]
    is_labels = path.name == LABELS
    column = contract.columns.label if is_labels else contract.columns.prediction
    # Spread over the reference: days in a row may share a season.
    picked = sorted(days)[:: max(1, len(days) // MOST_DAYS)][:MOST_DAYS]
    by_day = [_evaluate(days[day], statements, contract, column) for day in picked]
    trial = SuiteTrial()
    for number, statement in enumerate(statements):
        _judge(trial, statement, [checks[number] for checks in by_day])
    return trial


def _evaluate(
    table: pa.Table, statements: Sequence[Statement], contract: Contract, column: str
) -> list[Check]:
    as_text = {contract.columns.model_version, *classes_as_text(contract, column)}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        return run_statements(
            table, statements, id_column=None, as_text=frozenset(as_text)
        )


def _judge(trial: SuiteTrial, statement: Statement, checks: Sequence[Check]) -> None:
    about = statement.kind
    where = f" on '{', '.join(statement.columns)}'" if statement.columns else ""
    errored = next((c for c in checks if c.status == "errored"), None)
    failed = [c for c in checks if c.status == "failed" and c.severity == "critical"]
    if errored is not None:
        trial.faults.append(
            f"{about}{where} cannot be evaluated on the reference: {errored.observed}"
        )
    elif failed and len(failed) == len(checks):
        trial.faults.append(
            f"{about}{where} fails on every day of the reference tried "
            f"({len(checks)}): observed {failed[0].observed}; no day would be fit"
        )
    elif failed:
        trial.notes.append(
            f"{about}{where} fails on {len(failed)} of {len(checks)} days of the "
            f"reference: observed {failed[0].observed}; such days are unfit"
        )
