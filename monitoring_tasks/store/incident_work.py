"""What incidents leave behind: action items and tests, told on their time lines."""

from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import date
from typing import Any

import sqlalchemy as sa

from monitoring_tasks.domain.incident_actions import ActionItem, ActionType
from monitoring_tasks.domain.incident_tests import IncidentTest, IncidentTestKind
from monitoring_tasks.domain.incidents import Incident
from monitoring_tasks.domain.json_values import JsonObject
from monitoring_tasks.domain.timeline import Entry
from monitoring_tasks.store.database import Database
from monitoring_tasks.store.declarative import Table, table_of
from monitoring_tasks.store.fleet import FLEET_LOCK
from monitoring_tasks.store.incident_tables import (
    IncidentActionRow,
    IncidentRow,
    IncidentTestRow,
)
from monitoring_tasks.store.incident_writes import add_event, events_of, find


class IncidentWork:
    """Action items and tests of incidents; each call is one transaction."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add_action(
        self,
        incident: str,
        action: ActionType,
        entry: Entry,
        *,
        owner: str = "",
        due: date | None = None,
    ) -> ActionItem:
        """Write an action item down, and tell of it; the same text again is the same.

        Args:
            incident: Id of the incident.
            action: What it is to change.
            entry: Who writes it down and when; its text is what is to be done.
            owner: Who does it; empty while nobody is named.
            due: Until when; None while nobody said.

        Raises:
            LookupError: If there is no such incident.
        """
        with self._database.transaction() as connection:
            self._database.lock(connection, FLEET_LOCK)
            about = _of_id(connection, incident)
            earlier = _actions(connection, incident)
            for item in earlier:
                if (item.type, item.text) == (action, entry.text):
                    return item
            item = ActionItem(
                id=f"{incident}-action-{len(earlier) + 1}",
                incident=incident,
                type=action,
                text=entry.text,
                created_at=entry.at,
                created_by=entry.actor,
                owner=owner,
                due=due,
            )
            row = asdict(item) | {"type": item.type.value}
            connection.execute(sa.insert(IncidentActionRow).values(**row))
            said = replace(entry, text=f"to be done: {item.text}")
            _tell(connection, about, item.id, said)
            return item

    def change_action(
        self, action: str, change: Mapping[str, Any], entry: Entry
    ) -> ActionItem:
        """Change what is said of an action item, and tell of it.

        Args:
            action: Its id.
            change: Fields of `ActionItem` and their new values.
            entry: Who says so, when and what.

        Raises:
            LookupError: If there is no such action item.
        """
        with self._database.transaction() as connection:
            self._database.lock(connection, FLEET_LOCK)
            row = IncidentActionRow
            query = sa.select(table_of(row)).where(row.id == action)
            stored = connection.execute(query).mappings().first()
            if stored is None:
                msg = (
                    f"there is no action item '{action}'; `daywatch postmortem action "
                    "list` names all"
                )
                raise LookupError(msg)
            before = _action(dict(stored))
            after = replace(before, **change)
            if after == before:
                return before
            statement = sa.update(row).where(row.id == action).values(**change)
            connection.execute(statement)
            about = _of_id(connection, before.incident)
            _tell(connection, about, f"{action}-changed", entry)
            return after

    def actions(
        self, incident: str | None = None, *, model: str | None = None
    ) -> list[ActionItem]:
        """List action items in the order they were written down.

        Args:
            incident: Id of the incident; None for all.
            model: Registered model name; None for all.
        """
        with self._database.transaction() as connection:
            return _actions(connection, incident, model=model)

    def add_test(
        self,
        incident: str,
        kind: IncidentTestKind,
        target: str,
        entry: Entry,
        *,
        detail: JsonObject,
    ) -> IncidentTest:
        """Write down a test an incident leaves behind; the same again is the same.

        Args:
            incident: Id of the incident.
            kind: What is held.
            target: What it is held of.
            entry: Who leaves it, and when.
            detail: What is expected, JSON only.

        Raises:
            LookupError: If there is no such incident.
        """
        with self._database.transaction() as connection:
            self._database.lock(connection, FLEET_LOCK)
            about = _of_id(connection, incident)
            earlier = _tests(connection, incident)
            for test in earlier:
                if (test.kind, test.target, test.detail) == (kind, target, detail):
                    return test
            test = IncidentTest(
                id=f"{incident}-test-{len(earlier) + 1}",
                incident=incident,
                model=about.model,
                kind=kind,
                target=target,
                detail=detail,
                created_at=entry.at,
                created_by=entry.actor,
            )
            row = asdict(test) | {"kind": kind.value}
            del row["model"]
            connection.execute(sa.insert(IncidentTestRow).values(**row))
            said = replace(entry, text=f"left a test: {kind} {target}")
            _tell(connection, about, test.id, said)
            return test

    def tests(
        self, incident: str | None = None, *, model: str | None = None
    ) -> list[IncidentTest]:
        """List tests in the order they were left.

        Args:
            incident: Id of the incident; None for all.
            model: Registered model name; None for all.
        """
        with self._database.transaction() as connection:
            return _tests(connection, incident, model=model)

    def tell(self, incident: str, event: str, entry: Entry, detail: JsonObject) -> None:
        """Write a line on an incident's time line, once per `event`.

        Args:
            incident: Id of the incident.
            event: Names the line; one that is there already stays as it is.
            entry: Who says what, and when.
            detail: What it rests on, JSON only.

        Raises:
            LookupError: If there is no such incident.
        """
        with self._database.transaction() as connection:
            add_event(
                connection,
                _of_id(connection, incident),
                event,
                at=entry.at,
                text=entry.text,
                detail=dict(detail),
                actor=entry.actor,
            )


def _of_id(connection: sa.Connection, incident: str) -> Incident:
    stored = find(connection, incident)
    if stored is None:
        msg = f"there is no incident '{incident}'; `daywatch incident list` names all"
        raise LookupError(msg)
    return stored


def _tell(
    connection: sa.Connection, incident: Incident, name: str, entry: Entry
) -> None:
    number = len(events_of(connection, incident.id))
    add_event(
        connection,
        incident,
        f"{number:04d}-{name.removeprefix(f'{incident.id}-')}",
        at=entry.at,
        text=entry.text,
        actor=entry.actor,
    )


def _rows(
    connection: sa.Connection,
    row: type[Table],
    incident: str | None,
    model: str | None,
) -> list[dict[str, Any]]:
    table, incidents = table_of(row), table_of(IncidentRow)
    query = (
        sa.select(table, incidents.c.model)
        .join(incidents, table.c.incident == incidents.c.id)
        .order_by(table.c.created_at, table.c.id)
    )
    if incident is not None:
        query = query.where(table.c.incident == incident)
    if model is not None:
        query = query.where(incidents.c.model == model)
    return [dict(stored) for stored in connection.execute(query).mappings()]


def _actions(
    connection: sa.Connection, incident: str | None, *, model: str | None = None
) -> list[ActionItem]:
    rows = _rows(connection, IncidentActionRow, incident, model)
    for row in rows:
        del row["model"]
    return [_action(row) for row in rows]


def _action(row: dict[str, Any]) -> ActionItem:
    return ActionItem(**row | {"type": ActionType(row["type"])})


def _tests(
    connection: sa.Connection, incident: str | None, *, model: str | None = None
) -> list[IncidentTest]:
    rows = _rows(connection, IncidentTestRow, incident, model)
    return [IncidentTest(**r | {"kind": IncidentTestKind(r["kind"])}) for r in rows]
