"""By which rule a tool calls somebody."""

from collections.abc import Iterator, Mapping
from typing import Any

from benchmarks.judgement import run_nannyml

RULES: Mapping[str, tuple[str, ...]] = {
    "daywatch": ("pages",),
    "nannyml": run_nannyml.RULES,
    "evidently": ("any test", "performance tests"),
}
SPLITS = ("evaluation", "seen", "tuning")
Facts = dict[str, Any]


def rules() -> Iterator[tuple[str, str]]:
    """Return every tool with each of its rules."""
    for tool, rules in RULES.items():
        for rule in rules:
            yield tool, rule
