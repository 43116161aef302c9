"""How far Daywatch may go for a model now: what was granted, earned, taken away. Pure.

Nothing is promoted by itself: a record that is good enough is proposed to the owners,
who change the contract. What is taken away is taken at once.
"""

from dataclasses import dataclass

from monitoring_tasks.contract.response import Response, lower
from monitoring_tasks.domain.autonomy import (
    AUTONOMY_LEVELS,
    AutonomyLevel,
    ResponseMode,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """What people said of a model's earlier decisions to roll back.

    Attributes:
        right: How many were right.
        wrong: How many were wrong.
        unanswered: How many nobody has spoken of.
        regret: Mean gain the target showed on the days after decisions that were
            not carried out, in units of the comparison's metric; None when unknown.
        demoted: Why autonomy was taken away; empty when it was not.
    """

    right: int = 0
    wrong: int = 0
    unanswered: int = 0
    regret: float | None = None
    demoted: str = ""

    @property
    def reviewed(self) -> int:
        """How many decisions somebody spoke of."""
        return self.right + self.wrong

    @property
    def agreement(self) -> float | None:
        """Share that was right; None before anybody spoke."""
        return self.right / self.reviewed if self.reviewed else None


def autonomy_level(response: Response, record: Record) -> AutonomyLevel:
    """Return how far Daywatch may go, and why no further.

    Args:
        response: What the contract grants, and what it takes to earn more.
        record: What was earned or taken away.
    """
    if record.demoted:
        # Never above what the contract grants.
        mode = lower(response.mode, ResponseMode.APPROVE)
        return AutonomyLevel(mode=mode, why=f"lowered: {record.demoted}")
    if response.mode is not ResponseMode.AUTO:
        return AutonomyLevel(mode=response.mode, why="as the contract says")
    if response.autonomy.decisions == 0:
        return AutonomyLevel(mode=ResponseMode.AUTO, why="granted by the contract")
    if has_earned(response, record):
        return AutonomyLevel(mode=ResponseMode.AUTO, why=f"earned: {_shown(record)}")
    needed = response.autonomy
    return AutonomyLevel(
        mode=ResponseMode.APPROVE,
        why=(
            f"auto is not earned yet: {_shown(record)}; it takes {needed.decisions} "
            f"decisions, {needed.agreement:.0%} of them right"
        ),
    )


def has_earned(response: Response, record: Record) -> bool:
    """Whether the record is good enough for `auto`.

    Args:
        response: The contract's; it says how many decisions, and how many right.
        record: What people said of the model's decisions.
    """
    needed = response.autonomy
    agreement = record.agreement
    return (
        not record.demoted
        and record.reviewed >= needed.decisions
        and agreement is not None
        and agreement >= needed.agreement
    )


def proposal(response: Response, record: Record) -> str | None:
    """Return the next level to propose to the owners; None if nothing speaks for it.

    Args:
        response: The contract's.
        record: What people said of the model's decisions.
    """
    level = AUTONOMY_LEVELS.index(response.mode)
    if response.mode is ResponseMode.AUTO or not record.reviewed:
        return None
    following = AUTONOMY_LEVELS[level + 1]
    if following is ResponseMode.AUTO and not has_earned(response, record):
        return None
    if record.agreement is None or record.agreement < response.autonomy.agreement:
        return None
    return f"response.mode: {following} ({_shown(record)})"


def _shown(record: Record) -> str:
    regret = "" if record.regret is None else f", mean regret {record.regret:+.4f}"
    return f"{record.right} of {record.reviewed} decisions right{regret}"
