"""How numbers and tables are written on the page of results."""

import math
from collections.abc import Iterator, Sequence
from typing import Any

from benchmarks.judgement.chart import NAMES

Facts = dict[str, Any]


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """Return a table line by line; one without rows says that nothing was asked."""
    if not rows:
        yield "Not asked.\n"
        return
    for row in (head, ["---"] * len(head), *rows):
        yield "| " + " | ".join(row) + " |\n"


def name(row: Facts) -> str:
    """Name a row's rule as people know it."""
    return NAMES[row["tool"], row["rule"]]


def interval(number: Facts) -> str:
    """Write a yearly rate with its interval and what it was counted in."""
    return (
        f"{number['value']:.1f} [{number['lower']:.1f}, {number['upper']:.1f}], "
        f"{number['count']:.0f} in {number['of']:.0f} days"
    )


def part(number: Facts) -> str:
    """Write a share with its interval."""
    if not number["of"]:
        return "-"
    low, high = number["lower"], number["upper"]
    return f"{number['count']:.0f}/{number['of']:.0f} [{low:.2f}, {high:.2f}]"


def day(number: Facts) -> str:
    """Write days to find with their interval."""
    ends = [_whole(number[name]) for name in ("value", "lower", "upper")]
    return f"{ends[0]} [{ends[1]}, {ends[2]}]"


def _whole(day: float) -> str:
    return "never" if math.isinf(day) else "-" if math.isnan(day) else f"{day:.0f}"
