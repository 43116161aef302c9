"""Numbers over several days, and how likely they are while nothing changed."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

KEYS = ["evaluation", "kind", "metric", "column", "segment", "version"]


def upgrade() -> None:
    """Let a number be told apart by its horizon; those of before are of one day."""
    with op.batch_alter_table("findings") as table:
        table.add_column(
            sa.Column("horizon", sa.Integer(), nullable=False, server_default="1")
        )
        table.add_column(sa.Column("p_value", sa.Double(), nullable=True))
        table.drop_constraint("pk_findings", type_="primary")
        table.create_primary_key("pk_findings", [*KEYS, "horizon"])
    with op.batch_alter_table("findings") as table:
        table.alter_column("horizon", server_default=None)


def downgrade() -> None:
    """Keep the numbers of one day only."""
    op.execute(sa.text("DELETE FROM findings WHERE horizon <> 1"))
    with op.batch_alter_table("findings") as table:
        table.drop_constraint("pk_findings", type_="primary")
        table.create_primary_key("pk_findings", KEYS)
        table.drop_column("horizon")
        table.drop_column("p_value")
