"""Rollbacks wired: the rollback, the guards on what is so now, and the registry."""

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from monitoring_tasks.domain.decisions import Decision
from monitoring_tasks.domain.journal import hash_json
from monitoring_tasks.domain.rollbacks import DAYWATCH, Guard, Rollback
from monitoring_tasks.domain.units import Unit
from monitoring_tasks.respond.autonomy_record import autonomy
from monitoring_tasks.respond.evidence import bundle
from monitoring_tasks.respond.executor import Executor
from monitoring_tasks.respond.guard_facts_reader import collect_guard_facts
from monitoring_tasks.respond.guards import check_guards
from monitoring_tasks.respond.registry_tags import mirror
from monitoring_tasks.respond.sentences import outcome
from monitoring_tasks.workspace.processes import process_name
from monitoring_tasks.workspace.workspace import Workspace


def roll_back(
    space: Workspace, unit: Unit, decision: Decision, incident: str, *, now: datetime
) -> Rollback:
    """Take the rollback a decision asks for as far as guards and autonomy let it."""
    tried = {c.version: c for c in space.results.comparisons(unit)}
    evidence = bundle(space, unit, tried.get(str(decision.rollback_to)))
    request = Request(
        to=str(decision.rollback_to), reason=decision.reasons[0], incident=incident
    )
    rollback = new_rollback(space, unit, request, evidence, now=now)
    return execute(space, rollback, evidence, now=now)


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """Who wants which version put back, and why.

    Attributes:
        to: Version to put back.
        reason: Why.
        incident: The incident it belongs to.
        actor: Who asks.
        attempt: Tells a person's repeated requests apart.
        forced: Whether guards that may be skipped are.
    """

    to: str
    reason: str
    incident: str | None = None
    actor: str = DAYWATCH
    attempt: int = 0
    forced: bool = False


def new_rollback(
    space: Workspace,
    unit: Unit,
    request: Request,
    evidence: dict[str, Any],
    *,
    now: datetime,
) -> Rollback:
    """Put a rollback into words; the same one on the same evidence has the same id."""
    contract = space.contract(unit.model)
    live = str(evidence["evaluation"]["version"])
    digest = hash_json(evidence)
    parts = [unit.model, contract.alias, live, digest, asdict(request)]
    return Rollback(
        id=f"rollback-{hash_json(parts)[:12]}",
        model=unit.model,
        alias=contract.alias,
        from_version=live,
        to_version=request.to,
        reason=request.reason,
        actor=request.actor,
        mode=autonomy(space, unit.model).mode,
        proposed_at=now,
        expires_at=now + timedelta(hours=contract.response.decision_hours),
        evaluation=unit.key,
        evidence_digest=digest,
        incident=request.incident,
        is_forced=request.forced,
    )


def execute(
    space: Workspace, rollback: Rollback, evidence: dict[str, Any], *, now: datetime
) -> Rollback:
    """Carry a rollback out through every guard, whoever asked for it."""
    return _executor(space, now).execute(rollback, evidence, now=now)


def resume(space: Workspace, rollback: Rollback, *, now: datetime) -> Rollback:
    """Carry on with a rollback that was written down before."""
    evidence = space.rollbacks.evidence(rollback.id)
    return _executor(space, now).execute(rollback, evidence, now=now)


def guards_of(
    space: Workspace, rollback: Rollback, evidence: dict[str, Any], *, now: datetime
) -> tuple[Guard, ...]:
    """Ask every guard about a rollback that is not written down; nothing is changed."""
    return check_guards(collect_guard_facts(space, rollback, now=now, decided=evidence))


def as_dict(rollback: Rollback) -> dict[str, Any]:
    """Give a rollback as plain JSON, with one sentence on where it stands."""
    return {
        "rollback": rollback.id,
        "state": rollback.state.value,
        "text": outcome(rollback),
        "guards": [asdict(guard) for guard in rollback.guards],
    }


def _executor(space: Workspace, now: datetime) -> Executor:
    def check(rollback: Rollback) -> tuple[Guard, ...]:
        return check_guards(collect_guard_facts(space, rollback, now=now))

    return Executor(
        registry=space.registry,
        rollbacks=space.rollbacks,
        leases=space.leases,
        holder=process_name(),
        check=check,
        mirror=lambda rollback: mirror(space, rollback),
    )
