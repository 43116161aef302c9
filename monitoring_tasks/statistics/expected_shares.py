"""The share of labels below a value that predictions expect, by their usual residuals.

Predictions lie closer together than labels do: each stands for the labels that usually
come of it. How far these stray may grow with the prediction, and does where labels are
revenues, durations or counts: residuals are kept over a power of the prediction, and
the power counts that fits the days before.

References:
    Carroll and Ruppert (1988), Transformation and Weighting in Regression, chapter 2.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median_low

import numpy as np

from monitoring_tasks.domain.label_summary import (
    POWERS,
    QUANTILES,
    NumberCurves,
    ShareCurve,
)
from monitoring_tasks.statistics.arrays import Floats
from monitoring_tasks.statistics.share_curves import (
    curve_of,
    quantile,
    quantiles,
    shares_at_most,
)

RESIDUALS = 20
"""Equal parts of the usual residuals, each of which stands for its middle."""
EVEN = 1e-6
"""Share of a step by which values may miss a multiple of it: they are rounded."""
FEWEST_DAYS = 7
"""Fewer days that kept residuals over a power do not say how they lie."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UsualResiduals:
    """What usually comes of a prediction: label = prediction + its power x residual.

    Attributes:
        power: 0 where labels stray alike from all predictions, 1 where they do in
            proportion.
        values: Each as likely as the next, ascending, shape (RESIDUALS,).
    """

    power: float
    values: Floats

    def shares_expected(self, curves: NumberCurves, cuts: Floats) -> Floats:
        """Return the shares of a day's labels at most each cut that predictions expect.

        Args:
            curves: The day's.
            cuts: Shape (n_cuts,); not below 0 unless the power is 0. Not modified.

        Returns:
            0..1, shape (n_cuts,).
        """
        largest = self._largest_predictions(cuts[:, None])
        shares = shares_at_most(curves.outputs, largest.ravel())
        return np.asarray(shares.reshape(largest.shape).mean(axis=1))

    def _largest_predictions(self, cuts: Floats) -> Floats:
        """Solve label = cut for the prediction, by residual, shape (n_cuts, n)."""
        residuals = self.values
        if self.power == 0:
            return cuts - residuals
        if self.power == 1:
            factors = np.maximum(1 + residuals, 0.0)
            # A label that is nothing, whatever the prediction, is below every cut.
            largest = np.full(np.broadcast(cuts, factors).shape, np.inf)
            np.divide(cuts, factors, out=largest, where=factors > 0)
            return largest
        return np.asarray((np.sqrt(residuals**2 + 4 * cuts) - residuals) ** 2 / 4)


def scaled_residuals(labels: Floats, outputs: Floats) -> tuple[ShareCurve, ...]:
    """Return curves of the residuals over the predictions to each of `POWERS`.

    Args:
        labels: Finite, shape (n,), at least one. Not modified.
        outputs: Predictions of the same rows.

    Returns:
        Empty where a prediction is not above 0, or so near that none is a number.
    """
    if not (outputs > 0).all():
        return ()
    with np.errstate(over="ignore"):
        scaled = [(labels - outputs) / outputs**power for power in POWERS]
    if not np.isfinite(scaled).all():
        return ()
    return tuple(curve_of(each) for each in scaled)


def usual_cuts(days: Sequence[NumberCurves]) -> Floats:
    """Return the usual value of each of `QUANTILES`, shape (n_quantiles,).

    Values that labels have, so that none lies a little beside them.

    Args:
        days: At least one.
    """
    return np.array(
        [median_low(quantile(d.labels, q) for d in days) for q in QUANTILES.values()]
    )


def limits_beside(days: Sequence[NumberCurves], cuts: Floats) -> Floats:
    """Return the value halfway from each cut to the next that labels can have.

    What is expected is no label but a number near it, that would be rounded (the
    correction for continuity). Cuts themselves where labels have no steps.

    Args:
        days: At least one.
        cuts: Values of labels, shape (n_cuts,). Not modified.
    """
    return np.median([(cuts + _next_values(d.labels, cuts)) / 2 for d in days], axis=0)


def _next_values(curve: ShareCurve, cuts: Floats) -> Floats:
    kept = np.asarray(curve.values)
    if curve.is_complete:
        after = np.searchsorted(kept, cuts, side="right")
        return np.where(after < len(kept), kept[after.clip(max=len(kept) - 1)], cuts)
    gaps = np.diff(kept)
    steps = gaps / gaps.min()
    # One gap is a multiple of itself, whatever the values are.
    is_even = len(gaps) > 1 and np.allclose(steps, np.rint(steps), rtol=0, atol=EVEN)
    return cuts + gaps.min() if is_even else cuts


def usual_residuals(days: Sequence[NumberCurves]) -> UsualResiduals:
    """Return the usual residuals, over the power of the prediction that fits best.

    The one by which the shares that are expected on these days, below their usual
    quantiles, lie nearest to those that came, in units of how shares err.

    Args:
        days: Days that were well, at least one.
    """
    cuts = usual_cuts(days)
    limits = limits_beside(days, cuts)
    came = np.mean([shares_at_most(d.labels, cuts) for d in days], axis=0)
    weights = 1 / np.maximum(came * (1 - came), 1e-6)

    def misfit(residuals: UsualResiduals) -> float:
        said = [residuals.shares_expected(d, limits) for d in days]
        return float(weights @ (np.mean(said, axis=0) - came) ** 2)

    forms = [_mean_of(0.0, [d.residuals for d in days])]
    scaled = [d.scaled for d in days if d.scaled]
    if len(scaled) >= FEWEST_DAYS and cuts.min() >= 0:
        forms += [
            _mean_of(power, [s[n] for s in scaled]) for n, power in enumerate(POWERS)
        ]
    return min(forms, key=misfit)


def _mean_of(power: float, curves: Sequence[ShareCurve]) -> UsualResiduals:
    middles = (np.arange(RESIDUALS) + 0.5) / RESIDUALS
    values = np.mean([quantiles(c, middles) for c in curves], axis=0)
    return UsualResiduals(power=power, values=values)
