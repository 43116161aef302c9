"""What declared columns are called in a source."""

from collections.abc import Collection

from monitoring_tasks.contract.sources import Source
from monitoring_tasks.errors import UnreadableDataError
from monitoring_tasks.sources.request import Request


def columns_wanted(source: Source, request: Request) -> list[str]:
    """Return every name that a column which is asked for may have in the source.

    Args:
        source: Says how its columns are renamed.
        request: Says which columns are asked for, by our names for them.
    """
    wanted = {*request.columns, source.arrived_at, source.day_column} - {None}
    old = {old for old, new in source.rename.items() if new in wanted}
    return sorted(name for name in {*wanted, *old} if name is not None)


def name_in_source(source: Source, name: str, there: Collection[str]) -> str:
    """Return the source's own name of a column the contract names.

    Args:
        source: Says how its columns are renamed.
        name: As the contract has it.
        there: The names of the columns the source has.
    """
    back = {new: old for old, new in source.rename.items()}
    return back[name] if back.get(name) in there else name


def require_once(name: str, times: int) -> None:
    """Refuse a column that stands in a source more than once.

    Args:
        name: As the source has it.
        times: How often it is there.

    Raises:
        UnreadableDataError: If that is more than once.
    """
    if times > 1:
        msg = f"column '{name}' stands {times} times in the source; name each"
        raise UnreadableDataError(msg)
