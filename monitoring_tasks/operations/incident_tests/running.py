"""Holding the tests that incidents have left behind."""

import tempfile
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from shutil import copytree
from typing import Any

from monitoring_tasks.daily import judge_day, run_day
from monitoring_tasks.domain.incident_tests import (
    IncidentTest,
    IncidentTestKind,
    IncidentTestResult,
)
from monitoring_tasks.domain.units import Mode, Unit
from monitoring_tasks.errors import MonitoringError, TransientError
from monitoring_tasks.estimate.step import estimate_day
from monitoring_tasks.operations.drills.drilling import drill_model
from monitoring_tasks.operations.drills.fault_catalogue import choose
from monitoring_tasks.operations.incident_tests.contract_values import value_at
from monitoring_tasks.operations.incident_tests.leaving import expectations_of
from monitoring_tasks.operations.sandbox import open_sandbox
from monitoring_tasks.store.sandbox import as_dry_runs
from monitoring_tasks.validate.step import validate_day
from monitoring_tasks.workspace.day import Day
from monitoring_tasks.workspace.workspace import Workspace, open_workspace

Kind = IncidentTestKind
Progress = Callable[[str], None]
DRILL_DAYS = 5


def hold(model: str) -> dict[str, Any]:
    """Hold the tests of a model's incidents in the workspace the environment names.

    Args:
        model: Registered model name.

    Returns:
        Plain JSON: `held` and `failed`, the ids of the tests, and `results`.
    """
    with open_workspace() as workspace:
        return summary_of(hold_tests(workspace, model))


def hold_tests(
    workspace: Workspace,
    model: str | None = None,
    *,
    incident: str | None = None,
    progress: Progress | None = None,
) -> list[IncidentTestResult]:
    """Hold every test that incidents have left; what cannot be tried fails.

    Args:
        workspace: The workspace; nothing of it is changed but the logs of drills.
        model: Registered model name; None for all.
        incident: Id of an incident; None for all.
        progress: Called with the id of each test that was held.

    Raises:
        TransientError: If something outside did not answer.
    """
    results = []
    for test in workspace.incident_work.tests(incident, model=model):
        results.append(_held(workspace, test))
        if progress:
            progress(test.id)
    return results


def summary_of(results: Sequence[IncidentTestResult]) -> dict[str, Any]:
    """Return results as plain JSON: `held`, `failed`, and each of them."""
    return {
        "held": [r.test.id for r in results if r.passed],
        "failed": [r.test.id for r in results if not r.passed],
        "results": [
            asdict(r.test)
            | {
                "kind": r.test.kind.value,
                "created_at": r.test.created_at.isoformat(),
                "passed": r.passed,
                "text": r.text,
            }
            for r in results
        ],
    }


def _held(workspace: Workspace, test: IncidentTest) -> IncidentTestResult:
    holders = {
        Kind.EXPECTATION: _expectation,
        Kind.LIMIT: _limit,
        Kind.DRILL: _drill,
        Kind.REPLAY: _replay,
    }
    try:
        passed, text = holders[test.kind](workspace, test)
    except TransientError:
        raise
    except (MonitoringError, LookupError) as error:
        passed, text = False, f"could not be held: {error}"
    return IncidentTestResult(test=test, passed=passed, text=text)


def _expectation(workspace: Workspace, test: IncidentTest) -> tuple[bool, str]:
    entries = expectations_of(workspace, test.model, test.target)
    if entries == test.detail["expectations"]:
        return True, "it stands in the suite"
    return True, "it stands in the suite, with other bounds than when it was left"


def _limit(workspace: Workspace, test: IncidentTest) -> tuple[bool, str]:
    now = value_at(workspace.contract(test.model), test.target)
    was = test.detail["was"]
    if now == was:
        return False, f"it is {now!r} again, as it was at the incident"
    return True, f"it is {now!r}; at the incident it was {was!r}"


def _drill(workspace: Workspace, test: IncidentTest) -> tuple[bool, str]:
    faults = choose([test.target], size=test.detail["size"])
    summary = drill_model(
        workspace, test.model, faults, run_day=run_day, last=None, days=DRILL_DAYS
    )
    record = summary["drills"][0]
    passed = record["result"] == "right"
    return passed, f"{record['result']}: {record.get('why') or 'as expected'}"


def _replay(workspace: Workspace, test: IncidentTest) -> tuple[bool, str]:
    key = test.detail["evaluation"]
    again = judge_frozen(workspace, Unit.from_key(key))
    expected = {name: test.detail[name] for name in ("verdict", "cause")}
    differing = [
        f"{name} {again[name] or 'none'} instead of {value or 'none'}"
        for name, value in expected.items()
        if again[name] != value
    ]
    if differing:
        return False, f"judged again: {', '.join(differing)}"
    return True, f"judged again: {again['verdict']}, {again['cause'] or 'no cause'}"


def judge_frozen(real: Workspace, unit: Unit) -> dict[str, str | None]:
    """Judge the frozen rows of a day again, all steps of it, in a sandbox.

    By the contract and the suites as they stand, with what was known then.

    Args:
        real: The workspace; only read.
        unit: A judgement of the day.

    Returns:
        `verdict` and `cause` of the day now.
    """
    Day(real, unit).require_all_rows("A replay")
    with tempfile.TemporaryDirectory(prefix="daywatch-replay-") as name:
        folder = Path(name)
        loaded = real.loaded(unit.model)
        copytree(loaded.folder, folder / "expectations" / unit.model)
        with open_sandbox(real, unit.model, folder) as workspace:
            # A live judgement made again would report incidents and page.
            as_dry_runs(workspace.database, unit.model)
            quiet = Unit(
                model=unit.model, day=unit.day, as_of=unit.as_of, mode=Mode.DRY_RUN
            )
            day = Day(workspace, quiet)
            validate_day(day)
            estimate_day(day)
            judge_day(day)
            decided = workspace.results.evaluation(quiet)
    cause = decided.cause
    return {
        "verdict": decided.verdict.value if decided.verdict else None,
        "cause": cause.value if cause else None,
    }
