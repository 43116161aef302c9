"""What was expected of a model when, and the record of serious incidents."""

import sqlalchemy as sa
from alembic import op

from monitoring_tasks.store.declarative import Instant

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """What was in force before is not known; it is seen with the next live day."""
    op.create_table(
        "contract_versions",
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("seen_at", Instant(timezone=True), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("daywatch", sa.Text(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint(
            "model", "seen_at", "digest", name=op.f("pk_contract_versions")
        ),
    )
    op.create_table(
        "regulatory_events",
        sa.Column("number", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("incident", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("at", Instant(timezone=True), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.Column("previous", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_regulatory_events")),
    )
    op.create_index(
        op.f("ix_regulatory_events_incident"), "regulatory_events", ["incident"]
    )


def downgrade() -> None:
    """Forget both."""
    op.drop_table("regulatory_events")
    op.drop_table("contract_versions")
