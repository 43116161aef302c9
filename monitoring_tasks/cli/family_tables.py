"""What each check promises, a line a check: its usual column and its worst."""

from statistics import median_low
from typing import Any

from monitoring_tasks.cli.output import console, print_table

NEVER = float("inf")
SHARES = frozenset({"of the rows", "of the labels"})
SHORT = {"standard deviations": "sd"}
LEAST_SHOWN = 0.005


def print_families(families: dict[str, Any]) -> None:
    """Print what every check promises at the model's volume.

    Args:
        families: As `families_of` returns it.
    """
    rows = [_row(promises) for promises in _by_check(families["promises"])]
    columns = (
        "family", "check", "shows on\nthe day", "told in\n7 days", "in 28\ndays",
        "false\ndays", "told\nfalsely", "in 28 days\nat worst",
    )  # fmt: skip
    print_table(
        "Smallest change told in 4 of 5 cases, and false ones a year", columns, rows
    )
    for skipped in families["left_out"]:
        console.print(f"not worked out: {skipped['family']}: {skipped['why']}")
    console.print(f"families assume: {'; '.join(families['assumes'])}")


def _by_check(promises: list[dict[str, Any]]) -> list[list[dict[str, Any]]]:
    """Gather the promises of each check of each family, in the order of the list."""
    grouped: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for promise in promises:
        key = (promise["family"], promise["check"])
        grouped.setdefault(key, []).append(promise)
    return list(grouped.values())


def _row(promises: list[dict[str, Any]]) -> list[str]:
    """Return the line of a check: of its columns the one in the middle."""
    first = promises[0]
    count = f" x {len(promises)}" if len(promises) > 1 else ""
    sizes = [
        _size(median_low(_sizes(promises, key)), first["unit"])
        for key in ("on_the_day", "within_7_days", "within_28_days")
    ]
    worst = max(promises, key=lambda p: _or_never(p["within_28_days"]))
    about = (
        f"{worst['about']}: {_size(_or_never(worst['within_28_days']), worst['unit'])}"
    )
    return [
        first["family"],
        f"{first['check']}{count}",
        *sizes,
        *(
            _rate(sum(promise[key] for promise in promises))
            for key in ("false_days", "false_alarms")
        ),
        about if len(promises) > 1 else "",
    ]


def _sizes(promises: list[dict[str, Any]], key: str) -> list[float]:
    return [_or_never(promise[key]) for promise in promises]


def _or_never(size: float | None) -> float:
    return NEVER if size is None else size


def _size(size: float, unit: str) -> str:
    if size == NEVER:
        return "none"
    if unit in SHARES:
        return f"{size:.1%}"
    short = SHORT.get(unit)
    return f"{size:.2f} {short}" if short else f"{size:.3f}"


def _rate(a_year: float) -> str:
    return f"{a_year:.2f}" if a_year >= LEAST_SHOWN else "< 0.01"
