"""Tables put on top of each other; columns that do not agree become text."""

from collections.abc import Sequence

import pyarrow as pa

from monitoring_tasks.errors import UnreadableDataError


def stack(tables: Sequence[pa.Table], where: str) -> pa.Table:
    """Return the rows of all tables in order; a column that one lacks is null there.

    A column whose types do not go together is text, so that the gates can name it; the
    others stay what they are.

    Args:
        tables: At least one, the columns of each named once.
        where: What they come from, for the error.

    Raises:
        UnreadableDataError: If a column holds lists or records in one table and
            plain values, or other ones, in another.
    """
    names = dict.fromkeys(name for table in tables for name in table.column_names)
    apart = {name for name in names if not _agree(tables, name)}
    try:
        alike = [_as_text(table, apart) for table in tables]
        # A file whose column is empty, or holds whole numbers, fits the others'.
        return pa.concat_tables(alike, promote_options="permissive")
    except pa.ArrowException as error:
        listed = ", ".join(sorted(apart))
        msg = f"{where}: the files do not agree on the types of: {listed}"
        raise UnreadableDataError(msg) from error


def _agree(tables: Sequence[pa.Table], name: str) -> bool:
    kinds = {t.schema.field(name).type for t in tables if name in t.column_names}
    schemas = [pa.schema([(name, kind)]) for kind in kinds]
    try:
        pa.unify_schemas(schemas, promote_options="permissive")
    except pa.ArrowException:
        return False
    return True


def _as_text(table: pa.Table, names: set[str]) -> pa.Table:
    for name in names.intersection(table.column_names):
        index = table.column_names.index(name)
        table = table.set_column(index, name, table.column(index).cast(pa.string()))
    return table
