"""After a rollback: saying when a withdrawn or newer version does better again."""

from datetime import datetime

from monitoring_tasks.contract.objectives import keeps_promises
from monitoring_tasks.domain.comparisons import Comparison
from monitoring_tasks.domain.journal import Line
from monitoring_tasks.domain.rollbacks import DAYWATCH, DONE, Rollback
from monitoring_tasks.domain.units import Unit
from monitoring_tasks.respond.sentences import forward
from monitoring_tasks.workspace.workspace import Workspace

FORWARD = "forward_proposed"
"""A line of the journal: nothing moves by itself, a person decides."""


def propose_forward(space: Workspace, unit: Unit, *, now: datetime) -> None:
    """Propose to move on from the version put back, once it is surely outdone.

    What was compared on the day is all that is asked: a version of after the one that
    was put back, proven better on the same rows and good enough to serve. Each is
    proposed once; a rollback is never followed by a move of Daywatch's own forward.
    """
    row = space.results.evaluation(unit)
    known = _last_move(space, unit.model)
    if known is None or row.version != known.to_version:
        return
    told = {
        line["to_version"]
        for line in space.journal.lines_in(FORWARD, model=unit.model)
        if line["key"] == known.id
    }
    for one in space.results.comparisons(unit):
        if one.version in told or not _outdoes(space, known, one):
            continue
        text = forward(known, one, day=unit.day)
        _tell(space, known, one.version, text, now=now)
        told.add(one.version)


def _tell(
    space: Workspace, known: Rollback, version: str, text: str, *, now: datetime
) -> None:
    """Tell the incident first: what is told twice is told once."""
    incident = space.incidents.get(known.incident) if known.incident else None
    if incident is not None:
        space.incidents.note(incident, f"forward-{version}", at=now, text=text)
    space.journal.append(
        Line(
            key=known.id,
            state=FORWARD,
            at=now,
            model=known.model,
            alias=known.alias,
            from_version=known.to_version,
            to_version=version,
            reason=text,
            actor=DAYWATCH,
            incident=known.incident,
        )
    )


def _last_move(space: Workspace, model: str) -> Rollback | None:
    moves = [r for r in space.rollbacks.find(model) if r.state in DONE and r.applied_at]
    return max(moves, key=lambda r: (r.applied_at, r.id), default=None)


def _outdoes(space: Workspace, known: Rollback, one: Comparison) -> bool:
    contract = space.contract(known.model)
    return (
        int(one.version) > int(known.to_version)
        and one.is_better_by(contract.policy.versions.margin)
        and keeps_promises(one, contract.objectives)
    )
