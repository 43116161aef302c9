"""What another version would do to each protected group."""

from typing import TYPE_CHECKING

from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.domain.comparisons import Comparison, GroupGain
from monitoring_tasks.domain.groups import UNKNOWN as NO_ANSWER

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import pandas as pd


def compare_groups(
    contract: Contract,
    pairs: "pd.DataFrame",
    groups: "pd.DataFrame",
    compare: "Callable[[pd.DataFrame], Comparison]",
) -> tuple[tuple[GroupGain, ...], tuple[str, ...]]:
    """Compare two versions on the rows of each protected group by itself.

    Args:
        contract: The model's contract.
        pairs: What both versions gave, and the label; one row a prediction.
        groups: The protected attributes of the same rows.
        compare: Compares two versions on some of the rows.

    Returns:
        One gain for each group with enough rows, and the groups that have none; a
        value that stands for no answer need not be measured.
    """
    gains, unmeasured = [], []
    for column, value, rows in _groups_of(contract, groups):
        gain: GroupGain | str = f"{len(rows)} rows"
        if len(rows) >= contract.policy.min_group_rows:
            gain = _gain_of(compare(pairs.loc[rows]), column, value)
        if isinstance(gain, GroupGain):
            gains.append(gain)
        # Rows without an answer are no group that anybody could wrong.
        elif value.strip().lower() not in NO_ANSWER:
            unmeasured.append(f"{column}={value} ({gain})")
    return tuple(gains), tuple(unmeasured)


def _groups_of(
    contract: Contract, groups: "pd.DataFrame"
) -> "Iterator[tuple[str, str, pd.Index]]":
    """List the groups of every protected column with the labels of their rows."""
    for column in contract.columns.protected:
        for value, rows in groups.groupby(column, observed=True).groups.items():
            yield column, str(value), rows


def _gain_of(comparison: Comparison, column: str, value: str) -> GroupGain | str:
    """Return the gain of one group, or why there is none."""
    gain, lower, upper = comparison.gain, comparison.lower, comparison.upper
    if gain is None or lower is None or upper is None:
        return comparison.reason
    return GroupGain(
        column=column,
        value=value,
        gain=gain,
        lower=lower,
        upper=upper,
        rows=comparison.rows,
    )
