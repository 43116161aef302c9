"""Reading what a judgement needs, calling the pure core, writing what it said."""

import logging
from collections.abc import Sequence

from monitoring_tasks.compare.attribution_measurement import watch_attribution
from monitoring_tasks.compare.judge import judge_day
from monitoring_tasks.compare.late_labels import judge_labels
from monitoring_tasks.compare.loss_sequences import judge_sequences
from monitoring_tasks.compare.objective_forecasts import judge_forecasts
from monitoring_tasks.compare.objectives import DayContext
from monitoring_tasks.compare.release_comparison import side_by_side, watch_release
from monitoring_tasks.compare.untrusted_estimates import demote
from monitoring_tasks.compare.version_comparison import compare_versions
from monitoring_tasks.domain.findings import Measurement
from monitoring_tasks.domain.profiles import DayProfile
from monitoring_tasks.domain.trust import DatedNumber
from monitoring_tasks.domain.units import Unit
from monitoring_tasks.store.history import promised_numbers
from monitoring_tasks.workspace.containment import (
    contained,
)
from monitoring_tasks.workspace.day import Day
from monitoring_tasks.workspace.estimator_trust import load_trust
from monitoring_tasks.workspace.workspace import Workspace

logger = logging.getLogger(__name__)


def compare_day(space: Workspace, unit: Unit) -> None:
    """Hold the day's numbers against their limits, and other versions beside it."""
    with contained(Day(space, unit), "compare"):
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
