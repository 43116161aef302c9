"""Other versions against the live one before labels, where estimates are trusted."""

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from monitoring_tasks.compare.estimated_gain import (
    ESTIMABLE,
    Estimated,
    compare_estimated,
)
from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.domain.comparisons import Basis, Comparison
from monitoring_tasks.domain.problems import Problem
from monitoring_tasks.domain.trust import EstimatorTrust, TrustVerdict
from monitoring_tasks.domain.units import Unit
from monitoring_tasks.rows.sampling import hash_sample
from monitoring_tasks.store.versions import Version
from monitoring_tasks.workspace.day import Day
from monitoring_tasks.workspace.estimator_trust import load_trust
from monitoring_tasks.workspace.workspace import Workspace

if TYPE_CHECKING:
    import pandas as pd

NO_LABELS = "no day has its labels yet"


def estimate_gains(
    space: Workspace, unit: Unit, live: str, others: Sequence[Version]
) -> list[Comparison]:
    """Hold versions against the live one by estimates, if all of them are trusted.

    Both the live version's estimates and the other's must have stood up to mature
    labels on days each of them served: an estimator nobody could test says nothing
    about which version to serve.
    """
    contract = space.contract(unit.model)
    metric, policy = contract.comparison_metric, contract.policy
    if contract.problem is not Problem.BINARY or metric not in ESTIMABLE:
        why = f"{NO_LABELS}, and {metric} cannot be compared by estimate"
        return [_without(v.version, metric, why) for v in others]
    trust = {
        version: found
        for (version, segment, of), found in load_trust(
            space, unit, policy.trust, metrics={metric}
        ).items()
        if (segment, of) == ("all", metric)
    }
    why_not = {v.version: _untrusted(trust, live, v.version) for v in others}
    tried = [v.version for v in others if not why_not[v.version]]
    estimator = _Estimator(space=space, unit=unit, live=live, trust=trust)
    done = estimator.measure(tried) if tried else {}
    return [
        done.get(v.version)
        or _without(v.version, metric, _joined(NO_LABELS, why_not[v.version]))
        for v in others
    ]


def _joined(first: str, second: str) -> str:
    return f"{first}, and {second}" if second else first


def _untrusted(trust: Mapping[str, EstimatorTrust], *versions: str) -> str:
    """Say which version's estimates may not be relied on, and why."""
    for version in versions:
        known = trust.get(version)
        if known is None:
            return (
                f"the estimates of version {version} were never checked against labels"
            )
        if known.verdict is not TrustVerdict.TRUSTED:
            return f"the estimates of version {version} are not trusted: {known.reason}"
    return ""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Estimator:
    """Estimates on the rows the live version served."""

    space: Workspace
    unit: Unit
    live: str
    trust: Mapping[str, EstimatorTrust]

    @property
    def contract(self) -> Contract:
        """The model's contract."""
        return self.space.contract(self.unit.model)

    def measure(self, others: Sequence[str]) -> dict[str, Comparison]:
        """Score the rows with other versions and compare each with the live one."""
        columns, policy = self.contract.columns, self.contract.policy
        score = str(columns.score)
        rows, days = Day(self.space, self.unit).served_rows(
            self.live, days=policy.versions.pool_days
        )
        rows = rows[rows[score].notna()] if len(rows) else rows
        if rows.empty:
            return {}
        rows = hash_sample(rows, columns.id, policy.sample_rows)
        with tempfile.TemporaryDirectory(prefix="daywatch-") as folder:
            path = Path(folder) / "rows.parquet"
            rows[[columns.id, *columns.features]].to_parquet(path)
            scored = self.space.scorer(self.unit.model).score(path, list(others))
            mine = self._estimated(self.live, rows[score])
            return {v: self._compare(mine, v, scored[v], days) for v in others}

    def _compare(
        self, mine: Estimated, version: str, scored: Path | str, days: tuple[date, ...]
    ) -> Comparison:
        import pandas as pd  # noqa: PLC0415 (heavy)

        metric = self.contract.comparison_metric
        if isinstance(scored, str):
            return _without(version, metric, scored)
        theirs = pd.read_parquet(scored)
        if "score" not in theirs.columns:
            why = f"it gives no score to estimate {metric} from"
            return _without(version, metric, why)
        return compare_estimated(
            mine,
            self._estimated(version, theirs["score"]),
            version=version,
            metric=metric,
            confidence=self.contract.policy.confidence,
            days=days,
        )

    def _estimated(self, version: str, scores: "pd.Series[Any]") -> Estimated:
        from monitoring_tasks.statistics.calibration import calibrate  # noqa: PLC0415 (heavy)

        reference = self.space.reference(self.unit.model, version)
        if reference is None:
            msg = f"version {version} has trusted estimates and no reference"
            raise LookupError(msg)
        values = scores.to_numpy(dtype="float64")
        return Estimated(
            scores=values,
            chances=calibrate(values, reference.calibrator),
            trust=self.trust[version],
        )


def _without(version: str, metric: str, reason: str) -> Comparison:
    return Comparison(
        version=version, metric=metric, basis=Basis.ESTIMATED, reason=reason
    )
