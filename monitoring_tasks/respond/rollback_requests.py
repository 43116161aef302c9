"""Who wants which version put back, and the rollback it becomes. Pure."""

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.domain.autonomy import ResponseMode
from monitoring_tasks.domain.json_values import JsonObject, hash_json
from monitoring_tasks.domain.rollbacks import DAYWATCH, Rollback


@dataclass(frozen=True, slots=True, kw_only=True)
class RollbackRequest:
    """Who wants which version put back, and why.

    The names of the fields are a part of the rollback's id.

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
    request: RollbackRequest,
    evidence: JsonObject,
    contract: Contract,
    *,
    mode: ResponseMode,
    now: datetime,
) -> Rollback:
    """Return the rollback a request asks for; the same on the same evidence has one id.

    Args:
        request: Who wants which version put back.
        evidence: What it rests on, from `make_evidence`.
        contract: The model's.
        mode: How far Daywatch may go for the model now.
        now: When it is asked.
    """
    evaluation = evidence["evaluation"]
    live, digest = str(evaluation["version"]), hash_json(evidence)
    model = str(evaluation["model"])
    # Neither time nor level: asked again on the same evidence it is the same one.
    parts = [model, contract.alias, live, digest, asdict(request)]
    return Rollback(
        id=f"rollback-{hash_json(parts)[:12]}",
        model=model,
        alias=contract.alias,
        from_version=live,
        to_version=request.to,
        reason=request.reason,
        actor=request.actor,
        mode=mode,
        proposed_at=now,
        expires_at=now + timedelta(hours=contract.response.decision_hours),
        evaluation=evaluation["key"],
        evidence_digest=digest,
        incident=request.incident,
        is_forced=request.forced,
    )
