"""Categories that are new, or that are gone."""

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from monitoring_tasks.domain.findings import Check
from monitoring_tasks.domain.texts import escaped_text
from monitoring_tasks.validate.batch_test import BatchTest
from monitoring_tasks.validate.hours import distance

KNOWN = "categories_are_known"
ALL_THERE = "categories_are_all_there"
NOT_DELIVERED = "part of the source delivered nothing"


@dataclass(frozen=True, slots=True)
class CategoryShifts:
    """What the rows by category tell."""

    test: BatchTest

    def find_recoded(self) -> Iterator[Check]:
        """Find columns whose rows lie in categories the baseline does not know."""
        for name, counts in self.test.summary.categories.items():
            usual = self.test.baseline.shares.get(f"unseen/{name}")
            categories = self.test.baseline.categories.get(name)
            if usual is None or categories is None:
                continue
            # Rows without a name count as new: those the baseline knows are counted by
            # name, however rare (`summarize`).
            other = self.test.summary.other.get(name, 0)
            rows = sum(counts.values()) + other
            unseen = {c: count for c, count in counts.items() if c not in categories}
            share = (sum(unseen.values()) + other) / rows
            if self.test.is_notable(share, usual, rows):
                why = self._origin(name, counts)
                observed = (
                    f"{share:.0%} of the values are new ({_first(unseen, 3)}){why}"
                )
                excess = share - usual.mean
                yield self.test.graded(KNOWN, name, observed, excess)

    def find_outage(self) -> Iterator[Check]:
        """Find categories every day has and this day, with so many rows, has not."""
        for name, counts in self.test.summary.categories.items():
            shares = self.test.baseline.categories.get(name, {})
            rows = sum(counts.values()) + self.test.summary.other.get(name, 0)
            # Absent by chance with probability (1 - share) ** rows.
            enough = -math.log(self.test.policy.false_alarm) / rows
            gone = {
                category: shares[category]
                for category in self.test.baseline.always_present.get(name, ())
                if category not in counts and shares[category] > enough
            }
            # Together: a source that fell out takes many small categories along.
            share = sum(gone.values())
            if share >= self.test.policy.notable_share:
                largest = _first(sorted(gone, key=lambda c: -gone[c]), 5)
                is_output = name in self.test.outputs
                why = "the model predicted none of them" if is_output else NOT_DELIVERED
                observed = (
                    f"{len(gone)} categories with usually {share:.0%} of the rows are "
                    f"gone ({largest}): {why}"
                )
                yield self.test.graded(ALL_THERE, name, observed, share)

    def _origin(self, name: str, counts: Mapping[str, int]) -> str:
        """Say where unknown categories may come from, if that can be seen."""
        for other, categories in self.test.baseline.categories.items():
            if other != name and set(counts) <= set(categories):
                return f": they are those of column '{other}'"
        usual = sorted(self.test.baseline.categories[name].values(), reverse=True)
        today = sorted(counts.values(), reverse=True)
        # Without their names, by size alone: new names for the same things leave the
        # sizes as they were.
        count = max(len(usual), len(today))
        usual += [0.0] * (count - len(usual))
        today += [0] * (count - len(today))
        if distance(today, usual) <= self.test.policy.notable_share:
            return ", as common as the known ones: the categories have other names"
        return ""


def _first(texts: Iterable[str], count: int) -> str:
    """Write out the first few texts of the data, each short and without controls."""
    shown = (escaped_text(text) for text in list(texts)[:count])
    return ", ".join(shown)
