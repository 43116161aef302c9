"""Days whose rows stay with their source: how many were kept, and what was read."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Until here every row of a day was copied."""
    op.add_column("partitions", sa.Column("sampled", sa.Integer(), nullable=True))
    op.add_column("partitions", sa.Column("source", sa.Text(), nullable=True))


def downgrade() -> None:
    """Forget it."""
    op.drop_column("partitions", "source")
    op.drop_column("partitions", "sampled")
