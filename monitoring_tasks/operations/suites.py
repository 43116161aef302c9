"""Suites of Great Expectations that a person asks to have drafted."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pyarrow as pa

from monitoring_tasks.errors import NoDataError
from monitoring_tasks.validate.suites.propose import SuiteDraft, propose_suite
from monitoring_tasks.validate.suites.suite_files import write_suite
from monitoring_tasks.workspace.day import Day
from monitoring_tasks.workspace.workspace import Workspace

SUITE_FILE = "predictions.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftedSuite:
    """A drafted suite and where it belongs.

    Attributes:
        suite: As Great Expectations writes one.
        path: Beside the contract.
    """

    suite: SuiteDraft
    path: Path


def draft_suite(
    workspace: Workspace, model: str, *, first: date, last: date
) -> DraftedSuite:
    """Draft a suite from the predictions of good days; nothing is written.

    Args:
        workspace: The workspace.
        model: Registered model name.
        first: First good day.
        last: Last good day, included.

    Raises:
        NoDataError: If no day of them was evaluated.
    """
    contract = workspace.contract(model)
    return DraftedSuite(
        suite=propose_suite(_rows(workspace, model, first, last), contract=contract),
        path=workspace.loaded(model).folder / SUITE_FILE,
    )


def write_drafted(drafted: DraftedSuite) -> None:
    """Write a drafted suite beside its contract; one that is there is written over.

    Raises:
        OSError: If the file cannot be written.
    """
    write_suite(drafted.path, drafted.suite)


def _rows(
    workspace: Workspace, model: str, first: date, last: date
) -> dict[date, pa.Table]:
    frozen = {
        evaluation.day: Day(workspace, evaluation.unit).predictions
        for evaluation in workspace.results.current(model, first, last)
    }
    rows = {day: table for day, table in frozen.items() if table is not None}
    if not rows:
        msg = (
            f"no day of {model} from {first} to {last} has been judged; run "
            f"`daywatch backfill {model} --from {first} --to {last}` first"
        )
        raise NoDataError(msg)
    return rows
