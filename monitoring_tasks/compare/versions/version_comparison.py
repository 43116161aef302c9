"""Registered versions on the very rows the live one, the champion, scored."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any

from monitoring_tasks.compare.versions.decision_changes import decision_changes
from monitoring_tasks.compare.versions.group_gains import compare_groups
from monitoring_tasks.compare.versions.paired_comparison import compare_paired
from monitoring_tasks.compare.versions.paired_rows import PairedRows
from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.domain.candidates import Candidate
from monitoring_tasks.domain.comparisons import Comparison
from monitoring_tasks.domain.findings import Finding, Kind, Verdict
from monitoring_tasks.domain.metrics import metric_of
from monitoring_tasks.domain.problems import Problem

if TYPE_CHECKING:
    import pandas as pd

ScoreRows = Callable[
    ["pd.DataFrame", Sequence[str]], Mapping[str, "pd.DataFrame | str"]
]
"""`score(rows, versions)`: by version, what it gave for the rows, in their order
(`prediction`, and `score` or one `score_<class>` a class), or why it gave nothing."""


def is_comparison_due(contract: Contract, findings: Sequence[Finding]) -> bool:
    """Say whether the policy asks for other versions on this day.

    Args:
        contract: Its `policy.versions` says when.
        findings: Of the day; a drift alone is no breach.
    """
    policy = contract.policy.versions
    if policy.candidates == 0:
        return False
    return policy.when == "always" or any(
        finding.verdict is Verdict.BREACH
        for finding in findings
        if finding.measurement.kind is not Kind.DRIFT
    )


def fair_candidates(
    candidates: Sequence[Candidate], contract: Contract, *, first: date
) -> tuple[list[Candidate], list[Comparison]]:
    """Tell apart which versions may take part in a comparison.

    Only versions whose training ended before the first of the rows: on rows a version
    was trained on it would look better than it is. The contract's fallback is rules:
    it was trained on none.

    Args:
        candidates: Versions to try, most wanted first.
        contract: Says which version is the fallback.
        first: Day of the first of the rows.

    Returns:
        Those that may, and of each other one a comparison without a value.
    """
    fallback = contract.response.fallback
    fair = [c for c in candidates if c.is_untouched(first) or c.version == fallback]
    unfair = [
        Comparison(
            version=candidate.version,
            metric=contract.comparison_metric,
            reason=candidate.why_unfair(first),
        )
        for candidate in candidates
        if candidate not in fair
    ]
    return fair, unfair


def compare_versions(
    rows: "pd.DataFrame",
    versions: Sequence[str],
    contract: Contract,
    *,
    days: tuple[date, ...],
    score: ScoreRows,
) -> list[Comparison]:
    """Score labelled rows of the champion with others and hold them against it.

    Args:
        rows: Rows with their labels and what the champion gave. Not modified.
        versions: The candidates.
        contract: The columns, and the metric versions are compared by.
        days: The days the rows come from.
        score: Scores rows with registered versions.

    Returns:
        One comparison a version, in the order given.
    """
    if not versions:
        return []
    columns = contract.columns
    scored = score(rows[[columns.id, *columns.features]], versions)
    return [
        compare_version(rows, scored[version], contract, version=version, days=days)
        for version in versions
    ]


def compare_version(
    rows: "pd.DataFrame",
    scored: "pd.DataFrame | str",
    contract: Contract,
    *,
    version: str,
    days: tuple[date, ...],
) -> Comparison:
    """Hold what a version gave for labelled rows against what the champion gave.

    Args:
        rows: Rows with their labels and what the champion gave. Not modified.
        scored: What the version gave for the same rows, in the same order, or why it
            gave nothing.
        contract: The columns, and the metric versions are compared by.
        version: The version.
        days: The days the rows come from.
    """
    columns, metric = contract.columns, contract.comparison_metric
    without_value = Comparison(version=version, metric=metric, days=days)
    if isinstance(scored, str):
        return replace(without_value, reason=scored)
    own_column, column = columns.prediction, "prediction"
    if metric_of(Kind.REALIZED, metric).from_scores:
        own_column, column = str(columns.score), "score"
    if column not in scored.columns:
        why = f"it gives no {column} to compute {metric} from"
        return replace(without_value, reason=why)
    changes = decision_changes(rows, scored, contract)
    rows = rows.reset_index(drop=True)  # a sample keeps its old one; rows meet by place
    usable = (rows[own_column].notna() & scored[column].notna()).to_numpy()
    rows, scores = rows.loc[usable], scored.loc[usable, column]
    pairs = _pairs(rows[own_column], scores, rows[columns.label], contract)
    pairs["day"] = _day_numbers(rows, contract) if len(days) > 1 else 0
    compare = partial(_compare_pairs, contract=contract, version=version, days=days)
    gains, unmeasured = compare_groups(
        contract, pairs, rows[[*columns.protected]], compare
    )
    return replace(compare(pairs), groups=gains, unmeasured=unmeasured, changes=changes)


def _pairs(
    champion: "pd.Series[Any]",
    candidate: "pd.Series[Any]",
    labels: "pd.Series[Any]",
    contract: Contract,
) -> "pd.DataFrame":
    """Put what two versions gave for the same rows beside the labels."""
    import pandas as pd  # noqa: PLC0415 (heavy)

    if contract.problem is Problem.MULTICLASS:
        # A class may be any text: what is compared is whether it was hit.
        champion, candidate = _hits(champion, labels), _hits(candidate, labels)
        labels = labels.notna()
    return pd.DataFrame({"champion": champion, "candidate": candidate, "label": labels})


def _day_numbers(rows: "pd.DataFrame", contract: Contract) -> list[int]:
    """Number the calendar day of each row."""
    from monitoring_tasks.rows.days import days_of  # noqa: PLC0415 (heavy)

    return [day.toordinal() for day in days_of(rows, contract)]


def _compare_pairs(
    pairs: "pd.DataFrame",
    *,
    contract: Contract,
    version: str,
    days: tuple[date, ...],
) -> Comparison:
    """Compare what two versions gave for the same rows."""
    values = pairs[["champion", "candidate", "label"]].to_numpy(dtype="float64")
    day_of_row = pairs["day"].to_numpy(dtype="int64")
    return compare_paired(
        PairedRows(values[:, 0], values[:, 1], values[:, 2], day_of_row),
        version=version,
        metric=contract.comparison_metric,
        confidence=contract.policy.confidence,
        days=days,
    )


def _hits(predictions: "pd.Series[Any]", labels: "pd.Series[Any]") -> "pd.Series[bool]":
    from monitoring_tasks.rows.encoding import texts  # noqa: PLC0415 (heavy)

    return texts(predictions).eq(texts(labels))
