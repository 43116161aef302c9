"""Daywatch on several models at once: one workspace, live, incidents and all.

The models of the fleet are judged once without any fault; the store is copied for every
case, the faulty days are forgotten in the copy and judged anew, one model after the
other, live: what is asked here is how many people are called, and for how many things.
"""

import shutil
from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from benchmarks.judgement.airports import WORLDS
from benchmarks.judgement.fleet import FleetCase
from benchmarks.judgement.run_daywatch import STORE, copy_store, install
from monitoring_tasks import daily
from monitoring_tasks.domain.decisions import Cause
from monitoring_tasks.domain.incidents import Incident
from monitoring_tasks.domain.paging import FLEET
from monitoring_tasks.domain.units import Mode, Unit
from monitoring_tasks.operations.backfilling import backfill
from monitoring_tasks.store.read_only_registry import ReadOnlyRegistry
from monitoring_tasks.store.sandbox import forget_from
from monitoring_tasks.workspace.workspace import Workspace, open_workspace


def prepare(worlds: Path, home: Path) -> None:
    """Register every model of the fleet and judge its days as they are."""
    shutil.rmtree(home, ignore_errors=True)
    for name, world in WORLDS.items():
        install(name, worlds / name, home)
        (home / world.parsed.model).symlink_to(worlds / name)
    with open_workspace(home) as workspace:
        for world in WORLDS.values():
            contract = world.parsed
            workspace.registry.set_alias(contract.model, contract.alias, "1")
            first, last = world.first.isoformat(), world.last.isoformat()
            backfill(contract.model, first, last, workspace=workspace)


def judge(
    case: FleetCase, delivered: list[Path], folder: Path, *, worlds: Path, home: Path
) -> dict[str, Any]:
    """Judge the faulty days of all models, in order.

    Args:
        case: What goes wrong, and where.
        delivered: The files of the case, one folder for each model that is hit.
        folder: An empty folder to work in.
        worlds: The files of the worlds.
        home: The judged fleet.

    Returns:
        `pages`: calls; `incidents`: those opened; `named`: models that an incident of
        the whole fleet names, 0 without one; `named_on`: the faulty day it was opened
        on, from 1, 0 for never; `blamed`: healthy models it names.
    """
    template = _template(home)
    settings = template.settings.model_copy(
        update={
            "home": folder,
            "store_url": f"sqlite:///{folder / STORE}",
            "partitions": str(folder / "partitions"),
            "reports": folder / "reports",
        }
    )
    copy_store(home / STORE, folder / STORE)
    broken = dict(zip(case.hit, delivered, strict=True))
    for name, world in WORLDS.items():
        link = folder / world.parsed.model
        link.symlink_to(broken.get(name, worlds / name))
    workspace = replace(template, settings=settings, _versions={})
    kept = template.settings.home / "cache" / "registry"
    workspace.registry = ReadOnlyRegistry(template.settings.registry_url, cache=kept)
    try:
        _judge_days(workspace, case)
        return _summed(workspace.incidents.find(), case)
    finally:
        workspace.database.engine.dispose()


def _judge_days(workspace: Workspace, case: FleetCase) -> None:
    names = [world.parsed.model for world in WORLDS.values()]
    for model in names:
        forget_from(workspace.database, model, case.onset)
    for number in range(case.count):
        day = case.onset + timedelta(days=number)
        for model in names:
            as_of = workspace.as_of(model, day)
            unit = Unit(model=model, day=day, as_of=as_of, mode=Mode.LIVE)
            daily.run_day(workspace, unit)


def _summed(incidents: list[Incident], case: FleetCase) -> dict[str, Any]:
    common = [
        one
        for one in incidents
        if one.model.startswith(FLEET) and one.cause is Cause.COMMON_CAUSE
    ]
    ids = {one.id for one in common}
    named = {one.model for one in incidents if one.merged_into in ids}
    hit = {WORLDS[name].parsed.model for name in case.hit}
    return {
        "case": case.name,
        "hit": len(hit),
        "pages": sum(one.paged_at is not None for one in incidents),
        "incidents": len(incidents),
        "named": len(named),
        "named_on": min(
            (_nth(one.opened_at.date(), case) for one in common), default=0
        ),
        "blamed": len(named - hit),
    }


def _nth(looked_at: date, case: FleetCase) -> int:
    """Say which faulty day was looked at then: a day is judged on the next one."""
    return (looked_at - case.onset).days


@cache
def _template(home: Path) -> Workspace:
    return open_workspace(home)
