"""A day's rows as the gates ask about them, wherever they lie.

The gates are written once, against `DayRows`. There are two ways to count: `table_rows`
in memory, `pushed/rows` where an engine has the rows.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Protocol

from monitoring_tasks.contract.column_types import Holds
from monitoring_tasks.domain.batch_summary import BatchSummary
from monitoring_tasks.domain.findings import Check
from monitoring_tasks.domain.reference import ReferenceProfile
from monitoring_tasks.validate.engine_checks.kwargs import Kwargs
from monitoring_tasks.validate.engine_checks.rules import Count
from monitoring_tasks.validate.suites.statements import Statement

if TYPE_CHECKING:
    import pyarrow as pa


@dataclass(frozen=True, slots=True, kw_only=True)
class FailingRows:
    """Rows that are not as they have to be.

    Attributes:
        count: How many; of a rule about values, how many values.
        ids: Of the first of them, 20 at most.
        example: The value of the first, in words; empty where none is shown.
    """

    count: int = 0
    ids: tuple[str, ...] = ()
    example: str = ""


class DayRows(Protocol):
    """The rows of a day, of predictions or of labels.

    `ids` names the column to take the ids of failing rows from; None for no ids.
    """

    @property
    def count(self) -> int:
        """How many rows there are."""

    def times(self, name: str) -> int:
        """Return how many columns have a name."""

    def kind(self, name: str) -> "pa.DataType":
        """Return the type of a column's values."""

    def missing(self, name: str) -> int:
        """Return how many rows lack a value; not-a-number is none."""

    def unreadable(self, name: str, holds: Holds, *, ids: str | None) -> FailingRows:
        """Return the texts that cannot be read as what the column has to hold.

        None are counted where the rows are not looked at one by one.
        """

    def failing(
        self, asked: Sequence[tuple[Count, Kwargs]], *, ids: str | None
    ) -> list[FailingRows]:
        """Return the rows that fail each of some rules."""

    def check_statements(
        self,
        statements: Sequence[Statement],
        *,
        ids: str | None,
        as_text: frozenset[str],
    ) -> list[Check]:
        """Hold statements against the rows; one check each, in order.

        Args:
            statements: About columns that can be computed with.
            ids: Brings the ids.
            as_text: Columns whose values are compared as text.
        """


class DayBatch(Protocol):
    """The predictions of a day, as the step asks about them."""

    @property
    def rows(self) -> DayRows:
        """All rows, for the gates."""

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing that could look like anything."""

    @property
    def version(self) -> str:
        """The version most rows carry; empty where no row names one."""

    def to_join(self, labels: "pa.Table | None") -> "tuple[pa.Table | None, pa.Table]":
        """Return the labels to judge, and rows with the ids they are to meet.

        Args:
            labels: The labels known; None for none.
        """

    def summarize(self, day: date, reference: ReferenceProfile) -> BatchSummary:
        """Describe the rows so that they can be held against a reference.

        Args:
            day: Their calendar day.
            reference: Of the version most rows carry.
        """
