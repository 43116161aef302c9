"""Silences, and what incidents have to do with each other and with pagers."""

import sqlalchemy as sa
from alembic import op

from monitoring_tasks.store.declarative import Instant

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

NAMES = (
    "reopened",
    "is_flapping",
    "upstreams",
    "resolved_day",
    "silenced_by",
    "merged_into",
    "paged_at",
)


def upgrade() -> None:
    """Incidents of before were never re-opened, silenced, merged nor paged about.

    The table is added to, not made anew as a batch would: its events point at it.
    """
    for column in (
        sa.Column("reopened", sa.Integer(), nullable=False, server_default="0"),
        sa.Column(
            "is_flapping", sa.Boolean(), nullable=False, server_default=sa.false()
        ),
        sa.Column("upstreams", sa.JSON(), nullable=False, server_default="[]"),
        sa.Column("resolved_day", sa.Date(), nullable=True),
        sa.Column("silenced_by", sa.Text(), nullable=True),
        sa.Column("merged_into", sa.Text(), nullable=True),
        sa.Column("paged_at", Instant(timezone=True), nullable=True),
    ):
        op.add_column("incidents", column)
    op.create_table(
        "silences",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("cause", sa.Text(), nullable=True),
        sa.Column("segment", sa.Text(), nullable=True),
        sa.Column("severity_at_most", sa.Text(), nullable=False),
        sa.Column("starts_at", Instant(timezone=True), nullable=False),
        sa.Column("ends_at", Instant(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_silences")),
    )
    op.create_index(op.f("ix_silences_model"), "silences", ["model"], unique=False)
    op.create_table(
        "silence_events",
        sa.Column("silence", sa.Text(), nullable=False),
        sa.Column("event", sa.Text(), nullable=False),
        sa.Column("at", Instant(timezone=True), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["silence"], ["silences.id"], name=op.f("fk_silence_events_silence")
        ),
        sa.PrimaryKeyConstraint("silence", "event", name=op.f("pk_silence_events")),
    )


def downgrade() -> None:
    """Forget silences, and which incidents belong together."""
    op.drop_table("silence_events")
    op.drop_index(op.f("ix_silences_model"), table_name="silences")
    op.drop_table("silences")
    for name in NAMES:
        op.drop_column("incidents", name)
