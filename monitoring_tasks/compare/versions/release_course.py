"""Which days of a release still speak of it: those since it last was as good again.

The mean over all days never forgets: a release that was worse for two weeks and was
then mended would be called worse for months. Pure.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from monitoring_tasks.compare.versions.mean_gain import Interval, mean_gain
from monitoring_tasks.compare.versions.release_judgement import is_worse_by
from monitoring_tasks.contract.policy import Policy
from monitoring_tasks.domain.releases import PairedDay

RECOVERY_DAYS = (7, 14, 28)
"""So many of the newest measured days may show that a release is as good again: one
week where days are quiet, more where they are noisy."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseCourse:
    """How a release has done so far.

    Attributes:
        days: The measured days that count, oldest first.
        is_worse: Whether they were surely worse on one of their looks, and nothing
            has shown since that they are no more.
    """

    days: tuple[PairedDay, ...]
    is_worse: bool


def course_of(days: Sequence[PairedDay], policy: Policy) -> ReleaseCourse:
    """Return which days of a release count, and whether it stands as worse.

    Days are looked at one after the other, as they were lived through. Once the
    release was surely worse, only evidence ends that: the newest week, fortnight or
    four weeks by themselves exclude a loss past the margin. From there its days count
    anew, and a later loss is told as the first one was.

    Assumes what `mean_gain` does. When it lies: some span of a release that stays worse
    by little more than the margin may look as good by chance; so did 8 of 427 simulated
    ones, worse by .002 past the margin on noisy days, within 56 days.

    Args:
        days: The measured days, oldest first.
        policy: The margin, the rule of releases, and how long they are watched.
    """
    start, is_worse = 0, False
    for end in range(1, len(days) + 1):
        interval = gain_of(days[start:end], policy)
        is_worse = is_worse or _is_surely_worse(interval, policy)
        mended = _mended_days(days[start:end], policy) if is_worse else None
        if mended is not None:
            start, is_worse = end - mended, False
    return ReleaseCourse(days=tuple(days[start:]), is_worse=is_worse)


def gain_of(days: Sequence[PairedDay], policy: Policy) -> Interval | None:
    """Return the gain of days of a release, looked at as often as the policy plans.

    Args:
        days: The measured days, oldest first.
        policy: Says for how long a release is watched.
    """
    return mean_gain(days, policy.versions.release, watch_days=looks(days, policy))


def looks(days: Sequence[PairedDay], policy: Policy) -> int:
    """Return for how many days a release is looked at: longer once it is overdue."""
    overdue = len(days) > policy.onset_days
    return policy.remembered_days if overdue else policy.onset_days


def _is_surely_worse(interval: Interval | None, policy: Policy) -> bool:
    margin = policy.versions.margin
    return interval is not None and is_worse_by(interval.gain, interval.lower, margin)


def _mended_days(days: Sequence[PairedDay], policy: Policy) -> int | None:
    """Return how many of the newest days show that a release is as good again."""
    for count in RECOVERY_DAYS:
        # All of them are the very days that say it is worse.
        if count >= len(days):
            return None
        newest = gain_of(days[-count:], policy)
        if newest is not None and newest.upper <= policy.versions.margin:
            return count
    return None
