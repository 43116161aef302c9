"""What was wrong with the rows of a day as their sources delivered them."""

from dataclasses import asdict, dataclass
from typing import Self

from monitoring_tasks.domain.json_values import JsonObject
from monitoring_tasks.domain.partitions import OtherDays


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryProblem:
    """What was wrong with a delivery; all is empty where nothing was.

    Attributes:
        error: Class of the error that left the day without predictions.
        text: Why there are none, in words.
        other_days: Rows that were left out for being of other days.
        labels: Why the labels cannot be read, in words; that none came is no problem.
    """

    error: str = ""
    text: str = ""
    other_days: OtherDays | None = None
    labels: str = ""

    @classmethod
    def from_json(cls, plain: JsonObject) -> Self:
        """Read a problem back from JSON; a key that lacks is empty."""
        other_days = plain.get("other_days")
        return cls(
            error=plain.get("error", ""),
            text=plain.get("text", ""),
            other_days=OtherDays(**other_days) if other_days else None,
            labels=plain.get("labels", ""),
        )

    def to_json(self) -> JsonObject:
        """Return the problem as JSON; what is empty has no key."""
        return {key: value for key, value in asdict(self).items() if value}


NO_PROBLEM = DeliveryProblem()
