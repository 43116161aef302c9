"""What the answers of the guards make of a rollback. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from monitoring_tasks.domain.autonomy import ResponseMode
from monitoring_tasks.domain.rollbacks import Guard, Rollback, RollbackState, refusals
from monitoring_tasks.respond.sentences import refused

S = RollbackState
ANSWERABLE = frozenset({"may_act", "no_legal_hold", "groups_measured"})
"""Guards a person's approval makes hold."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NextState:
    """Where a rollback goes from here.

    Attributes:
        state: The state.
        text: Why, for the journal.
    """

    state: RollbackState
    text: str


def after_guards(rollback: Rollback) -> NextState:
    """Return where a guarded rollback goes, as far as its autonomy level lets it.

    A guard that nobody's approval makes hold ends it at any level.
    """
    failed = refusals(rollback.guards, forced=rollback.is_forced)
    if any(guard.name not in ANSWERABLE for guard in failed):
        return stopped(failed)
    if not failed:
        return NextState(state=S.APPROVED, text="every guard held")
    if rollback.mode in {ResponseMode.APPROVE, ResponseMode.AUTO}:
        until = f"{rollback.expires_at:%Y-%m-%d %H:%M} UTC"
        return NextState(
            state=S.AWAITING_APPROVAL, text=f"a person is asked until {until}"
        )
    return NextState(state=S.DRY_RUN_RECORDED, text=f"recorded only: {refused(failed)}")


def stopped(failed: Sequence[Guard]) -> NextState:
    """Return the state that says which guards ended it before anything was written."""
    names = {guard.name for guard in failed}
    state = S.BLOCKED
    # One reason alone names the end; several are a refusal.
    if names == {"decision_fresh"}:
        state = S.EXPIRED
    elif names == {"alias_unchanged"}:
        state = S.SUPERSEDED
    return NextState(state=state, text=f"refused: {refused(failed)}")
