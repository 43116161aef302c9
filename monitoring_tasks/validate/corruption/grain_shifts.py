"""Numbers of more decimals than usual, or of fewer: reckoned with, or rounded."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace

from monitoring_tasks.domain.batch_baseline import Baseline
from monitoring_tasks.domain.batch_summary import FINER, Grain
from monitoring_tasks.domain.findings import Check
from monitoring_tasks.validate.corruption.batch_test import BatchTest, failed
from monitoring_tasks.validate.summary.distributions import GRID

GRAIN = "values_are_as_fine_as_usual"
MORE = ("are not whole", "have more than one decimal", "have more than two decimals")
FEWER = ("are whole", "have one decimal at most", "have two decimals at most")
LOW, HIGH = GRID.index(0.05), GRID.index(0.95)


@dataclass(frozen=True, slots=True, kw_only=True)
class GrainPart:
    """Those of a column's values that have more, or fewer, than so many decimals.

    Attributes:
        share: Of the values other than 0, on the day, 0..1.
        usual: The same on days of the baseline.
        middle: Median of these values.
        words: What they have.
        draws: How many of the day's values are not sure to be alike.
        of: The values other than 0 as a share of all.
        least: Share of all values by which there have to be more than usual.
    """

    share: float
    usual: Baseline
    middle: float
    words: str
    draws: int
    of: float
    least: float

    @property
    def size(self) -> float:
        """By how much there are more than usual, as a share of all values."""
        return (self.share - self.usual.mean) * self.of


@dataclass(frozen=True, slots=True)
class GrainShifts:
    """What the decimals of columns of numbers tell."""

    test: BatchTest

    def find_broken(self, explained: Collection[str]) -> Iterator[Check]:
        """Find columns whose values are finer than usual, or coarser.

        Both are asked where such values are few on every day: then no season makes them
        many, but what reckons with whole numbers, or rounds others, does. It is told
        and makes no batch unfit: values may be right and of another source.

        Args:
            explained: Columns something is said of already.
        """
        for name, grain in self.test.summary.grain.items():
            # 0 is whole whatever it was, and stands for what did not come.
            if name in explained or not grain.present:
                continue
            parts = [*self._finer(name, grain), *self._coarser(name, grain)]
            told = [part for part in parts if self._is_told(name, part)]
            if told:
                # The first of those that show most of it: what is rounded to cents is
                # whole now and then.
                most = max(part.size for part in told)
                clearest = next(part for part in told if 2 * part.size >= most)
                yield self._failed(name, clearest)

    def _finer(self, name: str, grain: Grain) -> Iterator[GrainPart]:
        for at, usual in self._usual(name):
            yield GrainPart(
                share=grain.finer[at] / grain.present,
                usual=usual,
                middle=grain.finer_middles[at],
                words=MORE[at],
                # Values that come together count as many: where fractions can be, not
                # even one value a day is whole on all days by chance.
                draws=grain.present,
                of=grain.present / grain.asked,
                least=self.test.policy.rare_share,
            )

    def _coarser(self, name: str, grain: Grain) -> Iterator[GrainPart]:
        for at, usual in self._usual(name):
            yield GrainPart(
                share=1 - grain.finer[at] / grain.present,
                usual=_of_others(usual),
                middle=grain.coarser_middles[at],
                words=FEWER[at],
                # A tenth of all tenths is whole: values are as many as differ.
                draws=grain.distinct,
                of=grain.present / grain.asked,
                least=self.test.policy.notable_share,
            )

    def _usual(self, name: str) -> Iterator[tuple[int, Baseline]]:
        """Yield each number of decimals and how the share of finer values lies."""
        for at, kind in enumerate(FINER):
            usual = self.test.baseline.shares.get(f"{kind}/{name}")
            if usual is not None:
                yield at, usual

    def _is_told(self, name: str, part: GrainPart) -> bool:
        is_seldom = part.usual.high < self.test.policy.gross_share
        if not is_seldom or part.size < part.least:
            return False
        is_notable = self.test.is_notable(part.share, part.usual, part.draws)
        return is_notable and self._is_among_usual(name, part.middle)

    def _is_among_usual(self, name: str, value: float) -> bool:
        """Whether a value lies where values of the other grain usually do.

        Instruments tell small values by finer steps, and prices are round where they
        are high. A column of one value a day is not near its usual ones by chance.
        """
        points = self.test.baseline.distributions.get(name)
        common = self.test.baseline.shares.get(f"common/{name}")
        is_single = common and common.mean >= 1 - self.test.policy.rare_share
        if points is None or is_single:
            return True
        low, high, tolerance = points[LOW], points[HIGH], self.test.policy.tolerance
        return low - abs(low) * tolerance <= value <= high + abs(high) * tolerance

    def _failed(self, name: str, part: GrainPart) -> Check:
        observed = (
            f"{part.share:.1%} of the values other than 0 {part.words}, usually "
            f"{part.usual.mean:.1%}"
        )
        rows = round(part.size * self.test.valid(name))
        return failed(GRAIN, name, observed, gross=False, rows=rows)


def _of_others(usual: Baseline) -> Baseline:
    """Return how the share of all other values lies."""
    return replace(usual, mean=1 - usual.mean, low=1 - usual.high, high=1 - usual.low)
