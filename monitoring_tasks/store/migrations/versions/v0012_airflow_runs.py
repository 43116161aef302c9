"""Which run of Airflow judged a day, and which runs gave the assets that started it."""

import sqlalchemy as sa
from alembic import op

from monitoring_tasks.store.declarative import Instant

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing was kept of it before."""
    texts = ("dag_id", "run_id", "task_id", "asset", "uri", "partition_key")
    op.create_table(
        "airflow_runs",
        sa.Column("evaluation", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=True) for name in texts),
        sa.Column("map_index", sa.Integer(), nullable=True),
        sa.Column("try_number", sa.Integer(), nullable=True),
        sa.Column("at", Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["evaluation"],
            ["evaluations.key"],
            name=op.f("fk_airflow_runs_evaluation"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("evaluation", "position", name=op.f("pk_airflow_runs")),
    )


def downgrade() -> None:
    """Forget it."""
    op.drop_table("airflow_runs")
