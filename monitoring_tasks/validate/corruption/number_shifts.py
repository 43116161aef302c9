"""Numbers outside all that was ever seen, in the tails, or spread otherwise."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from monitoring_tasks.domain.batch_baseline import Baseline
from monitoring_tasks.domain.findings import Check
from monitoring_tasks.statistics.arrays import Floats
from monitoring_tasks.validate.corruption.batch_test import BatchTest, failed
from monitoring_tasks.validate.corruption.level_shifts import PLACE
from monitoring_tasks.validate.summary.distributions import (
    HIGH,
    LOW,
    far_ends,
    share_beyond,
    share_up_to,
)

SHAPE = "values_are_spread_as_usual"
"""Of all values, which the world may move as well as a fault."""

MOST = 0.5
"""Share of the values that is a part of them; of more the rest tells nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Excess:
    """A share of a column's values, and what is usual of it.

    Attributes:
        share: On the day, 0..1.
        usual: On days of the baseline; None where it is not known.
        observed: What was seen, in words.
        shares: Of all values up to each point of the baseline.
        below: How many of those that are counted lie below the others, 0..1.
        above: How many lie above them.
        is_far: Whether no season carries values there.
    """

    share: float
    usual: Baseline | None
    observed: str
    shares: Floats
    below: float = 0.0
    above: float = 0.0
    is_far: bool = False

    @property
    def rest(self) -> Floats:
        """Shares of all other values up to each point of the baseline."""
        return _without(self.shares, below=self.below, above=self.above)


@dataclass(frozen=True, slots=True)
class NumberShifts:
    """What the distributions of continuous columns tell."""

    test: BatchTest

    def find_misplaced(self) -> Iterator[Check]:
        """Find columns with too many values where few or none usually are.

        A column is told of once: by values so far outside all that was seen as no
        season carries them, or a part outside it or in a tail while the rest lies as
        usual, else by the shape of them all.
        """
        for name in self.test.summary.distributions:
            if name not in self.test.baseline.ends:
                continue
            check = self._misplaced(name)
            if check is not None:
                yield check

    def _misplaced(self, name: str) -> Check | None:
        shares, rows = self._shares(name), self.test.valid(name)
        far = self._beyond(name, shares, is_far=True)
        # Of a column with one value a day nothing shows how far it moves by itself.
        if self.test.is_spread(name) and self._is_notable(far, rows):
            return self._failed(PLACE, name, far)
        for part in (self._beyond(name, shares), *self._tails(name, shares)):
            if self._is_notable(part, rows) and self._is_part(name, part, rows):
                return self._failed(PLACE, name, part)
        whole = self._shape(name, shares, rows)
        is_moved = self.test.is_spread(name) and self._is_notable(whole, rows)
        return self._failed(SHAPE, name, whole) if is_moved else None

    def _is_part(self, name: str, part: Excess, rows: int) -> bool:
        """Whether the rest lies as usual; the whole is moved by seasons and drift."""
        kept = round(rows * (1 - part.share))
        if part.share > MOST or not kept:
            return False
        return not self._is_notable(self._shape(name, part.rest, kept), kept)

    def _is_notable(self, part: Excess, rows: int) -> bool:
        usual, season = part.usual, self.test.season
        if usual is None:
            return False
        if season != 1:
            usual = replace(usual, spread=usual.spread * season)
        return self.test.is_notable(part.share, usual, rows)

    def _failed(self, statement: str, name: str, part: Excess) -> Check:
        usually = part.usual.mean if part.usual else 0.0
        observed = f"{part.observed}, usually {usually:.1%}"
        size, rows = part.share - usually, self.test.valid(name)
        # Inputs may carry outputs anywhere.
        gross = part.is_far and name not in self.test.outputs
        gross = gross and size >= self.test.policy.gross_share
        return failed(statement, name, observed, gross=gross, rows=round(size * rows))

    def _beyond(self, name: str, shares: Floats, *, is_far: bool = False) -> Excess:
        low, high = self.test.baseline.ends[name]
        ends = far_ends((low, high)) if is_far else (low, high)
        below, above = share_beyond(self.test.summary.distributions[name], ends)
        share, where = below + above, "far outside" if is_far else "outside"
        return Excess(
            share=share,
            usual=self.test.baseline.shares.get(
                f"far/{name}" if is_far else f"beyond/{name}"
            ),
            observed=(
                f"{share:.1%} of the values lie {where} all that was seen "
                f"({low:.6g} to {high:.6g})"
            ),
            shares=shares,
            below=below,
            above=above,
            is_far=is_far,
        )

    def _tails(self, name: str, shares: Floats) -> Iterator[Excess]:
        points = self.test.baseline.distributions[name]
        kinds = (
            ("low", float(shares[LOW]), f"up to {points[LOW]:.6g}"),
            ("high", float(1 - shares[HIGH]), f"above {points[HIGH]:.6g}"),
        )
        for kind, share, where in kinds:
            usual = self.test.baseline.shares.get(f"{kind}/{name}")
            excess = max(share - (usual.mean if usual else 0.0), 0.0)
            yield Excess(
                share=share,
                usual=usual,
                observed=f"{share:.1%} of the values lie {where}",
                shares=shares,
                below=excess if kind == "low" else 0.0,
                above=excess if kind == "high" else 0.0,
            )

    def _shape(self, name: str, shares: Floats, rows: int) -> Excess:
        points = self.test.baseline.distributions[name]
        apart = shares - np.asarray(self.test.baseline.cumulative[name])
        at = int(np.abs(apart).argmax())
        share = float(abs(apart[at]))
        usual = self.test.baseline.shares.get(f"shape/{name}")
        more = "more" if apart[at] > 0 else "fewer"
        return Excess(
            share=share,
            usual=self.test.at_rows(usual, rows) if usual else None,
            observed=(
                f"{share:.0%} {more} of the values than usual lie up to "
                f"{points[at]:.6g}: a distance from the usual distribution"
            ),
            shares=shares,
        )

    def _shares(self, name: str) -> Floats:
        points = self.test.baseline.distributions[name]
        return share_up_to(self.test.summary.distributions[name], points)


def _without(shares: Floats, *, below: float, above: float) -> Floats:
    """Return the shares up to each point once so much of either end is left out."""
    kept = max(1 - below - above, 1e-9)
    rest: Floats = np.clip((shares - below) / kept, 0.0, 1.0)
    return rest
