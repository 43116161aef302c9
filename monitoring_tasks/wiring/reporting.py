"""The HTML report of a day and the index of all of them."""

from dataclasses import replace
from pathlib import Path

from monitoring_tasks.domain.evaluations import Unit
from monitoring_tasks.report.facts import gather
from monitoring_tasks.report.pages import write_day, write_index
from monitoring_tasks.wiring.slos import slo_statuses
from monitoring_tasks.wiring.trust import load_trust
from monitoring_tasks.wiring.workspace import Workspace


def report_unit(space: Workspace, unit: Unit) -> Path:
    """Write the report of one day and bring the index up to date."""
    facts = gather(
        space.database,
        unit,
        space.contract(unit.model),
        references=lambda version: space.reference(unit.model, version),
        simulated_clock=space.settings.clock == "simulated",
        slos=slo_statuses(space, unit.model, last=unit.day, as_of=unit.as_of),
    )
    trust = tuple(
        load_trust(space, unit, space.contract(unit.model).policy.trust).values()
    )
    path = write_day(replace(facts, trust=trust), space.settings.reports)
    write_index(space.database, space.settings.reports)
    return path
