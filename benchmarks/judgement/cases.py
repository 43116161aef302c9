"""What can go wrong with a case, and what would be right to say.

Three splits, which the tables of the results keep apart. Tuning: faults of the
catalogue in days up to August (flights). Evaluation: later days, other sizes, other
faults, and the other worlds. Seen: cases of the evaluation whose handling was changed
after their result was known; they prove nothing any more. Limits may be chosen by the
tuning cases alone. Which cases there are stands in `catalogue.py`.
"""

import zlib
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from benchmarks.judgement.worlds import WORLDS

SEEN = frozenset(
    {
        ("flights", "zero_fill", 0.4),
        ("flights", "null_flood", 0.2),
        ("flights", "frozen_feature", 0.5),
        ("flights", "partial_upstream_outage", 0.2),
        ("flights", "volume_drop", 0.5),
        ("flights", "half_day", 0.5),
        ("census", "biased_group", 0.3),
        ("census", "biased_group", 0.5),
        ("census", "biased_group", 0.7),
    }
)
"""By world, fault and size: missed or misread, and then handled in another way."""
SEEN_EVERYWHERE = frozenset({"zero_column", "typical_fill"})
"""Faults that were missed on a single case, and then handled in another way."""


class Kind(StrEnum):
    """What is wrong with a case."""

    DATA = "data"
    ROWS_MISSING = "rows missing"
    HARMLESS = "harmless"
    RELEASE = "bad release"
    MILD_RELEASE = "mild bad release"
    GOOD_RELEASE = "equal release"
    UNFAIR_RELEASE = "unfair release"
    BIASED = "biased group"
    CONCEPT = "concept"
    LABELS = "labels"
    LATE_LABELS = "late labels"
    NO_LABELS = "no labels"
    OUTPUTS = "wrong predictions"


@dataclass(frozen=True, slots=True, kw_only=True)
class Truth:
    """The right answer.

    Attributes:
        is_silent: Whether nobody may be called.
        causes: Causes that are right.
        needs_rollback: Whether a rollback is the right remedy; an incident is not
            enough.
        within: Faulty days within which somebody must be called.
    """

    is_silent: bool = False
    causes: frozenset[str] = frozenset()
    needs_rollback: bool = False
    within: int = 14


TRUTHS = {
    Kind.DATA: Truth(causes=frozenset({"data"}), within=3),
    Kind.ROWS_MISSING: Truth(causes=frozenset({"data", "integration"}), within=3),
    Kind.HARMLESS: Truth(is_silent=True),
    Kind.GOOD_RELEASE: Truth(is_silent=True),
    Kind.RELEASE: Truth(causes=frozenset({"model"}), needs_rollback=True, within=3),
    Kind.MILD_RELEASE: Truth(causes=frozenset({"model"}), needs_rollback=True),
    Kind.UNFAIR_RELEASE: Truth(causes=frozenset({"model", "segment"})),
    Kind.BIASED: Truth(causes=frozenset({"model", "segment", "integration"})),
    Kind.CONCEPT: Truth(causes=frozenset({"concept_drift"}), within=7),
    Kind.LABELS: Truth(causes=frozenset({"label_quality", "data"}), within=7),
    Kind.LATE_LABELS: Truth(is_silent=True),
    Kind.NO_LABELS: Truth(
        causes=frozenset({"label_quality", "data", "integration"}), within=10
    ),
    Kind.OUTPUTS: Truth(causes=frozenset({"data", "model", "integration"}), within=7),
}
ALSO_RIGHT = {
    # Every label turned: labels and the world stand the same way to all else.
    ("concept_flip", 1.0): frozenset({"label_quality"}),
    # Outputs alone are unfit, behind sound inputs: whoever scores has to look.
    ("constant_scores", 0.5): frozenset({"integration"}),
}
"""Fault and size -> causes no row tells from those of its kind."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """Days of a world from an onset on, with one thing wrong.

    Attributes:
        world: Name of the world.
        kind: What is wrong.
        fault: Name in the catalogue or among the held-out ones; empty for a release.
        size: How large the fault is, in its own unit.
        release: The version that serves from the onset on; empty for the old one.
        onset: First faulty day.
        count: How many days.
        is_gross: Whether it must be found on its first day.
    """

    world: str
    kind: Kind
    onset: date
    count: int
    fault: str = ""
    size: float = 1.0
    release: str = ""
    is_gross: bool = False

    @property
    def name(self) -> str:
        """A name that is fit for a file."""
        what = self.fault or "as-it-is"
        release = f"-release{self.release}" if self.release else ""
        days = f"-{self.count}d" if self.kind is Kind.NO_LABELS else ""
        return f"{self.world}{release}-{what}-{self.size:g}-{self.onset}{days}"

    @property
    def days(self) -> list[date]:
        """The faulty days."""
        return [self.onset + timedelta(days=n) for n in range(self.count)]

    @property
    def decisive(self) -> list[date]:
        """The faulty days on which an alarm is in time, or a false one."""
        most = self.count if self.truth.is_silent else self.truth.within
        return self.days[: 1 if self.is_gross else most]

    @property
    def split(self) -> str:
        """`tuning`, `seen` or `evaluation`."""
        if self.onset <= WORLDS[self.world].tuned_until:
            return "tuning"
        return "seen" if self._is_seen else "evaluation"

    @property
    def _is_seen(self) -> bool:
        without_labels = self.kind is Kind.NO_LABELS and self.fault == "label_delay"
        return (
            (self.world, self.fault, self.size) in SEEN
            or self.fault in SEEN_EVERYWHERE
            or without_labels
        )

    @property
    def seed(self) -> int:
        """Where the chance of the case starts."""
        return zlib.crc32(self.name.encode())

    @property
    def truth(self) -> Truth:
        """The right answer."""
        usual = TRUTHS[self.kind]
        also = ALSO_RIGHT.get((self.fault, self.size), frozenset())
        return replace(usual, causes=usual.causes | also)
