"""Section `segments`: where the loss sits, and how much of it each part explains."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from monitoring_tasks.domain.findings import Verdict
from monitoring_tasks.domain.json_values import JsonObject
from monitoring_tasks.domain.profiles import DayProfile
from monitoring_tasks.domain.root_cause import PackFacts, Section
from monitoring_tasks.respond.root_cause.losses import (
    Loss,
    added,
    loss_of,
    metric_name,
)

NAME = "segments"
WEAK = "weak_segments"
"""Where the evidence of a decision keeps the segments a search came to."""
MOST_SEGMENTS = 12
ALL = "all"
BySegment = Mapping[str, Loss]


def segments_section(facts: PackFacts) -> Section:
    """Return the segments that lost most: declared ones, and those of the search.

    Args:
        facts: Counts by segment of the bad days, and of good days before them.
    """
    day, model = facts.evaluation.day.isoformat(), facts.evaluation.model
    missing: list[str] = []
    declared = _declared(facts, missing)
    searched = _searched(facts.evaluation.evidence.get(WEAK), missing)
    data = {"declared": declared, "searched": searched}
    return Section(
        name=NAME,
        command=f"daywatch segments {model} --day {day} --json",
        data=data if declared or searched else None,
        missing=missing,
    )


def explained(before: BySegment, after: BySegment) -> list[JsonObject]:
    """Return how much of the change of the mean loss each segment brings about.

    By `within`, its share of today's rows times the change of its own mean loss; and by
    `mix`, the change of its share times how far its loss lay from the mean before. Over
    all segments of a column both add up to the change exactly.

    Args:
        before: Segment of one column -> its loss on good days.
        after: The same on the bad days.

    Returns:
        Segments, the one that brings most first. `share` is that of the change of the
        mean loss; None where the loss did not rise.
    """
    whole_before, whole_after = added(before.values()), added(after.values())
    change = whole_after.mean - whole_before.mean
    lines = [
        _line(
            name,
            before.get(name, Loss()),
            after.get(name, Loss()),
            whole=(whole_before, whole_after),
        )
        for name in {*before, *after}
    ]
    shared = [
        line
        | {"share": (line["within"] + line["mix"]) / change if change > 0 else None}
        for line in lines
    ]
    return sorted(
        shared, key=lambda line: (-line["within"] - line["mix"], line["segment"])
    )


def _line(
    name: str, before: Loss, after: Loss, *, whole: tuple[Loss, Loss]
) -> dict[str, Any]:
    was, now = before.rows / whole[0].rows, after.rows / whole[1].rows
    # A segment that was not there before did as the mean then: all is mix otherwise.
    usual = before.mean if before.rows else whole[0].mean
    return {
        "segment": name,
        "rows": after.rows,
        "rows_before": before.rows,
        "loss": after.mean,
        "loss_before": before.mean,
        "within": now * (after.mean - usual) if after.rows else 0.0,
        "mix": (now - was) * (usual - whole[0].mean),
    }


def _declared(facts: PackFacts, missing: list[str]) -> JsonObject | None:
    good_days = _good_days(facts)
    bad = [p for p in facts.bad_profiles() if p.segment != ALL]
    good = [
        p for p in facts.earlier_profiles if p.segment != ALL and p.day in good_days
    ]
    if why := _why_not(bad, good, is_fit=facts.evaluation.is_fit):
        missing.append(f"declared segments: {why}")
        return None
    before, after = _by_column(good), _by_column(bad)
    columns = {
        column: explained(before.get(column, {}), after[column])[:MOST_SEGMENTS]
        for column in sorted(after)
        if added(after[column].values()).rows
        and added(before.get(column, {}).values()).rows
    }
    if not columns:
        missing.append("declared segments: no labels of both good and bad days yet")
        return None
    return {
        "loss": metric_name(bad[0].outcome),
        "bad_days": sorted({p.day.isoformat() for p in bad}),
        "good_days": sorted({p.day.isoformat() for p in good}),
        "columns": columns,
    }


def _good_days(facts: PackFacts) -> set[object]:
    onset = facts.incident.onset_day
    return {
        evaluation.day
        for evaluation in facts.earlier
        if evaluation.day < onset and evaluation.performance is Verdict.OK
    }


def _why_not(
    bad: Sequence[DayProfile], good: Sequence[DayProfile], *, is_fit: bool
) -> str:
    if not bad and not is_fit:
        return "the day's rows were not fit to be counted"
    if not bad:
        return "none were counted; `columns.segments` names columns to watch"
    return "" if good else "no good day before was counted by segment"


def _by_column(profiles: Iterable[DayProfile]) -> dict[str, dict[str, Loss]]:
    parts: dict[str, dict[str, list[Loss]]] = defaultdict(lambda: defaultdict(list))
    for profile in profiles:
        column = profile.segment.partition("=")[0]
        parts[column][profile.segment].append(loss_of(profile.outcome))
    return {
        column: {name: added(losses) for name, losses in segments.items()}
        for column, segments in parts.items()
    }


def _searched(weak: JsonObject | None, missing: list[str]) -> JsonObject | None:
    """Return the weak segments of the day, with the share of the loss each holds."""
    if weak is None:
        missing.append("searched segments: the day was not searched for weak segments")
        return None
    if not weak["segments"]:
        missing.append(f"searched segments: {weak['reason'] or 'none is surely worse'}")
        return None
    segments = [segment | _shares(segment) for segment in weak["segments"]]
    return {**weak, "segments": segments}


def _shares(segment: JsonObject) -> JsonObject:
    """Return which share of all loss sits in a segment, and would go if it were mended.

    Mended: its rows lose what the rows elsewhere do.
    """
    share = segment["share"]
    inside = share * segment["value"]
    whole = inside + (1 - share) * segment["elsewhere"]
    excess = share * (segment["value"] - segment["elsewhere"])
    if whole <= 0:
        return {"share_of_loss": None, "share_above_elsewhere": None}
    return {"share_of_loss": inside / whole, "share_above_elsewhere": excess / whole}
