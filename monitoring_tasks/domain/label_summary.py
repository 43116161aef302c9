"""How the labels of a day lie, beside what the model said of the same rows."""

from collections.abc import Mapping
from dataclasses import dataclass, field

QUANTILES = {"5%": 0.05, "25%": 0.25, "50%": 0.5, "75%": 0.75, "95%": 0.95}
"""The levels of a label that is a number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelSummary:
    """How the labels of a day lie, or of one of its segments.

    Attributes:
        rows: Rows with a label.
        levels: By name: the share of each class (of a binary model `1`, the positive
            one), or `QUANTILES` of a numeric label.
        outputs: The same of what the model said of these rows: its mean score, the
            share of a predicted class, a quantile of its predictions.
        slope: By how much the label rises where the output rises by 1: covariance over
            the variance of the output; None where the output does not vary, and of
            many classes.
    """

    rows: int
    levels: Mapping[str, float] = field(default_factory=dict)
    outputs: Mapping[str, float] = field(default_factory=dict)
    slope: float | None = None

    @property
    def excess(self) -> dict[str, float]:
        """By how much each level lies above what the model said."""
        return {n: v - self.outputs[n] for n, v in self.levels.items()}

    @property
    def is_numeric(self) -> bool:
        """Whether the levels are quantiles of a number, and no shares of classes."""
        return bool(self.levels) and self.levels.keys() <= QUANTILES.keys()
