"""A registry, a store and leases that fail, or die with their process, as told."""

import socket
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from monitoring_tasks.domain.rollbacks import Rollback, RollbackState
from monitoring_tasks.store.database import Database
from monitoring_tasks.store.journal import Journal
from monitoring_tasks.store.leases import Leases
from monitoring_tasks.store.rollbacks import Rollbacks

DEAD = f"{socket.gethostname()}:99999999:1"
"""A holder of leases whose process is no more."""


class KilledError(BaseException):
    """The process is gone; no `except Exception` sees it."""


@dataclass
class Fuse:
    """Kills the process at the side effect that is `left` sparks away; None never.

    Each side effect gives two sparks: one right before it, one right after it.
    """

    left: int | None = None

    def spark(self) -> None:
        """Burn down by one; kill at the end."""
        if self.left is None:
            return
        self.left -= 1
        if self.left < 0:
            self.left = None
            raise KilledError

    @contextmanager
    def around(self) -> Iterator[None]:
        """Spark before and after a side effect."""
        self.spark()
        yield
        self.spark()


@dataclass
class FakeRegistry:
    """An alias in memory.

    Attributes:
        version: Where it stands.
        writes: How often it was written.
        looks: What the next looks show, or fail with, in place of what is so.
        before_write: What every write fails with, before anything is done.
        after_write: What every write fails with, after it is done.
        somebody_sets: Where somebody else puts it right after a write.
        on_write: Called with the version, right before a write is done.
    """

    version: str | None = "2"
    writes: int = 0
    looks: list[str | BaseException | None] = field(default_factory=list)
    before_write: BaseException | None = None
    after_write: BaseException | None = None
    somebody_sets: str | None = None
    on_write: Callable[[str], None] | None = None
    fuse: Fuse = field(default_factory=Fuse)

    def alias_version(self, model: str, alias: str) -> str | None:
        """Say where the alias stands, as far as this look shows it."""
        del model, alias
        shown = self.looks.pop(0) if self.looks else self.version
        if isinstance(shown, BaseException):
            raise shown
        return shown

    def set_alias(self, model: str, alias: str, version: str) -> None:
        """Move the alias, or fail as told."""
        del model, alias
        with self.fuse.around():
            if self.before_write is not None:
                raise self.before_write
            if self.on_write is not None:
                self.on_write(version)
            self.version, self.writes = version, self.writes + 1
            if self.somebody_sets is not None:
                self.version = self.somebody_sets
            if self.after_write is not None:
                raise self.after_write


class MortalRollbacks(Rollbacks):
    """Rollbacks whose process may die right before or after each thing it writes."""

    def __init__(self, database: Database, journal: Journal, fuse: Fuse) -> None:
        super().__init__(database, journal)
        self._fuse = fuse

    def propose(self, rollback: Rollback, evidence: Mapping[str, Any]) -> Rollback:
        """Write a rollback down, or die."""
        with self._fuse.around():
            return super().propose(rollback, evidence)

    def advance(
        self,
        rollback: Rollback,
        state: RollbackState,
        **parts: Any,  # noqa: ANN401 (as there)
    ) -> Rollback:
        """Take a rollback a step on, or die."""
        with self._fuse.around():
            return super().advance(rollback, state, **parts)


class MortalLeases(Leases):
    """Leases that are not given back when the process dies."""

    @contextmanager
    def hold(self, name: str, *, holder: str, seconds: float = 120) -> Iterator[int]:
        """Hold a lease; the dead keep theirs until somebody takes it over."""
        try:
            with super().hold(name, holder=holder, seconds=seconds) as token:
                yield token
        except KilledError:
            self._take(name, DEAD, seconds)
            raise
