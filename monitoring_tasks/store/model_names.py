"""Which models a table has rows of, as a query that others join."""

import sqlalchemy as sa

from monitoring_tasks.store.declarative import Table, table_of


def models_of(row: type[Table]) -> sa.Subquery:
    """Return each model once, by name, in the column `model`.

    A step a model through an index that begins with it; a plain `distinct` reads all.

    Args:
        row: A table with an index, or a key, whose first column is `model`.
    """
    first, later = table_of(row).alias(), table_of(row).alias()
    names = sa.select(sa.func.min(first.c.model).label("model")).cte(recursive=True)
    following = (
        sa.select(sa.func.min(later.c.model))
        .where(later.c.model > names.c.model)
        .scalar_subquery()
    )
    names = names.union_all(sa.select(following).where(names.c.model.is_not(None)))
    query = sa.select(names.c.model).where(names.c.model.is_not(None))
    return query.order_by(names.c.model).subquery()
