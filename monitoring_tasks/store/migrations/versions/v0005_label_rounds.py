"""When the labels of all days looked back at were asked for."""

import sqlalchemy as sa
from alembic import op

from monitoring_tasks.store.declarative import Instant

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Rounds of before are not known, except by the news they found."""
    op.create_table(
        "label_rounds",
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("known_at", Instant(timezone=True), nullable=False),
        sa.Column("look_back_days", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("model", "known_at", name=op.f("pk_label_rounds")),
    )


def downgrade() -> None:
    """Forget the rounds that found nothing."""
    op.drop_table("label_rounds")
