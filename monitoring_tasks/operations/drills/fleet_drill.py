"""A fault that hits several models at once: the model beside twins of itself.

Twins take the model's versions, references and history under other names, in one more
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
from monitoring_tasks.operations.drills.drills import Grade, Remedy, Seen, grade
from monitoring_tasks.operations.drills.fault_catalogue import Fault
from monitoring_tasks.operations.drills.ground import Ground, copy_contract, put
from monitoring_tasks.operations.drills.records import graded, seen_of, shown
from monitoring_tasks.store.twins import TwinRegistry, copy_history
from monitoring_tasks.workspace.workspace import Workspace

RunDay = Callable[[Workspace, Unit], Evaluation]


def drill_fleet(
    ground: Ground,
    fault: Fault,
    *,
    run_day: RunDay,
    progress: Callable[[date], None] | None,
) -> dict[str, Any]:
    """Drill several models on one fault; grade what is told of all of them together.

    There are as many twins as the policy needs to call a cause a common one. A day's
    answer is the incident of the fleet where all models that ask for something are
    parts of one; else that of the first model which says something else.

    Args:
        ground: The drilled model on its own ground; not changed.
        fault: What goes wrong.
        run_day: Judges one day of a workspace: the real path.
        progress: Called with each day once all models are done.

    Returns:
        The record, with the `models` and the `incidents` of the fleet.

    Raises:
        NotApplicableError: If the fault finds nothing to break.
    """
    policy = ground.space.contract(ground.model).policy.severity
    twins = twins_of(ground.model, policy.common_models)
    faulty = list(ground.days)[fault.onset - 1 :]
    with (
        tempfile.TemporaryDirectory(prefix="daywatch-drill-") as folder,
        _open_twins(ground, fault, twins, home=Path(folder)) as space,
    ):
        seen = []
        for day in ground.days:
            rows = [run_day(space, _unit(space, twin, day)) for twin in twins]
            seen.append(_together(space, rows, is_faulty=day in faulty))
            if progress:
                progress(day)
        fleet = _common(space)
    found = _of_one(fleet, grade(fault.expected, seen))
    incidents = [{"id": one.id, "title": one.title} for one in fleet]
    return shown(seen) | graded(found) | {"models": twins, "incidents": incidents}


def twins_of(model: str, count: int) -> list[str]:
    """Name so many twins of a model."""
    return [f"{model}-twin-{number + 1}" for number in range(count)]


@contextmanager
def _open_twins(
    ground: Ground, fault: Fault, twins: Sequence[str], *, home: Path
) -> Iterator[Workspace]:
    """Lay out a workspace under `home` in which twins of the model are watched."""
    real = ground.space
    loaded = real.loaded(ground.model)
    rehearsing = {"mode": ResponseMode.DRY_RUN}
    response = loaded.contract.response.model_copy(update=rehearsing)
    settings = real.settings.model_copy(
        update={
            "home": home,
            "expectations": home / "expectations",
            "store_url": f"sqlite:///{home / 'daywatch.db'}",
            "partitions": str(home / "partitions"),
            "reports": home / "reports",
        }
    )
    with Workspace(settings=settings) as space:
        space.registry = TwinRegistry(
            settings.registry_url,
            tracking_url=settings.tracking_url,
            cache=real.settings.home / "cache",
            twins=dict.fromkeys(twins, ground.model),
        )
        for twin in twins:
            file = f"{{day}}/{twin}.parquet"
            copy_contract(loaded, home, file=file, model=twin, response=response)
            for day, delivery in ground.injected(fault, twin).items():
                put(home, file.format(day=day), delivery)
            copy_history(
                real.database,
                ground.model,
                space.database,
                twin,
                before=next(iter(ground.days)),
            )
        yield space


def _unit(space: Workspace, model: str, day: date) -> Unit:
    return Unit(model=model, day=day, as_of=space.as_of(model, day), mode=Mode.LIVE)


def _together(space: Workspace, rows: Sequence[Evaluation], *, is_faulty: bool) -> Seen:
    """Say what the day's answer is for whoever is responsible for all the models.

    Asked once all of them are judged: whoever comes first does not know of the others.
    """
    each = [seen_of(row, is_faulty=is_faulty) for row in rows]
    wishes = [row.rollback_to for row in rows]
    asking = [one for one in each if one.remedy is not Remedy.NONE]
    gravest = min(each, key=lambda one: one.severity or "P9")
    answer = replace(
        asking[0] if asking else each[0],
        verdict=worst(one.verdict for one in each),
        severity=gravest.severity,
    )
    if any(wishes):
        return replace(answer, remedy=Remedy.ROLLBACK)
    parents = [
        _parent(space, row)
        for row in rows
        if row.action and row.action.kind == "incident"
    ]
    whole = parents[0] if parents and len(parents) == len(asking) == len(each) else None
    if whole is None or any(parent != whole for parent in parents):
        return answer
    return replace(
        answer, cause=whole.cause, severity=whole.severity, reason=whole.title
    )


def _parent(space: Workspace, row: Evaluation) -> Incident | None:
    incident = space.incidents.get(str(row.action and row.action.incident))
    return None if incident is None else space.incidents.parent(incident)


def _common(space: Workspace) -> list[Incident]:
    """List the incidents about more than one model."""
    return [one for one in space.incidents.find() if one.cause is Cause.COMMON_CAUSE]


def _of_one(fleet: Sequence[Incident], found: Grade) -> Grade:
    """Let a right answer stand only if one incident was opened for all."""
    if not found.is_right or len(fleet) == 1:
        return found
    why = f"{len(fleet)} incidents of the fleet, right is one"
    return replace(found, is_right=False, why=why)
