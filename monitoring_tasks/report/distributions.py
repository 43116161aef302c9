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
from monitoring_tasks.report.series import drifted_today
from monitoring_tasks.report.words import number, percent

MOST_CATEGORIES = 7
MOST_COLUMNS = 60
"""Columns drawn on a page; those that drifted come first."""
LONGEST_NAME = 40
"""Characters of a category's name in a chart."""
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
    """Return the distribution of each column of the reference, or why there is none."""
    reference, profile = facts.reference, facts.profile
    if profile is None or profile.rows == 0:
        return "the day's rows were not counted"
    if reference is None:
        return f"version {profile.version} has no reference to compare with"
    columns = reference.profile.columns
    drifted = [finding.measurement.column for finding in drifted_today(facts)]
    ranked = list(columns)
    # Only then: else columns keep the order readers know.
    if len(ranked) > MOST_COLUMNS:
        ranked.sort(key=lambda name: name not in drifted)
    return [
        _distribution(
            name, columns[name], profile.columns.get(name), reference.bins.get(name)
        )
        for name in ranked[:MOST_COLUMNS]
    ]


def _distribution(
    column: str, reference: ColumnCounts, day: ColumnCounts | None, bins: Bins | None
) -> Distribution:
    if day is None:
        return Distribution(column=column, reason="not counted on this day")
    if not day.valid or not reference.valid:
        side = "the day" if reference.valid else "the reference"
        return Distribution(column=column, reason=f"{side} has no valid value")
    match reference, day:
        case CategoricalCounts(), CategoricalCounts():
            return _categories(column, reference, day)
        case ContinuousCounts(), ContinuousCounts():
            if bins is None:
                why = "the reference has no bins for it"
                return Distribution(column=column, reason=why)
            return _bins(column, reference, day, bins)
    why = "the column is counted another way than the reference"
    return Distribution(column=column, reason=why)


def _bins(
    column: str, reference: ContinuousCounts, day: ContinuousCounts, bins: Bins
) -> Distribution:
    width = (bins.high - bins.low) / bins.coarse
    cells = [
        (bins.low + i * width, reference.coarse.get(i, 0), day.coarse.get(i, 0))
        for i in range(bins.coarse)
    ]
    # What lies outside the bins gets a bar of its own at either end.
    if reference.below or day.below:
        cells.insert(0, (bins.low - width, reference.below, day.below))
    if reference.above or day.above:
        cells.append((bins.high, reference.above, day.above))
    rows = tuple(
        {
            "low": low,
            "high": low + width,
            "reference": before / reference.valid,
            "day": now / day.valid,
        }
        for low, before, now in cells
    )
    outside = day.below + day.above
    remark = _nulls(reference, day)
    if outside:
        span = f"{number(bins.low)} to {number(bins.high)}"
        remark += f"; {percent(outside / day.valid)} outside {span}"
    return Distribution(column=column, rows=rows, remark=remark)


def _categories(
    column: str, reference: CategoricalCounts, day: CategoricalCounts
) -> Distribution:
    """Keep the categories that are most common on either side; pool the others.

    Where the reference does not list all of its own, no category can be called unseen.
    """
    shares = {
        name: (
            reference.counts.get(name, 0) / reference.valid,
            day.counts.get(name, 0) / day.valid,
        )
        for name in {**reference.counts, **day.counts}
    }
    ranked = sorted(shares, key=lambda name: (-max(shares[name]), name))
    kept, pooled = ranked[:MOST_CATEGORIES], ranked[MOST_CATEGORIES:]
    unseen = [] if reference.other else [n for n in ranked if not shares[n][0]]
    named = _short_names([f"unseen: {n}" if n in unseen else n for n in kept])
    rows = [
        _category(text, *shares[name]) for text, name in zip(named, kept, strict=True)
    ]
    unnamed = (reference.other / reference.valid, day.other / day.valid)
    if pooled or any(unnamed):
        before, now = (
            sum(shares[name][side] for name in pooled) + unnamed[side]
            for side in (0, 1)
        )
        rows.append(_category(OTHERS, before, now))
    remark = _nulls(reference, day)
    count = len(unseen) + day.other_categories
    if count and not reference.other:
        share = sum(shares[name][1] for name in unseen) + unnamed[1]
        remark += f"; {percent(share)} unseen (categories: {count})"
    elif day.other_categories:
        remark += f"; {day.other_categories} rare categories are one"
    return Distribution(
        column=column, is_continuous=False, rows=tuple(rows), remark=remark
    )


def _short_names(names: list[str]) -> list[str]:
    """Shorten names for a chart; equal ones get a number, or they would be one bar."""
    short: list[str] = []
    for name in names:
        text = name if len(name) <= LONGEST_NAME else f"{name[:LONGEST_NAME]}…"
        same = sum(other.startswith(text) for other in short)
        short.append(f"{text} ({same + 1})" if same else text)
    return short


def _category(name: str, before: float, now: float) -> dict[str, Any]:
    return {"name": name, "reference": before, "day": now}


def _nulls(reference: ColumnCounts, day: ColumnCounts) -> str:
    before, now = reference.nulls / reference.rows, day.nulls / day.rows
    return f"nulls {percent(now)} (reference {percent(before)})"
