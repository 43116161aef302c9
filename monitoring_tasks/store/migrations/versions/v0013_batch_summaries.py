"""What a day's rows look like is kept, and the newest look is found by an index."""

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

    op.create_index(op.f("ix_evaluations_as_of"), "evaluations", ["as_of"])


def downgrade() -> None:
    """Forget them."""
    op.drop_index(op.f("ix_evaluations_as_of"), "evaluations")
    op.drop_table("batch_summaries")
