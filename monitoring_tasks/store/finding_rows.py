"""Numbers, findings and partitions, to and from rows."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, astuple, fields
from typing import Any

import sqlalchemy as sa

from monitoring_tasks.domain.findings import (
    Finding,
    Kind,
    Limit,
    Measurement,
    Verdict,
    measurement_of,
)
from monitoring_tasks.domain.partitions import Partition, PartitionKind
from monitoring_tasks.domain.reasons import ReasonCode

MEASURED = tuple(field.name for field in fields(Measurement))
FINDING_KEYS = ("kind", "metric", "column", "segment", "version", "horizon")


FLOATS = frozenset({float, type(None)})
"""What a column of floats gives back as it was written."""


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


def measurement_row(evaluation: str, measurement: Measurement) -> dict[str, Any]:
    """Return a number as a row without a verdict.

    Args:
        evaluation: Key of the unit it belongs to.
        measurement: The number.
    """
    return {
        "evaluation": evaluation,
        **{name: getattr(measurement, name) for name in MEASURED},
        "kind": measurement.kind.value,
        "verdict": None,
        "p_value": None,
        "judgement": None,
        "reason_code": None,
        "limit": None,
    }


def finding_row(evaluation: str, finding: Finding) -> dict[str, Any]:
    """Return a judged number as a row.

    Args:
        evaluation: Key of the unit it belongs to.
        finding: The number and what was thought of it.
    """
    return measurement_row(evaluation, finding.measurement) | {
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


def as_read_back(
    numbers: Iterable[Finding | Measurement],
) -> tuple[Finding | Measurement, ...] | None:
    """Return numbers as the store gives them back once they are written.

    In its order; of two with the same key the last one.

    Args:
        numbers: In the order they are written.

    Returns:
        None where one of them may come back as another: NaN, or a number of numpy's.
    """
    by_key = {measurement_of(number).key: number for number in numbers}
    if not all(map(_comes_back, by_key.values())):
        return None
    return tuple(by_key[key] for key in sorted(by_key))


def _comes_back(number: Finding | Measurement) -> bool:
    measurement = measurement_of(number)
    reals = [measurement.value, measurement.lower, measurement.upper]
    limits: list[float | None] = []
    if isinstance(number, Finding):
        reals.append(number.p_value)
        limits += astuple(number.limit) if number.limit else ()
    # A limit is JSON, where a whole number stays one; a column of floats has none.
    return (
        type(measurement.rows) is int
        and all(type(real) in FLOATS for real in reals)
        and all(type(part) in {*FLOATS, int, bool, str} for part in limits)
        and not any(part != part for part in (*reals, *limits))  # noqa: PLR0124 (NaN)
    )
