"""Reading what a judgement needs, calling the pure core, writing what it said."""

import logging
from collections.abc import Sequence
from datetime import timedelta

from monitoring_tasks.compare.forecasts import judge_forecasts
from monitoring_tasks.compare.judge import judge_day
from monitoring_tasks.compare.labels import judge_labels
from monitoring_tasks.compare.objectives import DayContext
from monitoring_tasks.compare.sequences import judge_sequences
from monitoring_tasks.compare.trust import demote
from monitoring_tasks.decide.decide import Known, decide
from monitoring_tasks.decide.flapping import flapping, marked
from monitoring_tasks.domain.evaluations import (
    Cause,
    Decision,
    Mode,
    PastDay,
    Severity,
    Unit,
)
from monitoring_tasks.domain.findings import Measurement, Verdict
from monitoring_tasks.domain.profiles import DayProfile
from monitoring_tasks.domain.trust import DatedNumber
from monitoring_tasks.domain.windows import window_of
from monitoring_tasks.errors import SourceUnavailableError
from monitoring_tasks.store.history import promised_numbers
from monitoring_tasks.wiring.alias_checks import with_alias_warning
from monitoring_tasks.wiring.attribution import watch_attribution
from monitoring_tasks.wiring.containment import (
    contained,
    is_from_rows,
    reason_of,
    undecided,
)
from monitoring_tasks.wiring.limit_warnings import with_limit_warnings
from monitoring_tasks.wiring.releases import side_by_side, watch_release
from monitoring_tasks.wiring.side_by_side import compare_versions
from monitoring_tasks.wiring.surroundings import surroundings_of
from monitoring_tasks.wiring.trust import load_trust
from monitoring_tasks.wiring.weak_segments import with_weak_segments
from monitoring_tasks.wiring.workspace import Workspace

logger = logging.getLogger(__name__)


def compare_unit(space: Workspace, unit: Unit) -> None:
    """Hold the day's numbers against their limits, and other versions beside it."""
    with contained(space, unit, "compare"):
        _compare(space, unit)


def _compare(space: Workspace, unit: Unit) -> None:
    contract = space.contract(unit.model)
    measurements = space.results.measurements(unit)
    versions = sorted({m.version for m in measurements})
    references = {v: space.reference(unit.model, v) for v in versions}
    profiles = space.profiles.load(unit.model, unit.day, unit.day, unit.as_of)
    context = DayContext(
        day=unit.day,
        contract=contract,
        references={v: r for v, r in references.items() if r is not None},
        label_coverage={
            p.version: p.label_coverage for p in profiles if p.segment == "all"
        },
    )
    so_far = _numbers_so_far(space, unit, measurements, profiles)
    findings = demote(
        [
            *judge_day(measurements, context),
            *judge_sequences(so_far, context),
            *judge_forecasts(so_far, context),
            *judge_labels(measurements, contract.policy.labels),
        ],
        load_trust(
            space,
            unit,
            contract.policy.trust,
            metrics={o.metric for o in contract.objectives if o.source == "estimated"},
        ),
    )
    is_fit = space.results.checks(unit).is_fit
    comparisons = compare_versions(space, unit, findings) if is_fit else []
    watched = watch_release(space, unit) if is_fit else None
    if watched is not None:
        released, finding = watched
        findings.append(finding)
        margin = contract.policy.versions.margin
        comparisons = side_by_side(comparisons, released, margin)
    if is_fit:
        findings += watch_attribution(space, unit)
    space.results.save_findings(unit, findings, comparisons)


def _numbers_so_far(
    space: Workspace,
    unit: Unit,
    measurements: Sequence[Measurement],
    profiles: Sequence[DayProfile],
) -> list[DatedNumber]:
    """Give the promised numbers of the days before, as known then, and today's own."""
    contract = space.contract(unit.model)
    policy, promises = contract.policy, contract.objectives
    before = promised_numbers(
        space.database,
        unit,
        promises,
        days=max(policy.sequence_days, policy.forecast.window_days),
    )
    places = {(o.source, o.metric, o.column, o.segment) for o in promises}
    counted = {(p.version, p.segment): p for p in profiles}
    today = [
        DatedNumber(
            day=unit.day,
            measurement=number,
            rows=counted[number.version, number.segment].rows,
            labelled=counted[number.version, number.segment].labelled,
        )
        for number in measurements
        if number.key[:4] in places
        and number.horizon == 1
        and (number.version, number.segment) in counted
    ]
    return [*(number for number in before if number.day < unit.day), *today]


def decide_unit(space: Workspace, unit: Unit) -> Decision:
    """Decide the day from what is known of it and of the days before."""
    try:
        decision = _decide(space, unit)
    except Exception as error:
        if not is_from_rows(error):
            raise
        decision = undecided(reason_of("decide", unit, error))
    space.results.save_decision(unit, decision)
    return decision


def _decide(space: Workspace, unit: Unit) -> Decision:
    contract = space.contract(unit.model)
    row = space.results.evaluation(unit)
    version = row["version"] or ""
    memory = contract.policy.onset_days + contract.policy.look_back_days
    data, findings = space.results.checks(unit), space.results.findings(unit)
    history = space.results.history(unit, memory)
    decision = decide(
        Known(
            day=unit.day,
            contract=contract,
            version=version,
            data=data,
            problem=row["problem"],
            findings=findings,
            comparisons=space.results.comparisons(unit),
            history=history,
            stale_alias=_stale_alias(space, unit, version),
            around=surroundings_of(space, unit, findings, data),
            labels=row["label_counts"] or {},
        )
    )
    decision = with_weak_segments(space, unit, decision)
    decision = with_limit_warnings(space, unit, decision)
    decision = with_alias_warning(space, unit, decision)
    today = PastDay(
        day=unit.day,
        version=version,
        verdict=decision.verdict,
        performance=decision.performance,
        confirmed=decision.confirmed,
    )
    return marked(decision, flapping(history, today, contract.policy.alarms))


def decision_of(space: Workspace, unit: Unit) -> Decision:
    """Read back what was decided about a day."""
    row = space.results.evaluation(unit)
    return Decision(
        verdict=Verdict(row["verdict"]),
        performance=Verdict(row["performance"]),
        confirmed=row["confirmed"],
        reasons=tuple(row["reasons"]),
        severity=Severity(row["severity"]) if row["severity"] else None,
        cause=Cause(row["cause"]) if row["cause"] else None,
        rollback_to=row["rollback_to"],
        evidence=row["evidence"] or {},
    )


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
