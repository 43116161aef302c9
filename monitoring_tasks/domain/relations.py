"""What the columns of a version's rows say of each other, learnt from its reference."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class NumericTerm:
    """What a number adds to a prediction.

    Attributes:
        column: The number.
        knots: Its quantiles on the reference, in order: the number counts as its rank
            among them, 0..1. Empty where it counts as it is.
        weight: What it is multiplied by.
    """

    column: str
    weight: float
    knots: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CategoryTerm:
    """What a category adds to a prediction.

    Attributes:
        column: The category.
        means: Category -> mean of the predicted number on the reference; a category
            that is not named says nothing.
        weight: What that is multiplied by.
    """

    column: str
    means: Mapping[str, float]
    weight: float


@dataclass(frozen=True, slots=True, kw_only=True)
class NumericRelation:
    """What other columns say of a number: a constant and a few terms, added up.

    Attributes:
        column: The number.
        knots: As those of a term; the prediction is of the rank where there are any.
        constant: What is added to the terms.
        numbers: Terms of numbers.
        categories: Terms of categories.
        limit: Largest distance from the prediction that is usual: nearly all held-out
            rows of the reference lay within.
        explained: Share of the variance of held-out rows that it explains, 0..1.
    """

    column: str
    constant: float
    limit: float
    explained: float
    knots: tuple[float, ...] = ()
    numbers: tuple[NumericTerm, ...] = ()
    categories: tuple[CategoryTerm, ...] = ()

    @property
    def sources(self) -> tuple[str, ...]:
        """The columns it is predicted from."""
        numbers = (term.column for term in self.numbers)
        return (*numbers, *(term.column for term in self.categories))


@dataclass(frozen=True, slots=True, kw_only=True)
class PairRelation:
    """Two columns of categories that come in few of the pairs they could come in.

    Attributes:
        columns: The two columns.
        seen: Category of the first -> the categories of the second seen beside it.
    """

    columns: tuple[str, str]
    seen: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnScores:
    """A column's values as numbers, chosen so that another column's go along with them.

    Of variance 1 within a usual day.

    Attributes:
        column: The column.
        edges: Of a number, the inner edges of its bins in order; empty for categories.
        scores: Of a number, what stands for each bin: one more than edges.
        categories: Of categories, what stands for each; others say nothing.
    """

    column: str
    edges: tuple[float, ...] = ()
    scores: tuple[float, ...] = ()
    categories: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tie:
    """Two columns that go together, closely or loosely, about alike on all days.

    Attributes:
        first: Scores of one column.
        second: Scores of the other.
        slope: How far one usually goes along with the other within a day, 0..1.
        spread: Standard deviation of that between days beyond what sampling brings, and
            how sure the usual one is.
        noise: How far the slope of a day of one row would stray by sampling: of n
            rows it strays by that over the root of n, of rows in clusters as well.
        asked: Usual share of the rows that have a score in both columns, 0..1.
    """

    first: ColumnScores
    second: ColumnScores
    slope: float
    spread: float
    noise: float
    asked: float

    @property
    def columns(self) -> tuple[str, str]:
        """The two columns."""
        return self.first.column, self.second.column


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionRange:
    """Which scores a decision usually has.

    Attributes:
        decision: The decision as text.
        low: Smallest usual score; None where no decision has smaller ones.
        high: Largest usual score; None where no decision has larger ones.
    """

    decision: str
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Relations:
    """All that the columns of a version's rows say of each other.

    Attributes:
        numbers: Of numbers, what other columns say of them.
        pairs: Of categories, the pairs they come in.
        ties: Of columns that go together, how closely.
        decisions: Of a binary model's decisions, the scores they have.
    """

    numbers: tuple[NumericRelation, ...] = field(default=())
    pairs: tuple[PairRelation, ...] = field(default=())
    ties: tuple[Tie, ...] = field(default=())
    decisions: tuple[DecisionRange, ...] = field(default=())
