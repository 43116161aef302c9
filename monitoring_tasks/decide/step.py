"""Does anyone need to act? Reads the day and the days before, writes the decision."""

import logging
from collections.abc import Callable, Sequence
from datetime import timedelta

from monitoring_tasks.decide.alias_checks import with_alias_warning
from monitoring_tasks.decide.decide import DayFacts, decide
from monitoring_tasks.decide.flapping import flapping, marked
from monitoring_tasks.decide.incident_context import DriftCauses, incident_context
from monitoring_tasks.domain.decisions import Decision, PastDay
from monitoring_tasks.domain.units import Mode, Unit
from monitoring_tasks.domain.windows import window_of
from monitoring_tasks.errors import SourceUnavailableError
from monitoring_tasks.workspace.containment import is_from_rows, reason_of, undecided
from monitoring_tasks.workspace.workspace import Workspace

logger = logging.getLogger(__name__)
Annotate = Callable[[Workspace, Unit, Decision], Decision]
"""Adds what an earlier step can tell of a decided day to its reasons or evidence."""


def decide_day(
    space: Workspace,
    unit: Unit,
    *,
    causes: DriftCauses,
    annotations: Sequence[Annotate] = (),
) -> Decision:
    """Decide the day from what is known of it and of the days before.

    Args:
        space: The workspace.
        unit: The day.
        causes: What earlier steps can tell of a drift; asked only of a day in trouble.
        annotations: What earlier steps add to the decision; they change no verdict.
    """
    try:
        decision = _decide(space, unit, causes, annotations)
    except Exception as error:
        if not is_from_rows(error):
            raise
        decision = undecided(reason_of("decide", unit, error))
    space.results.save_decision(unit, decision)
    return decision


def _decide(
    space: Workspace,
    unit: Unit,
    causes: DriftCauses,
    annotations: Sequence[Annotate],
) -> Decision:
    contract = space.contract(unit.model)
    row = space.results.evaluation(unit)
    version = row.version or ""
    memory = contract.policy.onset_days + contract.policy.look_back_days
    data, findings = space.results.checks(unit), space.results.findings(unit)
    history = space.results.history(unit, memory)
    decision = decide(
        DayFacts(
            day=unit.day,
            contract=contract,
            version=version,
            data=data,
            problem=row.problem,
            findings=findings,
            comparisons=space.results.comparisons(unit),
            history=history,
            stale_alias=_stale_alias(space, unit, version),
            context=incident_context(space, unit, findings, data, causes=causes),
            labels=row.label_counts,
        )
    )
    for annotate in annotations:
        decision = annotate(space, unit, decision)
    decision = with_alias_warning(space, unit, decision)
    today = PastDay(
        day=unit.day,
        version=version,
        verdict=decision.verdict,
        performance=decision.performance,
        confirmed=decision.confirmed,
    )
    return marked(decision, flapping(history, today, contract.policy.alarms))


def _stale_alias(space: Workspace, unit: Unit, version: str) -> str | None:
    """Say where the alias stood all day, if the rows were scored with another version.

    Only what Daywatch moved itself is known for sure, and only a live run asks.
    """
    if unit.mode is not Mode.LIVE or not version:
        return None
    contract = space.contract(unit.model)
    moved = space.journal.last_applied(unit.model, contract.alias)
    window = window_of(unit.day, contract.timezone)
    # Batches are often scored the day before they are about.
    if moved is None or moved["at"] > window.start - timedelta(days=1):
        return None
    try:
        stands = space.registry.alias_version(unit.model, contract.alias)
    except SourceUnavailableError as error:
        # A decision must not wait for it: where it matters the registry is read again.
        logger.warning("whether the alias is followed is not known: %s", error)
        return None
    return stands if stands not in {version, None} else None
