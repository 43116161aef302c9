"""What the columns that drifted on a day would cost, each by itself."""

from collections import defaultdict
from collections.abc import Sequence
from typing import TYPE_CHECKING

from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.domain.findings import Finding, Kind, Verdict
from monitoring_tasks.domain.incident_context import ColumnEffect
from monitoring_tasks.domain.profiles import DayProfile
from monitoring_tasks.domain.reference import ReferenceProfile
from monitoring_tasks.rows.days import days_of
from monitoring_tasks.rows.names import ALL

if TYPE_CHECKING:
    import pandas as pd


def drifted_columns(findings: Sequence[Finding]) -> dict[str, list[str]]:
    """Return the columns whose drift warns on the whole batch, by version, sorted."""
    columns: dict[str, set[str]] = defaultdict(set)
    # Of the whole batch alone: an effect is predicted on all rows of the reference.
    for finding in findings:
        number = finding.measurement
        is_warning = number.kind is Kind.DRIFT and finding.verdict is Verdict.WARN
        if is_warning and number.column and number.segment == ALL:
            columns[number.version].add(number.column)
    return {version: sorted(names) for version, names in sorted(columns.items())}


def version_effects(
    profile: DayProfile,
    reference: ReferenceProfile | None,
    rows: "pd.DataFrame | None",
    *,
    contract: Contract,
    columns: Sequence[str],
) -> list[ColumnEffect]:
    """Predict the effect of every drifted column of one version.

    Args:
        profile: The counts of the day, as a whole.
        reference: The version's reference; None when it was logged without one.
        rows: Labelled rows of that reference; None when none were kept. Not modified.
        contract: Names columns and metric.
        columns: The columns that drifted.

    Returns:
        One a column, in the order given; without a loss, and with a reason, where the
        reference does not tell.
    """
    # scikit-learn and pandas are not loaded on a quiet day.
    from monitoring_tasks.estimate.column_effects import (  # noqa: PLC0415 (heavy)
        column_effects,
        predicted_metric,
    )

    if rows is None or reference is None:
        why = f"version {profile.version} was registered without reference rows"
    elif missing := _missing_columns(rows, contract):
        why = f"the reference rows lack {', '.join(missing)}; log them again"
    else:
        return column_effects(
            rows,
            days_of(rows, contract),
            profile=profile,
            reference=reference,
            contract=contract,
            columns=columns,
        )
    metric, version = predicted_metric(contract), profile.version
    return [
        ColumnEffect(version=version, column=name, metric=metric, reason=why)
        for name in columns
    ]


def _missing_columns(rows: "pd.DataFrame", contract: Contract) -> list[str]:
    columns = contract.columns
    needed = [columns.label, columns.prediction, columns.timestamp, *columns.scores]
    return sorted(set(needed) - set(rows.columns))
