"""What is looked at on which morning: the day before, and the day whose labels came."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from benchmarks.generalisation.data.worlds import World


@dataclass(frozen=True, slots=True, kw_only=True)
class Morning:
    """A look at a day on the morning after a lived one.

    Attributes:
        number: The lived day, from 0.
        lived: That day.
        day: The day that is looked at: that one, or the one whose labels have come.
        has_labels: Whether the labels of `day` are due.
    """

    number: int
    lived: date
    day: date
    has_labels: bool

    @property
    def has_batch(self) -> bool:
        """Whether the batch is looked at for the first time."""
        return self.day == self.lived


def mornings_of(world: World, days: Sequence[date]) -> Iterator[Morning]:
    """Yield the looks of lived days, in order."""
    delay = world.delay_days
    # Labels of the day before come in time for its only look.
    late = (delay or 1) - 1
    for number, lived in enumerate(days):
        for day in dict.fromkeys((lived, lived - timedelta(days=late))):
            if day >= world.days[0]:
                yield Morning(
                    number=number,
                    lived=lived,
                    day=day,
                    has_labels=delay is not None and (lived - day).days == late,
                )
