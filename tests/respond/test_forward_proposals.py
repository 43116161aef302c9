"""Which versions are proposed to move on to, after a rollback."""

from datetime import timedelta

from monitoring_tasks.domain.chains import BEFORE_FIRST
from monitoring_tasks.domain.journal import chained
from monitoring_tasks.domain.rollbacks import RollbackState
from monitoring_tasks.respond.forward_proposals import (
    last_move,
    proposal_line,
    versions_to_propose,
)
from tests.builders import NOW, make_comparison, make_contract, make_rollback

MOVED = make_rollback(state=RollbackState.VERIFYING, applied_at=NOW)
BETTER = make_comparison(version="3")


def test_last_move_is_the_latest_that_was_made() -> None:
    """What moved nothing does not count."""
    later = make_rollback(
        id="later", state=RollbackState.VERIFIED, applied_at=NOW + timedelta(hours=1)
    )
    assert last_move([later, MOVED, make_rollback(id="none")]) == later
    assert last_move([make_rollback()]) is None


def test_newer_version_proven_better_is_proposed_once() -> None:
    """Neither an older one, nor one that is no better, nor one twice."""
    contract = make_contract()
    older = make_comparison(version="1")
    worse = make_comparison(version="4", lower=-0.1)
    compared = [older, BETTER, BETTER, worse]
    assert versions_to_propose(MOVED, compared, [], contract) == [BETTER]
    line = proposal_line(MOVED, "3", at=NOW, text="better")
    told = [chained(line, 1, BEFORE_FIRST)]
    assert versions_to_propose(MOVED, compared, told, contract) == []
