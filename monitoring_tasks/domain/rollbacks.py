"""Moving an alias back: what is asked, what must hold, where it stands."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from monitoring_tasks.domain.autonomy import ResponseMode
from monitoring_tasks.errors import IllegalTransitionError


@dataclass(frozen=True, slots=True, kw_only=True)
class Guard:
    """One thing that must hold before an alias may move.

    Attributes:
        name: Short name, e.g. `alias_unchanged`.
        passed: Whether it held.
        seen: What was seen, in words or numbers.
        needed: What was needed.
        group: The question it belongs to, `G1` to `G13`.
        skippable: Whether a person may skip it, with a reason.
    """

    name: str
    passed: bool
    seen: str
    needed: str
    group: str = ""
    skippable: bool = False


class RollbackState(StrEnum):
    """Where a rollback stands; the journal keeps one line for each step."""

    PROPOSED = "proposed"
    GUARDED = "guarded"
    BLOCKED = "blocked"
    DRY_RUN_RECORDED = "dry_run_recorded"
    AWAITING_APPROVAL = "awaiting_approval"
    REJECTED = "rejected"
    EXPIRED = "expired"
    APPROVED = "approved"
    LOCKED = "locked"
    EVIDENCE_CAPTURED = "evidence_captured"
    EXECUTING = "executing"
    INDETERMINATE = "indeterminate"
    APPLIED = "applied"
    VERIFYING = "verifying"
    VERIFIED = "verified"
    REGRESSED = "regressed"
    FAILED = "failed"
    SUPERSEDED = "superseded"


S = RollbackState
_GIVE_UP = frozenset({S.BLOCKED, S.EXPIRED, S.FAILED, S.SUPERSEDED})
TRANSITIONS: Mapping[RollbackState, frozenset[RollbackState]] = {
    S.PROPOSED: frozenset({S.GUARDED}) | _GIVE_UP,
    S.GUARDED: frozenset({S.DRY_RUN_RECORDED, S.AWAITING_APPROVAL, S.APPROVED})
    | _GIVE_UP,
    S.AWAITING_APPROVAL: frozenset({S.APPROVED, S.REJECTED}) | _GIVE_UP,
    S.APPROVED: frozenset({S.LOCKED}) | _GIVE_UP,
    S.LOCKED: frozenset({S.EVIDENCE_CAPTURED}) | _GIVE_UP,
    S.EVIDENCE_CAPTURED: frozenset({S.EXECUTING}) | _GIVE_UP,
    S.EXECUTING: frozenset({S.APPLIED, S.INDETERMINATE, S.FAILED, S.SUPERSEDED}),
    S.INDETERMINATE: frozenset({S.APPLIED, S.FAILED, S.SUPERSEDED}),
    S.APPLIED: frozenset({S.VERIFYING, S.SUPERSEDED}),
    S.VERIFYING: frozenset({S.VERIFIED, S.REGRESSED, S.SUPERSEDED}),
    S.VERIFIED: frozenset(),
    S.REGRESSED: frozenset(),
    S.BLOCKED: frozenset(),
    S.DRY_RUN_RECORDED: frozenset(),
    S.REJECTED: frozenset(),
    S.EXPIRED: frozenset(),
    S.FAILED: frozenset(),
    S.SUPERSEDED: frozenset(),
}
BEFORE_WRITE = frozenset(
    {
        S.PROPOSED,
        S.GUARDED,
        S.AWAITING_APPROVAL,
        S.APPROVED,
        S.LOCKED,
        S.EVIDENCE_CAPTURED,
    }
)
"""The registry has surely not been touched."""
IN_DOUBT = frozenset({S.EXECUTING, S.INDETERMINATE})
"""The registry may have been touched; only reading it tells."""
OPEN = BEFORE_WRITE | IN_DOUBT
"""At most one rollback of an alias is in one of these."""
UNDER_WAY = IN_DOUBT | {S.APPROVED, S.LOCKED, S.EVIDENCE_CAPTURED, S.APPLIED}
"""It is decided; the alias is not surely moved, or nobody has been told of it."""
DONE = frozenset({S.APPLIED, S.VERIFYING, S.VERIFIED, S.REGRESSED})
"""The alias was moved."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rollback:
    """A request to move an alias from one version to another, and what came of it.

    Attributes:
        id: Short and stable: the same request on the same evidence has the same
            for ever.
        model: Registered model name.
        alias: The alias to move.
        from_version: Where the alias must stand.
        to_version: Where it shall stand.
        reason: Why, in a sentence.
        actor: Who asked: `daywatch` or a person.
        mode: How far Daywatch might go when it was asked.
        proposed_at: When.
        expires_at: Nothing is done about it from then on.
        evaluation: Key of the evaluation it rests on.
        evidence_digest: SHA-256 of all it rests on.
        incident: The incident it belongs to, if any.
        state: Where it stands.
        guards: What was seen when the guards were last asked.
        approver: Who answered, if anybody was asked.
        applied_at: When the alias was seen to have moved.
        fence: Token of the lease it was last worked on under.
        is_forced: Whether a person skips the guards that may be skipped.
    """

    id: str
    model: str
    alias: str
    from_version: str
    to_version: str
    reason: str
    actor: str
    mode: ResponseMode
    proposed_at: datetime
    expires_at: datetime
    evaluation: str
    evidence_digest: str
    incident: str | None = None
    state: RollbackState = RollbackState.PROPOSED
    guards: tuple[Guard, ...] = ()
    approver: str | None = None
    applied_at: datetime | None = None
    fence: int = 0
    is_forced: bool = False

    @property
    def is_manual(self) -> bool:
        """Whether a person asked for it."""
        return self.actor != DAYWATCH

    @property
    def is_open(self) -> bool:
        """Whether it has not come to an end; one that waits for a person has not."""
        return self.state in OPEN

    def is_under_way(self, now: datetime) -> bool:
        """Whether the alias is being moved at `now`; never past its deadline.

        From then on nothing is written any more, even where nobody can read what came
        of an earlier write: whoever waits for its end does not wait for ever.
        """
        return self.state in UNDER_WAY and now < self.expires_at


DAYWATCH = "daywatch"
"""The actor when no person asked."""


def require_step(current: RollbackState, target: RollbackState) -> None:
    """Refuse a step the state machine does not know.

    Args:
        current: Where the rollback stands.
        target: Where it is to go.

    Raises:
        IllegalTransitionError: If `target` cannot follow `current`.
    """
    if target not in TRANSITIONS[current]:
        allowed = ", ".join(sorted(TRANSITIONS[current])) or "nothing"
        msg = f"a rollback that is {current} cannot become {target}; only {allowed}"
        raise IllegalTransitionError(msg)


def refusals(guards: Sequence[Guard], *, forced: bool = False) -> list[Guard]:
    """Return the guards that stand in the way; forced, only those nobody may skip.

    Args:
        guards: All guards.
        forced: Whether those that may be skipped are.

    Raises:
        ValueError: If there are no guards at all: an unguarded move is a bug.
    """
    if not guards:
        msg = "an alias move without guards is not allowed"
        raise ValueError(msg)
    return [g for g in guards if not g.passed and not (forced and g.skippable)]


def skipped(guards: Sequence[Guard]) -> list[str]:
    """Name the guards that did not hold and that a person may skip, in their order."""
    return [guard.name for guard in guards if guard.skippable and not guard.passed]
