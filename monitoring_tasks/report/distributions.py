"""What each column looked like on the day, beside its reference."""

from dataclasses import dataclass
from typing import Any

from monitoring_tasks.domain.counts import (
    Bins,
    CategoricalCounts,
    ColumnCounts,
    ContinuousCounts,
)
from monitoring_tasks.report.facts import Facts
from monitoring_tasks.report.words import number, percent

MOST_CATEGORIES = 7
OTHERS = "all others"


@dataclass(frozen=True, slots=True, kw_only=True)
class Distribution:
    """One column: shares of the reference and of the day, ready to draw.

    Attributes:
        column: Name of the column.
        is_continuous: Whether the rows are bins or categories.
        rows: `name` or `low` and `high`; `reference` and `day` as shares, 0..1.
        remark: Nulls, values out of range, unseen categories: in words.
        reason: Why there are no rows.
    """

    column: str
    is_continuous: bool = True
    rows: tuple[dict[str, Any], ...] = ()
    remark: str = ""
    reason: str = ""


def distributions(facts: Facts) -> list[Distribution] | str:
    """Give the distribution of every column of the reference, or why there is none."""
    reference, profile = facts.reference, facts.profile
    if profile is None or profile.rows == 0:
        return "the day's rows were not counted"
    if reference is None:
        return f"version {profile.version} has no reference to compare with"
    return [
        _distribution(name, whole, profile.columns.get(name), reference.bins.get(name))
        for name, whole in reference.profile.columns.items()
    ]


def _distribution(
    column: str, whole: ColumnCounts, part: ColumnCounts | None, bins: Bins | None
) -> Distribution:
    if part is None:
        return Distribution(column=column, reason="not counted on this day")
    if not part.valid or not whole.valid:
        side = "the day" if whole.valid else "the reference"
        return Distribution(column=column, reason=f"{side} has no valid value")
    match whole, part:
        case CategoricalCounts(), CategoricalCounts():
            return _categories(column, whole, part)
        case ContinuousCounts(), ContinuousCounts():
            if bins is None:
                why = "the reference has no bins for it"
                return Distribution(column=column, reason=why)
            return _bins(column, whole, part, bins)
    why = "the column is counted another way than the reference"
    return Distribution(column=column, reason=why)


def _bins(
    column: str, whole: ContinuousCounts, part: ContinuousCounts, bins: Bins
) -> Distribution:
    width = (bins.high - bins.low) / bins.coarse
    cells = [
        (bins.low + i * width, whole.coarse.get(i, 0), part.coarse.get(i, 0))
        for i in range(bins.coarse)
    ]
    if whole.below or part.below:
        cells.insert(0, (bins.low - width, whole.below, part.below))
    if whole.above or part.above:
        cells.append((bins.high, whole.above, part.above))
    rows = tuple(
        {
            "low": low,
            "high": low + width,
            "reference": before / whole.valid,
            "day": now / part.valid,
        }
        for low, before, now in cells
    )
    outside = part.below + part.above
    remark = _nulls(whole, part)
    if outside:
        span = f"{number(bins.low)} to {number(bins.high)}"
        remark += f"; {percent(outside / part.valid)} outside {span}"
    return Distribution(column=column, rows=rows, remark=remark)


def _categories(
    column: str, whole: CategoricalCounts, part: CategoricalCounts
) -> Distribution:
    """Keep the categories that matter most on either side; pool the others.

    Where the reference does not name all of its own, nobody knows which ones are new.
    """
    shares = {
        name: (
            whole.counts.get(name, 0) / whole.valid,
            part.counts.get(name, 0) / part.valid,
        )
        for name in {**whole.counts, **part.counts}
    }
    ranked = sorted(shares, key=lambda name: (-max(shares[name]), name))
    kept, rest = ranked[:MOST_CATEGORIES], ranked[MOST_CATEGORIES:]
    unseen = [] if whole.other else [n for n in ranked if not shares[n][0]]
    rows = [
        _category(f"unseen: {name}" if name in unseen else name, *shares[name])
        for name in kept
    ]
    unnamed = (whole.other / whole.valid, part.other / part.valid)
    if rest or any(unnamed):
        before, now = (
            sum(shares[name][side] for name in rest) + unnamed[side] for side in (0, 1)
        )
        rows.append(_category(OTHERS, before, now))
    remark = _nulls(whole, part)
    count = len(unseen) + part.other_categories
    if count and not whole.other:
        share = sum(shares[name][1] for name in unseen) + unnamed[1]
        remark += f"; {percent(share)} unseen (categories: {count})"
    elif part.other_categories:
        remark += f"; {part.other_categories} rare categories are one"
    return Distribution(
        column=column, is_continuous=False, rows=tuple(rows), remark=remark
    )


def _category(name: str, before: float, now: float) -> dict[str, Any]:
    return {"name": name, "reference": before, "day": now}


def _nulls(whole: ColumnCounts, part: ColumnCounts) -> str:
    before, now = whole.nulls / whole.rows, part.nulls / part.rows
    return f"nulls {percent(now)} (reference {percent(before)})"
