"""The columns a contract declares, out of the rows a source has.

Each in a plain type and read as what the contract says it holds.
"""

import pyarrow as pa

from monitoring_tasks.contract.column_types import Holds
from monitoring_tasks.contract.sources import Source
from monitoring_tasks.extract.plain_columns import decode_table
from monitoring_tasks.extract.typed_columns import read_as
from monitoring_tasks.sources.column_names import name_in_source, require_once
from monitoring_tasks.sources.request import Request


def declared_columns(table: pa.Table, request: Request) -> pa.Table:
    """Return the columns that are asked for, as what they hold, by our names for them.

    Args:
        table: Rows as the source has them. Not modified.
        request: Says which columns are asked for and what they hold.

    Raises:
        UnreadableDataError: If one of them stands there more than once.
    """
    source = request.source
    positions: dict[str, int] = {}
    for name in (*request.columns, source.arrived_at, source.day_column):
        if name is None:
            continue
        origin = name_in_source(source, name, table.schema.names)
        here = table.schema.get_all_field_indices(origin)
        require_once(origin, len(here))
        if here:
            positions[name] = here[0]
    picked = table.select([*positions.values()]).rename_columns([*positions])
    return read_as(decode_table(picked), request.holds)


def key_columns(source: Source, request: Request) -> frozenset[str]:
    """Return the names that columns of keys have, or may have, in the source.

    Args:
        source: Says how its columns are renamed.
        request: Says which columns hold keys, by our names for them.
    """
    keys = {name for name, holds in request.holds.items() if holds is Holds.KEYS}
    old = {old for old, new in source.rename.items() if new in keys}
    return frozenset(keys | old)
