"""Rollbacks wired: the wish, the guards on what is so now, and the registry."""

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from monitoring_tasks.domain.decisions import Decision
from monitoring_tasks.domain.journal import hash_json
from monitoring_tasks.domain.rollbacks import DAYWATCH, Guard, Rollback
from monitoring_tasks.domain.units import Unit
from monitoring_tasks.respond.autonomy_of_model import rung
from monitoring_tasks.respond.evidence import bundle
from monitoring_tasks.respond.guards import check_guards
from monitoring_tasks.respond.mirroring import mirror
from monitoring_tasks.respond.rollback import Executor
from monitoring_tasks.respond.sentences import outcome
from monitoring_tasks.respond.situations import look_around
from monitoring_tasks.workspace.processes import process_name
from monitoring_tasks.workspace.workspace import Workspace


def roll_back(
    space: Workspace, unit: Unit, decision: Decision, incident: str, *, now: datetime
) -> Rollback:
    """Take the rollback a decision asks for as far as guards and rung let it."""
    tried = {c.version: c for c in space.results.comparisons(unit)}
    evidence = bundle(space, unit, tried.get(str(decision.rollback_to)))
    request = Request(
        to=str(decision.rollback_to), reason=decision.reasons[0], incident=incident
    )
    wish = new_wish(space, unit, request, evidence, now=now)
    return pursue(space, wish, evidence, now=now)


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """Who wants which version put back, and why.

    Attributes:
        to: Version to put back.
        reason: Why.
        incident: The incident it belongs to.
        actor: Who asks.
        attempt: Tells a person's repeated wishes apart.
        forced: Whether guards that may be skipped are.
    """

    to: str
    reason: str
    incident: str | None = None
    actor: str = DAYWATCH
    attempt: int = 0
    forced: bool = False


def new_wish(
    space: Workspace,
    unit: Unit,
    request: Request,
    evidence: dict[str, Any],
    *,
    now: datetime,
) -> Rollback:
    """Put a wish into words; the same one on the same evidence has the same id."""
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
        mode=rung(space, unit.model).mode,
        proposed_at=now,
        expires_at=now + timedelta(hours=contract.response.decision_hours),
        evaluation=unit.key,
        evidence_digest=digest,
        incident=request.incident,
        is_forced=request.forced,
    )


def pursue(
    space: Workspace, wish: Rollback, evidence: dict[str, Any], *, now: datetime
) -> Rollback:
    """Carry a wish out through every guard; the same way for Daywatch and people."""
    return _executor(space, now).pursue(wish, evidence, now=now)


def go_on(space: Workspace, rollback: Rollback, *, now: datetime) -> Rollback:
    """Carry on with a rollback that was written down before."""
    evidence = space.rollbacks.evidence(rollback.id)
    return _executor(space, now).pursue(rollback, evidence, now=now)


def guards_of(
    space: Workspace, wish: Rollback, evidence: dict[str, Any], *, now: datetime
) -> tuple[Guard, ...]:
    """Ask every guard about a wish that is not written down; nothing is changed."""
    return check_guards(look_around(space, wish, now=now, decided=evidence))


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
        return check_guards(look_around(space, rollback, now=now))

    return Executor(
        registry=space.registry,
        rollbacks=space.rollbacks,
        leases=space.leases,
        holder=process_name(),
        check=check,
        mirror=lambda rollback: mirror(space, rollback),
    )
