"""Kill switches and legal holds, as lines of the journal."""

from datetime import datetime

from monitoring_tasks.domain.holds import ALL_MODELS, Hold, HoldKind
from monitoring_tasks.domain.journal import Line, hash_json
from monitoring_tasks.store.journal import Journal

LAID, LIFTED = "hold", "hold_lifted"


class Holds:
    """What people have laid on alias moves; nothing lapses by itself."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal

    def lay(
        self, model: str, kind: HoldKind, *, reason: str, actor: str, at: datetime
    ) -> Hold:
        """Lay a hold on a model, or on all (`*`); a second one stands beside it."""
        token = hash_json([model, kind, reason, actor, at])[:8]
        hold = Hold(
            id=f"hold-{token}",
            model=model,
            kind=kind,
            reason=reason,
            actor=actor,
            at=at,
        )
        if hold not in self.active(model):
            self._journal.append(_line(hold, LAID, reason=reason, actor=actor, at=at))
        return hold

    def lift(self, hold_id: str, *, reason: str, actor: str, at: datetime) -> Hold:
        """Lift a hold; what it held back is not done by itself.

        Raises:
            LookupError: If no such hold is active.
        """
        for hold in self._all():
            if hold.id == hold_id:
                line = _line(hold, LIFTED, reason=reason, actor=actor, at=at)
                self._journal.append(line)
                return hold
        msg = f"there is no active hold '{hold_id}'"
        raise LookupError(msg)

    def active(self, model: str) -> tuple[Hold, ...]:
        """List what holds a model's moves back, its own and everybody's."""
        return tuple(h for h in self._all() if h.model in {model, ALL_MODELS})

    def everywhere(self) -> tuple[Hold, ...]:
        """List every active hold of every model."""
        return tuple(self._all())

    def _all(self) -> list[Hold]:
        laid: dict[str, Hold] = {}
        for line in self._journal.lines_in(LAID, LIFTED):
            if line["state"] == LIFTED:
                laid.pop(line["key"], None)
                continue
            laid[line["key"]] = Hold(
                id=line["key"],
                model=line["model"],
                kind=HoldKind(line["detail"]["kind"]),
                reason=line["reason"],
                actor=line["actor"],
                at=line["at"],
            )
        return list(laid.values())


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
