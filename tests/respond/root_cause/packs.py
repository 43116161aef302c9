"""What packs are made from in tests."""

from dataclasses import replace
from typing import Any

from monitoring_tasks.domain.counts import (
    SCORE_BINS,
    BinaryOutcome,
    Bins,
    CategoricalCounts,
    ColumnCounts,
    ContinuousCounts,
)
from monitoring_tasks.domain.profiles import DayProfile
from monitoring_tasks.domain.reference import ReferenceProfile
from monitoring_tasks.domain.root_cause import PackFacts
from tests.builders import (
    NOW,
    make_evaluation,
    make_incident,
    make_profile,
    make_reference,
)

BINS = Bins(low=0.0, high=4.0, coarse=4)


def make_facts(**parts: object) -> PackFacts:
    """Return facts of an incident of which nothing else is known, parts replaced."""
    known: dict[str, Any] = {
        "incident": make_incident(),
        "evaluation": make_evaluation(),
        "made_at": NOW,
    }
    return PackFacts(**known | parts)


def numbers(*coarse: int) -> ContinuousCounts:
    """Return a continuous column with so many rows in each bin."""
    return ContinuousCounts(rows=sum(coarse), coarse=dict(enumerate(coarse)))


def names(**counts: int) -> CategoricalCounts:
    """Return a categorical column with so many rows of each."""
    return CategoricalCounts(rows=sum(counts.values()), counts=counts)


def reference_of(**columns: ColumnCounts) -> ReferenceProfile:
    """Return a reference of version 1 with these columns."""
    profile = replace(make_profile(), rows=100, columns=columns)
    bins = {
        n: BINS for n, part in columns.items() if isinstance(part, ContinuousCounts)
    }
    return make_reference(profile=profile, bins=bins)


def scored(score: float, rows: int, *, label: int, segment: str) -> DayProfile:
    """Return a segment's profile: rows of one score and label."""
    cell = (int(score * SCORE_BINS), 1, label)
    outcome = BinaryOutcome(cells={cell: rows}, score_sums={cell: score * rows})
    return make_profile(segment=segment, outcome=outcome, rows=rows)
