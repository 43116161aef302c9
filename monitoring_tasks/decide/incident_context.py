"""Reading what lies around a day in trouble; nothing is read of a good day."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import median
from typing import Any

from monitoring_tasks.contract.files import contract_files
from monitoring_tasks.decide.assess import LOUD, day_verdict, performance_verdict
from monitoring_tasks.domain.counts import BinaryOutcome
from monitoring_tasks.domain.decisions import Cause
from monitoring_tasks.domain.findings import (
    FIT,
    DataVerdict,
    Finding,
    Verdict,
    damage_in,
)
from monitoring_tasks.domain.incident_context import (
    BaseRate,
    ColumnEffect,
    IncidentContext,
    Orphans,
    PeerModel,
    PredictedEffect,
)
from monitoring_tasks.domain.problems import Problem
from monitoring_tasks.domain.profiles import DayProfile
from monitoring_tasks.domain.units import Mode, Unit
from monitoring_tasks.domain.windows import day_of
from monitoring_tasks.statistics.burn_rate import SloState
from monitoring_tasks.statistics.intervals import wilson
from monitoring_tasks.store.peer_models import decided_by_others, segment_rows
from monitoring_tasks.workspace.slo_statuses import slo_statuses
from monitoring_tasks.workspace.workspace import Workspace

BASE_RATE_DAYS = 28
"""How far back a day's share of positive labels is held against other days'."""
UNKNOWN_TIER = 1
"""Of a model whose contract is gone: what is not known counts as graver."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DriftCauses:
    """What earlier steps can tell of a drift: what it does to the numbers promised.

    Attributes:
        predicted_effects: By how much the estimates explain each realized loss.
        lost_value: What the loss is worth, in the contract's own currency.
        drift_effects: What each drifted column would cost by itself.
    """

    predicted_effects: Callable[..., Sequence[PredictedEffect]]
    lost_value: Callable[..., float | None]
    drift_effects: Callable[
        [Workspace, Unit, Sequence[Finding]], tuple[ColumnEffect, ...]
    ]


def incident_context(
    space: Workspace,
    unit: Unit,
    findings: Sequence[Finding],
    data: DataVerdict,
    *,
    causes: DriftCauses,
) -> IncidentContext:
    """Ask what else is known of a day, as far as the day gives reason to.

    A day that neither warns nor is in breach asks nothing. A warning, or rows that look
    damaged, asks what its drift may cost; a broken promise, or unfit data, all the
    rest. What people said of incidents counts in live mode only: other modes show what
    Daywatch finds by itself.
    """
    performance = performance_verdict(findings)
    is_fit, is_corrupted = data.is_fit, bool(damage_in(data.checks))
    verdict = day_verdict(performance, findings, is_corrupted=is_corrupted)
    if is_fit and verdict not in LOUD:
        return IncidentContext()
    contract = space.contract(unit.model)
    measurements = space.results.measurements(unit)
    known = {m.version: space.reference(unit.model, m.version) for m in measurements}
    references = {v: r for v, r in known.items() if r is not None}
    effects = causes.predicted_effects(measurements, references, contract, day=unit.day)
    is_live = unit.mode is Mode.LIVE
    overrides = space.incidents.overrides(unit.model) if is_live else []
    quiet = IncidentContext(
        effects=tuple(effects),
        columns=causes.drift_effects(space, unit, findings) if is_fit else (),
        overrides=tuple(overrides),
    )
    if is_fit and performance not in LOUD:
        return quiet
    others = decided_by_others(space.database, unit)
    rows = segment_rows(space.database, unit)
    return IncidentContext(
        total=rows.pop("all", None),
        rows=rows,
        models=len(others) + 1,
        peers=tuple(_peers(space, others)),
        effects=quiet.effects,
        columns=quiet.columns,
        base_rate=_base_rate(space, unit),
        orphans=_orphans(space, unit),
        exhausted=_exhausted(space, unit, is_fit=is_fit),
        action_regressed=_was_put_back(space, unit),
        value_lost=causes.lost_value(measurements, references, contract, day=unit.day),
        overrides=quiet.overrides,
    )


def _peers(space: Workspace, others: Sequence[Mapping[str, Any]]) -> list[PeerModel]:
    """Give the other models whose breach is confirmed, and since when."""
    declared = {p.parent.name for p in contract_files(space.settings.expectations)}
    found = []
    for row in others:
        model, onset = row["model"], (row["evidence"] or {}).get("onset")
        if not row["confirmed"] or not onset:
            continue
        is_known = model in declared
        found.append(
            PeerModel(
                model=model,
                tier=space.contract(model).tier if is_known else UNKNOWN_TIER,
                cause=Cause(row["cause"]) if row["cause"] else None,
                onset=date.fromisoformat(onset),
            )
        )
    return found


def _exhausted(space: Workspace, unit: Unit, *, is_fit: bool) -> tuple[str, ...]:
    """Name the objectives over many days whose budget such a day spends, if gone."""
    slos = space.contract(unit.model).slos
    if not any(slo.indicator.is_measured is is_fit for slo in slos):
        return ()
    found = slo_statuses(space, unit.model, last=unit.day, as_of=unit.as_of)
    return tuple(
        status.slo.name
        for status in found
        if status.state is SloState.EXHAUSTED
        and status.slo.indicator.is_measured is is_fit
    )


def _was_put_back(space: Workspace, unit: Unit) -> bool:
    """Whether the day's version serves because the alias was moved to it lately."""
    contract = space.contract(unit.model)
    moved = space.journal.last_applied(unit.model, contract.alias)
    if moved is None or moved["at"] > unit.as_of:
        return False
    age = (unit.day - day_of(moved["at"], contract.timezone)).days
    version = space.results.evaluation(unit).version
    return bool(moved["to_version"] == version and age <= contract.policy.onset_days)


def _orphans(space: Workspace, unit: Unit) -> Orphans | None:
    """Say what share of the labels belongs to no prediction, and usually does."""
    counts = space.results.evaluation(unit).label_counts or {}
    if not counts.get("rows"):
        return None
    first = unit.day - timedelta(days=BASE_RATE_DAYS)
    before = space.results.current(
        unit.model, first, unit.day - timedelta(days=1), unit.as_of, decided=True
    )
    shares = [
        row.label_counts["orphans"] / row.label_counts["rows"]
        for row in before
        if row.label_counts.get("rows")
    ]
    return Orphans(
        share=counts["orphans"] / counts["rows"],
        usual=median(shares) if shares else None,
    )


def _base_rate(space: Workspace, unit: Unit) -> BaseRate | None:
    """Hold the day's share of positive labels against days that were not in breach."""
    contract = space.contract(unit.model)
    if contract.problem is not Problem.BINARY:
        return None
    first = unit.day - timedelta(days=BASE_RATE_DAYS)
    rows = space.results.current(unit.model, first, unit.day, unit.as_of)
    calm = {
        row.day
        for row in rows
        if row.data_verdict in {verdict.value for verdict in FIT}
        and row.performance not in {Verdict.BREACH.value, None}
    }
    days: dict[date, list[DayProfile]] = {}
    for profile in space.profiles.load(unit.model, first, unit.day, unit.as_of):
        if profile.segment == "all" and profile.day in {*calm, unit.day}:
            days.setdefault(profile.day, []).append(profile)
    counted = {day: _positives(found) for day, found in days.items()}
    hits, labelled = counted.pop(unit.day, (0, 0))
    shares = [one / of for one, of in counted.values() if of]
    if not labelled or len(shares) < contract.policy.min_reference_days:
        return None
    lower, upper = wilson(hits, labelled, confidence=contract.policy.confidence)
    return BaseRate(
        today=hits / labelled,
        lower=lower,
        upper=upper,
        least=min(shares),
        most=max(shares),
        days=len(shares),
    )


def _positives(profiles: Sequence[DayProfile]) -> tuple[int, int]:
    """Count positive and all labels of a day's versions."""
    hits = labelled = 0
    for profile in profiles:
        if isinstance(profile.outcome, BinaryOutcome):
            for (_, _, label), rows in profile.outcome.cells.items():
                hits += rows * (label == 1)
                labelled += rows * (label >= 0)
    return hits, labelled
