"""Whether a version that was put back serves, and does well. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from monitoring_tasks.domain.decisions import PastDay
from monitoring_tasks.domain.findings import VALID, Verdict
from monitoring_tasks.domain.rollbacks import Rollback, RollbackState

NOT_SERVED = ""
"""The version of a day without predictions: it says nothing about any version."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bake:
    """What a day says of a rollback that is being verified.

    Attributes:
        text: One sentence.
        state: The state it ends in; None while it goes on.
    """

    text: str
    state: RollbackState | None = None


def bake(
    rollback: Rollback,
    today: PastDay,
    *,
    moved_on: date,
    history: Sequence[PastDay],
    bake_days: int,
) -> Bake | None:
    """Return what a day does to a rollback that is being verified.

    Only days the version put back has served count: the prediction log says which
    version scored the rows, the alias does not. A scoring job that goes on with the
    old version is told of elsewhere, as trouble of the integration.

    Args:
        rollback: A rollback whose alias was moved.
        today: The day as it was judged.
        moved_on: The calendar day the alias was moved on.
        history: Earlier days, oldest first.
        bake_days: Good valid days in a row after which it is verified.

    Returns:
        None when the day says nothing about the rollback.
    """
    version = rollback.to_version
    if today.day < moved_on or today.version != version:
        return None
    if today.performance is Verdict.BREACH and today.confirmed:
        text = (
            f"{today.day}: version {version}, put back, is in confirmed breach as "
            "well; nothing is moved a second time, a person decides"
        )
        return Bake(text=text, state=RollbackState.REGRESSED)
    good = _good_days(version, [*history, today], moved_on)
    text = (
        f"{today.day}: version {version} served; performance {today.performance}, "
        f"{good} of {bake_days} good days"
    )
    return Bake(text=text, state=RollbackState.VERIFIED if good >= bake_days else None)


def _good_days(version: str, days: Sequence[PastDay], moved_on: date) -> int:
    """Count the good valid days up to the last, unbroken by a bad or other one."""
    count = 0
    for day in reversed(days):
        if day.day < moved_on or day.version not in {version, NOT_SERVED}:
            break
        if day.performance not in VALID:
            continue
        if day.performance is not Verdict.OK:
            break
        count += 1
    return count
