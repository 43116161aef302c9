"""All that is known when a move is considered; what the guards look at. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.domain.autonomy import AutonomyLevel
from monitoring_tasks.domain.comparisons import Comparison
from monitoring_tasks.domain.findings import Verdict
from monitoring_tasks.domain.holds import Hold
from monitoring_tasks.domain.rollbacks import Rollback
from monitoring_tasks.domain.units import Mode


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetFacts:
    """What the registry says of the version to put back.

    Attributes:
        exists: Whether the version is registered.
        is_ready: Whether the registry calls it ready.
        signature: Digest of its input schema; empty when it has none.
        loaded: Whether it was loaded and scored rows just now.
        load_reason: Why not, if not.
        tags: Its tags.
        trained_until: Last day of its training rows, if recorded.
        quarantine: Why it was withdrawn; empty when it was not.
        is_fallback: Whether it is the contract's rules-based fallback.
    """

    exists: bool
    is_ready: bool = False
    signature: str = ""
    loaded: bool = False
    load_reason: str = ""
    tags: Mapping[str, str] = field(default_factory=dict)
    trained_until: date | None = None
    quarantine: str = ""
    is_fallback: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedDay:
    """What was found about the live version.

    Attributes:
        day: The day.
        mode: In which mode it was looked at.
        confirmed: Whether a breach is confirmed.
        doubt: Why what broke is not enough to act on: estimates nobody could test;
            empty when labels or trusted estimates say so.
        cause: Name of the cause.
        data: Whether the data was fit to judge by.
        onset: First bad day, if there is one.
        live_since: First day the live version served, as far as is known.
        is_told_by_labels: Whether labels say what is wrong.
    """

    day: date
    mode: Mode
    confirmed: bool
    doubt: str = ""
    cause: str | None
    data: Verdict
    onset: date | None = None
    live_since: date | None = None
    is_told_by_labels: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PastMoves:
    """Alias moves of before, as the journal has them.

    Attributes:
        last_at: When Daywatch last moved this alias.
        valid_days: Valid days since then.
        last_automatic_at: When it last did so unasked.
        others: Rollbacks of this alias that are under way or being verified.
        fleet_today: Models moved unasked today, by this model's calendar.
        fleet_most: How many there may be a day.
    """

    last_at: datetime | None = None
    valid_days: int = 0
    last_automatic_at: datetime | None = None
    others: tuple[str, ...] = ()
    fleet_today: int = 0
    fleet_most: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class GuardFacts:
    """What is known when a move is considered.

    Attributes:
        contract: The model's contract.
        rollback: The move.
        alias_version: Where the alias stands now.
        live_signature: Digest of the live version's input schema.
        target: What the registry says of the target.
        judged: What was found about the live version.
        comparison: The target against the live version on the same rows.
        moves: Alias moves of before.
        autonomy: How far Daywatch may go.
        holds: What holds moves back.
        digest: Digest of the evidence as it stands now.
        now: The present instant.
    """

    contract: Contract
    rollback: Rollback
    alias_version: str | None
    live_signature: str
    target: TargetFacts
    judged: JudgedDay
    comparison: Comparison | None
    moves: PastMoves
    autonomy: AutonomyLevel
    holds: tuple[Hold, ...]
    digest: str
    now: datetime
