"""A registered version against the one that served, on the same rows."""

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Self

from monitoring_tasks.domain.json_values import JsonObject
from monitoring_tasks.domain.releases import PairedDay

RENAMED = {"live": "champion", "other": "candidate"}
"""Fields of a comparison and of its days, as evidence of before names them."""


class Basis(StrEnum):
    """What a comparison of versions rests on."""

    REALIZED = "realized"
    ESTIMATED = "estimated"


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupGain:
    """A candidate against the champion on the rows of one protected group.

    Attributes:
        column: The protected attribute.
        value: The group.
        gain: How much better the candidate is; positive is better, in units of the
            metric.
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
class DecisionChange:
    """On how many of the same rows two versions decide otherwise.

    Attributes:
        segment: `all`, or `column=value`.
        share: Share of the rows, 0..1.
        rows: Rows both decided on.
    """

    segment: str
    share: float
    rows: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """A registered version, the candidate, against the live one, the champion.

    On the same rows, paired.

    Attributes:
        version: The candidate.
        metric: The metric both were measured by.
        champion: The live version's value, in units of the metric; None when unknown.
        candidate: The other version's value; likewise.
        gain: How much better the candidate is; positive is better, whatever the
            metric.
        lower: Lower end of the gain's interval.
        upper: Upper end of the gain's interval.
        rows: Rows both were measured on; labelled ones, unless it is estimated.
        days: Days those rows come from.
        reason: Why there is no value, or a remark.
        basis: Whether labels say so, or trusted estimates.
        daily: Each day by itself, where a release is watched over days.
        groups: Each protected group with enough rows by itself.
        unmeasured: Protected groups that could not be compared, and why.
        changes: Where both decide otherwise: the whole first, then declared segments.
    """

    version: str
    metric: str
    champion: float | None = None
    candidate: float | None = None
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
    changes: tuple[DecisionChange, ...] = ()

    @classmethod
    def from_json(cls, plain: JsonObject) -> Self:
        """Read a comparison back from what `store.records.as_json` made of it.

        In the words of before as well: the evidence of a rollback stays as it was
        written, for its digest stands in the journal.
        """
        plain = _in_todays_words(plain)
        days = tuple(date.fromisoformat(day) for day in plain["days"])
        daily = tuple(
            PairedDay(
                **{**_in_todays_words(day), "day": date.fromisoformat(day["day"])}
            )
            for day in plain.get("daily", ())
        )
        groups = tuple(GroupGain(**group) for group in plain.get("groups", ()))
        parts = {
            "days": days,
            "daily": daily,
            "groups": groups,
            "unmeasured": tuple(plain.get("unmeasured", ())),
            "changes": tuple(DecisionChange(**c) for c in plain.get("changes", ())),
            "basis": Basis(plain.get("basis", Basis.REALIZED)),
        }
        return cls(**{**plain, **parts})

    def with_remark(self, remark: str) -> Self:
        """Return the comparison with something said of its numbers, if it has any.

        Args:
            remark: In words; empty for nothing.
        """
        if self.gain is None or not remark:
            return self
        return replace(self, reason="; ".join(filter(None, (self.reason, remark))))

    def is_better_by(self, margin: float) -> bool:
        """Whether the whole interval of the gain lies past `margin`."""
        return self.lower is not None and self.lower > margin


def _in_todays_words(plain: JsonObject) -> JsonObject:
    return {RENAMED.get(name, name): value for name, value in plain.items()}
