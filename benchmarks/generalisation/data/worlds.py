"""A world: a data set at a volume, with labels that take their time, and a contract.

Real and made: `sets.py` says it of the rows. Made here: the day of a row where the set
has none; the volume (fewer rows than there are, or rows drawn again, their numbers then
moved by a hundredth of a standard deviation so that no two rows are the same); when
labels come; fewer rows at weekends; the models.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from benchmarks.generalisation.data.schema import DataSet
from benchmarks.generalisation.data.sets import SETS

REFERENCE_DAYS = 42
HISTORY_DAYS, FEWER_DAYS = 60, 40
"""Days lived before, and without, any fault; fewer in large worlds."""
LARGE = 50_000
LIVED_DAYS = 14
"""Days a case lasts at most."""
FIRST_ONSET = 36
"""First day of the history, from 0, on which something goes wrong."""
KNOWN_AT = time(3)
"""The local hour at which labels come."""
STARTS = date(2013, 3, 1)
"""First day of the references: the flights have a real calendar, the others follow."""


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """A model, its days, and how its labels come.

    Attributes:
        source: Name of the data set.
        rows_a_day: Rows of a usual weekday.
        delay_days: Days from a row's day to its label: 1, 7; None for never.
        is_development: Whether it may be looked at while the judgement is tuned.
    """

    source: str
    rows_a_day: int
    delay_days: int | None
    is_development: bool

    @property
    def name(self) -> str:
        """A name that is fit for a file and a model."""
        late = "never" if self.delay_days is None else f"{self.delay_days}d"
        return f"{self.source}-{self.rows_a_day}-{late}".replace("-", "_")

    @property
    def data(self) -> DataSet:
        """Its data set."""
        return SETS[self.source]

    @property
    def reference_days(self) -> list[date]:
        """Days of the rows the reference is made of."""
        return [STARTS + timedelta(days=n) for n in range(REFERENCE_DAYS)]

    @property
    def days(self) -> list[date]:
        """Watched days: the history and what a case may last beyond it."""
        first = STARTS + timedelta(days=REFERENCE_DAYS)
        count = self.history_days + LIVED_DAYS
        return [first + timedelta(days=n) for n in range(count)]

    @property
    def history(self) -> list[date]:
        """The days that are lived without any fault."""
        return self.days[: self.history_days]

    @property
    def is_large(self) -> bool:
        """Whether its days take seconds: it is lived for less long, and asked less."""
        return self.rows_a_day >= LARGE

    @property
    def history_days(self) -> int:
        """How many days that is."""
        return FEWER_DAYS if self.is_large else HISTORY_DAYS

    def known_at(self, day: date) -> datetime:
        """Say when the labels of a day are known; the world has to have labels."""
        later = day + timedelta(days=self.delay_days or 0)
        return datetime.combine(later, KNOWN_AT, ZoneInfo(self.data.timezone))


def _worlds() -> tuple[World, ...]:
    """List the worlds; volumes from 24 to 100,000 rows a day."""
    development = (
        ("flights", 600, 1),
        ("flights", 120, 7),
        ("car-loan", 24, 1),
        ("car-loan", 3_000, None),
        ("car-loan", 100_000, 1),
        ("credit-card", 1_000, 1),
        ("credit-card", 200, 7),
        ("used-car", 300, 1),
        ("used-car", 10_000, 7),
        ("used-car", 2_000, None),
    )
    evaluation = (
        ("census", 400, 1),
        ("census", 24, 7),
        ("census", 1_500, None),
        ("census", 30_000, 1),
        ("marital", 1_000, 1),
        ("marital", 150, 7),
        ("marital", 5_000, None),
        ("housing", 250, 1),
        ("housing", 2_000, 7),
        ("housing", 60, None),
        ("visits", 100_000, 1),
        ("visits", 800, 7),
    )
    parts = ((development, True), (evaluation, False))
    return tuple(
        World(source=source, rows_a_day=rows, delay_days=delay, is_development=part)
        for table, part in parts
        for source, rows, delay in table
    )


WORLDS: Mapping[str, World] = {world.name: world for world in _worlds()}
