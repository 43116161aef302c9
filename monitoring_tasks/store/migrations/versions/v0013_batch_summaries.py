"""What a day's rows look like is kept: later days no longer read them for it."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing is lost without them: they are made from the frozen rows again."""
    op.create_table(
        "batch_summaries",
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("columns", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint(
            "model", "day", "digest", "columns", name=op.f("pk_batch_summaries")
        ),
    )


def downgrade() -> None:
    """Forget them."""
    op.drop_table("batch_summaries")
