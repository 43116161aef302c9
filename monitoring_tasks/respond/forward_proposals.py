"""After a rollback: when a withdrawn or newer version does better again. Pure."""

from collections.abc import Sequence
from datetime import datetime

from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.contract.objectives import keeps_promises
from monitoring_tasks.domain.comparisons import Comparison
from monitoring_tasks.domain.journal import JournalLine, Line
from monitoring_tasks.domain.rollbacks import DAYWATCH, DONE, Rollback

FORWARD = "forward_proposed"
"""A line of the journal: nothing moves by itself, a person decides."""


def last_move(rollbacks: Sequence[Rollback]) -> Rollback | None:
    """Return the rollback that moved the alias last; None if none did."""
    moves = [r for r in rollbacks if r.state in DONE and r.applied_at]
    # By id where two moved at one instant: the answer is the same every time.
    return max(moves, key=lambda r: (r.applied_at, r.id), default=None)


def versions_to_propose(
    rollback: Rollback,
    comparisons: Sequence[Comparison],
    lines: Sequence[JournalLine],
    contract: Contract,
) -> list[Comparison]:
    """Return the versions that surely outdo the one put back, each proposed once.

    What was compared on the day is all that is asked: a version of after the one that
    was put back, proven better on the same rows and good enough to serve.

    Args:
        rollback: The move whose target serves now.
        comparisons: Other versions on the day's rows.
        lines: The model's journal lines in the state `forward_proposed`.
        contract: What is expected of the model.
    """
    proposed = {line.to_version for line in lines if line.key == rollback.id}
    better: list[Comparison] = []
    for comparison in comparisons:
        is_new = comparison.version not in proposed
        if is_new and _outdoes(rollback, comparison, contract):
            proposed.add(comparison.version)
            better.append(comparison)
    return better


def proposal_line(rollback: Rollback, version: str, *, at: datetime, text: str) -> Line:
    """Return the journal line of a proposal.

    Args:
        rollback: The move it follows.
        version: The version that is proposed.
        at: When.
        text: Why.
    """
    return Line(
        key=rollback.id,
        state=FORWARD,
        at=at,
        model=rollback.model,
        alias=rollback.alias,
        from_version=rollback.to_version,
        to_version=version,
        reason=text,
        actor=DAYWATCH,
        incident=rollback.incident,
    )


def _outdoes(rollback: Rollback, comparison: Comparison, contract: Contract) -> bool:
    return (
        int(comparison.version) > int(rollback.to_version)
        and comparison.is_better_by(contract.policy.versions.margin)
        and keeps_promises(comparison, contract.objectives)
    )
