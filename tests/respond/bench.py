"""An executor on a real store, with everything else at will."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest

from monitoring_tasks.domain.autonomy import ResponseMode
from monitoring_tasks.domain.rollbacks import Guard, Rollback, RollbackState
from monitoring_tasks.errors import SourceUnavailableError
from monitoring_tasks.respond.executor import Executor
from monitoring_tasks.store.database import Database
from monitoring_tasks.store.journal import Journal
from tests.builders import MODEL, NOW, make_guard, make_rollback
from tests.respond.faulty import (
    FakeRegistry,
    Fuse,
    KilledError,
    MortalLeases,
    MortalRollbacks,
)

S = RollbackState
ID = make_rollback().id
ALIAS = f"{MODEL}@champion"
DOWN = SourceUnavailableError("no answer")
LATE = NOW + timedelta(hours=25)
WHOLE_WAY = [
    *("proposed", "guarded", "approved", "locked", "evidence_captured"),
    *("executing", "applied", "verifying"),
]


@dataclass
class Bench:
    """An executor on a real store, a registry that fails, and guards at will."""

    database: Database
    registry: FakeRegistry = field(default_factory=FakeRegistry)
    failing: tuple[str, ...] = ()
    skippable: bool = False
    after_check: Callable[[Rollback], object] | None = None
    told: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.fuse = self.registry.fuse = Fuse()
        self.journal = Journal(self.database)
        self.rollbacks = MortalRollbacks(self.database, self.journal, self.fuse)
        self.leases = MortalLeases(self.database)
        self.now = NOW

    def check(self, rollback: Rollback) -> tuple[Guard, ...]:
        """Ask what the tests are about: the alias, the time, the level; and others."""
        held = {
            "alias_unchanged": self.registry.version == rollback.from_version,
            "decision_fresh": rollback.proposed_at <= self.now < rollback.expires_at,
            "may_act": rollback.mode is ResponseMode.AUTO or bool(rollback.approver),
        } | dict.fromkeys(self.failing, False)
        guards = tuple(
            make_guard(name, passed=passed, skippable=self.skippable)
            for name, passed in held.items()
        )
        if self.after_check is not None:
            self.after_check(rollback)
        return guards

    def mark_versions(self, rollback: Rollback) -> None:
        """Tell others."""
        with self.fuse.around():
            self.told.append(rollback.id)

    def execute(
        self,
        rollback: Rollback | None = None,
        *,
        now: datetime | None = None,
        holder: str = "one",
    ) -> Rollback:
        """Ask for the alias to go from version 2 to version 1."""
        self.now = now or self.now
        executor = Executor(
            registry=self.registry,
            rollbacks=self.rollbacks,
            leases=self.leases,
            holder=holder,
            check=self.check,
            mark_versions=self.mark_versions,
        )
        return executor.execute(rollback or make_rollback(), {"why": 1}, now=self.now)

    def killed(self, sparks: int) -> None:
        """Do the same in a process that dies on the way."""
        self.fuse.left = sparks
        with pytest.raises(KilledError):
            self.execute()

    def states(self, rollback_id: str = ID) -> list[str]:
        """Return the steps in the journal."""
        lines = self.journal.lines(MODEL)
        return [line.state for line in lines if line.key == rollback_id]

    def last(self) -> str:
        """Return the last reason in the journal."""
        return self.journal.lines(MODEL)[-1].reason


def asked(bench: Bench) -> Rollback:
    """Bring a rollback to where a person is asked."""
    rollback = make_rollback(mode=ResponseMode.APPROVE)
    assert bench.execute(rollback).state is S.AWAITING_APPROVAL
    return rollback


def answer(
    bench: Bench, *, approve: bool = True, at: datetime = NOW, actor: str = "kim"
) -> Rollback:
    """Answer as a person."""
    return bench.rollbacks.answer(ID, approve=approve, actor=actor, at=at, text="ok")
