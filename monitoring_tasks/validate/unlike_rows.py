"""Rows that are unlike what was ever seen: of each kind a share, all held alike."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from monitoring_tasks.domain.findings import Check
from monitoring_tasks.domain.relations import NumericRelation
from monitoring_tasks.validate.batch_test import BatchTest
from monitoring_tasks.validate.relations import PAIR, RELATION, relation_key

AGREE = "columns_agree_as_usual"
STATEMENTS = {RELATION: AGREE, PAIR: AGREE}
"""Kind of a share -> the statement that it is usual."""


@dataclass(frozen=True, slots=True)
class UnlikeRows:
    """What the rows tell that are unlike what their reference has ever seen."""

    test: BatchTest

    def find_unlike(self, explained: Collection[str]) -> Iterator[Check]:
        """Find shares of such rows beyond what is usual.

        Of relations of the same columns the one that usually holds best speaks.

        Args:
            explained: Columns something is said of already: where one of them is part
                of a relation, the relation is broken by that.
        """
        mentioned = set(explained)
        for key in sorted(self.test.summary.unlike, key=self._rank):
            usual = self.test.baseline.shares.get(key)
            kind, _, column = key.partition("/")
            if usual is None or kind not in STATEMENTS:
                continue
            sources = self._sources(key)
            columns = {*column.split(", "), *sources}
            rows, asked = self.test.summary.unlike[key]
            share, least = rows / asked, self.test.policy.relations.notable_share
            is_notable = self.test.is_notable(share, usual, asked, least=least)
            if is_notable and mentioned.isdisjoint(columns):
                mentioned |= columns
                observed = (
                    f"{share:.1%} of the rows{_why(kind, column, sources)}, usually "
                    f"{usual.mean:.1%}"
                )
                excess = share - usual.mean
                yield self.test.graded(STATEMENTS[kind], column, observed, excess)

    def _rank(self, key: str) -> tuple[float, str]:
        """Return the place of a share: what explains most of a number comes first."""
        relation = self._relations.get(key)
        return (-relation.explained if relation else 0.0, key)

    def _sources(self, key: str) -> tuple[str, ...]:
        """Return the columns that say something of a number."""
        relation = self._relations.get(key)
        return relation.sources if relation else ()

    @property
    def _relations(self) -> dict[str, NumericRelation]:
        numbers = self.test.baseline.relations.numbers
        return {relation_key(number.column): number for number in numbers}


def _why(kind: str, column: str, sources: Collection[str]) -> str:
    """Say in words what is unlike about the rows of a kind."""
    if kind == PAIR:
        return f" have a pair of '{column}' that was never seen"
    named = ", ".join(f"'{source}'" for source in sources)
    return f" have a '{column}' far from what {named} say of it"
