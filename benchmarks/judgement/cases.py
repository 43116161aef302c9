"""What goes wrong, when, how badly, and what would be right to say.

Tuning: faults of the catalogue in days up to August (flights). Evaluation: later days,
other sizes, other faults, and the other worlds. Limits may be chosen by the tuning
cases alone; the tables of the results keep the two apart.
"""

import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from benchmarks.judgement import car_loan, census, flights
from benchmarks.judgement.raw import World

WORLDS: dict[str, World] = {
    world.name: world
    for world in (flights.WORLD, flights.SINCE_MARCH, census.WORLD, car_loan.WORLD)
}


class Kind(StrEnum):
    """What is wrong with a case."""

    DATA = "data"
    ROWS_MISSING = "rows missing"
    HARMLESS = "harmless"
    RELEASE = "bad release"
    MILD_RELEASE = "mild bad release"
    GOOD_RELEASE = "equal release"
    UNFAIR_RELEASE = "unfair release"
    CONCEPT = "concept"
    LABELS = "labels"


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
    Kind.UNFAIR_RELEASE: Truth(causes=frozenset({"model", "slice"})),
    Kind.CONCEPT: Truth(causes=frozenset({"concept_drift"}), within=7),
    Kind.LABELS: Truth(causes=frozenset({"label_quality", "data"}), within=7),
}


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
        return f"{self.world}{release}-{what}-{self.size:g}-{self.onset}"

    @property
    def days(self) -> list[date]:
        """The faulty days."""
        return [self.onset + timedelta(days=n) for n in range(self.count)]

    @property
    def split(self) -> str:
        """`tuning` or `evaluation`."""
        late = self.onset > WORLDS[self.world].tuned_until
        return "evaluation" if late else "tuning"

    @property
    def seed(self) -> int:
        """Where the chance of the case starts."""
        return zlib.crc32(self.name.encode())

    @property
    def truth(self) -> Truth:
        """The right answer."""
        return TRUTHS[self.kind]


TUNING_ONSETS = (date(2013, 5, 13), date(2013, 7, 20))
ONSETS = (date(2013, 9, 4), date(2013, 9, 14))
RELEASE_ONSETS = (*ONSETS, date(2013, 9, 9), date(2013, 9, 19))
_CATALOGUE: tuple[tuple[Kind, str, float, bool], ...] = (
    (Kind.DATA, "schema_break", 1, True),
    (Kind.DATA, "unit_change", 1.609, True),
    (Kind.DATA, "null_flood", 0.5, True),
    (Kind.DATA, "frozen_feature", 1, True),
    (Kind.DATA, "timezone_shift", 5, True),
    (Kind.DATA, "category_recode", 1, True),
    (Kind.DATA, "duplicate_rows", 0.2, True),
    (Kind.DATA, "swapped_columns", 1, True),
    (Kind.ROWS_MISSING, "partial_upstream_outage", 0.5, True),
    (Kind.ROWS_MISSING, "volume_drop", 0.9, True),
    (Kind.HARMLESS, "covariate_shift_harmless", 1, False),
)
_OTHER_SIZES: tuple[tuple[Kind, str, float, bool], ...] = (
    (Kind.DATA, "unit_change", 0.4536, True),
    (Kind.DATA, "null_flood", 0.2, False),
    (Kind.DATA, "frozen_feature", 0.5, False),
    (Kind.DATA, "timezone_shift", 1, False),
    (Kind.DATA, "duplicate_rows", 0.05, False),
    (Kind.ROWS_MISSING, "partial_upstream_outage", 0.2, False),
    (Kind.ROWS_MISSING, "volume_drop", 0.5, True),
    (Kind.HARMLESS, "covariate_shift_harmless", 0.5, False),
)
_HELD_OUT: tuple[tuple[Kind, str, float, bool], ...] = (
    (Kind.DATA, "celsius", 1, True),
    (Kind.DATA, "zero_fill", 0.4, True),
    (Kind.ROWS_MISSING, "half_day", 0.5, True),
    (Kind.DATA, "stale_weather", 1, False),
    (Kind.DATA, "lower_case", 0.5, True),
    (Kind.DATA, "constant_scores", 0.5, True),
)
_OF_LABELS: tuple[tuple[Kind, str, float, bool], ...] = (
    (Kind.LABELS, "label_flip", 0.4, False),
    (Kind.CONCEPT, "concept_flip", 1, False),
)
_SMALLER: tuple[tuple[Kind, str, float, bool], ...] = (
    (Kind.LABELS, "label_flip", 0.2, False),
    (Kind.CONCEPT, "concept_flip", 0.5, False),
)
_ELSEWHERE: tuple[tuple[Kind, str, float, bool], ...] = (
    (Kind.DATA, "schema_break", 1, True),
    (Kind.DATA, "unit_change", 12, True),
    (Kind.DATA, "null_flood", 0.5, True),
    (Kind.DATA, "category_recode", 1, True),
    (Kind.DATA, "duplicate_rows", 0.2, True),
    (Kind.ROWS_MISSING, "volume_drop", 0.9, True),
    (Kind.HARMLESS, "covariate_shift_harmless", 0.5, False),
    *_OF_LABELS,
)
DAYS = {
    Kind.DATA: 3,
    Kind.ROWS_MISSING: 3,
    Kind.HARMLESS: 7,
    Kind.CONCEPT: 7,
    Kind.LABELS: 7,
}


def _faults(
    world: str,
    onsets: tuple[date, ...],
    *tables: tuple[tuple[Kind, str, float, bool], ...],
) -> Iterator[Case]:
    for table in tables:
        for kind, fault, size, is_gross in table:
            for onset in onsets:
                yield Case(
                    world=world,
                    kind=kind,
                    fault=fault,
                    size=size,
                    onset=onset,
                    count=DAYS[kind],
                    is_gross=is_gross,
                )


def _releases() -> Iterator[Case]:
    mild, copy = Kind.MILD_RELEASE, flights.COPY
    for onset in (TUNING_ONSETS[1], *RELEASE_ONSETS):
        for size in (0.02, 0.03, 0.04):
            yield _release(mild, onset, 14, release=copy, size=size)
    for onset in ONSETS:
        yield _release(mild, onset, 14, release="4")
        yield _release(Kind.RELEASE, onset, 4, release="3", is_gross=True)
        yield _release(Kind.RELEASE, onset, 4, release=copy, size=0.2)
        yield _release(Kind.GOOD_RELEASE, onset, 14, release=flights.SIBLING)
    for onset in (date(2015, 9, 1), date(2015, 10, 15)):
        yield Case(
            world="census",
            kind=Kind.UNFAIR_RELEASE,
            onset=onset,
            count=14,
            release="2",
        )


def _release(
    kind: Kind,
    onset: date,
    count: int,
    *,
    release: str,
    size: float = 1.0,
    is_gross: bool = False,
) -> Case:
    return Case(
        world="flights",
        kind=kind,
        onset=onset,
        count=count,
        release=release,
        fault="bad_release_mild" if release == flights.COPY else "",
        size=size,
        is_gross=is_gross,
    )


CASES: tuple[Case, ...] = (
    *_faults("flights", TUNING_ONSETS, _CATALOGUE),
    *_faults("flights", TUNING_ONSETS[:1], _OF_LABELS),
    *_faults("flights", ONSETS, _CATALOGUE, _OTHER_SIZES, _HELD_OUT),
    *_faults("flights", ONSETS, _OF_LABELS, _SMALLER),
    *_releases(),
    *_faults("census", (date(2015, 9, 15),), _ELSEWHERE),
    *_faults("car-loan", (date(2019, 1, 15),), _ELSEWHERE),
)
