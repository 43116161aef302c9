"""Rows that are unlike what was ever seen: of each kind a share, all held alike."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from monitoring_tasks.domain.findings import Check
from monitoring_tasks.domain.relations import NumericRelation
from monitoring_tasks.validate.corruption.batch_test import BatchTest, failed
from monitoring_tasks.validate.relations.broken_relations import (
    PAIR,
    RELATION,
    relation_key,
)
from monitoring_tasks.validate.relations.broken_ties import TIE, tie_key
from monitoring_tasks.validate.relations.decisions import COARSE, DECISION
from monitoring_tasks.validate.summary.row_identity import COPIED, STALE

AGREE = "columns_agree_as_usual"
FRESH = "rows_are_not_those_of_the_day_before"
DISTINCT = "rows_differ_from_each_other"
FOLLOWS = "decisions_follow_from_scores"
FINE = "scores_are_as_fine_as_usual"
STATEMENTS = {
    RELATION: (AGREE, "have a '{column}' far from what {sources} say of it"),
    PAIR: (AGREE, "have a pair of '{column}' that was never seen"),
    TIE: (AGREE, "or more have a value of '{column}' that belongs to another row"),
    DECISION: (FOLLOWS, "have a '{column}' that their scores do not usually have"),
    STALE: (FRESH, "have the inputs of a row of the day before"),
    COPIED: (DISTINCT, "have the inputs of another row"),
    COARSE: (FINE, "have the '{column}' of another row"),
}
"""Kind of a share -> the statement that it is usual, and such rows in words."""


def columns_of(checks: Iterable[Check]) -> set[str]:
    """Return the columns checks are about: of a pair both, of whole rows none."""
    return {
        name for check in checks if check.column for name in check.column.split(", ")
    }


@dataclass(frozen=True, slots=True)
class UnlikeRows:
    """What the rows tell that are unlike what their reference has ever seen."""

    test: BatchTest

    def find_unlike(
        self, explained: Collection[str], *, of_outputs: bool
    ) -> Iterator[Check]:
        """Find shares of such rows beyond what is usual.

        Of relations of the same columns the one that usually holds best speaks. What
        is said of outputs makes no batch unfit: the model may be what is wrong.

        Args:
            explained: Columns something is said of already: where one of them is part
                of a relation, the relation is broken by that.
            of_outputs: Whether the scores and the prediction are asked about, or all
                that is not about them.
        """
        mentioned = set(explained)
        for key in self._keys():
            rows, asked = self.test.summary.unlike[key]
            kind, _, column = key.partition("/")
            is_output = column in self.test.outputs
            if kind not in STATEMENTS or is_output is not of_outputs or kind == TIE:
                continue
            # Rows that lost a column have less to differ in.
            if kind in (COPIED, STALE) and explained:
                continue
            share, columns = rows / asked, self._columns(key, column)
            usual = self.test.exceeded(key, share, asked)
            if usual is None or not mentioned.isdisjoint(columns):
                continue
            mentioned |= columns
            name, words = STATEMENTS[kind]
            such = words.format(column=column, sources=self._sources(key))
            observed = f"{share:.1%} of the rows {such}, usually {usual.mean:.1%}"
            size = share - usual.mean
            if is_output:
                rows_beyond = round(size * asked)
                yield failed(name, column, observed, gross=False, rows=rows_beyond)
            else:
                yield self.test.graded(name, column, observed, size=size, rows=asked)

    def find_astray(self, told: Sequence[Check], *, has_moved: bool) -> Iterator[Check]:
        """Find pairs of columns that lost their tie, the closest pair of a column.

        Values on other rows leave every column as it was: a column of which anything
        is said is not asked, but for that it disagrees with others on some rows: then
        it is told where the tie is gross. Another mix of rows may loosen a tie as well.

        Args:
            told: What is said of columns, be it that they drift.
            has_moved: Whether some input drifts: what is astray then warns only.
        """
        disagree = [c for c in told if c.name == AGREE and c.severity != "critical"]
        mentioned = columns_of([check for check in told if check not in disagree])
        for key in self._keys():
            rows, asked = self.test.summary.unlike[key]
            kind, _, column = key.partition("/")
            columns = set(column.split(", "))
            if kind != TIE or not mentioned.isdisjoint(columns):
                continue
            usual = self.test.exceeded(key, rows / asked, asked)
            if usual is None:
                continue
            name, words = STATEMENTS[TIE]
            size = rows / asked - usual.mean
            observed = f"{rows / asked:.1%} of the rows {words.format(column=column)}"
            check = self.test.graded(name, column, observed, size=size, rows=asked)
            if has_moved:
                check = replace(check, severity="warning")
            if check.severity == "critical" or columns.isdisjoint(columns_of(disagree)):
                mentioned |= columns
                yield check

    def _keys(self) -> list[str]:
        """Return the shares of a day: kinds in their order, what is closest first."""
        relations, kinds = self.test.baseline.relations, list(STATEMENTS)
        closeness = {relation_key(n.column): n.explained for n in relations.numbers}
        closeness |= {tie_key(tie.columns): tie.slope for tie in relations.ties}

        def rank(key: str) -> tuple[int, float, str]:
            kind = key.partition("/")[0]
            place = kinds.index(kind) if kind in kinds else len(kinds)
            return place, -closeness.get(key, 0.0), key

        return sorted(self.test.summary.unlike, key=rank)

    def _columns(self, key: str, column: str) -> set[str]:
        """Return the columns a share is about; of whole rows none."""
        relation = self._relations.get(key)
        return {*column.split(", "), *(relation.sources if relation else ())} - {""}

    def _sources(self, key: str) -> str:
        """Name the columns that say something of a number."""
        relation = self._relations.get(key)
        sources = relation.sources if relation else ()
        return ", ".join(f"'{source}'" for source in sources)

    @property
    def _relations(self) -> dict[str, NumericRelation]:
        numbers = self.test.baseline.relations.numbers
        return {relation_key(number.column): number for number in numbers}
