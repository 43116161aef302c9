"""Drills: known faults in healthy days, judged by the real path, and graded.

Nothing real is written but the log of the drill.
"""

import json
import tempfile
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from monitoring_tasks.daily import run_day
from monitoring_tasks.domain.evaluations import Evaluation
from monitoring_tasks.domain.units import Unit
from monitoring_tasks.errors import ConfigurationError, NotApplicableError
from monitoring_tasks.operations.drills.drill_sandbox import (
    DrillSandbox,
    open_drill_sandbox,
)
from monitoring_tasks.operations.drills.fault_catalogue import Fault, choose
from monitoring_tasks.operations.drills.fleet_drill import drill_fleet
from monitoring_tasks.operations.drills.grading import grade
from monitoring_tasks.operations.drills.log_records import (
    answer_of,
    answers_record,
    fault_record,
    grade_record,
)
from monitoring_tasks.workspace.workspace import Workspace, open_workspace

RunDay = Callable[[Workspace, Unit], Evaluation]
SCORED_AGAIN = "scored again by version {}"
AS_THEY_WERE = "as they were"


def drill(
    model: str,
    *,
    faults: Sequence[str] = (),
    day: str | None = None,
    days: int = 5,
    size: float | None = None,
    progress: Callable[[date], None] | None = None,
) -> dict[str, Any]:
    """Put known faults into healthy days and see whether the judgement is right.

    Takes place in a throw-away workspace; the real one only gets the log.

    Args:
        model: Registered model name.
        faults: Names of the faults, one after the other; all of them if none is given.
        day: ISO day; no later one is drilled on.
        days: How many healthy days to drill on.
        size: How large the faults are, in their own unit; None for each one's own.
        progress: Called with each day of each fault once it is judged.

    Returns:
        What was drilled, seen and expected, with the number `right` and `wrong`.
    """
    with open_workspace() as workspace:
        return drill_model(
            workspace,
            model,
            choose(faults, size=size),
            run_day=run_day,
            last=date.fromisoformat(day) if day else None,
            days=days,
            progress=progress,
        )


def drill_model(
    real: Workspace,
    model: str,
    faults: Sequence[Fault],
    *,
    run_day: RunDay,
    last: date | None,
    days: int,
    progress: Callable[[date], None] | None = None,
) -> dict[str, Any]:
    """Drill a model on each fault by itself and keep the log.

    Args:
        real: The real workspace; nothing of it is changed but `drills/` in its home.
        model: Registered model name.
        faults: What goes wrong, one after the other.
        run_day: Judges one day of a workspace: the real path.
        last: Take no later day than this; None for any.
        days: How many healthy days to drill on.
        progress: Called with each day of each fault once it is done.

    Returns:
        Plain JSON: what was drilled on, a record for each fault, how many of the
        judgement's answers were right and wrong, how many faults were skipped.

    Raises:
        NoDataError: If the model has too few healthy days.
        ConfigurationError: If so many days cannot show whether an answer is right.
    """
    _require_enough(faults, days)
    with (
        tempfile.TemporaryDirectory(prefix="daywatch-drill-") as folder,
        open_drill_sandbox(real, model, Path(folder), last=last, count=days) as sandbox,
    ):
        records = [
            _drill(sandbox, fault, run_day=run_day, progress=progress)
            for fault in faults
        ]
        results = [record["result"] for record in records]
        drilled = list(sandbox.days)
        at = real.clock.now(about=sandbox.unit(drilled[-1]).as_of)
        summary = {
            "model": model,
            "version": sandbox.version,
            "at": at.isoformat(),
            "days": [day.isoformat() for day in drilled],
            **{word: results.count(word) for word in ("right", "wrong", "skipped")},
            "drills": records,
        }
    stamp = f"{at:%Y%m%dT%H%M%SZ}"
    faults_name = faults[0].name if len(faults) == 1 else f"{len(faults)}-faults"
    path = real.settings.home / "drills" / f"{stamp}-{model}-{faults_name}.json"
    _write(path, summary)
    return summary | {"log": str(path)}


def _require_enough(faults: Sequence[Fault], days: int) -> None:
    # The days before the onset, and those within which it has to be found.
    needed = max(f.onset - 1 + (f.expected.within_days or 1) for f in faults)
    if days < needed:
        msg = (
            f"{days} days are too few to tell whether the answer is right; at least "
            f"{needed} are needed"
        )
        raise ConfigurationError(msg)


def _drill(
    sandbox: DrillSandbox,
    fault: Fault,
    *,
    run_day: RunDay,
    progress: Callable[[date], None] | None,
) -> dict[str, Any]:
    record = fault_record(fault)
    # The remark of an earlier fault must not be told of this one.
    sandbox.rescorer.remark = ""
    try:
        _require_watched(sandbox, fault)
        if fault.hits_several:
            fleet_record = drill_fleet(
                sandbox, fault, run_day=run_day, progress=progress
            )
            return record | {"scores": _scores(sandbox, fault)} | fleet_record
        faulty = sandbox.deliver(fault)
    except NotApplicableError as error:
        if progress:
            for day in sandbox.days:
                progress(day)
        return record | {"result": "skipped", "why": str(error), "seen": []}
    rows = []
    for day in sandbox.days:
        rows.append(_judge(sandbox, day, run_day=run_day, is_faulty=day in faulty))
        if progress:
            progress(day)
    answers = [answer_of(row, is_faulty=row.day in faulty) for row in rows]
    record |= {"scores": _scores(sandbox, fault)} | answers_record(answers)
    if fault.needs_labels and not _has_labels(sandbox, rows[: fault.onset - 1]):
        why = "the labels are not there when the schedule looks at a day"
        return record | {"result": "skipped", "why": why}
    return record | grade_record(grade(fault.expected, answers))


def _require_watched(sandbox: DrillSandbox, fault: Fault) -> None:
    """Refuse a fault that no objective of the contract could see.

    Raises:
        NotApplicableError: If there is none.
    """
    why = fault.unwatched(sandbox.workspace.contract(sandbox.model))
    if why:
        raise NotApplicableError(why)


def _judge(
    sandbox: DrillSandbox, day: date, *, run_day: RunDay, is_faulty: bool
) -> Evaluation:
    """Judge a day; a healthy one after healthy ones only once for all faults."""
    if not is_faulty and day in sandbox.judged:
        return sandbox.judged[day]
    row = run_day(sandbox.workspace, sandbox.unit(day))
    if is_faulty:
        # The store holds the faulty day now: the next fault has to judge it anew.
        sandbox.judged.pop(day, None)
    else:
        sandbox.judged[day] = row
    return row


def _has_labels(sandbox: DrillSandbox, healthy: Sequence[Evaluation]) -> bool:
    """Whether the days before the fault were mature when the schedule looked."""
    needed = sandbox.workspace.contract(sandbox.model).policy.label_coverage
    return all((row.labelled or 0) >= needed * row.rows for row in healthy)


def _scores(sandbox: DrillSandbox, fault: Fault) -> str:
    if not fault.changes_scores:
        return AS_THEY_WERE
    remark = sandbox.rescorer.remark
    return (
        f"{AS_THEY_WERE}: {remark}"
        if remark
        else (SCORED_AGAIN.format(sandbox.version))
    )


def _write(path: Path, summary: dict[str, Any]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    # Renamed once it is whole: nobody reads half a log.
    half = path.with_suffix(".part")
    half.write_text(json.dumps(summary, indent=2, ensure_ascii=False), encoding="utf-8")
    half.replace(path)
