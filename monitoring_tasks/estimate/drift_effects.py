"""What the columns that drifted on a day would cost, each by itself."""

from collections import defaultdict
from collections.abc import Sequence

from monitoring_tasks.domain.findings import Finding, Kind, Verdict
from monitoring_tasks.domain.incident_context import ColumnEffect
from monitoring_tasks.domain.profiles import DayProfile
from monitoring_tasks.domain.units import Unit
from monitoring_tasks.rows.days import days_of
from monitoring_tasks.workspace.workspace import Workspace


def drift_effects(
    space: Workspace, unit: Unit, findings: Sequence[Finding]
) -> tuple[ColumnEffect, ...]:
    """Predict the effect of every column whose drift warns, on the whole batch.

    Nothing is read on a day without such a column. A version without reference rows
    gives effects that nobody knows, and the reason.
    """
    drifted: dict[str, list[str]] = defaultdict(list)
    for finding in findings:
        number = finding.measurement
        is_loud = number.kind is Kind.DRIFT and finding.verdict is Verdict.WARN
        if is_loud and number.column and number.segment == "all":
            drifted[number.version].append(number.column)
    if not drifted:
        return ()
    profiles = {
        profile.version: profile
        for profile in space.profiles.load(unit.model, unit.day, unit.day, unit.as_of)
        if profile.segment == "all"
    }
    return tuple(
        effect
        for version, columns in sorted(drifted.items())
        if version in profiles
        for effect in _of_version(space, unit, profiles[version], sorted(set(columns)))
    )


def _of_version(
    space: Workspace, unit: Unit, profile: DayProfile, columns: Sequence[str]
) -> list[ColumnEffect]:
    # scikit-learn and pandas are not loaded on a quiet day.
    from monitoring_tasks.estimate.column_effects import (  # noqa: PLC0415 (heavy)
        column_effects,
        predicted_metric,
    )

    contract, version = space.contract(unit.model), profile.version
    metric = predicted_metric(contract)
    reference = space.reference(unit.model, version)
    rows = space.reference_rows(unit.model, version)
    named = contract.columns
    needed = [named.label, named.prediction, named.timestamp, *named.scores]
    why = ""
    if rows is None or reference is None:
        why = f"version {version} was registered without reference rows"
    elif lacking := sorted(set(needed) - set(rows.columns)):
        why = f"the reference rows lack {', '.join(lacking)}; log them again"
    if why or rows is None or reference is None:
        return [
            ColumnEffect(version=version, column=name, metric=metric, reason=why)
            for name in columns
        ]
    return column_effects(
        rows,
        days_of(rows, contract),
        profile=profile,
        reference=reference,
        contract=contract,
        columns=columns,
    )
