"""Moving an alias back: once, under a lease, read back, in the journal.

The order matters. The intent is on disk before the registry is touched, so that a
process killed in between is understood by the next one; the alias is read again
under the lease right before it is written, and read back right after. MLflow has
no compare-and-set: a writer that goes round Daywatch between those two reads wins
or loses without a trace; only permissions in the registry close that gap.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from monitoring_tasks.domain.rollbacks import Guard, Move, MoveState, refusals
from monitoring_tasks.errors import AliasMovedError
from monitoring_tasks.respond.guards import EVIDENCE_GUARDS
from monitoring_tasks.store.journal import Journal


class AliasRegistry(Protocol):
    """The part of the registry a move needs."""

    def alias_version(self, model: str, alias: str) -> str | None:
        """Say where the alias stands."""

    def set_alias(self, model: str, alias: str, version: str) -> None:
        """Move the alias."""

    def tag_version(self, model: str, version: str, tags: dict[str, str]) -> None:
        """Write tags on a version."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What came of a wish to move an alias."""

    state: MoveState
    text: str
    guards: list[Guard]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mover:
    """Carries out alias moves.

    Attributes:
        registry: Where the alias lives.
        journal: Where every step is written.
        holder: Who holds the lease: a process' own name.
    """

    registry: AliasRegistry
    journal: Journal
    holder: str

    def move(
        self,
        wish: Move,
        check: Callable[[], list[Guard]],
        *,
        now: datetime,
        overrule: bool = False,
    ) -> Outcome:
        """Carry out a wish if every guard holds, exactly once.

        Args:
            wish: What is asked; its key makes it happen at most once.
            check: Checks the guards; called under the lease.
            now: The present instant, for the journal.
            overrule: Whether a person overrules the guards on evidence. The guards
                on the registry hold for everybody.

        Returns:
            `applied`, `refused`, or `superseded` when somebody else moved the alias.

        Raises:
            LeaseHeldError: If another process is moving this alias.
        """
        with self.journal.lease(f"{wish.model}@{wish.alias}", holder=self.holder):
            before = self.journal.state_of(wish.key)
            if before is MoveState.APPLIED:
                guards = self.journal.guards_of(wish.key)
                return Outcome(
                    state=MoveState.APPLIED, text=_moved(wish), guards=guards
                )
            if before is MoveState.INTENT and self._stands_at(wish) == wish.to_version:
                # An earlier process was stopped between the write and its record.
                return self._applied(wish, self.journal.guards_of(wish.key), now=now)
            guards = check()
            failed = [
                guard
                for guard in refusals(guards)
                if not (overrule and guard.name in EVIDENCE_GUARDS)
            ]
            if failed:
                return self._refuse(wish, guards, failed, now=now)
            if before is not MoveState.INTENT:
                self.journal.append(wish, MoveState.INTENT, at=now, guards=guards)
            return self._apply(wish, guards, now=now)

    def _stands_at(self, wish: Move) -> str | None:
        return self.registry.alias_version(wish.model, wish.alias)

    def _apply(self, wish: Move, guards: list[Guard], *, now: datetime) -> Outcome:
        current = self._stands_at(wish)
        if current != wish.from_version:
            return self._superseded(wish, current, guards, now=now)
        self.registry.set_alias(wish.model, wish.alias, wish.to_version)
        written = self._stands_at(wish)
        if written != wish.to_version:
            self.journal.append(wish, MoveState.SUPERSEDED, at=now, guards=guards)
            msg = (
                f"alias '{wish.alias}' of {wish.model} was set to {wish.to_version} "
                f"and stands at {written}: somebody else moves it; Daywatch keeps off"
            )
            raise AliasMovedError(msg)
        return self._applied(wish, guards, now=now)

    def _applied(self, wish: Move, guards: list[Guard], *, now: datetime) -> Outcome:
        mark = f"{wish.from_version}->{wish.to_version} {now.isoformat()}"
        self.registry.tag_version(
            wish.model,
            wish.from_version,
            {"daywatch.rolled_back": mark, "daywatch.reason": wish.reason[:500]},
        )
        self.registry.tag_version(
            wish.model, wish.to_version, {"daywatch.put_back": mark}
        )
        self.journal.append(wish, MoveState.APPLIED, at=now, guards=guards)
        return Outcome(state=MoveState.APPLIED, text=_moved(wish), guards=guards)

    def _superseded(
        self, wish: Move, current: str | None, guards: list[Guard], *, now: datetime
    ) -> Outcome:
        self.journal.append(wish, MoveState.SUPERSEDED, at=now, guards=guards)
        text = (
            f"alias '{wish.alias}' stands at version {current}, not at "
            f"{wish.from_version}: somebody moved it, Daywatch keeps off"
        )
        return Outcome(state=MoveState.SUPERSEDED, text=text, guards=guards)

    def _refuse(
        self, wish: Move, guards: list[Guard], failed: list[Guard], *, now: datetime
    ) -> Outcome:
        if self.journal.state_of(wish.key) is not MoveState.REFUSED:
            self.journal.append(wish, MoveState.REFUSED, at=now, guards=guards)
        whys = "; ".join(f"{g.name}: {g.seen}, needed {g.needed}" for g in failed)
        return Outcome(state=MoveState.REFUSED, text=f"refused: {whys}", guards=guards)


def _moved(wish: Move) -> str:
    return (
        f"alias '{wish.alias}' moved from version {wish.from_version} "
        f"to {wish.to_version}"
    )
