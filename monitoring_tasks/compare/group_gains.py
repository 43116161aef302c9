"""What another version would do to each protected group."""

from typing import TYPE_CHECKING

from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.domain.comparisons import Comparison, GroupGain
from monitoring_tasks.domain.groups import UNKNOWN as NO_ANSWER

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd


def compare_groups(
    contract: Contract,
    paired: "pd.DataFrame",
    groups: "pd.DataFrame",
    compare: "Callable[[pd.DataFrame], Comparison]",
) -> tuple[tuple[GroupGain, ...], tuple[str, ...]]:
    """Compare two versions on the rows of each protected group by itself.

    Args:
        contract: The model's contract.
        paired: What both versions gave, and the label; one row a prediction.
        groups: The protected attributes of the same rows.
        compare: Compares two versions on some of the rows.

    Returns:
        One gain for each group with enough rows, and the groups that have none; a
        value that stands for no answer need not be measured.
    """
    found, unmeasured = [], []
    for column in contract.columns.protected:
        for value, rows in groups.groupby(column, observed=True).groups.items():
            is_answer = str(value).strip().lower() not in NO_ANSWER
            if len(rows) < contract.policy.min_group_rows:
                why = f"{len(rows)} rows"
                unmeasured += [f"{column}={value} ({why})"] if is_answer else []
                continue
            one = compare(paired.loc[rows])
            if one.gain is None or one.lower is None or one.upper is None:
                unmeasured += [f"{column}={value} ({one.reason})"] if is_answer else []
                continue
            gain = GroupGain(
                column=column,
                value=str(value),
                gain=one.gain,
                lower=one.lower,
                upper=one.upper,
                rows=one.rows,
            )
            found.append(gain)
    return tuple(found), tuple(unmeasured)
