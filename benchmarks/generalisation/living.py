"""Daywatch lives a world, and then every case from its onset on: the real flow.

A world's history is judged once, as its schedule would; the store and the frozen rows
are copied for a case, what came from its onset on is forgotten in the copy, and the
faulty days are judged one after the other, in dry run, each as known on its morning.
Where labels take a week, every morning also judges the day whose labels have come.
"""

import json
import shutil
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

from benchmarks.generalisation import places
from benchmarks.generalisation.answers import FAILED, Look
from benchmarks.generalisation.data.making import MadeWorld
from benchmarks.generalisation.data.schema import OLDER, SERVED
from benchmarks.generalisation.data.worlds import WORLDS, World
from benchmarks.generalisation.delivery import Delivered
from benchmarks.generalisation.mornings import Morning, mornings_of
from benchmarks.generalisation.workspaces import (
    copied,
    install,
    lay_out,
    register_release,
    registry_of,
    template_of,
)
from monitoring_tasks import daily
from monitoring_tasks.domain.evaluations import Evaluation
from monitoring_tasks.domain.units import Mode, Unit
from monitoring_tasks.errors import MonitoringError
from monitoring_tasks.operations.drills.grading import REMEDIES, Remedy
from monitoring_tasks.workspace.workspace import Workspace, open_workspace

CLEAN = "clean.json"


def live_history(name: str) -> list[Look]:
    """Judge the history of a world, once."""
    home = places.homes() / name
    kept = home / CLEAN
    if not kept.is_file():
        shutil.rmtree(home, ignore_errors=True)
        made = MadeWorld(world=WORLDS[name], folder=places.worlds() / name)
        install(made, home)
        with open_workspace(home) as workspace:
            workspace.registry = registry_of(workspace, {OLDER, SERVED})
            looks = _live(workspace, made.world, made.world.history, Mode.BACKFILL)
        kept.write_text(json.dumps([look.to_json() for look in looks]))
    return [Look.from_json(look) for look in json.loads(kept.read_text())]


def live_case(delivered: Delivered, folder: Path) -> list[Look]:
    """Judge the days of a case.

    Args:
        delivered: The case, worked out.
        folder: An empty folder to work in.
    """
    world = delivered.world
    home = places.homes() / world.name
    seen = {OLDER, SERVED}
    if delivered.release is not None:
        version = register_release(delivered, home)
        delivered = replace(delivered, version=version)
        seen |= {version}
    lay_out(delivered, home, folder)
    with copied(delivered, home, folder) as workspace:
        workspace.registry = registry_of(template_of(home, world.name), seen)
        return _live(workspace, world, delivered.days, Mode.DRY_RUN)


def _live(
    workspace: Workspace, world: World, days: Sequence[date], mode: Mode
) -> list[Look]:
    """Judge days in order, each on its morning, and those whose labels came then."""
    looks = []
    for morning in mornings_of(world, days):
        as_of = workspace.as_of(world.name, morning.lived)
        unit = Unit(model=world.name, day=morning.day, as_of=as_of, mode=mode)
        looks.append(_look(_judged(workspace, unit), morning))
    return looks


def _judged(workspace: Workspace, unit: Unit) -> Evaluation:
    """Judge a day; where a step fails, return the day without a decision."""
    try:
        return daily.run_day(workspace, unit)
    except MonitoringError as error:
        return Evaluation(unit=unit, data_reason=f"{type(error).__name__}: {error}")


def _look(row: Evaluation, morning: Morning) -> Look:
    """Say what came of a day; one that could not be judged tells nobody anything."""
    decision, action = row.decision, row.action
    kind = action.kind if action else "none"
    return Look(
        number=morning.number,
        lived=morning.lived,
        day=row.day,
        verdict=str(decision.verdict) if decision else FAILED,
        severity=str((decision and decision.severity) or ""),
        cause=str((decision and decision.cause) or ""),
        is_incident=REMEDIES[kind] is not Remedy.NONE,
        rollback_to=(decision and decision.rollback_to) or "",
        why=decision.reasons[0] if decision and decision.reasons else row.data_reason,
    )
