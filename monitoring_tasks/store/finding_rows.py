"""Numbers, findings and partitions, to and from rows."""

from collections.abc import Mapping
from dataclasses import asdict, fields
from typing import Any

import sqlalchemy as sa

from monitoring_tasks.domain.findings import (
    Finding,
    Kind,
    Limit,
    Measurement,
    Verdict,
)
from monitoring_tasks.domain.partitions import Partition, PartitionKind
from monitoring_tasks.domain.reasons import ReasonCode
from monitoring_tasks.domain.units import Unit

MEASURED = tuple(field.name for field in fields(Measurement))
FINDING_KEYS = ("kind", "metric", "column", "segment", "version", "horizon")


def partition_row(partition: Partition) -> dict[str, Any]:
    """Return a partition as a row; it is not quarantined at first."""
    return asdict(partition) | {"kind": partition.kind.value, "quarantined": None}


def partition_from(row: sa.Row[Any]) -> Partition:
    """Read a partition back."""
    # A query for the mapped class has it as the only column, one for columns has them.
    part = row[0] if len(row) == 1 else row
    return Partition(
        kind=PartitionKind(part.kind),
        **{
            field.name: getattr(part, field.name)
            for field in fields(Partition)
            if field.name != "kind"
        },
    )


def measurement_row(unit: Unit, measurement: Measurement) -> dict[str, Any]:
    """Return a number as a row without a verdict.

    Args:
        unit: The evaluation it belongs to.
        measurement: The number.
    """
    return {
        "evaluation": unit.key,
        **{name: getattr(measurement, name) for name in MEASURED},
        "kind": measurement.kind.value,
        "verdict": None,
        "p_value": None,
        "judgement": None,
        "reason_code": None,
        "limit": None,
    }


def finding_row(unit: Unit, finding: Finding) -> dict[str, Any]:
    """Return a judged number as a row.

    Args:
        unit: The evaluation it belongs to.
        finding: The number and what was thought of it.
    """
    return measurement_row(unit, finding.measurement) | {
        "verdict": finding.verdict.value,
        "p_value": finding.p_value,
        "judgement": finding.reason,
        "reason_code": finding.reason_code and finding.reason_code.value,
        "limit": asdict(finding.limit) if finding.limit else None,
    }


def finding_from(row: Mapping[str, Any]) -> Finding | Measurement:
    """Read a row back: a finding when it was judged, else the bare number."""
    measurement = Measurement(
        kind=Kind(row["kind"]),
        **{name: row[name] for name in MEASURED if name != "kind"},
    )
    if row["verdict"] is None:
        return measurement
    return Finding(
        measurement=measurement,
        verdict=Verdict(row["verdict"]),
        reason=row["judgement"],
        limit=Limit(**row["limit"]) if row["limit"] else None,
        p_value=row["p_value"],
        reason_code=ReasonCode(row["reason_code"]) if row["reason_code"] else None,
    )
