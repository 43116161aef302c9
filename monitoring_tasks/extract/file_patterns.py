"""One pattern for files whose names differ by their day."""

from datetime import date
from pathlib import Path

from monitoring_tasks.extract.delivered_days import A_DAY, days_named


def pattern_of(
    names: list[str], address: str, path: str
) -> tuple[str, tuple[date, ...]]:
    """Return the path with `{day}` in the place of a day, and the days.

    Args:
        names: Files of one storage, at least one.
        address: A file, folder or pattern that a person named; it says which storage.
        path: The same as the storage names it.

    Returns:
        The pattern, with the scheme of the address; no days where names tell none.
    """
    if "{day}" in path:
        return address, tuple(sorted(days_named(names, path)))
    fixed = path.partition("*")[0]
    endings = [name.removeprefix(fixed) for name in names]
    if all(len(set(A_DAY.findall(ending))) == 1 for ending in endings):
        # A day in what the address names itself, such as that of a dump, stays.
        starts = [n.removesuffix(e) for n, e in zip(names, endings, strict=True)]
        dated = [A_DAY.sub("{day}", ending) for ending in endings]
        shapes = dict.fromkeys(map("".join, zip(starts, dated, strict=True)))
        pattern = _common(list(shapes))
        if "{day}" in pattern:
            days = tuple(sorted(days_named(names, pattern)))
            return _with_scheme(pattern, address), days
    if len(names) == 1:
        return _with_scheme(names[0], address), ()
    return _with_scheme(_common(names), address), ()


def _common(shapes: list[str]) -> str:
    """Return one pattern for names that differ in parts of their path."""
    parts = [shape.split("/") for shape in shapes]
    if len({len(part) for part in parts}) != 1:
        return f"{shapes[0].rpartition('/')[0]}/**"
    joined: list[str] = []
    for same in zip(*parts, strict=True):
        suffix = Path(same[0]).suffix if len(joined) == len(parts[0]) - 1 else ""
        joined.append(same[0] if len(set(same)) == 1 else f"*{suffix}")
    return "/".join(joined)


def _with_scheme(pattern: str, address: str) -> str:
    scheme, mark, _ = address.partition("://")
    return f"{scheme}://{pattern}" if mark and "://" not in pattern else pattern
