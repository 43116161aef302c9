"""A rollback a person asks for: the same guards, the same journal."""

from dataclasses import replace
from typing import Any

from monitoring_tasks.compare.step import compare_with, registered_candidates
from monitoring_tasks.domain.findings import VALID
from monitoring_tasks.domain.rollbacks import Rollback, refusals, skipped
from monitoring_tasks.domain.units import Unit
from monitoring_tasks.errors import NoDataError, VersionMissingError
from monitoring_tasks.operations.accountability import person, require_reason
from monitoring_tasks.respond.evidence import bundle
from monitoring_tasks.respond.rollbacks import (
    Request,
    as_dict,
    execute,
    guards_of,
    new_rollback,
)
from monitoring_tasks.respond.sentences import refused
from monitoring_tasks.workspace.day import Day
from monitoring_tasks.workspace.workspace import Workspace


def request_manual_rollback(
    space: Workspace,
    model: str,
    *,
    to: str,
    reason: str,
    actor: str,
    force: bool = False,
    dry_run: bool = False,
) -> dict[str, Any]:
    """Move the alias to version `to` if every guard holds.

    The evidence is a day of the live version: its decision as it stands now, and the
    target measured now on that day's rows. While an incident of that version is open it
    is the last of its days that labels speak of, else the latest judged one.

    Args:
        space: The workspace.
        model: Registered model name.
        to: Version to put back.
        reason: Why; at least ten characters, for whoever reads the journal.
        actor: Who asks.
        force: Whether the guards that may be skipped are; the others never are.
        dry_run: Whether to ask every guard and change nothing.

    Returns:
        `state`, `text`, every guard with what was seen and needed, and the names of
        those that were `skipped`.

    Raises:
        ConfigurationError: If the reason says nothing.
        VersionMissingError: If the alias stands nowhere.
        NoDataError: If the live version has never been judged.
    """
    require_reason(reason)
    contract = space.contract(model)
    live = space.registry.alias_version(model, contract.alias)
    if live is None:
        msg = (
            f"model '{model}' has no alias '{contract.alias}'; there is nothing to move"
        )
        raise VersionMissingError(msg)
    unit = _telling_day(space, model, live)
    day = Day(space, unit)
    target = [c for c in registered_candidates(day) if c.version == to]
    comparisons = compare_with(day, target, most=1)
    now = space.clock.now(about=unit.as_of)
    evidence = bundle(space, unit, comparisons[0] if comparisons else None)
    request = Request(
        to=to,
        reason=reason.strip(),
        actor=person(actor),
        attempt=1 + len(space.rollbacks.find(model)),
        forced=force,
    )
    rollback = new_rollback(space, unit, request, evidence, now=now)
    if dry_run:
        done = replace(rollback, guards=guards_of(space, rollback, evidence, now=now))
    else:
        done = execute(space, rollback, evidence, now=now)
    told = {"model": model, "from": live, "to": to, "actor": actor, "forced": force}
    told |= {"skipped": skipped(done.guards) if force else [], "dry_run": dry_run}
    return told | as_dict(done) | (_rehearsed(done) if dry_run else {})


def _rehearsed(rollback: Rollback) -> dict[str, Any]:
    """Say what asking the guards alone has shown."""
    failed = refusals(rollback.guards, forced=rollback.is_forced)
    said = f"it would be refused: {refused(failed)}" if failed else "it would be done"
    return {
        "state": "dry_run",
        "would_move": not failed,
        "text": f"dry run, nothing was changed; {said}",
    }


def _telling_day(space: Workspace, model: str, live: str) -> Unit:
    """Return the newest look at the day a person's rollback rests on.

    A day without its labels yet neither proves an open incident nor ends it: the last
    day since its onset that has them does, whether it is still bad or well again.
    """
    span = space.results.days(model)
    rows = space.results.current(model, *span) if span else []
    mine = [row for row in rows if row.version == live and row.verdict]
    if not mine:
        msg = f"version {live} of {model}, the live one, has never been judged"
        raise NoDataError(msg)
    onsets = [i.onset_day for i in space.incidents.active(model) if i.version == live]
    coverage = space.contract(model).policy.label_coverage
    labelled = [
        row
        for row in mine
        if onsets
        and row.day >= min(onsets)
        and row.performance in VALID
        and (row.labelled or 0) >= coverage * (row.rows or 1)
    ]
    return (labelled or mine)[-1].unit
