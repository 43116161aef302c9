"""When labels arrive: how many of a day's are known k days after it. Pure."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import accumulate
from types import MappingProxyType

from monitoring_tasks.domain.label_coverage import LabelCoverage, LabelRound
from monitoring_tasks.domain.windows import window_of


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelHistory:
    """How many labels of one day were known, by whole days after its end.

    Attributes:
        day: The day the rows are about.
        rows: Rows of predictions.
        first_age: Age of the day when it was first evaluated.
        labelled: Rows with a label at `first_age`, `first_age` + 1 ...; never fewer
            than before. Shape (n_ages,), at least 1.
    """

    day: date
    rows: int
    first_age: int
    labelled: tuple[int, ...]

    @property
    def last_age(self) -> int:
        """The oldest age at which it is known what was known."""
        return self.first_age + len(self.labelled) - 1

    def share_at(self, age: int) -> float | None:
        """Return the share of rows with a label at an age; None if unknown."""
        if not self.rows or not self.first_age <= age <= self.last_age:
            return None
        return self.labelled[age - self.first_age] / self.rows


def label_histories(
    sightings: Sequence[LabelCoverage],
    rounds: Sequence[LabelRound] = (),
    *,
    timezone: str,
    arrived: Mapping[date, Mapping[int, int]] = MappingProxyType({}),
) -> list[LabelHistory]:
    """Fill in what was known of each day between the instants it was evaluated at.

    Where the rows say when they arrived, they say what was known at each age up to the
    newest evaluation, however late the first one was.

    A check for labels that finds no new one leaves no trace. But a round checks all
    days it goes back to, and those without a sighting at that instant had nothing new.
    Up to the last such instant a day is known to stand where it stood; after it nothing
    is known of it. A day that was evaluated again says nothing of the others.

    Args:
        sightings: Of all days, in any order; those before the end of their day, and
            those of days without rows, do not count. Not modified.
        rounds: Instants at which all days were checked, news or none. Not modified.
        timezone: The model's own.
        arrived: Days after a day's end -> labels that arrived, by day, as the rows of
            its newest evaluation say.

    Returns:
        One a day with a sighting, by day.
    """
    by_day: dict[date, list[LabelCoverage]] = defaultdict(list)
    for sighting in sorted(sightings, key=lambda sighting: sighting.known_at):
        age = _age(sighting.day, sighting.known_at, timezone)
        if sighting.rows > 0 and age >= 0:
            by_day[sighting.day].append(sighting)
    histories = []
    for day, of_day in sorted(by_day.items()):
        by_age = {_age(day, s.known_at, timezone): s.labelled for s in of_day}
        # Rows that carry their arrival tell more than any sighting of them.
        if day in arrived:
            by_age = _arrived_by(arrived[day], until=max(by_age))
        checked = ((_age(day, r.known_at, timezone), r.look_back_days) for r in rounds)
        # A round that did not go back as far as the day says nothing of it.
        last = max((age for age, reach in checked if age < reach), default=0)
        histories.append(_history(day, of_day[-1].rows, by_age, last))
    return histories


def earlier_shares(histories: Sequence[LabelHistory], day: date) -> dict[date, float]:
    """Return the share of rows with a label that earlier days had at a day's age, 0..1.

    Args:
        histories: Of the day and those before it, in any order; without the day's own
            nothing is returned.
        day: The day.
    """
    age = next((h.last_age for h in histories if h.day == day), None)
    if age is None:
        return {}
    return {
        h.day: share
        for h in histories
        if h.day < day and (share := h.share_at(age)) is not None
    }


def _age(day: date, at: datetime, timezone: str) -> int:
    return (at - window_of(day, timezone).end) // timedelta(days=1)


def _arrived_by(ages: Mapping[int, int], *, until: int) -> dict[int, int]:
    """Return how many labels had arrived by each age."""
    counts = accumulate(ages.get(age, 0) for age in range(until + 1))
    return dict(enumerate(counts))


def _history(day: date, rows: int, by_age: dict[int, int], last: int) -> LabelHistory:
    first = min(by_age)
    most, filled = 0, []
    for age in range(first, max(last, *by_age, first) + 1):
        # A later delivery may lack labels that an earlier one had; they were known.
        most = max(most, by_age.get(age, 0))
        filled.append(min(most, rows))
    return LabelHistory(day=day, rows=rows, first_age=first, labelled=tuple(filled))
