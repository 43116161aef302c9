"""Kill switches and legal holds, as lines of the journal."""

from datetime import datetime

from monitoring_tasks.domain.holds import ALL_MODELS, Hold, HoldKind
from monitoring_tasks.domain.journal import Line
from monitoring_tasks.domain.json_values import hash_json
from monitoring_tasks.store.journal import Journal

PLACED, RELEASED = "hold", "hold_lifted"
"""States of a line. In the hash chain a stored word stays as it was."""


class Holds:
    """What people have placed on alias moves; nothing lapses by itself."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal

    def place(
        self, model: str, kind: HoldKind, *, reason: str, actor: str, at: datetime
    ) -> Hold:
        """Place a hold on a model; a second one stands beside it.

        Args:
            model: Registered model name, or `*` for all.
            kind: What it holds back.
            reason: Why, for the journal.
            actor: Who places it.
            at: When.
        """
        token = hash_json([model, kind, reason, actor, at])[:8]
        hold = Hold(
            id=f"hold-{token}",
            model=model,
            kind=kind,
            reason=reason,
            actor=actor,
            at=at,
        )
        # The id is made of the content, so a command that is tried again adds nothing.
        if hold not in self.active(model):
            self._journal.append(_line(hold, PLACED, reason=reason, actor=actor, at=at))
        return hold

    def release(self, hold_id: str, *, reason: str, actor: str, at: datetime) -> Hold:
        """Release a hold; what it held back is not done by itself.

        Args:
            hold_id: The hold, from `place`.
            reason: Why, for the journal.
            actor: Who releases it.
            at: When.

        Raises:
            LookupError: If no such hold is active.
        """
        for hold in self._all():
            if hold.id == hold_id:
                line = _line(hold, RELEASED, reason=reason, actor=actor, at=at)
                self._journal.append(line)
                return hold
        msg = f"there is no active hold '{hold_id}'"
        raise LookupError(msg)

    def active(self, model: str) -> tuple[Hold, ...]:
        """Return what holds a model's moves back, its own and everybody's."""
        return tuple(h for h in self._all() if h.model in {model, ALL_MODELS})

    def everywhere(self) -> tuple[Hold, ...]:
        """Return every active hold of every model."""
        return tuple(self._all())

    def _all(self) -> list[Hold]:
        placed: dict[str, Hold] = {}
        for line in self._journal.lines_in(PLACED, RELEASED):
            if line.state == RELEASED:
                placed.pop(line.key, None)
                continue
            placed[line.key] = Hold(
                id=line.key,
                model=line.model,
                kind=HoldKind(line.detail["kind"]),
                reason=line.reason,
                actor=line.actor,
                at=line.at,
            )
        return list(placed.values())


def _line(hold: Hold, state: str, *, reason: str, actor: str, at: datetime) -> Line:
    return Line(
        key=hold.id,
        state=state,
        at=at,
        model=hold.model,
        reason=reason,
        actor=actor,
        detail={"kind": hold.kind.value},
    )
