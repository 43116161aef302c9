"""The day as a whole: its verdict, and whether a breach has lasted."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby, takewhile

from monitoring_tasks.contract.persistence import PersistenceRule
from monitoring_tasks.domain.decisions import PastDay
from monitoring_tasks.domain.findings import (
    ADVISORY,
    VALID,
    Finding,
    Kind,
    Verdict,
    worst,
)

LOUD = frozenset({Verdict.WARN, Verdict.BREACH})
UNDECIDED = frozenset({Verdict.INCONCLUSIVE, Verdict.NO_DATA})
"""Verdicts over a horizon that leave the word to a longer one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Persistence:
    """How long a breach has been going on.

    Attributes:
        bad_days: Days in breach among the counted valid days, today included.
        of_days: Valid days that were counted, today included.
        confirmed: Whether that is enough, and today is one of the bad ones.
        onset: First of the counted days in breach; None when there is none.
        streak: Valid days in breach without a break up to today.
    """

    bad_days: int
    of_days: int
    confirmed: bool
    onset: PastDay | None
    streak: int


def performance_verdict(findings: Sequence[Finding]) -> Verdict:
    """Return the worst verdict of the objectives, what may only warn left aside.

    An objective is in `breach` when it is over any horizon. Else the shortest horizon
    that can tell speaks for it: where a day alone is too noisy, its week may do. A
    finding that is `immature` speaks only when nothing else does: before labels
    arrive the estimate is the evidence there is.
    """
    by_promise = groupby(
        sorted(decisive_findings(findings), key=_place),
        lambda f: f.measurement.key[:-1],
    )
    verdicts = [_over_horizons([f.verdict for f in group]) for _, group in by_promise]
    spoken = [verdict for verdict in verdicts if verdict is not Verdict.IMMATURE]
    return worst(spoken or verdicts)


def decisive_findings(findings: Sequence[Finding]) -> list[Finding]:
    """Return the findings that say how well the model does, what may only warn aside.

    Once labels tell, they are the judge and the estimate of the same number is left
    aside; one that failed is not. A release that is not proven worse yet says nothing.
    """
    told = {
        _about(f)
        for f in findings
        if f.measurement.kind is Kind.REALIZED and f.verdict in VALID
    }
    return [
        f
        for f in findings
        if f.measurement.kind not in ADVISORY
        and not (_is_a_guess(f) and _about(f) in told)
        and not (f.measurement.kind is Kind.COMPARISON and f.verdict not in VALID)
    ]


def _is_a_guess(finding: Finding) -> bool:
    is_estimate = finding.measurement.kind is Kind.ESTIMATED
    return is_estimate and finding.verdict in VALID | {Verdict.INCONCLUSIVE}


def _about(finding: Finding) -> tuple[str, str, str]:
    number = finding.measurement
    return (number.metric, number.segment, number.version)


def _place(finding: Finding) -> tuple[str, ...]:
    *who, horizon = finding.measurement.key
    return (*map(str, who), f"{horizon:09d}")


def _over_horizons(verdicts: Sequence[Verdict]) -> Verdict:
    """Return the verdict of one objective from those over its horizons, shortest first.

    Where the day cannot tell or has no number, the next horizon that can tell decides;
    `no_data` is left only where no horizon has a number. A day whose labels are to
    come is not made good by the days before it.
    """
    if Verdict.BREACH in verdicts or verdicts[0] not in UNDECIDED:
        return worst(v for v in verdicts if v is verdicts[0] or v is Verdict.BREACH)
    valid = next((v for v in verdicts if v in VALID), None)
    measured = next((v for v in verdicts if v is Verdict.INCONCLUSIVE), verdicts[0])
    return valid or measured


def day_verdict(
    performance: Verdict, findings: Sequence[Finding], *, is_corrupted: bool = False
) -> Verdict:
    """Return the verdict of the day: performance, and what may only warn.

    Inputs that moved are news only while nobody knows whether they hurt: where mature
    labels say that an objective is met, drift is told in its finding and stays there.
    A forecast is made from such labels, so that it is news just then, and so are rows
    that look damaged for days, and labels of other days that are overdue. Drift that
    could not be measured does not hide what the performance says.
    """
    is_known_good = performance is Verdict.OK and any(
        f.verdict is Verdict.OK for f in findings if f.measurement.kind is Kind.REALIZED
    )
    warned = {
        f.measurement.kind
        for f in findings
        if f.measurement.kind in ADVISORY and f.verdict is Verdict.WARN
    }
    is_news = is_corrupted or bool(overdue(findings)) or Kind.FORECAST in warned
    is_news = is_news or (bool(warned) and not is_known_good)
    return worst([performance, Verdict.WARN] if is_news else [performance])


def overdue(findings: Sequence[Finding]) -> list[Finding]:
    """Return what says that the labels of several days are overdue."""
    return [
        finding
        for finding in findings
        if finding.measurement.kind is Kind.LABELS
        and finding.measurement.metric == "label_overdue_days"
        and finding.verdict is Verdict.WARN
    ]


def confirmed_by_any(
    today: PastDay, history: Sequence[PastDay], rules: Sequence[PersistenceRule]
) -> Persistence:
    """Return the count of the first rule that confirms a breach; else of the first."""
    counted = [persistence_of(today, history, rule) for rule in rules]
    return next((found for found in counted if found.confirmed), counted[0])


def persistence_of(
    today: PastDay, history: Sequence[PastDay], rule: PersistenceRule
) -> Persistence:
    """Count bad days among the last valid days of today's version.

    Args:
        today: The day being decided.
        history: Earlier days, oldest first; other versions and days without a valid
            verdict are passed over, so that missing evidence neither confirms a
            breach nor ends one.
        rule: How many of how many.
    """
    same = [past for past in history if past.version == today.version]
    valid = [past for past in [*same, today] if past.performance in VALID]
    counted = valid[-rule.of_days :]
    bad = [past for past in counted if _is_bad(past)]
    return Persistence(
        bad_days=len(bad),
        of_days=len(counted),
        confirmed=today.performance is Verdict.BREACH and len(bad) >= rule.bad_days,
        onset=bad[0] if bad else None,
        streak=len(list(takewhile(_is_bad, reversed(valid)))),
    )


def run_onset(days: Sequence[tuple[date, bool]], rule: PersistenceRule) -> date | None:
    """Return the first day of the run of bad days that reaches the last of some days.

    So many good days in a row as the rule lets pass do not break it.

    Args:
        days: Days in order, and whether each was bad.
        rule: How many bad days of how many confirm.
    """
    onset, good = None, 0
    for day, is_bad in reversed(days):
        good = 0 if is_bad else good + 1
        if good > rule.of_days - rule.bad_days:
            break
        onset = day if is_bad else onset
    return onset


def breach_onset(
    today: PastDay, history: Sequence[PastDay], rule: PersistenceRule
) -> date | None:
    """Return the first day of the run of bad days of today's version, however long."""
    same = [past for past in history if past.version == today.version]
    valid = [past for past in [*same, today] if past.performance in VALID]
    return run_onset([(past.day, _is_bad(past)) for past in valid], rule)


def warns_for_long(
    today: PastDay, history: Sequence[PastDay], rule: PersistenceRule
) -> bool:
    """Whether today warns and enough of the last valid days did, or were worse.

    Days of other versions, and those without a valid verdict, are passed over.
    """
    same = [past for past in history if past.version == today.version]
    valid = [past for past in [*same, today] if past.verdict in VALID]
    loud = [past for past in valid[-rule.of_days :] if past.verdict in LOUD]
    return today.verdict in LOUD and len(loud) >= rule.bad_days


def _is_bad(past: PastDay) -> bool:
    return past.performance is Verdict.BREACH
