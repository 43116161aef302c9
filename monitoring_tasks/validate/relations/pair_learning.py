"""Which pairs of categories a reference has seen, where it has seen few of them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from monitoring_tasks.contract.relation_policy import RelationPolicy
from monitoring_tasks.domain.relations import PairRelation
from monitoring_tasks.statistics.arrays import Codes
from monitoring_tasks.validate.summary.related_columns import Categories, RelatedColumns

MOST_CATEGORIES = 500
"""A column of more names rows, and no kinds of them."""
MOST_PAIRS = 5_000
"""So many pairs of two columns are kept at most."""
LEAST_SURPRISE = 0.3
"""Share of rows that would be in pairs never seen if one column were dealt anew."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LearntPair:
    """Pairs that were seen, and what the days they were learnt from are by them.

    Attributes:
        relation: The pairs.
        unseen: Of every day its rows in pairs that no other day has. Shape (n_days,).
        asked: Of every day its rows with both categories. Shape (n_days,).
    """

    relation: PairRelation
    unseen: Codes
    asked: Codes


def learn_pairs(
    rows: RelatedColumns, days: Codes, policy: RelationPolicy
) -> Iterator[LearntPair]:
    """Learn which columns of categories come in few of their pairs on every day.

    Args:
        rows: The columns of all rows of a reference.
        days: Of every row the place of its day. Shape (n_rows,).
        policy: What is worth watching.
    """
    usable = {
        name: column
        for name, column in rows.categories.items()
        if 1 < len(column.texts) <= MOST_CATEGORIES
    }
    for first, second in combinations(usable, 2):
        pairs = _Pairs(usable[first], usable[second], days)
        if not pairs.is_surprising():
            continue
        unseen, asked = pairs.unseen_by_day()
        if unseen.sum() <= policy.most_unseen * asked.sum():
            seen = pairs.seen_texts()
            relation = PairRelation(columns=(first, second), seen=seen)
            yield LearntPair(relation=relation, unseen=unseen, asked=asked)


class _Pairs:
    """The rows of a reference by pair of categories."""

    def __init__(self, first: Categories, second: Categories, days: Codes) -> None:
        both = (first.codes >= 0) & (second.codes >= 0)
        self._texts: tuple[Sequence[str], Sequence[str]] = first.texts, second.texts
        self._days = days[both]
        self._codes = first.codes[both] * len(second.texts) + second.codes[both]
        shape = len(first.texts), len(second.texts)
        counted = np.bincount(self._codes, minlength=shape[0] * shape[1])
        self._rows = counted.reshape(shape)
        self._day_count = int(days.max()) + 1 if len(days) else 0

    def is_surprising(self) -> bool:
        """Whether columns that have nothing to do with each other would show."""
        total, seen = self._rows.sum(), self._rows > 0
        if not total or seen.sum() > MOST_PAIRS:
            return False
        of_first, of_second = self._rows.sum(axis=1), self._rows.sum(axis=0)
        usual = of_first @ seen @ of_second / float(total) ** 2
        return bool(1 - usual >= LEAST_SURPRISE)

    def unseen_by_day(self) -> tuple[Codes, Codes]:
        """Return each day's rows in pairs no other day has, and all its rows."""
        by_day = np.unique(self._codes * self._day_count + self._days)
        days_of = np.bincount(by_day // self._day_count, minlength=self._rows.size)
        is_unseen = days_of[self._codes] == 1
        asked = np.bincount(self._days, minlength=self._day_count)
        unseen = np.bincount(self._days[is_unseen], minlength=self._day_count)
        return unseen, asked

    def seen_texts(self) -> dict[str, tuple[str, ...]]:
        """Return the categories of the second column seen beside each of the first."""
        first, second = self._texts
        return {
            first[place]: tuple(sorted(second[at] for at in places))
            for place, row in enumerate(self._rows)
            if (places := np.flatnonzero(row).tolist())
        }
