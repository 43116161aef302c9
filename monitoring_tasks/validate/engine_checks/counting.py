"""What a rule asks of a batch, whoever counts: Arrow in memory, or an engine.

A rule is written once, against `Batch` and `Column`. `table_batch` counts at once and
answers with an `Outcome`; `pushed/batch` answers with a `Question` an engine is asked.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from enum import Enum
from typing import Any, Protocol, TypeAlias, TypeVar

import pyarrow as pa

from monitoring_tasks.validate.engine_checks.kwargs import Kwargs
from monitoring_tasks.validate.engine_checks.outcome import Outcome

AnswerT = TypeVar("AnswerT", covariant=True)  # noqa: PLC0105 (named for what it is)
"""How a batch answers: an `Outcome`, or a `Question`."""
Values: TypeAlias = Any
"""One value per row, `Cells` or an Ibis column: both compare, add and negate alike."""
Answers: TypeAlias = Mapping[str, Any]
"""What was asked for, by name."""
Judge: TypeAlias = Callable[[Answers], Outcome | None]
"""From the answers to how an expectation fares; None where these do not tell."""
OwnColumn: TypeAlias = Any
"""A `Column` of the batch that is asked."""


class NotCountedError(Exception):
    """What is asked is not counted here, and is left to others."""


class Kind(Enum):
    """What the values of a column are; of other kinds nothing is counted here."""

    NUMBER = "number"
    SINGLE = "float of 32 bits"
    """Compared and told apart here; what is reckoned of such is left to others."""
    TEXT = "text"
    FLAG = "flag"
    INSTANT = "instant"
    OTHER = "other"


def kind_of(values: pa.DataType) -> Kind:
    """Return what values of a type are."""
    if pa.types.is_integer(values) or pa.types.is_float64(values):
        return Kind.NUMBER
    if pa.types.is_float32(values):
        return Kind.SINGLE
    if pa.types.is_string(values) or pa.types.is_large_string(values):
        return Kind.TEXT
    if pa.types.is_boolean(values):
        return Kind.FLAG
    return Kind.INSTANT if pa.types.is_timestamp(values) else Kind.OTHER


class Column(Protocol):
    """A column without dictionary and decimals; not-a-number is null.

    What a side does not count stays as it is here.
    """

    @property
    def type(self) -> pa.DataType:
        """The type of the values in memory."""

    @property
    def kind(self) -> Kind:
        """What the values are."""
        return kind_of(self.type)

    @property
    def values(self) -> Values:
        """One value per row, null where there is none."""

    @property
    def comparable(self) -> Values:
        """The values as they are held against bounds."""

    @property
    def doubles(self) -> Values:
        """The numbers as doubles."""

    @property
    def lengths(self) -> Values:
        """How many characters each text has."""

    @property
    def is_there(self) -> Values:
        """True on rows with a value."""

    def is_in(self, wanted: list[Any]) -> Values:
        """Return true on values of a set; see `comparable_values`."""

    def is_within(self, _: Kwargs) -> bool:
        """Whether it is known at once that all values lie between two bounds."""
        return False

    def contains(self, pattern: str) -> Values:
        """Return true on texts a regular expression is found in."""
        raise NotCountedError(pattern)

    def has_z_scores_below(self, limit: float, *, double_sided: bool) -> Values:
        """Return true on numbers fewer than so many deviations from the mean."""
        raise NotCountedError(limit, double_sided)

    def quantiles(self, percent: Sequence[float]) -> Any:  # noqa: ANN401 (numbers)
        """Return the quantiles, each a value that occurs."""
        raise NotCountedError(percent)

    def statistic(self, name: str) -> Any:  # noqa: ANN401 (a number, or what asks for one)
        """Return a statistic of the values that are there.

        `min`, `max`, `mean`, `total`, `sizes` (the total without signs), `deviation`,
        `median`, `present` (how many), `most_common` (a list), `beyond` (how many are
        too large to be reckoned with).
        """


class Batch(Protocol[AnswerT]):
    """The rows of a day."""

    @property
    def names(self) -> Collection[str]:
        """The names of the columns in their order."""

    @property
    def count(self) -> Any:  # noqa: ANN401 (a number, or what asks for it)
        """How many rows there are."""

    def column(self, name: str) -> Column:
        """Return a column that is there once.

        Raises:
            KeyError: If it is not.
        """

    def columns(self, names: Iterable[str]) -> Sequence[Column]:
        """Return several columns."""

    def constant(self, value: Any, beside: Values) -> Values:  # noqa: ANN401 (a bound)
        """Return a number or an instant as it is compared with values."""

    def every_row(self) -> Values:
        """Return true on all rows."""

    def count_of(self, marks: Values) -> Any:  # noqa: ANN401 (as `count`)
        """Return how many rows are marked."""

    def is_not_true(self, marks: Values) -> Values:
        """Return true where marks are false or null."""

    def asked(self, numbers: Answers, judge: Judge) -> AnswerT:
        """Answer by numbers of the rows.

        Args:
            numbers: The numbers, or what asks for them, by name.
            judge: What they say.
        """

    def of_rows(
        self,
        unmet: Values,
        columns: Sequence[OwnColumn],
        kwargs: Kwargs,
        *,
        considered: Any,  # noqa: ANN401 (as `count`)
    ) -> AnswerT:
        """Answer of rows of which each is as expected or not.

        Args:
            unmet: True on rows that are not as expected; null and false on others.
            columns: What a failing row is shown by.
            kwargs: Which share of them has to be as expected, and how they are shown.
            considered: How many rows the expectation speaks of.
        """

    def repeated(
        self, columns: Sequence[OwnColumn], spoken_of: Values, kwargs: Kwargs
    ) -> AnswerT:
        """Answer of rows whose values are those of another row; nulls are alike."""

    def of_different(self, column: OwnColumn, judge: Judge) -> AnswerT:
        """Answer by how many values (`present`), and different ones (`count`)."""

    def of_set(
        self,
        column: OwnColumn,
        wanted: Sequence[Any],
        judge: Callable[[int, AbstractSet[Any]], Outcome],
    ) -> AnswerT:
        """Answer by the different values that are in a set, and those that are not.

        Args:
            column: The column.
            wanted: The set.
            judge: Given how many values are not in the set, and those of the set that
                are there.
        """


def of_kind(column: Column, kinds: AbstractSet[Kind]) -> Column:
    """Return a column of one of these kinds.

    Raises:
        NotCountedError: If it is of another.
    """
    if column.kind not in kinds:
        raise NotCountedError(column.kind)
    return column
