"""The HTML report of a day and the index of all of them."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

from monitoring_tasks.domain.units import Unit
from monitoring_tasks.learn.label_state import label_state
from monitoring_tasks.report.facts import gather
from monitoring_tasks.report.index import write_index
from monitoring_tasks.report.pages import write_day
from monitoring_tasks.report.rendering import page_path
from monitoring_tasks.workspace.estimator_trust import load_trust
from monitoring_tasks.workspace.slo_statuses import slo_statuses
from monitoring_tasks.workspace.workspace import Workspace


def report_unit(space: Workspace, unit: Unit) -> Path:
    """Write the report of one day and bring the index up to date."""
    path = _write_page(space, unit)
    write_index(space.database, space.settings.reports)
    return path


def report_days(
    space: Workspace,
    model: str,
    first: date,
    last: date,
    *,
    only_missing: bool = False,
    progress: Callable[[date], None] | None = None,
) -> list[Path]:
    """Write the reports of all days looked at in a range, and the index once.

    Args:
        space: The workspace.
        model: Registered model name.
        first: First day.
        last: Last day, included.
        only_missing: Leave the days alone that have a report.
        progress: Called with each day that is done.
    """
    reports, written = space.settings.reports, []
    for row in space.results.current(model, first, last):
        if not (only_missing and page_path(reports, model, row.day).is_file()):
            written.append(_write_page(space, row.unit))
        if progress:
            progress(row.day)
    write_index(space.database, reports)
    return written


def _write_page(space: Workspace, unit: Unit) -> Path:
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
    return write_day(facts, space.settings.reports)
