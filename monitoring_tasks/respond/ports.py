"""What responding needs of store and registry, handed in by the doors."""

from contextlib import AbstractContextManager
from datetime import date, datetime
from typing import Any, Protocol

from monitoring_tasks.domain.incidents import Incident, IncidentState
from monitoring_tasks.domain.journal import JournalLine, Line
from monitoring_tasks.domain.json_values import JsonObject
from monitoring_tasks.domain.rollbacks import Rollback, RollbackState
from monitoring_tasks.domain.timeline import Entry


class AliasRegistry(Protocol):
    """The part of the registry a move needs."""

    def alias_version(self, model: str, alias: str) -> str | None:
        """Return the version the alias stands at; None when it is not set.

        Args:
            model: Registered model name.
            alias: The alias.
        """

    def set_alias(self, model: str, alias: str, version: str) -> None:
        """Move the alias.

        Args:
            model: Registered model name.
            alias: The alias.
            version: Where to; it has to be registered.
        """


class RollbackLog(Protocol):
    """Where every state of a rollback is written, its journal line with it."""

    def get(self, rollback_id: str) -> Rollback | None:
        """Return a rollback as it stands now."""

    def find(self, model: str | None = None) -> list[Rollback]:
        """List rollbacks."""

    def unfinished(self, model: str, alias: str) -> list[Rollback]:
        """Return the rollbacks of an alias something has yet to be done about.

        Args:
            model: Registered model name.
            alias: The alias.
        """

    def propose(self, rollback: Rollback, evidence: JsonObject) -> Rollback:
        """Write a request down, with what it rests on; once per id.

        Args:
            rollback: The request.
            evidence: What it rests on, from `make_evidence`.
        """

    def advance(
        self,
        rollback: Rollback,
        state: RollbackState,
        *,
        at: datetime,
        text: str = "",
        **parts: Any,  # noqa: ANN401 (fields of Rollback)
    ) -> Rollback:
        """Take a rollback to its next state, from the state it was read in.

        Args:
            rollback: As it was read.
            state: Where to.
            at: When.
            text: Why, for the journal.
            **parts: Other fields that change, e.g. `guards`, `fence`, `applied_at`.
        """


class AliasLeases(Protocol):
    """Keeps other processes off an alias."""

    def hold(self, name: str, *, holder: str) -> AbstractContextManager[int]:
        """Hold a lease and yield its fencing token.

        Args:
            name: What is leased.
            holder: Who holds it.
        """

    def require(self, name: str, token: int) -> None:
        """Refuse to go on when the lease was lost.

        Args:
            name: What is leased.
            token: The fencing token that came with it.
        """


class IncidentLog(Protocol):
    """The part of the incidents that later days write to."""

    def get(self, incident_id: str) -> Incident | None:
        """Return an incident as it stands now."""

    def find(
        self, model: str | None = None, *, with_candidates: bool = False
    ) -> list[Incident]:
        """List incidents, newest first.

        Args:
            model: Registered model name; None for all.
            with_candidates: Whether bad days count of which nobody knew if they last.
        """

    def active(self, model: str) -> list[Incident]:
        """List the incidents of a model that still need somebody."""

    def propose(self, candidate: Incident, *, text: str) -> Incident:
        """Write down a bad day that has not lasted; once per id.

        Args:
            candidate: In the state `candidate`.
            text: What was seen.
        """

    def take_to(self, incident: str, state: IncidentState, entry: Entry) -> Incident:
        """Take an incident to another state; being there already changes nothing.

        Args:
            incident: Its id.
            state: Where to.
            entry: Who says so, when and why.
        """

    def merge(self, incident: str, into: str, entry: Entry) -> Incident:
        """Make an incident a part of another one.

        Args:
            incident: Its id.
            into: Id of the other.
            entry: Who says so, when and why.
        """

    def note(self, incident: Incident, event: str, *, at: datetime, text: str) -> None:
        """Write an event on an incident, once for each key.

        Args:
            incident: The incident.
            event: The key.
            at: When.
            text: What happened.
        """

    def move(
        self,
        incident: str,
        state: IncidentState,
        *,
        at: datetime,
        actor: str,
        text: str,
        day: date | None = None,
    ) -> Incident:
        """Take an incident to another state; being there already changes nothing.

        Args:
            incident: Its id.
            state: Where to.
            at: When it is said.
            actor: Who says so.
            text: Why.
            day: The day that says so; None for its last bad day.
        """


class AuditJournal(Protocol):
    """The journal of alias moves."""

    def append(self, line: Line) -> None:
        """Write a line; lines are never changed."""

    def lines_in(self, *states: str, model: str | None = None) -> list[JournalLine]:
        """Return the lines that say one of these things happened, oldest first.

        Args:
            *states: What happened, e.g. `applied`.
            model: Registered model name; None for all.
        """
