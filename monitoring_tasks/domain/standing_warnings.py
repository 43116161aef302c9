"""What a day warned of, kept with its decision for the days after it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from monitoring_tasks.domain.json_values import JsonObject

WarningKey = tuple[str, str, str, str]
"""Kind, metric, column and segment of a number, whichever version it is of."""
EVIDENCE = "warnings"
"""Under what name a decision keeps them."""
HALF = 0.5
"""Share of the rows of a number that have to be of a run for it to speak of the run."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DayWarnings:
    """What a day warned of that breaks no promise.

    Attributes:
        ratios: Number -> how many times as far from the usual value as its limit it
            lay, > 1.
        rows: Rows of the day that its numbers are of.
        losses: Of each promise that labels judge: rows it was measured on, those of
            days before included -> share of the loss that is allowed which they do not
            exclude; only where they do exclude the rest, so at most 1. Empty where any
            promise has none.
    """

    ratios: Mapping[WarningKey, float] = field(default_factory=dict)
    rows: int = 0
    losses: Sequence[Mapping[int, float]] = ()

    def is_good_for(self, run_rows: int) -> bool:
        """Whether labels show that no promise lost what matters while a run lasted.

        A number of more days than the run has is made of rows of sound days as well:
        what it lost, the run lost on its part of them, and of less than half of them
        nothing can be said.

        Args:
            run_rows: Rows of the run up to this day, this day's included.
        """
        return bool(self.losses) and all(
            any(
                share <= part
                for rows, share in of_promise.items()
                if (part := min(run_rows / max(rows, 1), 1.0)) >= HALF
            )
            for of_promise in self.losses
        )

    def to_json(self) -> JsonObject:
        """Return it as plain JSON under `EVIDENCE`; empty where nothing warned."""
        if not self.ratios:
            return {}
        ratios = [[*key, round(ratio, 4)] for key, ratio in sorted(self.ratios.items())]
        losses = [sorted(of_promise.items()) for of_promise in self.losses]
        return {EVIDENCE: {"ratios": ratios, "rows": self.rows, "losses": losses}}

    @classmethod
    def from_json(cls, evidence: JsonObject) -> "DayWarnings":
        """Read it back from the evidence of a decision.

        Args:
            evidence: As kept; days decided before warnings were kept have none.
        """
        kept = evidence.get(EVIDENCE)
        if not kept:
            return cls()
        # Days decided before rows and losses were kept were good by themselves or not.
        old = [{1: 0.0}] if kept.get("is_known_good") else ()
        return cls(
            ratios={tuple(key): ratio for *key, ratio in kept["ratios"]},
            rows=kept.get("rows", 1),
            losses=[dict(pairs) for pairs in kept.get("losses", ())] or old,
        )


NO_WARNINGS = DayWarnings()
