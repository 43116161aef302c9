"""What a day warned of, kept with its decision for the days after it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from monitoring_tasks.domain.json_values import JsonObject

WarningKey = tuple[str, str, str, str]
"""Kind, metric, column and segment of a number, whichever version it is of."""
EVIDENCE = "warnings"
"""Under what name a decision keeps them."""
HALF = 0.5
"""Share of the days of a number that have to be of a run for it to speak of the run."""
OLD_GOOD = ({28: HALF},)
"""Read for days decided before it was kept over how many days they were good."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DayWarnings:
    """What a day warned of that breaks no promise.

    Attributes:
        ratios: Number -> how many times as far from the usual value as its limit it
            lay, > 1.
        losses: Of each promise that labels judge: days it was measured over -> share
            of the loss that is allowed which they do not exclude; only where they do
            exclude the rest, so at most 1. Empty where any promise has none.
    """

    ratios: Mapping[WarningKey, float] = field(default_factory=dict)
    losses: Sequence[Mapping[int, float]] = ()

    def is_good_for(self, run_days: int) -> bool:
        """Whether labels show that no promise lost what matters while a run lasted.

        A number over more days than the run has is made of sound days as well: what it
        lost, the run lost on its part of them, and of less than half of them nothing
        can be said.

        Args:
            run_days: Calendar days of the run up to this day, at least one.
        """
        return bool(self.losses) and all(
            any(
                share <= part
                for days, share in of_promise.items()
                if (part := min(run_days / days, 1.0)) >= HALF
            )
            for of_promise in self.losses
        )

    def to_json(self) -> JsonObject:
        """Return it as plain JSON under `EVIDENCE`; empty where nothing warned."""
        if not self.ratios:
            return {}
        ratios = [[*key, round(ratio, 4)] for key, ratio in sorted(self.ratios.items())]
        losses = [sorted(of_promise.items()) for of_promise in self.losses]
        return {EVIDENCE: {"ratios": ratios, "losses": losses}}

    @classmethod
    def from_json(cls, evidence: JsonObject) -> "DayWarnings":
        """Read it back from the evidence of a decision.

        Args:
            evidence: As kept; days decided before warnings were kept have none.
        """
        kept = evidence.get(EVIDENCE)
        if not kept:
            return cls()
        old = OLD_GOOD if kept.get("is_known_good") else ()
        return cls(
            ratios={tuple(key): ratio for *key, ratio in kept["ratios"]},
            losses=[dict(pairs) for pairs in kept["losses"]]
            if "losses" in kept
            else old,
        )


NO_WARNINGS = DayWarnings()
