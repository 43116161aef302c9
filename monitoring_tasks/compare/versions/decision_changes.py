"""On how many rows two versions decide otherwise, as a whole and by segment. Pure."""

from typing import TYPE_CHECKING, Any

from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.domain.comparisons import DecisionChange
from monitoring_tasks.domain.problems import Problem
from monitoring_tasks.rows.names import ALL

if TYPE_CHECKING:
    import pandas as pd

MATERIAL = 0.1
"""A predicted number that moves by less of the live version's spread is the same."""


def decision_changes(
    rows: "pd.DataFrame", scored: "pd.DataFrame", contract: Contract
) -> tuple[DecisionChange, ...]:
    """Return the share of rows with another decision, or materially other prediction.

    Args:
        rows: Rows with what the live version gave. Not modified.
        scored: What another version gave for them, in the same order.
        contract: The problem, the segments, and how many rows a segment needs.

    Returns:
        The whole first, then each declared segment with enough rows; nothing where
        one of the versions gave no prediction.
    """
    column = contract.columns.prediction
    if column not in rows.columns or "prediction" not in scored.columns:
        return ()
    rows, scored = rows.reset_index(drop=True), scored.reset_index(drop=True)
    given = rows[column].notna() & scored["prediction"].notna()
    rows, other = rows[given], scored.loc[given, "prediction"]
    if rows.empty:
        return ()
    changed = _changed(rows[column], other, contract)
    changes = [_change(ALL, changed)]
    for name in contract.columns.segments:
        if name not in rows.columns:
            continue
        for value, of_value in changed.groupby(rows[name], observed=True):
            if len(of_value) >= contract.policy.min_group_rows:
                changes.append(_change(f"{name}={value}", of_value))
    return tuple(changes)


def in_words(changes: tuple[DecisionChange, ...]) -> str:
    """Say on how many rows both decide otherwise, and where most; empty if unknown.

    Args:
        changes: The whole first.
    """
    if not changes:
        return ""
    whole, *segments = changes
    text = f"; they decide otherwise on {whole.share:.1%} of the day's rows"
    most = max(segments, key=lambda change: change.share, default=whole)
    if most.share > whole.share:
        text += f", most where {most.segment} ({most.share:.1%})"
    return text


def _change(segment: str, changed: "pd.Series[bool]") -> DecisionChange:
    return DecisionChange(
        segment=segment, share=float(changed.mean()), rows=len(changed)
    )


def _changed(
    live: "pd.Series[Any]", other: "pd.Series[Any]", contract: Contract
) -> "pd.Series[bool]":
    if contract.problem is Problem.REGRESSION:
        before = live.astype("float64")
        moved = (other.astype("float64") - before).abs()
        return moved > MATERIAL * before.std(ddof=0)
    from monitoring_tasks.rows.encoding import texts  # noqa: PLC0415 (heavy)

    is_other: pd.Series[bool] = texts(live).ne(texts(other))
    return is_other
