"""Counting what the tools said of the same days and cases, side by side. Pure.

A rule alarms where its alerts are stronger than its bar: at the tool's defaults any
alert alarms. Made as quiet as Daywatch, the bar is the least that alarms on no larger
a share of the clean days of the development worlds than Daywatch does; it is chosen on
nothing else. Where strength is a size, it is that of the farthest alert.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from benchmarks.generalisation.peers.looks import (
    COUNTS,
    INCIDENTS,
    SIZES,
    TOLD,
    ToolLook,
)
from benchmarks.generalisation.scoring import Judged
from benchmarks.generalisation.shares import share_of
from benchmarks.judgement.matched import quiet_bar

QUIET = {INCIDENTS: "Daywatch's incidents", TOLD: "all it tells"}
"""By Daywatch's rule: what another tool's rule is made as quiet as."""
Histories = Mapping[str, Sequence[ToolLook]]
"""By world: the looks at days without any fault."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """By what a tool calls somebody.

    Attributes:
        tool: Name of the tool.
        alerts: Which of its alerts count.
        strength: Whether their number or the largest size is held against the bar.
    """

    tool: str
    alerts: str
    strength: str = COUNTS

    def of(self, looks: Sequence[ToolLook]) -> float:
        """Return the strength of the strongest of some looks; 0 for no alert."""
        values = (getattr(look, self.strength)[self.alerts] for look in looks)
        return max((float(value) for value in values), default=0.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """The strength above which a rule alarms, and how it was chosen."""

    chosen: str
    above: float


DEFAULTS = Bar(chosen="defaults", above=0.0)
DAYWATCH_RULES = tuple(Rule(tool="daywatch", alerts=name) for name in QUIET)
PEER_RULES: Mapping[str, tuple[Rule, ...]] = {
    "nannyml": tuple(
        Rule(tool="nannyml", alerts=alerts, strength=strength)
        for alerts in ("any alert", "performance alerts")
        for strength in (COUNTS, SIZES)
    ),
    "evidently": tuple(
        Rule(tool="evidently", alerts=alerts)
        for alerts in ("any test", "drift tests", "performance tests")
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ToolCase:
    """A case and what each tool said of its faulty days, by tool."""

    judged: Judged
    looks: Mapping[str, Sequence[ToolLook]]


def by_rule(
    cases: Sequence[ToolCase],
    clean: Mapping[str, Histories],
    quiet: Mapping[str, Histories],
    tools: Sequence[str],
) -> list[dict[str, Any]]:
    """Return a row a rule and bar: clean days with an alarm, cases told.

    Args:
        cases: Cases every tool was asked about.
        clean: By tool: histories of the worlds of those cases.
        quiet: By tool: histories of the development worlds, by which bars are chosen.
        tools: The peers.
    """
    rows = [_row(rule, DEFAULTS, cases, clean) for rule in DAYWATCH_RULES]
    for tool in tools:
        for rule in PEER_RULES[tool]:
            if rule.strength == COUNTS:
                rows.append(_row(rule, DEFAULTS, cases, clean))
            rows += [_row(rule, bar, cases, clean) for bar in _bars(rule, quiet)]
    return rows


def _bars(rule: Rule, quiet: Mapping[str, Histories]) -> Iterator[Bar]:
    """Yield the bars of a rule that make it as quiet as each of Daywatch's."""
    strengths = _by_day(rule, quiet)
    names: dict[float, list[str]] = {}
    for like, name in QUIET.items():
        alarms = _by_day(Rule(tool="daywatch", alerts=like), quiet)
        both = strengths.keys() & alarms.keys()
        if both:
            budget = sum(alarms[day] > 0 for day in both) / len(both)
            above = quiet_bar([strengths[day] for day in both], budget)
            names.setdefault(above, []).append(name)
    for above, alike in names.items():
        # Any size alarms: that is any alert, which has its row.
        if above or rule.strength == COUNTS:
            yield Bar(chosen=f"as quiet as {' and '.join(alike)}", above=above)


def _by_day(
    rule: Rule, histories: Mapping[str, Histories]
) -> dict[tuple[str, date], float]:
    """Return the strength of every lived day of every world."""
    looks: dict[tuple[str, date], list[ToolLook]] = {}
    for world, history in histories.get(rule.tool, {}).items():
        for look in history:
            looks.setdefault((world, look.lived), []).append(look)
    return {key: rule.of(of_day) for key, of_day in looks.items()}


def _row(
    rule: Rule,
    bar: Bar,
    cases: Sequence[ToolCase],
    clean: Mapping[str, Histories],
) -> dict[str, Any]:
    strengths = _by_day(rule, clean).values()
    in_time = [
        (case.judged.case.is_told_by_labels, _in_time(case, rule, bar.above))
        for case in cases
        if case.judged.truth.is_harmful
    ]
    calm = [
        (case.judged.truth.is_control, bool(_alarms(case, rule, bar.above)))
        for case in cases
        if not case.judged.truth.is_harmful
    ]
    return {
        "tool": rule.tool,
        "alerts": rule.alerts,
        "strength": rule.strength,
        "bar": bar.chosen,
        "above": bar.above,
        "clean days with an alarm": share_of(each > bar.above for each in strengths),
        "harmful told in time": share_of(hit for _, hit in in_time),
        "within 3 days": share_of(hit for by_labels, hit in in_time if not by_labels),
        "within 7 days of labels": share_of(hit for by, hit in in_time if by),
        "harmless told": share_of(hit for is_control, hit in calm if not is_control),
        "nothing wrong, told": share_of(hit for is_control, hit in calm if is_control),
    }


def _alarms(case: ToolCase, rule: Rule, bar: float) -> list[int]:
    """Return the lived days with an alarm about a faulty day, from 0."""
    first = case.judged.looks[0].lived
    return [
        look.number
        for look in case.looks[rule.tool]
        if look.day >= first and rule.of([look]) > bar
    ]


def _in_time(case: ToolCase, rule: Rule, bar: float) -> bool:
    alarms = _alarms(case, rule, bar)
    return bool(alarms) and min(alarms) <= case.judged.last_in_time
