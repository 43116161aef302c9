"""A day's attribution held against the reference of its version.

Pure: rows and kept answers are handed in, and so is who scores rows.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Protocol

from monitoring_tasks.compare.attribution import judge_attribution
from monitoring_tasks.compare.attribution_measurement import (
    ScoreChanges,
    changes_key,
    measure_day,
    reference_changes,
    with_scores,
)
from monitoring_tasks.compare.versions.version_comparison import ScoreRows
from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.domain.findings import Finding

if TYPE_CHECKING:
    import pandas as pd


class KeptChanges(Protocol):
    """Where what exchanges changed on references is kept, under a text."""

    def load_days(self, key: str) -> "Mapping[date, pd.DataFrame] | None":
        """Return what was kept; None when nothing was."""

    def save_days(self, key: str, days: "Mapping[date, pd.DataFrame]") -> None:
        """Keep at least one day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferenceAttribution:
    """What exchanged inputs change on the reference of a version: kept, or asked once.

    Attributes:
        contract: The model's contract.
        version: The version.
        logged: What names its reference as it was logged; None where it has none.
        rows: The rows kept beside the reference; None where there are none.
        kept: What was asked before.
        score: Scores rows with registered versions.
    """

    contract: Contract
    version: str
    logged: Callable[[], str | None]
    rows: Callable[[], "pd.DataFrame | None"]
    kept: KeptChanges
    score: ScoreRows

    def changes(self) -> ScoreChanges | str:
        """Return what changed, by day; or why nobody knows."""
        logged = self.logged()
        if logged is None:
            return f"version {self.version} has no reference"
        # Named by its digest, so that another reference is another key.
        key = changes_key(self.contract, self.version, reference=logged)
        kept = self.kept.load_days(key)
        if kept is not None:
            return dict(kept)
        changes = reference_changes(
            self.rows(), self.version, self.contract, score=self.score
        )
        # A failure is not kept: the version may answer the next time.
        if changes and not isinstance(changes, str):
            self.kept.save_days(key, changes)
        return changes


def attribution_of_day(
    rows: "pd.DataFrame",
    version: str,
    contract: Contract,
    *,
    day: date,
    of_reference: Callable[[], ScoreChanges | str],
    score: ScoreRows,
    remark: str,
) -> Finding:
    """Hold what the day's scores hang on against the reference of the version.

    Args:
        rows: The day's rows that the version scored. Not modified.
        version: The version most rows carry.
        contract: The columns and the policy.
        day: The day.
        of_reference: What exchanges changed on the reference, or why nobody knows.
        score: Scores rows with registered versions.
        remark: Said of the number, where the rows are a sample; empty for nothing.
    """
    number, distance = measure_day(
        with_scores(rows, contract),
        version,
        contract,
        of_reference=of_reference,
        score=score,
    )
    return judge_attribution(
        number.with_remark(remark), distance, contract.policy, day=day
    )
