"""The door through which guards see store and registry; nothing is changed here.

Beside `step.py` because a rollback is considered by the day's response and by people
(`operations/rollbacks`), on the same facts. All is read anew each time it is asked:
under the lease of the alias only what is so now counts, not what a day read before.
"""

from dataclasses import replace
from datetime import date, datetime, timedelta

from monitoring_tasks.contract.files import contract_files
from monitoring_tasks.domain.autonomy import AutonomyLevel
from monitoring_tasks.domain.comparisons import Comparison
from monitoring_tasks.domain.findings import VALID
from monitoring_tasks.domain.json_values import JsonObject, hash_json
from monitoring_tasks.domain.rollbacks import Rollback
from monitoring_tasks.domain.units import Unit
from monitoring_tasks.domain.version_tags import QUARANTINE_TAG
from monitoring_tasks.domain.windows import day_of
from monitoring_tasks.errors import VersionMissingError
from monitoring_tasks.respond.autonomy import Record, autonomy_level
from monitoring_tasks.respond.autonomy_record import (
    DEMOTED,
    REGRET_DAYS,
    RESTORED,
    REVIEWED,
    count_decisions,
    recorded_only,
    regret_of,
    with_regret,
)
from monitoring_tasks.respond.evidence import comparison_in, make_evidence
from monitoring_tasks.respond.guard_facts import (
    GuardFacts,
    JudgedDay,
    PastMoves,
    TargetFacts,
)
from monitoring_tasks.respond.judged_day import (
    doubt_of,
    first_day_of_run,
    judged_day,
    newer_live_evaluation,
    only_estimated_breaches,
)
from monitoring_tasks.respond.past_moves import ABOUT_TO_WRITE, past_moves
from monitoring_tasks.respond.trial_scoring import why_it_does_not_score
from monitoring_tasks.store.records import evaluation_row
from monitoring_tasks.workspace.day import Day
from monitoring_tasks.workspace.workspace import Workspace

LONGEST_RUN_DAYS = 400
"""How far back the first day of the live version is looked for."""


def collect_guard_facts(
    workspace: Workspace,
    rollback: Rollback,
    *,
    now: datetime,
    evidence: JsonObject | None = None,
) -> GuardFacts:
    """Return what the guards of a move look at, as it is now.

    Args:
        workspace: Where it is read.
        rollback: The move.
        now: The present instant.
        evidence: What the move rests on; None reads what was written down with it.
    """
    registry = workspace.registry
    registry.ask_anew()
    day = Day(workspace, Unit.from_key(rollback.evaluation))
    evidence = evidence or workspace.rollbacks.evidence(rollback.id)
    comparison = comparison_in(evidence)
    live = registry.version(rollback.model, rollback.from_version)
    return GuardFacts(
        contract=day.contract,
        rollback=rollback,
        alias_version=registry.alias_version(rollback.model, rollback.alias),
        live_signature=live.signature_digest,
        target=_target(day, rollback, comparison),
        judged=_judged(day),
        comparison=comparison,
        moves=_moves(day, rollback, now),
        autonomy=read_autonomy(workspace, rollback.model),
        holds=workspace.holds.active(rollback.model),
        digest=_digest_now(day, evidence),
        now=now,
    )


def read_evidence(day: Day, comparison: Comparison | None) -> JsonObject:
    """Return what a decision about a day rests on, as the store has it now.

    Args:
        day: The day that was judged.
        comparison: The target against the live version on the same rows.
    """
    # Not `day.evaluation`: the digest is taken of what the store gives back.
    stored = day.workspace.results.evaluation(day.unit)
    return make_evidence(evaluation_row(stored), comparison, day.contract)


def read_record(workspace: Workspace, model: str) -> Record:
    """Return the record a model's decisions have earned it.

    Args:
        workspace: Where rollbacks and journal are read.
        model: Registered model name.
    """
    rollbacks = workspace.rollbacks.find(model)
    states = (REVIEWED, DEMOTED, RESTORED)
    lines = workspace.journal.lines_in(*states, model=model)
    regrets = [_regret(workspace, decision) for decision in recorded_only(rollbacks)]
    measured = [regret for regret in regrets if regret is not None]
    return with_regret(count_decisions(rollbacks, lines), measured)


def read_autonomy(workspace: Workspace, model: str) -> AutonomyLevel:
    """Return how far Daywatch may go for a model now, and why no further.

    Args:
        workspace: Where contract, rollbacks and journal are read.
        model: Registered model name.
    """
    response = workspace.contract(model).response
    return autonomy_level(response, read_record(workspace, model))


def read_live_since(
    workspace: Workspace, unit: Unit, version: str | None
) -> date | None:
    """Return the first day of a version's unbroken run up to a day, as known then.

    Args:
        workspace: Where the days are read.
        unit: The last day.
        version: The version.

    Returns:
        None where the beginning of the run is not seen.
    """
    first = unit.day - timedelta(days=LONGEST_RUN_DAYS)
    days = workspace.results.current(unit.model, first, unit.day, unit.as_of)
    return first_day_of_run(days, version)


def _target(day: Day, rollback: Rollback, comparison: Comparison | None) -> TargetFacts:
    try:
        version = day.workspace.registry.version(rollback.model, rollback.to_version)
    except VersionMissingError as error:
        return TargetFacts(exists=False, load_reason=str(error))
    reason = _why_it_does_not_load(day, rollback, comparison)
    return TargetFacts(
        exists=True,
        is_ready=version.status == "READY",
        signature=version.signature_digest,
        loaded=not reason,
        load_reason=reason,
        tags=version.tags,
        trained_until=version.trained_until,
        quarantine=version.tags.get(QUARANTINE_TAG, ""),
        is_fallback=day.contract.response.fallback == rollback.to_version,
    )


def _why_it_does_not_load(
    day: Day, rollback: Rollback, comparison: Comparison | None
) -> str:
    """Return why the target would not serve; empty when it would.

    A comparison has scored rows with it, so that it loads. It is tried once more
    right before it is put back, and where a person wants what could not be measured:
    it may load all the same.
    """
    is_measured = comparison is not None and comparison.gain is not None
    is_about_to_write = rollback.state in ABOUT_TO_WRITE
    if is_about_to_write or (rollback.is_manual and not is_measured):
        scorer = day.workspace.scorer(rollback.model)
        return why_it_does_not_score(
            rollback.to_version,
            day.predictions,
            day.contract.columns,
            lambda path, versions: scorer.score(path, versions, afresh=True),
        )
    if is_measured or rollback.is_manual:
        return ""
    why = comparison.reason if comparison is not None else ""
    return why or "it was not tried on these rows"


def _judged(day: Day) -> JudgedDay:
    estimated = only_estimated_breaches(day.findings)
    doubt = ""
    if estimated:
        # Months of days are read for it: only where estimates alone broke.
        trust = day.estimator_trust({m.metric for m in estimated})
        doubt = doubt_of(estimated, trust)
    since = read_live_since(day.workspace, day.unit, day.evaluation.version)
    return judged_day(day.evaluation, doubt=doubt, live_since=since)


def _moves(day: Day, rollback: Rollback, now: datetime) -> PastMoves:
    settings, zone = day.workspace.settings, day.contract.timezone
    models = sum(1 for _ in contract_files(settings.expectations))
    today = day_of(now, zone)
    moves = past_moves(
        rollback,
        # A day in any time zone began less than two days ago.
        day.workspace.rollbacks.around(day.model, now - timedelta(days=2)),
        today=today,
        timezone=zone,
        # Of a fleet of few models one may be moved all the same.
        fleet_most=max(1, int(models * settings.rollbacks_a_day)),
    )
    if moves.last_at is None:
        return moves
    first = day_of(moves.last_at, zone) + timedelta(days=1)
    since = day.workspace.results.current(day.model, first, today, decided=True)
    valid = sum(evaluation.performance in VALID for evaluation in since)
    return replace(moves, valid_days=valid)


def _digest_now(day: Day, evidence: JsonObject) -> str:
    """Return the digest the evidence has now; another one if anything changed."""
    newest = day.workspace.results.current(day.model, day.day, day.day, decided=True)
    newer = newer_live_evaluation(day.evaluation, newest)
    if newer is not None:
        return f"newer: {newer.key}"
    # The comparison as it was written: words of an earlier release keep their digest.
    comparison = {"comparison": evidence["comparison"]}
    return hash_json(dict(read_evidence(day, None)) | comparison)


def _regret(workspace: Workspace, rollback: Rollback) -> float | None:
    """Return what was lost a day by not carrying a decision out; None if unknown."""
    day = Unit.from_key(rollback.evaluation).day
    after = workspace.results.current(
        rollback.model,
        day + timedelta(days=1),
        day + timedelta(days=REGRET_DAYS),
        decided=True,
    )
    return regret_of(rollback, after)
