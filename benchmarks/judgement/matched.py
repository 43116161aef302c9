"""The same budget, literally: no more alarms on clean days than Daywatch raises.

A peer's rule is made stricter until it is as quiet: it calls somebody from so many
alerts a day on, where so many is the least that alarms on no larger a share of a
world's clean days of the evaluation than Daywatch does. That number is chosen on the
very days it is then judged by, for each world by itself: in the peers' favour. A tool
that stops with an error on a faulty day still calls.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, replace

from benchmarks.judgement import natural, work
from benchmarks.judgement.answers import Answer
from benchmarks.judgement.cases import Case
from benchmarks.judgement.catalogue import CASES
from benchmarks.judgement.faulty import GROUPS
from benchmarks.judgement.replays import clean_days
from benchmarks.judgement.rules import SPLITS, Facts, rules
from benchmarks.judgement.score import outcome, share

MINE = ("daywatch", "pages")


def quiet_bar(strengths: Sequence[float], budget: float) -> float:
    """Return the least strength above which at most a share of quiet days alarms.

    Args:
        strengths: How strong the alerts of each clean day were, 0 for none; at least
            one day.
        budget: Largest share of the days that may alarm, 0..1.

    Returns:
        0, where all alerts may alarm, or the strength of one of the days.
    """
    return next(
        bar
        for bar in sorted({0, *strengths})
        if sum(each > bar for each in strengths) <= budget * len(strengths)
    )


def least(counts: Sequence[int], budget: float) -> int:
    """Return the least number of alerts that alarms on at most a share of quiet days.

    Args:
        counts: How many alerts each clean day had; at least one day.
        budget: Largest share of the days that may alarm, 0..1.

    Returns:
        1 or more; one above the largest count where nothing less is quiet enough.
    """
    return int(quiet_bar(counts, budget)) + 1


def thresholds(months: Mapping[str, list[natural.Month]]) -> Iterator[Facts]:
    """Return every peer's rule its least number of alerts in every world."""
    for name, found in months.items():
        counted = clean_days(name, found, SPLITS[0])
        mine = [a for a in work.clean_answers(MINE[0], name) if a.day in counted]
        if not mine:
            continue
        budget = sum(a.alerts[MINE[1]] for a in mine) / len(mine)
        for tool, rule in rules():
            asked = [a for a in work.clean_answers(tool, name) if a.day in counted]
            if (tool, rule) == MINE or not asked:
                continue
            counts = [answer.counts[rule] for answer in asked]
            needed = least(counts, budget)
            yield {
                "tool": tool,
                "rule": rule,
                "world": name,
                "budget": budget,
                "least": needed,
                "alarm_days": asdict(
                    share(sum(count >= needed for count in counts), len(counts))
                ),
            }


def found(least_of: Sequence[Facts]) -> Iterator[Facts]:
    """Count what the stricter rules find, Daywatch beside them on the same cases."""
    needed = {
        (row["tool"], row["rule"], row["world"]): row["least"] for row in least_of
    }
    worlds = {row["world"] for row in least_of}
    for tool, rule in rules():
        for group, kinds in GROUPS.items():
            hits = [
                outcome(case, _stricter(answers, rule, bar), rule).is_in_time
                for case in _evaluated(worlds)
                if case.kind in kinds
                and (bar := _bar(needed, tool, rule, case.world)) is not None
                and (answers := work.case_answers(tool, case)) is not None
            ]
            if hits:
                key = {"tool": tool, "rule": rule, "group": group}
                yield key | {"in_time": asdict(share(sum(hits), len(hits)))}


def _evaluated(worlds: set[str]) -> Iterator[Case]:
    return (case for case in CASES if case.split == SPLITS[0] and case.world in worlds)


def _bar(
    needed: Mapping[tuple[str, str, str], int], tool: str, rule: str, world: str
) -> int | None:
    """Return the number of alerts from which a rule calls; 0: as it is."""
    return 0 if (tool, rule) == MINE else needed.get((tool, rule, world))


def _stricter(answers: Sequence[Answer], rule: str, bar: int) -> list[Answer]:
    if not bar:
        return list(answers)
    return [replace(a, alerts={rule: a.counts[rule] >= bar}) for a in answers]
