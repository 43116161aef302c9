"""A release held against the version it replaced, for as long as that is asked for.

Pure: rows, registered versions and what the days before said are handed in.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from monitoring_tasks.compare.versions.release_comparison import (
    counted_days,
    measure_release_day,
    pool_release_days,
    why_not_comparable,
    without_gain,
)
from monitoring_tasks.compare.versions.release_course import course_of
from monitoring_tasks.compare.versions.release_judgement import watched_release
from monitoring_tasks.compare.versions.version_comparison import ScoreRows
from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.domain.candidates import Candidate
from monitoring_tasks.domain.comparisons import Comparison
from monitoring_tasks.domain.releases import PairedDay, Release, ServedDay

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseWatch:
    """What a release is held against the version it replaced with.

    Attributes:
        contract: The model's contract.
        day: The day.
        paired_days: What the days before said of a release, oldest first.
        mended_on: The day on which a person last said that what made a version worse
            is mended; None where nobody did. Only later days count after it.
        registered: Every registered version.
        rows_of: The rows of the day a version scored, with the labels known.
        score: Scores rows with registered versions.
    """

    contract: Contract
    day: date
    paired_days: Callable[[Release], Sequence[PairedDay]]
    mended_on: Callable[[str], date | None]
    registered: Callable[[], Sequence[Candidate]]
    rows_of: Callable[[str], "pd.DataFrame"]
    score: ScoreRows

    def release(self, served: Sequence[ServedDay], version: str) -> Release | None:
        """Return the release that is watched on the day, if any.

        Args:
            served: The days before, oldest first.
            version: The version that serves the day.
        """
        return watched_release(
            served,
            version,
            self.day,
            self.contract.policy,
            stands_as_worse=self._stands_as_worse,
        )

    def compare(self, release: Release) -> Comparison:
        """Hold a release against the version it replaced, over its days that count.

        Args:
            release: The release, and which version it replaced.

        Returns:
            The comparison; without a gain, and with a reason, where it cannot be made.
        """
        contract = self.contract
        why = why_not_comparable(release, self.registered())
        if why:
            return without_gain(release, contract, why)
        today = measure_release_day(
            self.rows_of(release.version),
            release,
            contract,
            day=self.day,
            score=self.score,
        )
        return pool_release_days(today, self._days_before(release), release, contract)

    def _stands_as_worse(self, release: Release) -> bool:
        policy = self.contract.policy
        before = counted_days(self._days_before(release), policy)
        return course_of(before, policy).is_worse

    def _days_before(self, release: Release) -> Sequence[PairedDay]:
        days, mended_on = self.paired_days(release), self.mended_on(release.version)
        # A day before that word, judged late, is judged as it would have been then.
        if mended_on is None or self.day <= mended_on:
            return days
        return [paired for paired in days if paired.day > mended_on]
