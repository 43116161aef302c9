"""Registered versions against the live one before labels, where estimates are trusted.

Pure: rows, references, trust and scores are handed in.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from monitoring_tasks.compare.versions.estimated_gain import (
    ESTIMABLE,
    Estimated,
    compare_estimated,
)
from monitoring_tasks.compare.versions.version_comparison import ScoreRows
from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.domain.comparisons import Basis, Comparison
from monitoring_tasks.domain.problems import Problem
from monitoring_tasks.domain.reference import ReferenceProfile
from monitoring_tasks.domain.trust import EstimatorTrust, TrustKey, TrustVerdict
from monitoring_tasks.rows.sampling import hash_sample

if TYPE_CHECKING:
    import pandas as pd

NO_LABELS = "no day has its labels yet"


@dataclass(frozen=True, slots=True, kw_only=True)
class UnlabelledComparison:
    """Estimates on the rows the live version, the champion, served.

    Attributes:
        contract: The model's contract.
        champion: The live version.
        trust: How far the estimates of a metric may be believed.
        served_rows: The champion's rows, and the days they come from.
        reference: The reference of a version; None when it has none.
        score: Scores rows with registered versions.
    """

    contract: Contract
    champion: str
    trust: Callable[[str], Mapping[TrustKey, EstimatorTrust]]
    served_rows: Callable[[], "tuple[pd.DataFrame, tuple[date, ...]]"]
    reference: Callable[[str], ReferenceProfile | None]
    score: ScoreRows

    def compare(self, versions: Sequence[str]) -> list[Comparison]:
        """Hold versions against the champion by estimates, if all of them are trusted.

        Both the champion's estimates and the candidate's must have stood up to mature
        labels on days each of them served: an estimator nobody could test says nothing
        about which version to serve.

        Returns:
            One comparison a version, in the order given.
        """
        metric = self.contract.comparison_metric
        if self.contract.problem is not Problem.BINARY or metric not in ESTIMABLE:
            why = f"{NO_LABELS}, and {metric} cannot be compared by estimate"
            return [_without_value(version, metric, why) for version in versions]
        trust = {
            version: estimator
            for (version, segment, of), estimator in self.trust(metric).items()
            if (segment, of) == ("all", metric)
        }
        # One untested estimator is enough to make the difference worth nothing.
        why_not = {v: _why_untrusted(trust, self.champion, v) for v in versions}
        trusted = [version for version in versions if not why_not[version]]
        measured = self._measure(trusted, trust) if trusted else {}
        return [
            measured.get(version)
            or _without_value(version, metric, _joined(NO_LABELS, why_not[version]))
            for version in versions
        ]

    def _measure(
        self, versions: Sequence[str], trust: Mapping[str, EstimatorTrust]
    ) -> dict[str, Comparison]:
        """Score the champion's rows with versions and compare each with it."""
        columns, policy = self.contract.columns, self.contract.policy
        score = str(columns.score)
        rows, days = self.served_rows()
        # A row the champion gave no score cannot be compared by scores.
        rows = rows[rows[score].notna()] if len(rows) else rows
        if rows.empty:
            return {}
        rows = hash_sample(rows, columns.id, policy.sample_rows)
        scored = self.score(rows[[columns.id, *columns.features]], versions)
        champion = self._estimated(self.champion, rows[score], trust)
        return {
            version: self._compare(
                champion,
                self._candidate(version, scored[version], trust),
                version=version,
                days=days,
            )
            for version in versions
        }

    def _candidate(
        self,
        version: str,
        scored: "pd.DataFrame | str",
        trust: Mapping[str, EstimatorTrust],
    ) -> Estimated | str:
        """Return what a version says of the rows, or why that cannot be used."""
        if isinstance(scored, str):
            return scored
        if "score" not in scored.columns:
            metric = self.contract.comparison_metric
            return f"it gives no score to estimate {metric} from"
        return self._estimated(version, scored["score"], trust)

    def _compare(
        self,
        champion: Estimated,
        candidate: Estimated | str,
        *,
        version: str,
        days: tuple[date, ...],
    ) -> Comparison:
        metric = self.contract.comparison_metric
        if isinstance(candidate, str):
            return _without_value(version, metric, candidate)
        return compare_estimated(
            champion,
            candidate,
            version=version,
            metric=metric,
            confidence=self.contract.policy.confidence,
            days=days,
        )

    def _estimated(
        self,
        version: str,
        scores: "pd.Series[Any]",
        trust: Mapping[str, EstimatorTrust],
    ) -> Estimated:
        from monitoring_tasks.statistics.calibration import calibrate  # noqa: PLC0415 (heavy)

        reference = self.reference(version)
        if reference is None:
            msg = f"version {version} has trusted estimates and no reference"
            raise LookupError(msg)
        values = scores.to_numpy(dtype="float64")
        return Estimated(
            scores=values,
            probabilities=calibrate(values, reference.calibrator),
            trust=trust[version],
        )


def _joined(first: str, second: str) -> str:
    return f"{first}, and {second}" if second else first


def _why_untrusted(trust: Mapping[str, EstimatorTrust], *versions: str) -> str:
    """Say which version's estimates may not be relied on, and why; empty if none."""
    for version in versions:
        estimator = trust.get(version)
        if estimator is None:
            return (
                f"the estimates of version {version} were never checked against labels"
            )
        if estimator.verdict is not TrustVerdict.TRUSTED:
            why = estimator.reason
            return f"the estimates of version {version} are not trusted: {why}"
    return ""


def _without_value(version: str, metric: str, reason: str) -> Comparison:
    return Comparison(
        version=version, metric=metric, basis=Basis.ESTIMATED, reason=reason
    )
