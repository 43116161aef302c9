"""Rollbacks as rows of their own, and a journal whose lines are chained."""

import sqlalchemy as sa
from alembic import op

from monitoring_tasks.domain.chains import BEFORE_FIRST
from monitoring_tasks.domain.journal import digest_of
from monitoring_tasks.store.declarative import Instant

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

RENAMED = {"intent": "executing", "refused": "blocked"}
ADDED = ("evidence_digest", "fence", "detail", "previous", "digest")


def upgrade() -> None:
    """Chain the lines there are: they are what they are found to be today."""
    for column in (
        sa.Column("evidence_digest", sa.Text(), nullable=False, server_default=""),
        sa.Column("fence", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("detail", sa.JSON(), nullable=False, server_default="{}"),
        sa.Column("previous", sa.Text(), nullable=False, server_default=""),
        sa.Column("digest", sa.Text(), nullable=False, server_default=""),
    ):
        op.add_column("alias_journal", column)
    _chain()
    op.create_table(
        "fences",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("token", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_fences")),
    )
    op.create_table(
        "rollbacks",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("alias", sa.Text(), nullable=False),
        sa.Column("from_version", sa.Text(), nullable=False),
        sa.Column("to_version", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("mode", sa.Text(), nullable=False),
        sa.Column("proposed_at", Instant(timezone=True), nullable=False),
        sa.Column("expires_at", Instant(timezone=True), nullable=False),
        sa.Column("evaluation", sa.Text(), nullable=False),
        sa.Column("evidence_digest", sa.Text(), nullable=False),
        sa.Column("evidence", sa.JSON(), nullable=False),
        sa.Column("incident", sa.Text(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("is_open", sa.Boolean(), nullable=False),
        sa.Column("guards", sa.JSON(), nullable=False),
        sa.Column("approver", sa.Text(), nullable=True),
        sa.Column("applied_at", Instant(timezone=True), nullable=True),
        sa.Column("fence", sa.Integer(), nullable=False),
        sa.Column("is_forced", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rollbacks")),
    )
    op.create_index(op.f("ix_rollbacks_model"), "rollbacks", ["model"], unique=False)
    op.create_index(
        "ix_rollbacks_one_open",
        "rollbacks",
        ["model", "alias"],
        unique=True,
        sqlite_where=sa.text("is_open = 1"),
        postgresql_where=sa.text("is_open"),
    )


def _chain() -> None:
    """Number the lines without gaps, in today's words, and hang each on the last."""
    connection = op.get_bind()
    journal = sa.Table("alias_journal", sa.MetaData(), autoload_with=connection)
    journal.c.at.type = Instant(timezone=True)
    lines = connection.execute(sa.select(journal).order_by(journal.c.number))
    previous = BEFORE_FIRST
    for number, row in enumerate(lines.mappings().all(), start=1):
        values = dict(row) | {
            "number": number,
            "state": RENAMED.get(row["state"], row["state"]),
            "previous": previous,
        }
        values["digest"] = previous = digest_of(values)
        connection.execute(
            sa.update(journal).where(journal.c.number == row["number"]).values(**values)
        )


def downgrade() -> None:
    """Drop the chain and the rollbacks."""
    op.drop_table("rollbacks")
    op.drop_table("fences")
    for name in ADDED:
        op.drop_column("alias_journal", name)
    journal = sa.table("alias_journal", sa.column("state", sa.Text()))
    for before, after in RENAMED.items():
        op.execute(
            sa.update(journal).where(journal.c.state == after).values(state=before)
        )
