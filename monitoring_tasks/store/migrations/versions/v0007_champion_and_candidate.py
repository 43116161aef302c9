"""Comparisons of versions name both sides: the champion and the candidate."""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

RENAMED = {"live": "champion", "other": "candidate"}
EVALUATIONS = sa.table(
    "evaluations", sa.column("key", sa.Text()), sa.column("comparisons", sa.JSON())
)


def upgrade() -> None:
    """Rename them in evaluations.

    The evidence of rollbacks stays as it is: its digest stands in the journal, and
    `Comparison.from_json` reads it.
    """
    _rename(RENAMED)


def downgrade() -> None:
    """Rename them back."""
    _rename({new: old for old, new in RENAMED.items()})


def _rename(names: Mapping[str, str]) -> None:
    connection = op.get_bind()
    table = EVALUATIONS.c
    query = sa.select(table.key, table.comparisons).where(
        table.comparisons.is_not(None)
    )
    for key, comparisons in connection.execute(query).all():
        # A day without comparisons may hold the JSON null instead of SQL's.
        if not comparisons:
            continue
        renamed = [_comparison(comparison, names) for comparison in comparisons]
        connection.execute(
            sa.update(EVALUATIONS).where(table.key == key).values(comparisons=renamed)
        )


def _comparison(
    comparison: Mapping[str, Any], names: Mapping[str, str]
) -> dict[str, Any]:
    renamed = _fields(comparison, names)
    if "daily" in renamed:
        renamed["daily"] = [_fields(day, names) for day in renamed["daily"]]
    return renamed


def _fields(plain: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    return {names.get(name, name): value for name, value in plain.items()}
