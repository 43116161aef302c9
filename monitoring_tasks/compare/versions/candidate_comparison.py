"""Versions tried instead of the live one: by labels, else by trusted estimates.

Pure: rows are handed in, and so is who scores them.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from monitoring_tasks.compare.versions.version_comparison import (
    ScoreRows,
    compare_versions,
    fair_candidates,
)
from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.domain.candidates import Candidate
from monitoring_tasks.domain.comparisons import Comparison
from monitoring_tasks.rows.sampling import hash_sample

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True, kw_only=True)
class CandidateComparison:
    """What candidates are held against the live version, the champion, with.

    Attributes:
        contract: The model's contract.
        first: First of the days that are pooled.
        labelled_rows: The champion's rows on those of them whose labels are mature,
            and these days; asked only if there is a candidate to try.
        by_estimate: Compares versions before labels.
        score: Scores rows with registered versions.
    """

    contract: Contract
    first: date
    labelled_rows: Callable[[], "tuple[pd.DataFrame, tuple[date, ...]]"]
    by_estimate: Callable[[Sequence[str]], list[Comparison]]
    score: ScoreRows

    def compare(
        self, candidates: Sequence[Candidate], *, most: int
    ) -> list[Comparison]:
        """Compare candidates with the champion on the rows it scored.

        Args:
            candidates: Versions to try, most wanted first.
            most: How many of them are measured, >= 1.

        Returns:
            One comparison a version that was measured, in the order given; then at
            most as many of those that may know the rows from their training.
        """
        contract = self.contract
        fair, unfair = fair_candidates(candidates, contract, first=self.first)
        versions = [candidate.version for candidate in fair[:most]]
        if not versions:
            return unfair[:most]
        rows, days = self.labelled_rows()
        if rows.empty:
            return [*self.by_estimate(versions), *unfair[:most]]
        sample = hash_sample(rows, contract.columns.id, contract.policy.sample_rows)
        comparisons = compare_versions(
            sample, versions, contract, days=days, score=self.score
        )
        return [*comparisons, *unfair[:most]]
