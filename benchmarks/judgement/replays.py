"""What each rule made of days with nobody's fault in them.

Pages are counted in two ways: as runs of alarms, for every rule alike, and as
Daywatch's own incident ledger counts them.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import date

from benchmarks.judgement import natural, work
from benchmarks.judgement.ledger import entries
from benchmarks.judgement.rules import SPLITS, Facts, rules
from benchmarks.judgement.score import pages, share, yearly
from benchmarks.judgement.worlds import WATCHED


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
    counted = clean_days(name, found, split)
    alarms = {answer.day: answer.alerts[rule] for answer in answers}
    looked = counted & set(alarms)
    if not looked:
        return None
    loud = sum(alarms[day] for day in looked)
    return [len(counted), len(looked), pages(alarms, counted), loud]


def clean_days(name: str, found: list[natural.Month], split: str) -> set[date]:
    """Return the clean days of a split."""
    return {
        day
        for day, state in natural.states(found).items()
        if state == "clean" and _split(name, day) == split
    }


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


def ledger_pages(months: Mapping[str, list[natural.Month]]) -> Iterator[Facts]:
    """Count what Daywatch's ledger makes of the same days, by world and split.

    The ledger reads every day of a world, those in trouble included, and nobody closes
    anything; what it opened or paged about on a clean day counts.
    """
    for split in SPLITS:
        total = [0, 0, 0]
        for name, found in months.items():
            counted = clean_days(name, found, split)
            answers = work.clean_answers("daywatch", name)
            if not counted or not answers:
                continue
            kept = entries(answers, WATCHED[name].parsed)
            opened = sum(entry.opened in counted for entry in kept)
            paged = sum(entry.paged in counted for entry in kept)
            total = [total[0] + len(counted), total[1] + opened, total[2] + paged]
            yield _booked(split, name, (len(counted), opened, paged))
        if total[0]:
            yield _booked(split, "all", total)


def _booked(split: str, world: str, counts: Sequence[int]) -> Facts:
    days, opened, paged = counts
    return {
        "split": split,
        "world": world,
        "opened": asdict(yearly(opened, days)),
        "paged": asdict(yearly(paged, days)),
    }


def drifted_halves(months: Mapping[str, list[natural.Month]]) -> Iterator[Facts]:
    """Say what each rule made of the drifts that the makers of a set put in."""
    for name, found in months.items():
        since = WATCHED[name].drifted_from
        if since is None:
            continue
        drifted = [month for month in found if month.is_drifted]
        days = sum(len(month.days) for month in drifted)
        loss = sum(month.loss * len(month.days) for month in drifted) / days
        for tool, rule in rules():
            answers = work.clean_answers(tool, name)
            after = [a for a in answers if a.day >= since]
            loud = [a for a in after if a.alerts[rule]]
            before = [a.alerts[rule] for a in answers if a.day < since]
            if answers:
                yield {
                    "world": name,
                    "from": since.isoformat(),
                    "loss": loss,
                    "tool": tool,
                    "rule": rule,
                    "before": asdict(share(sum(before), len(before))),
                    "after": asdict(share(len(loud), len(after))),
                    "first": (loud[0].day - since).days + 1 if loud else None,
                    "cause": loud[0].cause if loud else "",
                }


def allowed_loss(world: str) -> float | None:
    """Say how much of its realized quality a world's contract lets go; None: no word.

    The allowance alone: the limit also leaves room for the day-to-day spread.
    """
    contract = WATCHED[world].parsed
    metric = natural.METRICS[contract.problem]
    allowed = [
        one.max_drop
        for one in contract.objectives
        if (one.metric, one.source) == (metric, "realized") and one.max_drop is not None
    ]
    return min(allowed, default=None)


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
                    "loss": max(m.loss for m in stretch),
                    "metric": stretch[0].metric,
                    "allowed": allowed_loss(name),
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
    return "tuning" if day <= WATCHED[name].tuned_until else "evaluation"
