"""How the labels of a day lie, beside what the model said of the same rows."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Self

from monitoring_tasks.domain.json_values import JsonObject

QUANTILES = {"5%": 0.05, "25%": 0.25, "50%": 0.5, "75%": 0.75, "95%": 0.95}
"""The levels of a label that is a number."""
POWERS = (0.5, 1.0)
"""Powers of the prediction that residuals are kept over, besides those as they are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShareCurve:
    """Which share of some numbers is at most a value (`statistics/share_curves.py`).

    Attributes:
        values: Ascending.
        shares: The share that is at most each of them; the last one is 1.
        is_complete: Whether there are no other values than these.
    """

    values: tuple[float, ...]
    shares: tuple[float, ...]
    is_complete: bool

    @classmethod
    def from_json(cls, plain: JsonObject) -> Self:
        """Read a curve back from JSON."""
        return cls(
            values=tuple(plain["values"]),
            shares=tuple(plain["shares"]),
            is_complete=plain["is_complete"],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberCurves:
    """How labels that are numbers lie, and what the model said of the same rows.

    Attributes:
        labels: The labels.
        outputs: The predictions.
        residuals: Label less prediction, row by row.
        scaled: The same over the prediction to each of `POWERS`; empty where a
            prediction is not above 0, or nobody kept it.
    """

    labels: ShareCurve
    outputs: ShareCurve
    residuals: ShareCurve
    scaled: tuple[ShareCurve, ...] = ()

    @classmethod
    def from_json(cls, plain: JsonObject) -> Self:
        """Read the curves back from JSON."""
        names = ("labels", "outputs", "residuals")
        scaled = tuple(ShareCurve.from_json(each) for each in plain.get("scaled", ()))
        curves = {name: ShareCurve.from_json(plain[name]) for name in names}
        return cls(**curves, scaled=scaled)


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
            the variance of the output; None where the output does not vary. Of many
            classes both are summed over the classes, with a predicted class as output.
        slope_error: Its standard error; None where nobody kept it.
        curves: Of a numeric label; None of classes.
    """

    rows: int
    levels: Mapping[str, float] = field(default_factory=dict)
    outputs: Mapping[str, float] = field(default_factory=dict)
    slope: float | None = None
    slope_error: float | None = None
    curves: NumberCurves | None = None

    @classmethod
    def from_json(cls, plain: JsonObject) -> Self:
        """Read a summary back from JSON; one that was kept before has no curves."""
        curves = plain.get("curves")
        return cls(**{**plain, "curves": curves and NumberCurves.from_json(curves)})

    @property
    def is_numeric(self) -> bool:
        """Whether the levels are quantiles of a number, and no shares of classes."""
        return bool(self.levels) and self.levels.keys() <= QUANTILES.keys()
