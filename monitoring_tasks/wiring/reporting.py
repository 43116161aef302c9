"""The HTML report of a day and the index of all of them."""

from dataclasses import replace
from pathlib import Path

from monitoring_tasks.domain.evaluations import Unit
from monitoring_tasks.report.facts import gather
from monitoring_tasks.report.pages import write_day, write_index
from monitoring_tasks.wiring.label_state import label_state
from monitoring_tasks.wiring.slos import slo_statuses
from monitoring_tasks.wiring.trust import load_trust
from monitoring_tasks.wiring.workspace import Workspace


def report_unit(space: Workspace, unit: Unit) -> Path:
    """Write the report of one day and bring the index up to date."""
    contract = space.contract(unit.model)
    facts = gather(
        space.database,
        unit,
        contract,
        references=lambda version: space.reference(unit.model, version),
        simulated_clock=space.settings.clock == "simulated",
        slos=slo_statuses(space, unit.model, last=unit.day, as_of=unit.as_of),
    )
    promised = {objective.metric for objective in contract.objectives}
    trust = load_trust(space, unit, contract.policy.trust, metrics=promised or None)
    facts = replace(facts, trust=tuple(trust.values()), labels=label_state(space, unit))
    path = write_day(facts, space.settings.reports)
    write_index(space.database, space.settings.reports)
    return path
