"""A rollback a person asks for: the same guards, the same journal."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from monitoring_tasks.compare.versions.step import compare_with
from monitoring_tasks.domain.evaluations import Evaluation
from monitoring_tasks.domain.findings import VALID
from monitoring_tasks.domain.rollbacks import Rollback, refusals, skipped
from monitoring_tasks.errors import NoDataError, VersionMissingError
from monitoring_tasks.operations.accountability import person, require_reason
from monitoring_tasks.operations.rollbacks.lookup import outcome_of
from monitoring_tasks.respond.guard_facts_reader import read_evidence
from monitoring_tasks.respond.rollback_requests import RollbackRequest
from monitoring_tasks.respond.rollbacks import execute, rehearse, requested_rollback
from monitoring_tasks.respond.sentences import refused
from monitoring_tasks.workspace.day import Day
from monitoring_tasks.workspace.release_history import registered_candidates
from monitoring_tasks.workspace.workspace import Workspace


def request_manual_rollback(
    workspace: Workspace,
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
        workspace: Where it is written down.
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
    live = _live_version(workspace, model)
    day = _telling_day(workspace, model, live)
    request = RollbackRequest(
        to=to,
        reason=reason.strip(),
        actor=person(actor),
        # The id is made of the request: asked twice, it is still two rollbacks.
        attempt=1 + len(workspace.rollbacks.find(model)),
        forced=force,
    )
    now = workspace.clock.now(about=day.unit.as_of)
    rollback = _ask(day, request, now=now, dry_run=dry_run)
    report = {"model": model, "from": live, "to": to, "actor": actor, "forced": force}
    report |= {"skipped": skipped(rollback.guards) if force else []}
    report |= {"dry_run": dry_run}
    return report | outcome_of(rollback) | (_rehearsed(rollback) if dry_run else {})


def _ask(
    day: Day, request: RollbackRequest, *, now: datetime, dry_run: bool
) -> Rollback:
    """Measure the target on the day's rows, then go through the guards."""
    workspace = day.workspace
    # Measured now: the day's own comparison may not have had this version.
    target = [c for c in registered_candidates(day) if c.version == request.to]
    comparisons = compare_with(day, target, most=1)
    evidence = read_evidence(day, comparisons[0] if comparisons else None)
    rollback = requested_rollback(day, request, evidence, now=now)
    if dry_run:
        guards = rehearse(workspace, rollback, evidence, now=now)
        return replace(rollback, guards=guards)
    return execute(workspace, rollback, evidence, now=now)


def _live_version(workspace: Workspace, model: str) -> str:
    alias = workspace.contract(model).alias
    workspace.registry.ask_anew()
    live = workspace.registry.alias_version(model, alias)
    if live is None:
        msg = f"model '{model}' has no alias '{alias}'; there is nothing to move"
        raise VersionMissingError(msg)
    return live


def _rehearsed(rollback: Rollback) -> dict[str, Any]:
    """Return what asking the guards alone has shown."""
    failed = refusals(rollback.guards, forced=rollback.is_forced)
    verdict = (
        f"it would be refused: {refused(failed)}" if failed else "it would go ahead"
    )
    return {
        "state": "dry_run",
        "would_move": not failed,
        "text": f"dry run, nothing was changed; {verdict}",
    }


def _telling_day(workspace: Workspace, model: str, live: str) -> Day:
    """Return the newest look at the day a person's rollback rests on."""
    span = workspace.results.days(model)
    evaluations = workspace.results.current(model, *span) if span else []
    judged = [e for e in evaluations if e.version == live and e.verdict]
    if not judged:
        msg = f"the live version {live} of {model} has never been judged"
        raise NoDataError(msg)
    incidents = workspace.incidents.active(model)
    onsets = [i.onset_day for i in incidents if i.version == live]
    coverage = workspace.contract(model).policy.label_coverage
    telling = telling_evaluation(judged, onsets=onsets, label_coverage=coverage)
    return Day(workspace, telling.unit)


def telling_evaluation(
    judged: Sequence[Evaluation], *, onsets: Sequence[date], label_coverage: float
) -> Evaluation:
    """Return the day that says most of the live version.

    A day without its labels yet neither proves an open incident nor ends it: the last
    day since its onset that has them does, whether it is still bad or well again.

    Args:
        judged: The decided days of the live version, oldest first; at least one.
        onsets: First days of the open incidents of that version.
        label_coverage: Share of the rows that have a label on a mature day, 0..1.
    """
    labelled = [
        evaluation
        for evaluation in judged
        if onsets
        and evaluation.day >= min(onsets)
        and evaluation.performance in VALID
        and (evaluation.labelled or 0) >= label_coverage * (evaluation.rows or 1)
    ]
    return (labelled or judged)[-1]
