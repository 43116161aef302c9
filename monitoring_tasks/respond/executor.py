"""Carries out a rollback: once, under a lease, read back, every step in the journal.

The order matters. Each state is on disk before what follows it is done, so that a
process killed anywhere is understood by the next one, which reads the registry where
the registry may have been touched. MLflow has no compare-and-set: a writer that goes
round Daywatch between the last look and the write wins or loses without a trace;
only permissions in the registry close that gap.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from monitoring_tasks.domain.json_values import JsonObject
from monitoring_tasks.domain.rollbacks import (
    IN_DOUBT,
    Guard,
    Rollback,
    RollbackState,
    refusals,
)
from monitoring_tasks.errors import RegistryError
from monitoring_tasks.respond.alias_writer import AliasWriter
from monitoring_tasks.respond.guard_outcomes import after_guards, stopped
from monitoring_tasks.respond.ports import AliasLeases, AliasRegistry, RollbackLog
from monitoring_tasks.respond.sentences import UNANSWERED, moved, refused

S = RollbackState
Check = Callable[[Rollback], tuple[Guard, ...]]
"""Answers every guard about a rollback, now."""
MarkVersions = Callable[[Rollback], None]
"""Marks both versions of a move where users of the registry look; may be done again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Executor:
    """Carries rollbacks out, as far as they may go.

    Attributes:
        registry: Where the alias lives.
        rollbacks: Where every step is written.
        leases: Keeps other processes off the alias.
        holder: Who holds the lease: a process' own name.
        check: Asks the guards, now.
        mark_versions: Marks the versions of an applied move; may be done again.
    """

    registry: AliasRegistry
    rollbacks: RollbackLog
    leases: AliasLeases
    holder: str
    check: Check
    mark_versions: MarkVersions

    def execute(
        self, rollback: Rollback, evidence: JsonObject, *, now: datetime
    ) -> Rollback:
        """Take a rollback as far as guards, level and registry let it; at most once.

        Args:
            rollback: What is asked; its id makes it happen at most once.
            evidence: What it rests on, JSON only.
            now: The present instant.

        Returns:
            The rollback as it stands now: moved and `verifying`, waiting for a person,
            or ended.

        Raises:
            LeaseHeldError: If another process is moving this alias.
            AliasInDoubtError: If the registry does not say what came of the write.
        """
        name = f"{rollback.model}@{rollback.alias}"
        with self.leases.hold(name, holder=self.holder) as fence:
            current = self.rollbacks.get(rollback.id)
            if current is None:
                self._end_others(rollback, fence=fence, now=now)
                current = self.rollbacks.propose(rollback, evidence)
            if current.state is S.EVIDENCE_CAPTURED:
                current = self._check_again(current, fence, now)
            return self._advance(current, fence=fence, now=now)

    def _advance(self, rollback: Rollback, *, fence: int, now: datetime) -> Rollback:
        """Take every step that can be taken now, from whatever was done before."""
        steps = {
            S.PROPOSED: self._guard,
            S.GUARDED: self._choose,
            S.AWAITING_APPROVAL: self._expire,
            S.APPROVED: self._lock,
            S.LOCKED: self._capture,
            S.EVIDENCE_CAPTURED: self._write,
            S.EXECUTING: self._settle,
            S.INDETERMINATE: self._settle,
            S.APPLIED: self._mark,
        }
        while rollback.state in steps:
            before = rollback.state
            rollback = steps[before](rollback, fence, now)
            # It waits for a person's answer, or for a registry that can be read.
            if rollback.state is before:
                break
        return rollback

    def _guard(self, rollback: Rollback, fence: int, now: datetime) -> Rollback:
        guards = self.check(rollback)
        held = sum(guard.passed for guard in guards)
        return self.rollbacks.advance(
            rollback,
            S.GUARDED,
            at=now,
            text=f"{held} of {len(guards)} guards held",
            guards=guards,
            fence=fence,
        )

    def _choose(self, rollback: Rollback, fence: int, now: datetime) -> Rollback:
        following = after_guards(rollback)
        return self.rollbacks.advance(
            rollback, following.state, at=now, text=following.text, fence=fence
        )

    def _expire(self, rollback: Rollback, fence: int, now: datetime) -> Rollback:
        if rollback.proposed_at <= now < rollback.expires_at:
            return rollback
        return self.rollbacks.advance(
            rollback, S.EXPIRED, at=now, text=UNANSWERED, fence=fence
        )

    def _lock(self, rollback: Rollback, fence: int, now: datetime) -> Rollback:
        return self.rollbacks.advance(
            rollback, S.LOCKED, at=now, text="the alias is locked", fence=fence
        )

    def _capture(self, rollback: Rollback, fence: int, now: datetime) -> Rollback:
        """Ask the guards again under the lease, on the evidence as it is now."""
        guards = self.check(rollback)
        if refusals(guards, forced=rollback.is_forced):
            return self._stop(rollback, guards, fence, now)
        text = f"evidence {rollback.evidence_digest[:12]} as decided"
        return self.rollbacks.advance(
            rollback,
            S.EVIDENCE_CAPTURED,
            at=now,
            text=text,
            guards=guards,
            fence=fence,
        )

    def _check_again(self, rollback: Rollback, fence: int, now: datetime) -> Rollback:
        """Ask the guards of one that was stopped right before it was written.

        That may be days ago: by now it may be too late, or a kill switch be in place.
        """
        guards = self.check(rollback)
        if refusals(guards, forced=rollback.is_forced):
            return self._stop(rollback, guards, fence, now)
        return rollback

    def _write(self, rollback: Rollback, fence: int, now: datetime) -> Rollback:
        text = f"about to write: {rollback.from_version} to {rollback.to_version}"
        rollback = self.rollbacks.advance(
            rollback, S.EXECUTING, at=now, text=text, fence=fence
        )
        # Right before the write: a process that slept may have lost its lease.
        self.leases.require(f"{rollback.model}@{rollback.alias}", fence)
        return self._writer.write(rollback, fence=fence, now=now, is_first=True)

    def _settle(self, rollback: Rollback, fence: int, now: datetime) -> Rollback:
        """Understand what a process that was stopped in the write left behind."""
        settled = self._writer.reconcile(rollback, fence=fence, now=now)
        if settled.state not in IN_DOUBT:
            return settled
        # It was not written then; whether it still may be is another question.
        failed = refusals(self.check(rollback), forced=rollback.is_forced)
        if failed:
            text = f"not written, and it will not be: {refused(failed)}"
            return self.rollbacks.advance(
                rollback, S.FAILED, at=now, text=text, fence=fence
            )
        self.leases.require(f"{rollback.model}@{rollback.alias}", fence)
        return self._writer.write(rollback, fence=fence, now=now)

    def _mark(self, rollback: Rollback, fence: int, now: datetime) -> Rollback:
        """Mark the versions; a registry that refuses its tags ends nothing."""
        text = moved(rollback)
        try:
            self.mark_versions(rollback)
        except RegistryError as error:
            text = f"{text}; it could not be marked in the registry: {error}"
        return self.rollbacks.advance(
            rollback, S.VERIFYING, at=now, text=text, fence=fence
        )

    def _stop(
        self,
        rollback: Rollback,
        guards: tuple[Guard, ...],
        fence: int,
        now: datetime,
    ) -> Rollback:
        """End it before anything was written, in the state that says why."""
        following = stopped(refusals(guards, forced=rollback.is_forced))
        return self.rollbacks.advance(
            rollback,
            following.state,
            at=now,
            text=following.text,
            guards=guards,
            fence=fence,
        )

    def _end_others(self, rollback: Rollback, *, fence: int, now: datetime) -> None:
        """Settle what earlier decisions left unfinished; the newer evidence counts."""
        for other in self.rollbacks.unfinished(rollback.model, rollback.alias):
            self._end(other, rollback, fence=fence, now=now)

    def _end(
        self, other: Rollback, rollback: Rollback, *, fence: int, now: datetime
    ) -> None:
        if other.state in IN_DOUBT:
            other = self._writer.reconcile(other, fence=fence, now=now)
        if other.state is S.APPLIED:
            self._mark(other, fence, now)
        elif other.state in IN_DOUBT:
            text = f"not written; {rollback.id} decides on newer evidence"
            self.rollbacks.advance(other, S.FAILED, at=now, text=text, fence=fence)
        elif other.is_open:
            text = f"{rollback.id} decides on newer evidence"
            self.rollbacks.advance(other, S.SUPERSEDED, at=now, text=text, fence=fence)

    @property
    def _writer(self) -> AliasWriter:
        return AliasWriter(registry=self.registry, rollbacks=self.rollbacks)
