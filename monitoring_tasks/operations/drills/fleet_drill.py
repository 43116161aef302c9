"""A fault that hits several models at once: the model beside clones of itself.

Clones take the model's versions, references and history under other names, in one more
throw-away workspace with one upstream. Their days are looked at live there, so that
incidents are reported and merge as they would; the registry is only read and contracts
only rehearse, so that no alias moves.
"""

import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from monitoring_tasks.domain.autonomy import ResponseMode
from monitoring_tasks.domain.decisions import Cause
from monitoring_tasks.domain.evaluations import Evaluation
from monitoring_tasks.domain.findings import worst
from monitoring_tasks.domain.incidents import Incident
from monitoring_tasks.domain.units import Mode, Unit
from monitoring_tasks.operations.drills.drill_files import copy_contract, put
from monitoring_tasks.operations.drills.drill_sandbox import DrillSandbox
from monitoring_tasks.operations.drills.fault_catalogue import Fault
from monitoring_tasks.operations.drills.grading import DayAnswer, Grade, Remedy, grade
from monitoring_tasks.operations.drills.log_records import (
    answer_of,
    answers_record,
    grade_record,
)
from monitoring_tasks.operations.sandbox import TELLS_NOBODY
from monitoring_tasks.store.clones import CloneRegistry, copy_history
from monitoring_tasks.workspace.workspace import Workspace

RunDay = Callable[[Workspace, Unit], Evaluation]


def drill_fleet(
    sandbox: DrillSandbox,
    fault: Fault,
    *,
    run_day: RunDay,
    progress: Callable[[date], None] | None,
) -> dict[str, Any]:
    """Drill several models on one fault; grade what is told of all of them together.

    There are as many clones as the policy needs to call a cause a common one. A day's
    answer is the incident of the fleet where all models that ask for something are
    parts of one; else that of the first model which says something else.

    Args:
        sandbox: The drilled model alone in its sandbox; not changed.
        fault: What goes wrong.
        run_day: Judges one day of a workspace: the real path.
        progress: Called with each day once all models are done.

    Returns:
        The record, with the `models` and the `incidents` of the fleet.

    Raises:
        NotApplicableError: If the fault finds nothing to break.
    """
    policy = sandbox.workspace.contract(sandbox.model).policy.severity
    clones = clones_of(sandbox.model, policy.common_models)
    faulty = list(sandbox.days)[fault.onset - 1 :]
    with (
        tempfile.TemporaryDirectory(prefix="daywatch-drill-") as folder,
        _open_clones(sandbox, fault, clones, home=Path(folder)) as workspace,
    ):
        answers = []
        for day in sandbox.days:
            rows = [
                run_day(workspace, _unit(workspace, clone, day)) for clone in clones
            ]
            answers.append(_together(workspace, rows, is_faulty=day in faulty))
            if progress:
                progress(day)
        fleet = _common(workspace)
    fleet_grade = _of_one(fleet, grade(fault.expected, answers))
    incidents = [{"id": incident.id, "title": incident.title} for incident in fleet]
    return (
        answers_record(answers)
        | grade_record(fleet_grade)
        | {"models": clones, "incidents": incidents}
    )


def clones_of(model: str, count: int) -> list[str]:
    """Name so many clones of a model.

    Args:
        model: Registered model name.
        count: How many, >= 1.
    """
    return [f"{model}-clone-{number + 1}" for number in range(count)]


@contextmanager
def _open_clones(
    sandbox: DrillSandbox, fault: Fault, clones: Sequence[str], *, home: Path
) -> Iterator[Workspace]:
    """Lay out a workspace under `home` in which clones of the model are watched."""
    real = sandbox.workspace
    loaded = real.loaded(sandbox.model)
    # The clones share the real registry, in which no alias may move.
    rehearsing = {"mode": ResponseMode.DRY_RUN}
    response = loaded.contract.response.model_copy(update=rehearsing)
    settings = real.settings.model_copy(
        update={
            "home": home,
            "expectations": home / "expectations",
            "store_url": f"sqlite:///{home / 'daywatch.db'}",
            "partitions": str(home / "partitions"),
            "reports": home / "reports",
            **TELLS_NOBODY,
        }
    )
    with Workspace(settings=settings) as workspace:
        workspace.registry = CloneRegistry(
            settings.registry_url,
            tracking_url=settings.tracking_url,
            cache=real.settings.home / "cache",
            clones=dict.fromkeys(clones, sandbox.model),
        )
        for clone in clones:
            file = f"{{day}}/{clone}.parquet"
            copy_contract(loaded, home, file=file, model=clone, response=response)
            for day, delivery in sandbox.injected(fault, clone).items():
                put(home, file.format(day=day), delivery)
            copy_history(
                real.database,
                sandbox.model,
                workspace.database,
                clone,
                before=next(iter(sandbox.days)),
            )
        yield workspace


def _unit(workspace: Workspace, model: str, day: date) -> Unit:
    return Unit(model=model, day=day, as_of=workspace.as_of(model, day), mode=Mode.LIVE)


def _together(
    workspace: Workspace, rows: Sequence[Evaluation], *, is_faulty: bool
) -> DayAnswer:
    """Say what the day's answer is for whoever is responsible for all the models.

    Asked once all of them are judged: whoever comes first does not know of the others.
    """
    answers = [answer_of(row, is_faulty=is_faulty) for row in rows]
    wishes = [row.rollback_to for row in rows]
    asking = [
        model_answer
        for model_answer in answers
        if model_answer.remedy is not Remedy.NONE
    ]
    # No severity sorts behind every other.
    gravest = min(answers, key=lambda model_answer: model_answer.severity or "P9")
    answer = replace(
        asking[0] if asking else answers[0],
        verdict=worst(model_answer.verdict for model_answer in answers),
        severity=gravest.severity,
    )
    if any(wishes):
        return replace(answer, remedy=Remedy.ROLLBACK)
    parents = [
        _parent(workspace, row)
        for row in rows
        if row.action and row.action.kind == "incident"
    ]
    fleet_incident = (
        parents[0] if parents and len(parents) == len(asking) == len(answers) else None
    )
    if fleet_incident is None or any(parent != fleet_incident for parent in parents):
        return answer
    return replace(
        answer,
        cause=fleet_incident.cause,
        severity=fleet_incident.severity,
        reason=fleet_incident.title,
    )


def _parent(workspace: Workspace, row: Evaluation) -> Incident | None:
    incident = workspace.incidents.get(str(row.action and row.action.incident))
    return None if incident is None else workspace.incidents.parent(incident)


def _common(workspace: Workspace) -> list[Incident]:
    """List the incidents about more than one model."""
    return [
        incident
        for incident in workspace.incidents.find()
        if incident.cause is Cause.COMMON_CAUSE
    ]


def _of_one(fleet: Sequence[Incident], fleet_grade: Grade) -> Grade:
    """Let a right answer stand only if one incident was opened for all."""
    if not fleet_grade.is_right or len(fleet) == 1:
        return fleet_grade
    why = f"the fleet has {len(fleet)} incidents, expected one"
    return replace(fleet_grade, is_right=False, why=why)
