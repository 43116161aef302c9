"""The days before one: their evaluations and counts, each span read once."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, timedelta

from monitoring_tasks.contract.objectives import Objective
from monitoring_tasks.domain.decisions import PastDay
from monitoring_tasks.domain.evaluations import Evaluation
from monitoring_tasks.domain.past_days import past_day
from monitoring_tasks.domain.profiles import DayProfile
from monitoring_tasks.domain.segment_selection import SegmentSelection
from monitoring_tasks.domain.trust import DatedNumber
from monitoring_tasks.domain.units import Unit
from monitoring_tasks.store.history import promised_numbers
from monitoring_tasks.workspace.workspace import Workspace

Profiles = tuple[DayProfile, ...]


@dataclass(frozen=True, eq=False)
class EarlierDays:
    """The days of a model before one day, as known at `unit.as_of`.

    Each day counts once, by its newest evaluation; replays never count.

    Attributes:
        workspace: Where they are read from.
        unit: The day they come before; it is not one of them.
    """

    workspace: Workspace
    unit: Unit
    _evaluations: dict[int, tuple[Evaluation, ...]] = field(
        default_factory=dict, repr=False
    )
    _profiles: dict[tuple[int, SegmentSelection | None, bool], Profiles] = field(
        default_factory=dict, repr=False
    )

    def evaluations(self, days: int) -> tuple[Evaluation, ...]:
        """Return what was written down of the last days, oldest first.

        Args:
            days: How many calendar days back, >= 0.
        """
        read = max(self._evaluations, default=0)
        if days > read:
            # Only what no shorter span holds: to read back evaluations is dear.
            longer = self.workspace.results.current(
                self.unit.model,
                self.unit.day - timedelta(days=days),
                self.unit.day - timedelta(days=read + 1),
                self.unit.as_of,
            )
            self._evaluations[days] = (*longer, *self._evaluations.pop(read, ()))
        first = self._ends(days)[0]
        every = self._evaluations.get(max(days, read), ())
        return tuple(e for e in every if e.day >= first)

    def history(self, days: int) -> tuple[PastDay, ...]:
        """Return what later days remember of the decided ones, oldest first.

        Args:
            days: How many calendar days back, >= 0.
        """
        return tuple(past_day(e) for e in self.evaluations(days) if e.decision)

    def profiles(self, days: int, segments: SegmentSelection | None = None) -> Profiles:
        """Return the counts of the last days, oldest first.

        Args:
            days: How many calendar days back, >= 1.
            segments: Those that are wanted; None for all of them.
        """
        return self._load_profiles(days, segments, outcomes_only=False)

    def outcomes(self, days: int, segments: SegmentSelection | None = None) -> Profiles:
        """Return the same without columns and service, which take far more memory.

        Args:
            days: How many calendar days back, >= 1.
            segments: Those that are wanted; None for all of them.
        """
        return self._load_profiles(days, segments, outcomes_only=True)

    def _load_profiles(
        self, days: int, segments: SegmentSelection | None, *, outcomes_only: bool
    ) -> Profiles:
        key = (days, segments, outcomes_only)
        if key not in self._profiles:
            self._profiles[key] = tuple(
                self.workspace.profiles.load(
                    self.unit.model,
                    *self._ends(days),
                    self.unit.as_of,
                    segments=segments,
                    outcomes_only=outcomes_only,
                )
            )
        return self._profiles[key]

    def promised_numbers(
        self, promises: Collection[Objective], days: int
    ) -> list[DatedNumber]:
        """Return the numbers that objectives are about, in no order.

        Args:
            promises: The objectives.
            days: How many calendar days back, >= 1.
        """
        numbers = promised_numbers(
            self.workspace.database, self.unit, promises, days=days
        )
        # What an earlier try left of the day itself is not what was just measured.
        return [number for number in numbers if number.day < self.unit.day]

    def _ends(self, days: int) -> tuple[date, date]:
        """Return the first and the last of that many days before the day."""
        day = self.unit.day
        return day - timedelta(days=days), day - timedelta(days=1)
