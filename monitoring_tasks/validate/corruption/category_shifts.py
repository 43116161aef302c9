"""Categories that are new, written otherwise, or missing."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from monitoring_tasks.domain.findings import Check
from monitoring_tasks.domain.texts import escaped_text
from monitoring_tasks.validate.baseline.lost_categories import missing_of, shares_of
from monitoring_tasks.validate.corruption.batch_test import BatchTest, failed
from monitoring_tasks.validate.corruption.writing import Writings
from monitoring_tasks.validate.summary.hours import distance

KNOWN = "categories_are_known"
ALL_THERE = "categories_are_all_there"
AS_COMMON = "categories_are_as_common_as_usual"
NOT_DELIVERED = "part of the source delivered nothing"
REWRITTEN = 0.5
"""Share of the new values that have to be known ones written otherwise."""


@dataclass(frozen=True, slots=True)
class CategoryShifts:
    """What the rows by category tell."""

    test: BatchTest

    def find_recoded(self) -> Iterator[Check]:
        """Find columns whose rows lie in categories the baseline does not know."""
        for name, counts in self.test.summary.categories.items():
            categories = self.test.baseline.categories.get(name)
            if categories is None:
                continue
            # Rows without a name count as new: those the baseline knows are counted by
            # name, however rare (`summarize`).
            other = self.test.summary.other.get(name, 0)
            rows = sum(counts.values()) + other
            unseen = {c: count for c, count in counts.items() if c not in categories}
            share = (sum(unseen.values()) + other) / rows
            usual = self.test.exceeded(f"unseen/{name}", share, rows)
            if usual:
                why = self._origin(name, counts, unseen)
                observed = (
                    f"{share:.0%} of the values are new ({_first(unseen, 3)}){why}"
                )
                size = share - usual.mean
                yield self.test.graded(KNOWN, name, observed, size=size, rows=rows)

    def find_missing(self) -> Iterator[Check]:
        """Find categories that are gone, or that together have too few rows."""
        for name in self.test.summary.categories:
            least = self.test.baseline.least.get(name)
            if least:
                today = shares_of(self.test.summary, name)
                check = self._gone(name, today, least) or self._shrunk(
                    name, today, least
                )
                if check is not None:
                    yield check

    def _gone(
        self, name: str, today: Mapping[str, float], least: Mapping[str, float]
    ) -> Check | None:
        """Find categories every day has and this day, with so many rows, has not."""
        shares, rows = self.test.baseline.categories[name], self.test.valid(name)
        gone = {
            c: shares[c]
            for c, smallest in least.items()
            if c not in today and self.test.is_always_there(shares[c], smallest, rows)
        }
        # Together: a source that fell out takes many small categories along.
        share = sum(gone.values())
        if share < self.test.policy.notable_share:
            return None
        largest = _first(sorted(gone, key=lambda c: -gone[c]), 5)
        is_output = name in self.test.outputs
        why = "the model predicted none of them" if is_output else NOT_DELIVERED
        observed = (
            f"{len(gone)} categories with usually {share:.0%} of the rows are "
            f"gone ({largest}): {why}"
        )
        return self.test.graded(ALL_THERE, name, observed, size=share, rows=rows)

    def _shrunk(
        self, name: str, today: Mapping[str, float], least: Mapping[str, float]
    ) -> Check | None:
        """Find what is missing below the smallest shares of all days."""
        usual = self.test.baseline.shares.get(f"lost/{name}")
        missing, rows = missing_of(today, least), self.test.valid(name)
        share = sum(missing.values())
        if usual is None or not self.test.is_notable(
            share, self.test.at_rows(usual, rows), rows
        ):
            return None
        largest = _first(sorted(missing, key=lambda c: -missing[c]), 3)
        observed = (
            f"{share:.0%} of the rows are missing from {len(missing)} categories "
            f"({largest}), below the fewest each had on any day"
        )
        return failed(AS_COMMON, name, observed, gross=False, rows=round(share * rows))

    def _origin(
        self, name: str, counts: Mapping[str, int], unseen: Mapping[str, int]
    ) -> str:
        """Say where unknown categories may come from, if that can be seen."""
        usual = self.test.baseline.categories[name]
        writings = Writings(usual)
        rewritten = sum(n for c, n in unseen.items() if writings.holds(c))
        if unseen and rewritten >= REWRITTEN * sum(unseen.values()):
            return ": known ones written otherwise (case, blanks, accents or cut short)"
        for other, categories in self.test.baseline.categories.items():
            if other != name and set(counts) <= set(categories):
                return f": they are those of column '{other}'"
        # A few new ones leave all sizes as they were, whatever they mean.
        if sum(unseen.values()) <= self.test.policy.tolerance * sum(counts.values()):
            return ""
        sizes = sorted(usual.values(), reverse=True)
        today = sorted(counts.values(), reverse=True)
        # Without their names, by size alone: new names for the same things leave the
        # sizes as they were.
        count = max(len(sizes), len(today))
        sizes += [0.0] * (count - len(sizes))
        today += [0] * (count - len(today))
        if distance(today, sizes) <= self.test.policy.tolerance:
            return ", as common as the known ones: the categories have other names"
        return ""


def _first(texts: Iterable[str], count: int) -> str:
    """Write out the first few texts of the data, each short and without controls."""
    shown = (escaped_text(text) for text in list(texts)[:count])
    return ", ".join(shown)
