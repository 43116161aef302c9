"""What each rule made of days with nobody's fault in them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import date

from benchmarks.judgement import natural, work
from benchmarks.judgement.cases import WORLDS
from benchmarks.judgement.rules import SPLITS, Facts, rules
from benchmarks.judgement.score import pages, share, yearly


def false_pages(months: Mapping[str, list[natural.Month]]) -> Iterator[Facts]:
    """Count false pages on days whose month was clean, by world and split."""
    for tool, rule in rules():
        for split in SPLITS:
            total = [0, 0, 0, 0]
            for name, found in months.items():
                counts = _false(tool, rule, split, name=name, found=found)
                if counts is None:
                    continue
                total = [old + new for old, new in zip(total, counts, strict=True)]
                yield _rate(tool, rule, split, world=name, counts=counts)
            if total[0]:
                yield _rate(tool, rule, split, world="all", counts=total)


def _false(
    tool: str, rule: str, split: str, *, name: str, found: list[natural.Month]
) -> list[int] | None:
    """Count clean days, those looked at, false pages and false alarm days."""
    answers = work.clean_answers(tool, name)
    states = natural.states(found)
    counted = {
        day
        for day, state in states.items()
        if state == "clean" and _split(name, day) == split
    }
    alarms = {answer.day: answer.alerts[rule] for answer in answers}
    looked = counted & set(alarms)
    if not looked:
        return None
    loud = sum(alarms[day] for day in looked)
    return [len(counted), len(looked), pages(alarms, counted), loud]


def _rate(
    tool: str, rule: str, split: str, *, world: str, counts: Sequence[int]
) -> Facts:
    days, looked, begun, loud = counts
    return {
        "tool": tool,
        "rule": rule,
        "split": split,
        "world": world,
        "pages": asdict(yearly(begun, days)),
        "alarm_days": asdict(share(loud, looked)),
    }


def real_losses(months: Mapping[str, list[natural.Month]]) -> Iterator[Facts]:
    """Say when each rule called somebody in a stretch of months that was bad."""
    for name, found in months.items():
        for stretch in _stretches(found):
            days = [day for month in stretch for day in month.days]
            for tool, rule in rules():
                answers = work.clean_answers(tool, name)
                loud = [a for a in answers if a.day in set(days) and a.alerts[rule]]
                if not answers:
                    continue
                yield {
                    "world": name,
                    "version": stretch[0].version,
                    "from": days[0].isoformat(),
                    "until": days[-1].isoformat(),
                    "split": _split(name, days[0]),
                    "loss": max(m.reference - m.auc for m in stretch),
                    "tool": tool,
                    "rule": rule,
                    "days_to_find": (loud[0].day - days[0]).days + 1 if loud else None,
                    "cause": loud[0].cause if loud else "",
                }


def _stretches(found: list[natural.Month]) -> Iterator[list[natural.Month]]:
    stretch: list[natural.Month] = []
    for month in [*found, None]:
        is_bad = month is not None and month.state == "bad"
        is_same = not stretch or (
            month is not None and month.version == stretch[-1].version
        )
        if stretch and not (is_bad and is_same):
            yield stretch
            stretch = []
        if month is not None and is_bad:
            stretch.append(month)


def _split(name: str, day: date) -> str:
    return "tuning" if day <= WORLDS[name].tuned_until else "evaluation"
