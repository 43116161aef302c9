"""Reading what a judgement needs, calling the pure core, writing what it said."""

from datetime import timedelta

from monitoring_tasks.compare.judge import judge_day
from monitoring_tasks.compare.objectives import DayContext
from monitoring_tasks.decide.decide import Known, decide
from monitoring_tasks.domain.evaluations import Cause, Decision, Mode, Severity, Unit
from monitoring_tasks.domain.findings import Verdict
from monitoring_tasks.domain.windows import window_of
from monitoring_tasks.wiring.side_by_side import compare_versions
from monitoring_tasks.wiring.workspace import Workspace


def compare_unit(space: Workspace, unit: Unit) -> None:
    """Hold the day's numbers against their limits, and other versions beside it."""
    contract = space.contract(unit.model)
    measurements = space.results.measurements(unit)
    versions = sorted({m.version for m in measurements})
    references = {v: space.reference(unit.model, v) for v in versions}
    profiles = space.profiles.load(unit.model, unit.day, unit.day, unit.as_of)
    findings = judge_day(
        measurements,
        DayContext(
            day=unit.day,
            contract=contract,
            references={v: r for v, r in references.items() if r is not None},
            label_coverage={
                p.version: p.label_coverage for p in profiles if p.segment == "all"
            },
        ),
    )
    is_fit = space.results.checks(unit).is_fit
    comparisons = compare_versions(space, unit, findings) if is_fit else []
    space.results.save_findings(unit, findings, comparisons)


def decide_unit(space: Workspace, unit: Unit) -> Decision:
    """Decide the day from what is known of it and of the days before."""
    contract = space.contract(unit.model)
    row = space.results.evaluation(unit)
    version = row["version"] or ""
    memory = contract.policy.onset_days + contract.policy.look_back_days
    decision = decide(
        Known(
            day=unit.day,
            contract=contract,
            version=version,
            data=space.results.checks(unit),
            problem=row["problem"],
            findings=space.results.findings(unit),
            comparisons=space.results.comparisons(unit),
            history=space.results.history(unit, memory),
            stale_alias=_stale_alias(space, unit, version),
        )
    )
    space.results.save_decision(unit, decision)
    return decision


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
    stands = space.registry.alias_version(unit.model, contract.alias)
    return stands if stands not in {version, None} else None
