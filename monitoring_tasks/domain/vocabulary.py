"""Which values of a model's columns are counted by name: a bound on what is kept."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from monitoring_tasks.domain.counts import CategoricalCounts
from monitoring_tasks.domain.reference import ReferenceProfile


@dataclass(frozen=True, slots=True, kw_only=True)
class Vocabulary:
    """Values that are counted by name, however few rows they have.

    Attributes:
        categories: Categorical column -> its values.
        segments: Segments of the day, each `column=value`.
        is_closed: Whether no other value is named; else the most common others are, up
            to `MAX_CATEGORIES` of a column and `policy.max_segments` of a dimension.
    """

    categories: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    segments: tuple[str, ...] = ()
    is_closed: bool = False


OPEN = Vocabulary()
"""Nothing is known of the model: the most common values are named."""


def vocabulary_of(reference: ReferenceProfile | None) -> Vocabulary:
    """Return what a day has to count by name to be held against the reference."""
    if reference is None:
        return OPEN
    return Vocabulary(
        categories={
            name: tuple(counts.counts)
            for name, counts in reference.profile.columns.items()
            if isinstance(counts, CategoricalCounts)
        },
        segments=tuple(reference.segments),
    )
