"""Incidents have roles and instants, their time lines are chained; messages wait."""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

from monitoring_tasks.domain.chains import BEFORE_FIRST
from monitoring_tasks.domain.timeline import event_digest
from monitoring_tasks.store.declarative import Instant

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

NAMES = (
    "segments",
    "acknowledged_at",
    "mitigated_at",
    "resolved_at",
    "commander",
    "scribe",
    "assignee",
    "escalation",
    "revision",
)
CHAIN = ("number", "previous", "digest")


def upgrade() -> None:
    """Chain the events there are in the order of their instants."""
    for column in (
        sa.Column("segments", sa.JSON(), nullable=False, server_default="[]"),
        sa.Column("acknowledged_at", Instant(timezone=True), nullable=True),
        sa.Column("mitigated_at", Instant(timezone=True), nullable=True),
        sa.Column("resolved_at", Instant(timezone=True), nullable=True),
        sa.Column("commander", sa.Text(), nullable=True),
        sa.Column("scribe", sa.Text(), nullable=True),
        sa.Column("assignee", sa.Text(), nullable=True),
        sa.Column("escalation", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("revision", sa.Integer(), nullable=False, server_default="1"),
    ):
        op.add_column("incidents", column)
    for column in (
        sa.Column("number", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("previous", sa.Text(), nullable=False, server_default=""),
        sa.Column("digest", sa.Text(), nullable=False, server_default=""),
    ):
        op.add_column("incident_events", column)
    _chain(op.get_bind())
    op.create_index(
        op.f("ix_incident_events_number"), "incident_events", ["number"], unique=True
    )
    _create_messages()


def downgrade() -> None:
    """Forget messages, roles and the chain of the time lines."""
    op.drop_table("messages")
    op.drop_index(op.f("ix_incident_events_number"), table_name="incident_events")
    for name in CHAIN:
        op.drop_column("incident_events", name)
    for name in NAMES:
        op.drop_column("incidents", name)


def _create_messages() -> None:
    op.create_table(
        "messages",
        sa.Column("number", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("occasion", sa.Text(), nullable=False),
        sa.Column("incident", sa.Text(), nullable=True),
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("severity", sa.Text(), nullable=False),
        sa.Column("subject", sa.JSON(), nullable=False),
        sa.Column("is_gathered", sa.Boolean(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("created_at", Instant(timezone=True), nullable=False),
        sa.Column("due_at", Instant(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("attempted_at", Instant(timezone=True), nullable=True),
        sa.Column("claimed_at", Instant(timezone=True), nullable=True),
        sa.Column("claimed_by", sa.Text(), nullable=True),
        sa.Column("fault", sa.Text(), nullable=False),
        sa.Column("notice", sa.JSON(), nullable=True),
        sa.Column("composed_at", Instant(timezone=True), nullable=True),
        sa.Column("receipt", sa.JSON(), nullable=True),
        sa.Column("sent_at", Instant(timezone=True), nullable=True),
        sa.Column("covered_by", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_messages")),
        sa.UniqueConstraint("id", name=op.f("uq_messages_id")),
    )
    op.create_index(op.f("ix_messages_state"), "messages", ["state"], unique=False)
    op.create_index(
        op.f("ix_messages_incident"), "messages", ["incident"], unique=False
    )


def _chain(connection: sa.Connection) -> None:
    events = sa.table(
        "incident_events",
        sa.column("incident", sa.Text()),
        sa.column("event", sa.Text()),
        sa.column("at", Instant(timezone=True)),
        sa.column("actor", sa.Text()),
        sa.column("kind", sa.Text()),
        sa.column("text", sa.Text()),
        sa.column("detail", sa.JSON()),
        sa.column("number", sa.Integer()),
        sa.column("previous", sa.Text()),
        sa.column("digest", sa.Text()),
    )
    rows = connection.execute(sa.select(events)).mappings().all()
    previous = BEFORE_FIRST
    for number, row in enumerate(sorted(rows, key=_place), start=1):
        chained = dict(row) | {"number": number, "previous": previous}
        previous = event_digest(chained)
        connection.execute(
            sa.update(events)
            .where(events.c.incident == row["incident"], events.c.event == row["event"])
            .values(number=number, previous=chained["previous"], digest=previous)
        )


def _place(row: sa.RowMapping) -> tuple[datetime, str, str]:
    return row["at"].astimezone(UTC), row["incident"], row["event"]
