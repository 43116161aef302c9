"""After the move: did the scoring job follow, and does the version do well?"""

from datetime import datetime, timedelta

from monitoring_tasks.domain.decisions import Decision, PastDay
from monitoring_tasks.domain.incidents import IncidentState
from monitoring_tasks.domain.rollbacks import DAYWATCH, Rollback, RollbackState
from monitoring_tasks.domain.units import Unit
from monitoring_tasks.domain.windows import day_of
from monitoring_tasks.respond.autonomy_record import demote
from monitoring_tasks.respond.verification import Bake, bake
from monitoring_tasks.workspace.workspace import Workspace

S = RollbackState


def verify_rollbacks(
    space: Workspace, unit: Unit, decision: Decision, *, now: datetime
) -> None:
    """Let a live day speak for the rollbacks of its model that are being verified."""
    contract = space.contract(unit.model)
    under_watch = [
        known
        for known in space.rollbacks.find(unit.model)
        if known.state is S.VERIFYING
    ]
    for known in under_watch:
        moved_on = day_of(known.applied_at or known.proposed_at, contract.timezone)
        look_back = max(0, (unit.day - moved_on) // timedelta(days=1))
        said = bake(
            known,
            _today(space, unit, decision),
            moved_on=moved_on,
            history=space.results.history(unit, look_back),
            bake_days=contract.response.bake_days,
        )
        if said is not None:
            _write_down(space, unit, known, said, now=now)


def _today(space: Workspace, unit: Unit, decision: Decision) -> PastDay:
    return PastDay(
        day=unit.day,
        version=str(space.results.evaluation(unit).version),
        verdict=decision.verdict,
        performance=decision.performance,
        confirmed=decision.confirmed,
    )


def _write_down(
    space: Workspace, unit: Unit, known: Rollback, said: Bake, *, now: datetime
) -> None:
    """Tell the incident first: what is told twice is told once, a state is for good."""
    if known.incident is not None:
        _tell(space, unit, known, said, now=now)
    if said.state is S.REGRESSED:
        demote(space, known, at=now, text=said.text)
    if said.state is not None:
        space.rollbacks.advance(known, said.state, at=now, text=said.text)


def _tell(
    space: Workspace, unit: Unit, known: Rollback, said: Bake, *, now: datetime
) -> None:
    incident = space.incidents.get(str(known.incident))
    if incident is None:
        msg = f"incident {known.incident} of {known.id} is gone from the store"
        raise LookupError(msg)
    space.incidents.note(incident, f"bake-{unit.day}", at=now, text=said.text)
    if said.state is S.REGRESSED and incident.state is IncidentState.MONITORING:
        space.incidents.move(
            incident.id, IncidentState.OPEN, at=now, actor=DAYWATCH, text=said.text
        )
