"""What a tool said of a day, and the file it is kept in."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from pathlib import Path

STOPPED = 1_000_000
"""Counted of a tool that stops with an error: no rule may take it for a quiet day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a tool said of a day.

    Attributes:
        day: The calendar day.
        alerts: By rule: whether somebody is called.
        cause: Where the trouble comes from, if the tool says so.
        remedy: What is asked for, if the tool says so.
        severity: How much it matters, if the tool says so.
        performance: Verdict of the model's performance, if the tool says so.
        version: The version that served, if the tool says so.
        counts: By rule: how many alerts there were, if the tool has more than one.
        sizes: By rule: how far outside its limits the farthest alert lies, in half
            their width, if the tool says so.
        why: The most important sentence, or why the tool failed.
    """

    day: date
    alerts: Mapping[str, bool] = field(default_factory=dict)
    cause: str = ""
    remedy: str = ""
    severity: str = ""
    performance: str = ""
    version: str = ""
    counts: Mapping[str, int] = field(default_factory=dict)
    sizes: Mapping[str, float] = field(default_factory=dict)
    why: str = ""


def save(path: Path, answers: Sequence[Answer]) -> None:
    """Write answers; a reader never sees half a file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps([asdict(one) for one in answers], default=str)
    half = path.with_suffix(".part")
    half.write_text(text)
    half.replace(path)


def load(path: Path) -> list[Answer]:
    """Read answers back."""
    return [
        Answer(**{**one, "day": date.fromisoformat(one["day"])})
        for one in json.loads(path.read_text())
    ]
