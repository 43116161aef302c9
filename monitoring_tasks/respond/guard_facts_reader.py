"""Asking store and registry, now, for all that the guards of a rollback look at."""

from datetime import date, datetime, timedelta
from typing import Any

from monitoring_tasks.contract.files import contract_files
from monitoring_tasks.domain.comparisons import Comparison
from monitoring_tasks.domain.decisions import FROM_LABELS
from monitoring_tasks.domain.findings import VALID, Kind, Verdict
from monitoring_tasks.domain.rollbacks import (
    IN_DOUBT,
    Rollback,
    RollbackState,
)
from monitoring_tasks.domain.trust import TrustVerdict
from monitoring_tasks.domain.units import Mode, Unit
from monitoring_tasks.domain.version_tags import QUARANTINE_TAG
from monitoring_tasks.domain.windows import day_of
from monitoring_tasks.errors import VersionMissingError
from monitoring_tasks.respond.autonomy_record import autonomy
from monitoring_tasks.respond.evidence import comparison_in, digest_now
from monitoring_tasks.respond.guard_facts import (
    GuardFacts,
    JudgedDay,
    PastMoves,
    TargetFacts,
)
from monitoring_tasks.respond.trial_scoring import why_it_does_not_score
from monitoring_tasks.workspace.estimator_trust import load_trust
from monitoring_tasks.workspace.workspace import Workspace

S = RollbackState
LONGEST_RUN_DAYS = 400
"""How far back the first day of the live version is looked for."""
ABOUT_TO_WRITE = IN_DOUBT | {S.LOCKED, S.EVIDENCE_CAPTURED}
"""States in which the target is tried once more before the alias moves."""


def collect_guard_facts(
    space: Workspace,
    rollback: Rollback,
    *,
    now: datetime,
    decided: dict[str, Any] | None = None,
) -> GuardFacts:
    """Gather what the guards look at.

    Args:
        space: The workspace.
        rollback: The move.
        now: The present instant.
        decided: What the rollback rests on; None reads what was written down with it.
    """
    registry = space.registry
    unit = Unit.from_key(rollback.evaluation)
    decided = decided or space.rollbacks.evidence(rollback.id)
    comparison = comparison_in(decided)
    live = registry.version(rollback.model, rollback.from_version)
    return GuardFacts(
        contract=space.contract(rollback.model),
        rollback=rollback,
        alias_version=registry.alias_version(rollback.model, rollback.alias),
        live_signature=live.signature_digest,
        target=_target(space, rollback, comparison),
        judged=_judged(space, unit),
        comparison=comparison,
        moves=_moves(space, rollback, now),
        autonomy=autonomy(space, rollback.model),
        holds=space.holds.active(rollback.model),
        digest=_newer_look(space, unit) or digest_now(space, decided),
        now=now,
    )


def _target(
    space: Workspace, rollback: Rollback, comparison: Comparison | None
) -> TargetFacts:
    try:
        found = space.registry.version(rollback.model, rollback.to_version)
    except VersionMissingError as error:
        return TargetFacts(exists=False, load_reason=str(error))
    is_measured = comparison is not None and comparison.gain is not None
    reason = ""
    if rollback.is_manual or rollback.state in ABOUT_TO_WRITE:
        # What could not be measured may load all the same; a person may want it.
        if not is_measured or rollback.state in ABOUT_TO_WRITE:
            reason = why_it_does_not_score(space, rollback)
    elif not is_measured:
        why = comparison.reason if comparison is not None else ""
        reason = why or "it was not tried on these rows"
    return TargetFacts(
        exists=True,
        is_ready=found.status == "READY",
        signature=found.signature_digest,
        loaded=not reason,
        load_reason=reason,
        tags=found.tags,
        trained_until=found.trained_until,
        quarantine=found.tags.get(QUARANTINE_TAG, ""),
        is_fallback=space.contract(rollback.model).response.fallback
        == rollback.to_version,
    )


def _judged(space: Workspace, unit: Unit) -> JudgedDay:
    row = space.results.evaluation(unit)
    onset = row.evidence.get("onset")
    return JudgedDay(
        day=unit.day,
        mode=unit.mode,
        confirmed=bool(row.confirmed),
        doubt=_doubt(space, unit),
        cause=row.cause,
        data=Verdict(row.data_verdict or Verdict.NO_DATA),
        onset=date.fromisoformat(onset) if onset else None,
        live_since=live_since(space, unit, row.version),
        is_told_by_labels=bool(row.evidence.get(FROM_LABELS)),
    )


def _newer_look(space: Workspace, unit: Unit) -> str:
    """Name the live look that judged the day anew since; empty without one.

    What was decided then may not be what would be decided now: the newer look decides.
    """
    for row in space.results.current(unit.model, unit.day, unit.day, decided=True):
        if row.mode == Mode.LIVE and row.as_of > unit.as_of:
            return f"newer: {row.key}"
    return ""


def _doubt(space: Workspace, unit: Unit) -> str:
    """Say why a breach is not enough to act on; empty when it is, or there is none.

    One number from labels, or one estimate whose estimator proved right, is enough.
    """
    broken = [
        f.measurement
        for f in space.results.findings(unit)
        if f.verdict is Verdict.BREACH
    ]
    guessed = [m for m in broken if m.kind is Kind.ESTIMATED]
    if not guessed or len(guessed) < len(broken):
        return ""
    policy = space.contract(unit.model).policy.trust
    trust = load_trust(space, unit, policy, metrics={m.metric for m in guessed})
    known = [trust.get((m.version, m.segment, m.metric)) for m in guessed]
    if any(one and one.verdict is TrustVerdict.TRUSTED for one in known):
        return ""
    named = ", ".join(sorted({m.metric for m in guessed}))
    return f"only by estimates ({named}) that were never proven right"


def live_since(space: Workspace, unit: Unit, version: str | None) -> date | None:
    """First day of the version's unbroken run; None where its beginning is not seen."""
    first = unit.day - timedelta(days=LONGEST_RUN_DAYS)
    rows = space.results.current(unit.model, first, unit.day, unit.as_of)
    since = None
    for row in reversed(rows):
        if row.version not in {version, None}:
            return since
        if row.version == version:
            since = row.day
    return None


def _moves(space: Workspace, rollback: Rollback, now: datetime) -> PastMoves:
    zone = space.contract(rollback.model).timezone
    everything = [r for r in space.rollbacks.find() if r.id != rollback.id]
    mine = [
        r for r in everything if (r.model, r.alias) == (rollback.model, rollback.alias)
    ]
    moved = [r.applied_at for r in mine if r.applied_at]
    unasked = [r for r in everything if r.applied_at and not _was_asked(r)]
    today = day_of(now, zone)
    lately = {
        r.model for r in unasked if r.applied_at and day_of(r.applied_at, zone) == today
    }
    # Others about to be written count as well: several at once must see each other.
    lately |= {
        r.model
        for r in everything
        if r.state in ABOUT_TO_WRITE
        and not _was_asked(r)
        and r.model != rollback.model
        and day_of(r.proposed_at, zone) == today
    }
    last = max(moved, default=None)
    return PastMoves(
        last_at=last,
        valid_days=_valid_days(space, rollback, last, today) if last else 0,
        last_automatic_at=max(
            (r.applied_at for r in unasked if r in mine and r.applied_at), default=None
        ),
        others=tuple(r.id for r in mine if _is_in_the_way(r, rollback)),
        fleet_today=len(lately),
        fleet_most=_fleet_most(space),
    )


def _is_in_the_way(other: Rollback, rollback: Rollback) -> bool:
    """Whether another rollback is under way, or still verifies what serves now."""
    verifies = other.state is S.VERIFYING and other.to_version == rollback.from_version
    return other.is_open or verifies


def _was_asked(rollback: Rollback) -> bool:
    return rollback.is_manual or rollback.approver is not None


def _valid_days(
    space: Workspace, rollback: Rollback, last: datetime, today: date
) -> int:
    """Count the days after that of the move that could be judged."""
    first = day_of(last, space.contract(rollback.model).timezone) + timedelta(days=1)
    rows = space.results.current(rollback.model, first, today, decided=True)
    return sum(row.performance in VALID for row in rows)


def _fleet_most(space: Workspace) -> int:
    models = sum(1 for _ in contract_files(space.settings.expectations))
    return max(1, int(models * space.settings.rollbacks_a_day))
