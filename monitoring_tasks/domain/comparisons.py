"""A registered version against the one that served, on the same rows."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Self

from monitoring_tasks.domain.releases import PairedDay


class Basis(StrEnum):
    """What a comparison of versions rests on."""

    REALIZED = "realized"
    ESTIMATED = "estimated"


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupGain:
    """A registered version against the live one, on one protected group's rows.

    Attributes:
        column: The protected attribute.
        value: The group.
        gain: How much better the other version is; positive is better.
        lower: Lower end of the gain's interval.
        upper: Upper end of the gain's interval.
        rows: Labelled rows of the group.
    """

    column: str
    value: str
    gain: float
    lower: float
    upper: float
    rows: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """A registered version against the live one, on the same rows, paired.

    Attributes:
        version: The other version.
        metric: The metric both were measured by.
        live: The live version's value.
        other: The other version's value.
        gain: How much better the other is; positive is better, whatever the metric.
        lower: Lower end of the gain's interval.
        upper: Upper end of the gain's interval.
        rows: Rows both were measured on; labelled ones, unless it is estimated.
        days: Days those rows come from.
        reason: Why there is no value, or a remark.
        basis: Whether labels say so, or trusted estimates.
        daily: Each day by itself, where a release is watched over days.
        groups: Each protected group with enough rows by itself.
        unmeasured: Protected groups that could not be compared, and why.
    """

    version: str
    metric: str
    live: float | None = None
    other: float | None = None
    gain: float | None = None
    lower: float | None = None
    upper: float | None = None
    rows: int = 0
    days: tuple[date, ...] = ()
    reason: str = ""
    basis: Basis = Basis.REALIZED
    daily: tuple[PairedDay, ...] = ()
    groups: tuple[GroupGain, ...] = ()
    unmeasured: tuple[str, ...] = ()

    @classmethod
    def from_json(cls, plain: Mapping[str, Any]) -> Self:
        """Read a comparison back from what `store.records.as_json` made of it."""
        days = tuple(date.fromisoformat(day) for day in plain["days"])
        daily = tuple(
            PairedDay(**day | {"day": date.fromisoformat(day["day"])})
            for day in plain.get("daily", ())
        )
        groups = tuple(GroupGain(**group) for group in plain.get("groups", ()))
        parts = {
            "days": days,
            "daily": daily,
            "groups": groups,
            "unmeasured": tuple(plain.get("unmeasured", ())),
            "basis": Basis(plain.get("basis", Basis.REALIZED)),
        }
        return cls(**{**plain, **parts})

    def is_better_by(self, margin: float) -> bool:
        """Whether the whole interval of the gain lies past `margin`."""
        return self.lower is not None and self.lower > margin
