"""Other registered versions on the very rows the live one scored."""

import tempfile
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from monitoring_tasks.compare.candidates import candidates
from monitoring_tasks.compare.group_gains import compare_groups
from monitoring_tasks.compare.paired_comparison import compare_paired
from monitoring_tasks.compare.unlabelled_comparison import estimate_gains
from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.domain.comparisons import Comparison
from monitoring_tasks.domain.findings import Finding, Kind, Verdict
from monitoring_tasks.domain.metrics import metric_of
from monitoring_tasks.domain.problems import Problem
from monitoring_tasks.domain.units import Unit
from monitoring_tasks.rows.sampling import hash_sample
from monitoring_tasks.store.versions import Version
from monitoring_tasks.workspace.day import Day
from monitoring_tasks.workspace.workspace import Workspace

if TYPE_CHECKING:
    import pandas as pd


def compare_versions(
    space: Workspace, unit: Unit, findings: Sequence[Finding]
) -> list[Comparison]:
    """Hold other versions against the live one, if the policy asks for it today.

    Only versions whose training ended before the first of the rows take part: on rows
    a version was trained on it would look better than it is. The contract's fallback
    is rules: it was trained on none.
    """
    contract = space.contract(unit.model)
    policy = contract.policy.versions
    in_breach = any(
        f.verdict is Verdict.BREACH
        for f in findings
        if f.measurement.kind is not Kind.DRIFT
    )
    live = space.results.evaluation(unit).version
    if policy.candidates == 0 or live is None:
        return []
    if policy.when != "always" and not in_breach:
        return []
    most = policy.candidates + (contract.response.fallback is not None)
    return compare_with(space, unit, candidates(space, unit, live), most=most)


def compare_with(
    space: Workspace, unit: Unit, others: Sequence[Version], *, most: int
) -> list[Comparison]:
    """Compare the given versions with the live one on the unit's pooled rows.

    By their labels on days that have them, else by estimates that have earned trust.

    Args:
        space: The workspace.
        unit: The day; days before it that the live version served are pooled with it.
        others: Versions to try, most wanted first.
        most: How many of them are measured.
    """
    contract = space.contract(unit.model)
    policy = contract.policy.versions
    first = unit.day - timedelta(days=policy.pool_days - 1)
    unfair = [
        Comparison(
            version=v.version,
            metric=contract.comparison_metric,
            reason=why_unfair(v, first),
        )
        for v in others
        if not (is_untouched(v, first) or v.version == contract.response.fallback)
    ]
    known = {comparison.version for comparison in unfair}
    fair = [v for v in others if v.version not in known][:most]
    if not fair:
        return unfair[:most]
    live = str(space.results.evaluation(unit).version)
    rows, days = Day(space, unit).labelled_rows(
        live, days=policy.pool_days, mature=True
    )
    if rows.empty:
        return [*estimate_gains(space, unit, live, fair), *unfair[:most]]
    sample = hash_sample(rows, contract.columns.id, contract.policy.sample_rows)
    return [*measure_versions(space, contract, sample, fair, days=days), *unfair[:most]]


def is_untouched(version: Version, first: date) -> bool:
    """Whether a version's training ended before the first of the rows."""
    return version.trained_until is not None and version.trained_until < first


def why_unfair(version: Version, first: date) -> str:
    """Say why a version may know the rows from its training."""
    if version.trained_until is None:
        return "its training window was not recorded, so it may know these rows"
    return f"it was trained on rows up to {version.trained_until}, past {first}"


def measure_versions(
    space: Workspace,
    contract: Contract,
    rows: "pd.DataFrame",
    others: Sequence[Version],
    *,
    days: tuple[date, ...],
) -> list[Comparison]:
    """Score labelled rows of the live version with others and hold them against it."""
    columns = contract.columns
    if not others:
        return []
    with tempfile.TemporaryDirectory(prefix="daywatch-") as folder:
        path = Path(folder) / "rows.parquet"
        rows[[columns.id, *columns.features]].to_parquet(path)
        scored = space.scorer(contract.model).score(path, [v.version for v in others])
        return [
            _compare(contract, rows, scored[v.version], version=v.version, days=days)
            for v in others
        ]


def _compare(
    contract: Contract,
    rows: "pd.DataFrame",
    scored: Path | str,
    *,
    version: str,
    days: tuple[date, ...],
) -> Comparison:
    import pandas as pd  # noqa: PLC0415 (heavy)

    columns, metric = contract.columns, contract.comparison_metric
    known = Comparison(version=version, metric=metric, days=days)
    if isinstance(scored, str):
        return replace(known, reason=scored)
    other = pd.read_parquet(scored)
    rows = rows.reset_index(drop=True)  # a sample keeps its old one; rows meet by place
    mine, theirs = columns.prediction, "prediction"
    if metric_of(Kind.REALIZED, metric).from_scores:
        mine, theirs = str(columns.score), "score"
    if theirs not in other.columns:
        return replace(known, reason=f"it gives no {theirs} to compute {metric} from")
    usable = (rows[mine].notna() & other[theirs].notna()).to_numpy()
    live, tried = rows.loc[usable, mine], other.loc[usable, theirs]
    labels = rows.loc[usable, columns.label]
    if contract.problem is Problem.MULTICLASS:
        # A class may be any text: what is compared is whether it was hit.
        live, tried = _hits(live, labels), _hits(tried, labels)
        labels = labels.notna()
    paired = pd.DataFrame({"live": live, "other": tried, "label": labels})
    compare = partial(_paired, contract, version=version, days=days)
    groups = rows.loc[usable, [*columns.protected]]
    gains, unmeasured = compare_groups(contract, paired, groups, compare)
    return replace(compare(paired), groups=gains, unmeasured=unmeasured)


def _paired(
    contract: Contract,
    paired: "pd.DataFrame",
    *,
    version: str,
    days: tuple[date, ...],
) -> Comparison:
    """Compare what two versions gave for the same rows."""
    values = paired.to_numpy(dtype="float64")
    return compare_paired(
        values[:, 0],
        values[:, 1],
        values[:, 2],
        version=version,
        metric=contract.comparison_metric,
        confidence=contract.policy.confidence,
        days=days,
    )


def _hits(predictions: "pd.Series[Any]", labels: "pd.Series[Any]") -> "pd.Series[bool]":
    from monitoring_tasks.rows.encoding import texts  # noqa: PLC0415 (heavy)

    return texts(predictions).eq(texts(labels))
