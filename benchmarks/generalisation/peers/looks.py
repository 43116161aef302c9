"""What a tool said at one look, in numbers that every tool has."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any, Self

from benchmarks.generalisation.answers import Look
from benchmarks.generalisation.mornings import Morning
from benchmarks.judgement.answers import Answer

COUNTS, SIZES = "counts", "sizes"
INCIDENTS, TOLD = "incidents (P2 or graver)", "anything told (P3 too)"


@dataclass(frozen=True, slots=True, kw_only=True)
class ToolLook:
    """One look.

    Attributes:
        number: The lived day it was made on, from 0.
        lived: That day.
        day: The day it is about.
        counts: By rule: how many alerts there were.
        sizes: By rule: how far outside its limits the farthest alert lies, in half
            their width; empty if the tool does not say.
        why: The alerts, cut short.
    """

    number: int
    lived: date
    day: date
    counts: Mapping[str, int] = field(default_factory=dict)
    sizes: Mapping[str, float] = field(default_factory=dict)
    why: str = ""

    def to_json(self) -> dict[str, Any]:
        """Return plain JSON."""
        days = {"lived": self.lived.isoformat(), "day": self.day.isoformat()}
        return asdict(self) | days

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> Self:
        """Read a look back."""
        days = {name: date.fromisoformat(kept[name]) for name in ("lived", "day")}
        return cls(**{**kept, **days})


def of_answer(morning: Morning, answer: Answer) -> ToolLook:
    """Return what a peer answered on a morning."""
    return ToolLook(
        number=morning.number,
        lived=morning.lived,
        day=morning.day,
        counts=answer.counts,
        sizes=answer.sizes,
        why=answer.why,
    )


def of_daywatch(looks: Iterable[Look]) -> list[ToolLook]:
    """Return Daywatch's looks as those of a tool with two rules."""
    return [
        ToolLook(
            number=look.number,
            lived=look.lived,
            day=look.day,
            counts={INCIDENTS: int(look.is_loud), TOLD: int(look.is_told)},
            why=look.why,
        )
        for look in looks
    ]
