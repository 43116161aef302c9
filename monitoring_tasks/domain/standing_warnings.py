"""What a day warned of, kept with its decision for the days after it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from monitoring_tasks.domain.json_values import JsonObject

WarningKey = tuple[str, str, str, str]
"""Kind, metric, column and segment of a number, whichever version it is of."""
EVIDENCE = "warnings"
"""Under what name a decision keeps them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DayWarnings:
    """What a day warned of that breaks no promise.

    Attributes:
        ratios: Number -> how many times as far from the usual value as its limit it
            lay, > 1.
        is_known_good: Whether labels of the day show that no promise lost what
            matters.
    """

    ratios: Mapping[WarningKey, float] = field(default_factory=dict)
    is_known_good: bool = False

    def to_json(self) -> JsonObject:
        """Return it as plain JSON under `EVIDENCE`; empty where nothing warned."""
        if not self.ratios:
            return {}
        ratios = [[*key, round(ratio, 4)] for key, ratio in sorted(self.ratios.items())]
        return {EVIDENCE: {"ratios": ratios, "is_known_good": self.is_known_good}}

    @classmethod
    def from_json(cls, evidence: JsonObject) -> "DayWarnings":
        """Read it back from the evidence of a decision.

        Args:
            evidence: As kept; days decided before warnings were kept have none.
        """
        kept = evidence.get(EVIDENCE)
        if not kept:
            return cls()
        return cls(
            ratios={tuple(key): ratio for *key, ratio in kept["ratios"]},
            is_known_good=kept["is_known_good"],
        )


NO_WARNINGS = DayWarnings()
