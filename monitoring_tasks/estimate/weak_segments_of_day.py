"""The slices a version did worst on: of a day in breach, or when somebody asks."""

from dataclasses import asdict, replace
from typing import Any

from monitoring_tasks.domain.decisions import Decision
from monitoring_tasks.domain.findings import Verdict
from monitoring_tasks.domain.units import Unit
from monitoring_tasks.domain.weak_segments import WeakSegments
from monitoring_tasks.rows.sampling import hash_sample
from monitoring_tasks.workspace.labelled_rows import labelled_rows
from monitoring_tasks.workspace.workspace import Workspace

EVIDENCE = "weak_segments"
"""Under what name a decision keeps them."""


def with_weak_segments(space: Workspace, unit: Unit, decision: Decision) -> Decision:
    """Add to the evidence of a day in breach on which slices its version did worst."""
    policy = space.contract(unit.model).policy.weak_segments
    if policy.when == "never" or decision.performance is not Verdict.BREACH:
        return decision
    found = as_evidence(weak_segments(space, unit))
    return replace(decision, evidence={**decision.evidence, EVIDENCE: found})


def weak_segments(space: Workspace, unit: Unit) -> WeakSegments:
    """Search the labelled rows of the day's version, as known at the unit's instant.

    The rows of the last `policy.weak_segments.days` days are searched together. A day
    that is not fit, or whose labels are not mature, gives no slice and the reason.
    """
    contract = space.contract(unit.model)
    row = space.results.evaluation(unit)
    version, rows = row.version, row.rows or 0
    if version is None or not space.results.checks(unit).is_fit:
        return WeakSegments(reason="the day's data is not fit to judge a model by")
    coverage = (row.labelled or 0) / rows if rows else 0.0
    if coverage < contract.policy.label_coverage:
        why = (
            f"not available before labels: {coverage:.0%} of the day's are known, "
            f"{contract.policy.label_coverage:.0%} are needed"
        )
        return WeakSegments(version=version, reason=why)
    # scikit-learn is not loaded on a quiet day.
    from monitoring_tasks.estimate.weak_segments import (  # noqa: PLC0415
        find_weak_segments,
    )

    policy = contract.policy.weak_segments
    pooled, days = labelled_rows(space, unit, version, days=policy.days)
    found = find_weak_segments(
        hash_sample(pooled, contract.columns.id, policy.sample_rows),
        space.reference_rows(unit.model, version),
        contract,
        days=days,
    )
    return replace(found, version=version)


def as_evidence(found: WeakSegments) -> dict[str, Any]:
    """Give what was found as plain JSON."""
    segments = [asdict(one) | {"is_new": one.is_new} for one in found.segments]
    days = [day.isoformat() for day in found.days]
    return asdict(found) | {"days": days, "segments": segments}
