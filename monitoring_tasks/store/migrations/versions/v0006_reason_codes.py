"""Reasons have codes; a cause that is about a part of the rows is called `segment`."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

OLD, NEW = "slice", "segment"
CAUSE_COLUMNS = ("evaluations", "incidents", "silences")
"""Tables with a column `cause`."""
CAUSE_KEYS = frozenset({"cause", "machine_cause"})
"""Under what names a cause lies in JSON."""


def upgrade() -> None:
    """Add the codes, unknown for what was decided before, and rename the cause.

    Ids of incidents keep the word they were made with, as does the journal: its lines
    are chained by their hashes.
    """
    op.add_column("evaluations", sa.Column("reason_codes", sa.JSON(), nullable=True))
    op.add_column("findings", sa.Column("reason_code", sa.Text(), nullable=True))
    _rename(OLD, NEW)


def downgrade() -> None:
    """Forget the codes and call the cause as before."""
    _rename(NEW, OLD)
    op.drop_column("findings", "reason_code")
    op.drop_column("evaluations", "reason_codes")


def _rename(old: str, new: str) -> None:
    connection = op.get_bind()
    for name in CAUSE_COLUMNS:
        table = sa.table(name, sa.column("cause"))
        connection.execute(
            sa.update(table).where(table.c.cause == old).values(cause=new)
        )
    _rename_in_json(
        connection, "evaluations", "evidence", keys=("key",), old=old, new=new
    )
    _rename_in_json(
        connection,
        "incident_events",
        "detail",
        keys=("incident", "event"),
        old=old,
        new=new,
    )


def _rename_in_json(
    connection: sa.Connection,
    name: str,
    column: str,
    *,
    keys: tuple[str, ...],
    old: str,
    new: str,
) -> None:
    """Rewrite the JSON that names the cause; all other rows are left as they are."""
    table = sa.table(
        name, sa.column(column, sa.JSON()), *(sa.column(key) for key in keys)
    )
    query = sa.select(table).where(
        sa.cast(table.c[column], sa.Text).contains(f'"{old}"')
    )
    for row in connection.execute(query).mappings().all():
        renamed = _with_cause(row[column], old, new)
        if renamed != row[column]:
            connection.execute(
                sa.update(table)
                .where(*(table.c[key] == row[key] for key in keys))
                .values({column: renamed})
            )


def _with_cause(content: Any, old: str, new: str) -> Any:  # noqa: ANN401 (JSON)
    """Return JSON whose causes are called anew, wherever in it they lie."""
    if isinstance(content, list):
        return [_with_cause(part, old, new) for part in content]
    if not isinstance(content, dict):
        return content
    return {
        key: new if key in CAUSE_KEYS and part == old else _with_cause(part, old, new)
        for key, part in content.items()
    }
