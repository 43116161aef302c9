"""Has it been worse for a while? Evidence added up over days, one point a day.

Owns a detector with a promised average time between false alarms. Knows nothing of
metrics, versions or stores: whoever calls it says what a drop is and how far off a
day's drop may be by chance.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

# How power is shared between small and large drops. Neither is a limit: the promised
# run length holds whatever they are.
EFFECTS = 4
"""Sizes of drop that evidence is gathered for at once, evenly spaced in logs."""
SHARPEST = 3.0
"""Largest of them, in errors; what a single day lies beyond it does not count."""
FARTHEST = 1e6
"""Drops and errors are held within this ratio: beyond it squares only overflow."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One day's drop.

    Attributes:
        day: The calendar day.
        drop: Reference minus value, in units of the metric; positive is worse.
        error: Its standard error: sampling and movement from day to day together.
    """

    day: date
    drop: float
    error: float

    @property
    def is_usable(self) -> bool:
        """Whether the drop can be put in units of its error."""
        return math.isfinite(self.drop) and math.isfinite(self.error) and self.error > 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What the days together say against "nothing got worse".

    Attributes:
        threshold: Where it alarms: the promised run length in days.
        reason: One sentence.
        value: The detector's statistic after the last usable day, 0 to `EFFECTS`
            thresholds; None when there is no usable day.
        crossed: Whether the statistic is at or past the threshold.
        since: Most likely first day of the drop; None when nothing points to one.
        steps: Usable days.
    """

    threshold: float
    reason: str
    value: float | None = None
    crossed: bool = False
    since: date | None = None
    steps: int = 0


def detect(
    steps: Sequence[Step],
    *,
    smallest_drop: float,
    correlation: float,
    run_length: float,
) -> Evidence:
    """Say whether the drops of the days add up to a change for the worse.

    While nothing is worse, the first alarm comes after `run_length` usable days or
    more on average: a Shiryaev-Roberts e-detector, M_t = L_t (M_(t-1) + 1), averaged
    over `EFFECTS` sizes of drop, alarming at M >= `run_length`. With
    L_t = exp(lam e_t - lam^2 / 2) of expectation <= 1 given the past, M_t - t is a
    supermartingale, so that E[first alarm] >= E[M at the first alarm] >= run_length.

    e_t is z_t = drop / error without what the day before foretells (`log_ratios`);
    each size's statistic is held at the level where it alarms alone (`gather`).

    Assumes, while nothing is worse: given the days before, z_t is normal (or lighter
    above) with mean <= c max(z_(t-1), 0) and variance <= 1 - c^2, as of an
    autoregression of order one around any steady mean <= 0; and errors do not depend
    on the day's own drop. Paired differences of two versions: let drop be the other's
    gain less the margin, and the null is "the gain is at most the margin".

    When it lies (measured days to a false alarm where 365 are promised): 190 if the
    error is understated by a fifth; 100 if consecutive days correlate by .5 and 0 is
    stated; 150 if the reference itself is off by its own error over 30 days, .18 of a
    day's, for then every day is off: let the caller take from the drop what the
    reference does not know. A correlation stated too high only costs days. The promise
    is for one detector: k of them alarm up to k times as often.

    Args:
        steps: Oldest first. A missing day is left out by the caller; a day whose drop
            or error is not finite, or whose error is not positive, is left out here
            and told in the reason. Not modified.
        smallest_drop: Smallest drop worth finding, in units of the metric, > 0;
            smaller ones that last are found late.
        correlation: Of z on consecutive days, 0 <= correlation < 1; for days that
            alternate (negative), 0 keeps the promise.
        run_length: Days without a false alarm, on average, > 1.

    Returns:
        The evidence as of the last usable day; no value when there is none.

    Raises:
        ValueError: If days repeat or are out of order, or an argument is out of range.

    References:
        Shin, Ramdas and Rinaldo (2024), E-detectors: a nonparametric framework for
        sequential change detection, New England Journal of Statistics in Data
        Science 2, 229-260: e-detectors of the Shiryaev-Roberts kind and their mixtures.
    """
    _refuse(steps, smallest_drop, correlation, run_length)
    usable = [step for step in steps if step.is_usable]
    left_out = len(steps) - len(usable)
    note = f"; {left_out} without a usable number left out" if left_out else ""
    if not usable:
        return Evidence(threshold=run_length, reason=f"no usable day{note}")
    increments = _increments(usable, smallest_drop, correlation)
    return _evidence(usable, increments, run_length, note)


def _evidence(
    usable: Sequence[Step], increments: Floats, run_length: float, note: str
) -> Evidence:
    """Return what the log Ls of the usable days add up to."""
    # The mean over sizes reaches the run length where their sum reaches this.
    ceiling = math.log(EFFECTS * run_length)
    gathered = gather(increments, ceiling)[-1]
    total = float(np.logaddexp.reduce(gathered))
    value = math.exp(total) / EFFECTS
    # The size with the most evidence tells best when its drop began.
    onset = _onset(increments[:, int(gathered.argmax())], ceiling)
    return Evidence(
        threshold=run_length,
        reason=f"evidence of a lasting loss {value:.3g} over {len(usable)} "
        f"day{'s' if len(usable) > 1 else ''}, "
        f"the alarm is at {run_length:g}{note}",
        value=value,
        crossed=total >= ceiling,
        since=None if onset is None else usable[onset].day,
        steps=len(usable),
    )


def _refuse(
    steps: Sequence[Step], smallest_drop: float, correlation: float, run_length: float
) -> None:
    if not (smallest_drop > 0 and math.isfinite(smallest_drop)):
        msg = f"the smallest drop must be above 0, not {smallest_drop}"
        raise ValueError(msg)
    if not 0 <= correlation < 1:
        msg = f"the correlation must lie in 0 <= r < 1, not at {correlation}"
        raise ValueError(msg)
    if not (run_length > 1 and math.isfinite(run_length)):
        msg = f"the run length must be above 1 day, not {run_length}"
        raise ValueError(msg)
    for before, after in pairwise(steps):
        if before.day >= after.day:
            msg = f"days must be in order, each once: {after.day} follows {before.day}"
            raise ValueError(msg)


def _increments(
    usable: Sequence[Step], smallest_drop: float, correlation: float
) -> Floats:
    """Return log L of every usable day for every size of drop; (days, EFFECTS)."""
    # Divided one by one: Python gives inf where numpy would warn.
    z = np.array([step.drop / step.error for step in usable])
    smallest = np.array([smallest_drop / step.error for step in usable])
    gaps = np.diff([step.day.toordinal() for step in usable])
    carried = np.concatenate(([0.0], correlation**gaps))
    return log_ratios(z, smallest=smallest, carried=carried)


def log_ratios(z: Floats, *, smallest: Floats, carried: Floats) -> Floats:
    """Return log L of every day for every size of drop.

    e_t is z_t = drop / error without what the day before foretells, with
    c = correlation ** days between: (z_t - c max(z_(t-1), 0)) / sqrt(1 - c^2), cut off
    above at the largest lam. A good day before foretells nothing, so that the end of a
    good spell is no drop; this and the cut can only lower e_t. lam goes from the
    smallest drop, in errors of e_t, to `SHARPEST`.

    Args:
        z: Drops in units of their errors; days on the first axis, runs on others.
        smallest: The smallest drop worth finding in the same units; broadcast to `z`.
        carried: Correlation with the usable day before, 0 on the first day; likewise.

    Returns:
        The shape of `z` with `EFFECTS` as a last axis.
    """
    new = np.sqrt((1 - carried) * (1 + carried))
    z = np.clip(z, -FARTHEST, FARTHEST)
    before = np.concatenate((np.zeros_like(z[:1]), np.maximum(z[:-1], 0.0)))
    innovation = (z - carried * before) / new
    # A lasting drop of d errors moves the innovation by d (1 - c) / sqrt(1 - c^2).
    low = np.clip(smallest * (1 - carried) / new, 1 / FARTHEST, FARTHEST)
    high = np.maximum(low, SHARPEST)
    sizes = np.geomspace(low, high, EFFECTS, axis=-1)
    cut = np.minimum(innovation, high)
    return np.asarray(sizes * cut[..., None] - sizes**2 / 2, dtype=np.float64)


def gather(increments: Floats, ceiling: float) -> Floats:
    """Return log M after every day for every size of drop; the shape of the log Ls.

    Held at the ceiling, which leaves the first alarm as it is, and frees a model that
    recovers from its past within two weeks on average.

    Args:
        increments: Log L of every day; days on the first axis, sizes of drop on the
            last.
        ceiling: Where log M is held: the level at which a size alarms alone.
    """
    gathered = np.empty_like(increments)
    standing_evidence = np.full(increments.shape[1:], -np.inf)
    for index, increment in enumerate(increments):
        # log(M + 1) without overflow: `logaddexp(0, log M)`.
        standing_evidence = np.minimum(
            increment + np.logaddexp(0.0, standing_evidence), ceiling
        )
        gathered[index] = standing_evidence
    return gathered


def _onset(increments: Floats, ceiling: float) -> int | None:
    """Find where the evidence that stands today began; None when none stands."""
    # As in a CUSUM: evidence that is used up starts anew, and its first day is the
    # likeliest onset.
    standing, start = 0.0, 0
    for index, increment in enumerate(increments):
        if standing <= 0:
            standing, start = 0.0, index
        standing = min(standing + float(increment), ceiling)
    return start if standing > 0 else None
