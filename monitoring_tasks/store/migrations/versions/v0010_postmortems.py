"""Incidents leave action items and tests behind."""

import sqlalchemy as sa
from alembic import op

from monitoring_tasks.store.declarative import Instant

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables of what incidents leave behind."""
    op.create_table(
        "incident_actions",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("incident", sa.Text(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("due", sa.Date(), nullable=True),
        sa.Column("ticket", sa.Text(), nullable=False),
        sa.Column("created_at", Instant(timezone=True), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("done_at", Instant(timezone=True), nullable=True),
        sa.Column("verified_at", Instant(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["incident"], ["incidents.id"], name=op.f("fk_incident_actions_incident")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incident_actions")),
    )
    op.create_table(
        "incident_tests",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("incident", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("target", sa.Text(), nullable=False),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.Column("created_at", Instant(timezone=True), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["incident"], ["incidents.id"], name=op.f("fk_incident_tests_incident")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incident_tests")),
    )
    for table in ("incident_actions", "incident_tests"):
        op.create_index(op.f(f"ix_{table}_incident"), table, ["incident"], unique=False)


def downgrade() -> None:
    """Forget action items and tests."""
    for table in ("incident_actions", "incident_tests"):
        op.drop_index(op.f(f"ix_{table}_incident"), table_name=table)
        op.drop_table(table)
