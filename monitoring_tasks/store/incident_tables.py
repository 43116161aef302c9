"""The tables of incidents: what happened, who was told, what is kept quiet."""

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from monitoring_tasks.store.declarative import Table


class IncidentRow(Table):
    """An incident; at most one active per model and cause."""

    __tablename__ = "incidents"
    __table_args__ = (sa.Index("ix_incidents_model_onset_day", "model", "onset_day"),)
    # `ix_incidents_one_active` is in the migrations alone: a condition of Postgres,
    # declared here, would load its dialect wherever a table is looked at.

    id: Mapped[str] = mapped_column(primary_key=True)
    model: Mapped[str]
    cause: Mapped[str]
    state: Mapped[str] = mapped_column(index=True)
    severity: Mapped[str]
    version: Mapped[str]
    onset_day: Mapped[date] = mapped_column(index=True)
    last_day: Mapped[date]
    title: Mapped[str]
    opened_at: Mapped[datetime]
    is_active: Mapped[bool]
    reopened: Mapped[int]
    is_flapping: Mapped[bool]
    upstreams: Mapped[list[Any]]
    resolved_day: Mapped[date | None]
    silenced_by: Mapped[str | None]
    merged_into: Mapped[str | None] = mapped_column(index=True)
    paged_at: Mapped[datetime | None] = mapped_column(index=True)
    segments: Mapped[list[Any]]
    acknowledged_at: Mapped[datetime | None]
    mitigated_at: Mapped[datetime | None]
    resolved_at: Mapped[datetime | None]
    commander: Mapped[str | None]
    scribe: Mapped[str | None]
    assignee: Mapped[str | None]
    escalation: Mapped[int]
    revision: Mapped[int]


class IncidentEventRow(Table):
    """One thing that happened to an incident; appended, chained, never changed."""

    __tablename__ = "incident_events"
    __table_args__ = (sa.Index("ix_incident_events_number", "number", unique=True),)

    incident: Mapped[str] = mapped_column(
        sa.ForeignKey("incidents.id"), primary_key=True
    )
    event: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    actor: Mapped[str]
    kind: Mapped[str]
    text: Mapped[str]
    detail: Mapped[dict[str, Any]]
    number: Mapped[int]
    previous: Mapped[str]
    digest: Mapped[str]


class IncidentActionRow(Table):
    """Something to be done because of an incident."""

    __tablename__ = "incident_actions"

    id: Mapped[str] = mapped_column(primary_key=True)
    incident: Mapped[str] = mapped_column(sa.ForeignKey("incidents.id"), index=True)
    type: Mapped[str]
    text: Mapped[str]
    owner: Mapped[str]
    due: Mapped[date | None]
    ticket: Mapped[str]
    created_at: Mapped[datetime]
    created_by: Mapped[str]
    done_at: Mapped[datetime | None]
    verified_at: Mapped[datetime | None]


class IncidentTestRow(Table):
    """A test an incident has left behind; never changed."""

    __tablename__ = "incident_tests"

    id: Mapped[str] = mapped_column(primary_key=True)
    incident: Mapped[str] = mapped_column(sa.ForeignKey("incidents.id"), index=True)
    kind: Mapped[str]
    target: Mapped[str]
    detail: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]
    created_by: Mapped[str]


class MessageRow(Table):
    """A message to one channel, from the change it tells of to its delivery."""

    __tablename__ = "messages"
    __table_args__ = (
        sa.Index("ix_messages_state", "state"),
        sa.Index("ix_messages_incident", "incident"),
    )

    number: Mapped[int] = mapped_column(
        sa.Integer, primary_key=True, autoincrement=True
    )
    id: Mapped[str] = mapped_column(unique=True)
    channel: Mapped[str]
    occasion: Mapped[str]
    incident: Mapped[str | None]
    model: Mapped[str]
    severity: Mapped[str]
    subject: Mapped[dict[str, Any]]
    is_gathered: Mapped[bool]
    state: Mapped[str]
    created_at: Mapped[datetime]
    due_at: Mapped[datetime]
    attempts: Mapped[int]
    attempted_at: Mapped[datetime | None]
    claimed_at: Mapped[datetime | None]
    claimed_by: Mapped[str | None]
    fault: Mapped[str]
    notice: Mapped[dict[str, Any] | None]
    composed_at: Mapped[datetime | None]
    receipt: Mapped[dict[str, Any] | None]
    sent_at: Mapped[datetime | None]
    covered_by: Mapped[str | None]


class HeardEventRow(Table):
    """Something a person did in a channel, as Daywatch heard of it; once an event."""

    __tablename__ = "heard_events"
    __table_args__ = (
        sa.Index("ix_heard_events_other", "channel", "other"),
        sa.Index("ix_heard_events_outcome", "outcome", "heard_at"),
    )

    channel: Mapped[str] = mapped_column(primary_key=True)
    event: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    heard_at: Mapped[datetime] = mapped_column(index=True)
    what: Mapped[str]
    who: Mapped[str]
    text: Mapped[str]
    field: Mapped[str]
    value: Mapped[str]
    key: Mapped[str]
    other: Mapped[str]
    incident: Mapped[str | None] = mapped_column(index=True)
    outcome: Mapped[str]
    reason: Mapped[str]


class PollCursorRow(Table):
    """Until when a channel was asked what people did there: see `PollCursors`."""

    __tablename__ = "poll_cursors"

    channel: Mapped[str] = mapped_column(primary_key=True)
    asked_at: Mapped[datetime]


class SilenceRow(Table):
    """What nobody is to be paged about for a while; never changed."""

    __tablename__ = "silences"

    id: Mapped[str] = mapped_column(primary_key=True)
    model: Mapped[str] = mapped_column(index=True)
    cause: Mapped[str | None]
    segment: Mapped[str | None]
    severity_at_most: Mapped[str]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime] = mapped_column(index=True)


class SilenceEventRow(Table):
    """Who asked for a silence, or ended it early, and why; never changed."""

    __tablename__ = "silence_events"

    silence: Mapped[str] = mapped_column(sa.ForeignKey("silences.id"), primary_key=True)
    event: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    actor: Mapped[str]
    text: Mapped[str]
