"""From facts to rows and back; nothing here touches the database."""

import json
from collections.abc import Mapping
from dataclasses import asdict, fields
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from monitoring_tasks.domain.comparisons import Basis, Comparison, GroupGain
from monitoring_tasks.domain.findings import (
    Check,
    Finding,
    Kind,
    Limit,
    Measurement,
    Verdict,
)
from monitoring_tasks.domain.partitions import Partition, PartitionKind
from monitoring_tasks.domain.releases import PairedDay
from monitoring_tasks.domain.units import Mode, Unit

MODE_RANK = {Mode.LIVE: 0, Mode.BACKFILL: 1, Mode.DRY_RUN: 2, Mode.REPLAY: 3}
"""Which look at the same day and instant is shown when there are several."""
FINDING_KEYS = ("kind", "metric", "column", "segment", "version", "horizon")


def as_json(fact: Any) -> dict[str, Any]:  # noqa: ANN401 (any dataclass)
    """Give a dataclass as plain JSON; dates become ISO text."""
    plain: dict[str, Any] = json.loads(json.dumps(asdict(fact), default=str))
    return plain


def newness(row: Mapping[str, Any]) -> tuple[date, bool, datetime, int]:
    """Give what looks are sorted by: a day's newest judged look comes last."""
    rank = -MODE_RANK[Mode(row["mode"])]
    return (row["day"], row["verdict"] is not None, row["as_of"], rank)


def partition_row(partition: Partition) -> dict[str, Any]:
    """Give a partition as a row; it is not quarantined at first."""
    return asdict(partition) | {"kind": partition.kind.value, "quarantined": None}


def partition_from(row: sa.Row[Any]) -> Partition:
    """Read a partition back."""
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
    """Give a number as a row without a verdict."""
    return {
        "evaluation": unit.key,
        **asdict(measurement),
        "kind": measurement.kind.value,
        "verdict": None,
        "p_value": None,
        "judgement": None,
        "limit": None,
    }


def finding_row(unit: Unit, finding: Finding) -> dict[str, Any]:
    """Give a judged number as a row."""
    return measurement_row(unit, finding.measurement) | {
        "verdict": finding.verdict.value,
        "p_value": finding.p_value,
        "judgement": finding.reason,
        "limit": asdict(finding.limit) if finding.limit else None,
    }


def finding_from(row: Mapping[str, Any]) -> Finding | Measurement:
    """Read a row back: a finding when it was judged, else the bare number."""
    measurement = Measurement(
        kind=Kind(row["kind"]),
        **{
            field.name: row[field.name]
            for field in fields(Measurement)
            if field.name != "kind"
        },
    )
    if row["verdict"] is None:
        return measurement
    return Finding(
        measurement=measurement,
        verdict=Verdict(row["verdict"]),
        reason=row["judgement"],
        limit=Limit(**row["limit"]) if row["limit"] else None,
        p_value=row["p_value"],
    )


def check_from(plain: dict[str, Any]) -> Check:
    """Read a check back from JSON."""
    return Check(**plain | {"failing_ids": tuple(plain["failing_ids"])})


def checks_of(row: Mapping[str, Any]) -> tuple[Check, ...]:
    """Read from an evaluation what was checked about the day; none if nothing was."""
    return tuple(check_from(check) for check in row["checks"] or ())


def comparison_from(plain: dict[str, Any]) -> Comparison:
    """Read a comparison back from JSON."""
    days = tuple(date.fromisoformat(day) for day in plain["days"])
    daily = tuple(
        PairedDay(**one | {"day": date.fromisoformat(one["day"])})
        for one in plain.get("daily", ())
    )
    groups = tuple(GroupGain(**one) for one in plain.get("groups", ()))
    unmeasured = tuple(plain.get("unmeasured", ()))
    parts = {
        "days": days, "daily": daily, "groups": groups, "unmeasured": unmeasured
    }  # fmt: skip
    basis = Basis(plain.get("basis", Basis.REALIZED))
    return Comparison(**plain | parts | {"basis": basis})
