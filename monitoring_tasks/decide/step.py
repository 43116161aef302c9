"""Does anyone need to act? Reads the day and the days before, writes the decision."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from monitoring_tasks.contract.files import contract_files
from monitoring_tasks.decide.alias_checks import (
    missing_alias,
    relies_on_alias,
    with_alias_warning,
)
from monitoring_tasks.decide.day_facts import DayFacts
from monitoring_tasks.decide.decide import decide
from monitoring_tasks.decide.flapping import flapping, marked
from monitoring_tasks.decide.incident_context import (
    exhausted_budgets,
    is_in_trouble,
    is_loud,
    label_days_of,
    peer_models,
    was_put_back,
)
from monitoring_tasks.decide.standing_warnings import standing_warnings
from monitoring_tasks.domain.decisions import Decision, PastDay
from monitoring_tasks.domain.evaluations import Evaluation
from monitoring_tasks.domain.findings import Finding
from monitoring_tasks.domain.incident_context import (
    ColumnEffect,
    IncidentContext,
    PredictedEffect,
)
from monitoring_tasks.domain.journal import JournalLine
from monitoring_tasks.domain.orphans import orphans_of
from monitoring_tasks.domain.past_days import past_day
from monitoring_tasks.domain.units import Mode
from monitoring_tasks.domain.windows import window_of
from monitoring_tasks.errors import (
    RegistryError,
    SourceUnavailableError,
    TransientError,
    VersionMissingError,
)
from monitoring_tasks.rows.names import ALL
from monitoring_tasks.store.peer_models import decided_by_others, segment_rows
from monitoring_tasks.store.served_days import recent_releases
from monitoring_tasks.workspace.containment import is_from_rows, reason_of, undecided
from monitoring_tasks.workspace.day import Day

logger = logging.getLogger(__name__)
UNKNOWN_TIER = 1
"""Tier of a model whose contract is gone: what is unknown counts as graver."""
Annotate = Callable[[Day, Decision], Decision]
"""Adds what an earlier step can tell of a decided day to its reasons or evidence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DriftCauses:
    """What earlier steps can tell of drift: its effect on the objectives' numbers.

    Attributes:
        predicted_effects: By how much the estimates explain each realized loss.
        lost_value: What the loss is worth, in the contract's own currency.
        drift_effects: What each drifted column would cost by itself.
    """

    predicted_effects: Callable[[Day], tuple[PredictedEffect, ...]]
    lost_value: Callable[[Day], float | None]
    drift_effects: Callable[[Day, Sequence[Finding]], tuple[ColumnEffect, ...]]


def decide_day(
    day: Day, *, causes: DriftCauses, annotations: Sequence[Annotate] = ()
) -> Decision:
    """Decide a day from what is known of it and of the days before; keep the decision.

    Args:
        day: The day; `compare` has run.
        causes: What earlier steps can tell of drift; called only on a day in trouble.
        annotations: What earlier steps add to the decision; they change no verdict.
    """
    try:
        decision = _decide(day, causes, annotations)
    except Exception as error:
        if not is_from_rows(error):
            raise
        decision = undecided(reason_of("decide", day.unit, error))
    day.record.save_decision(decision)
    return decision


def _decide(day: Day, causes: DriftCauses, annotations: Sequence[Annotate]) -> Decision:
    contract = day.contract
    memory = contract.policy.remembered_days
    # One read for both spans: the longer one has the days of the shorter.
    day.past.evaluations(max(memory, contract.policy.labels.window_days))
    history = day.past.history(memory)
    decision = decide(_facts(day, causes, history))
    for annotate in annotations:
        decision = annotate(day, decision)
    decision = with_alias_warning(decision, contract, _missing_alias(day))
    today = past_day(replace(day.evaluation, decision=decision))
    return marked(decision, flapping(history, today, contract.policy.alarms))


def _facts(day: Day, causes: DriftCauses, history: Sequence[PastDay]) -> DayFacts:
    evaluation = day.evaluation
    facts = DayFacts(
        day=day.day,
        contract=day.contract,
        version=evaluation.version or "",
        batch=evaluation.data,
        problem=evaluation.problem,
        findings=day.findings,
        comparisons=evaluation.comparisons,
        history=history,
        warnings=standing_warnings(
            day.findings,
            history,
            day.contract,
            day=day.day,
            checks=evaluation.data.checks,
        ),
        stale_alias=_stale_alias(day),
        labels=evaluation.label_verdict,
        label_counts=evaluation.label_counts,
    )
    return replace(facts, context=_incident_context(day, facts, causes))


def _incident_context(
    day: Day, facts: DayFacts, causes: DriftCauses
) -> IncidentContext:
    """Read what else is known of a day, as far as the day gives reason to.

    A day that neither warns nor is in breach reads nothing. On a warning, or rows that
    look corrupted, the cost of its drift is estimated; on a breach, or unfit data, all
    else is read too. What people said of incidents counts in live mode only: other
    modes show what Daywatch finds by itself.
    """
    # Most days are quiet: they must not cost more than a look at their findings.
    if not is_loud(facts):
        return IncidentContext()
    is_live = day.unit.mode is Mode.LIVE
    context = IncidentContext(
        effects=causes.predicted_effects(day),
        columns=causes.drift_effects(day, day.findings) if facts.batch.is_fit else (),
        releases=recent_releases(
            day.workspace.database, day.unit, days=day.contract.policy.onset_days
        ),
        overrides=tuple(
            day.workspace.incidents.overrides(day.model) if is_live else ()
        ),
        orphans=orphans_of(
            day.evaluation,
            [e for e in _before(day) if e.decision],
            day.coverages_at_age,
        ),
    )
    if not is_in_trouble(facts):
        return context
    lost = causes.lost_value(day)
    return replace(_with_surroundings(day, context), value_lost=lost)


def _with_surroundings(day: Day, context: IncidentContext) -> IncidentContext:
    """Add what other models, the days before, the budgets and the journal say."""
    contract, unit, database = day.contract, day.unit, day.workspace.database
    others = decided_by_others(database, unit)
    rows = segment_rows(database, unit)
    labels = label_days_of(day.evaluation, _before(day), contract.policy)
    return replace(
        context,
        total=rows.pop(ALL, None),
        rows=rows,
        models=others.decided + 1,
        peers=peer_models(others.confirmed, _tiers(day)),
        label_days=labels.pop(ALL),
        segment_label_days=labels,
        exhausted=_exhausted(day),
        action_regressed=was_put_back(day.evaluation, _last_move(day), contract),
    )


def _before(day: Day) -> Sequence[Evaluation]:
    """Return the days that say how labels usually come; they have been read."""
    return day.past.evaluations(day.contract.policy.labels.window_days)


def _tiers(day: Day) -> Callable[[str], int]:
    workspace = day.workspace
    declared = {p.parent.name for p in contract_files(workspace.settings.expectations)}

    def tier_of(model: str) -> int:
        return workspace.contract(model).tier if model in declared else UNKNOWN_TIER

    return tier_of


def _exhausted(day: Day) -> tuple[str, ...]:
    is_fit = day.evaluation.data.is_fit
    # Months of days are read only where some SLO would count this one.
    if not any(s.indicator.is_measured is is_fit for s in day.contract.slos):
        return ()
    return exhausted_budgets(day.slo_statuses, is_fit=is_fit)


def _last_move(day: Day) -> JournalLine | None:
    """Return the journal's newest line of a move of the alias that was applied."""
    return day.workspace.journal.last_applied(day.model, day.contract.alias)


def _stale_alias(day: Day) -> str | None:
    """Return where the alias stood all day, if rows were scored with another version.

    Only what Daywatch moved itself is known for sure, and only a live run checks.
    """
    version = day.evaluation.version
    if day.unit.mode is not Mode.LIVE or not version:
        return None
    last_move, alias = _last_move(day), day.contract.alias
    window = window_of(day.day, day.contract.timezone)
    # Batches are often scored the day before they are about.
    if last_move is None or last_move.at > window.start - timedelta(days=1):
        return None
    try:
        stands = day.workspace.registry.alias_version(day.model, alias)
    except SourceUnavailableError as error:
        # A decision must not wait for it: before a move the registry is read again.
        logger.warning("cannot tell whether scoring follows the alias: %s", error)
        return None
    return stands if stands not in {version, None} else None


def _missing_alias(day: Day) -> str:
    """Return why the alias the contract relies on cannot be moved; else nothing.

    Past days are not checked: what the registry says now says nothing about them.
    """
    contract = day.contract
    is_present = day.unit.mode in {Mode.LIVE, Mode.DRY_RUN}
    if not is_present or not relies_on_alias(contract):
        return ""
    try:
        aliases = day.workspace.registry.aliases(day.model)
    except VersionMissingError:
        return ""
    except (RegistryError, TransientError) as error:
        # A verdict must not wait for this; whoever moves the alias reads it again.
        logger.warning("cannot tell whether the alias is set: %s", error)
        return ""
    return missing_alias(contract, aliases)
