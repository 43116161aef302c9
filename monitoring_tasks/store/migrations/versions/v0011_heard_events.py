"""What people did in channels, and until when those were asked."""

import sqlalchemy as sa
from alembic import op

from monitoring_tasks.store.declarative import Instant

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing was heard before."""
    texts = ("what", "who", "text", "field", "value", "key", "other")
    op.create_table(
        "heard_events",
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("event", sa.Text(), nullable=False),
        sa.Column("at", Instant(timezone=True), nullable=False),
        sa.Column("heard_at", Instant(timezone=True), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in texts),
        sa.Column("incident", sa.Text(), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("channel", "event", name=op.f("pk_heard_events")),
    )
    op.create_index("ix_heard_events_other", "heard_events", ["channel", "other"])
    op.create_table(
        "poll_cursors",
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("asked_at", Instant(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("channel", name=op.f("pk_poll_cursors")),
    )


def downgrade() -> None:
    """Forget both."""
    op.drop_table("poll_cursors")
    op.drop_index("ix_heard_events_other", table_name="heard_events")
    op.drop_table("heard_events")
