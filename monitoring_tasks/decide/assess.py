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
    """Return the worst verdict of the objectives; findings that may only warn are out.

    An objective is in `breach` when it is over any horizon. Else the shortest horizon
    that can tell decides: where a day alone is too noisy, its week may do. A finding
    that is `immature` counts only when there is nothing else: before labels arrive the
    estimate is all the evidence there is.
    """
    # The last part of a key is the horizon: one group is one objective.
    by_objective = groupby(
        sorted(decisive_findings(findings), key=_horizon_order),
        lambda f: f.measurement.key[:-1],
    )
    verdicts = [_over_horizons([f.verdict for f in group]) for _, group in by_objective]
    mature = [verdict for verdict in verdicts if verdict is not Verdict.IMMATURE]
    return worst(mature or verdicts)


def decisive_findings(findings: Sequence[Finding]) -> list[Finding]:
    """Return the findings that say how well the model does; warnings aside.

    Once labels have come they are the judge, and the estimate of the same number is
    left out; an estimate that failed is not. A release that is not proven worse yet
    says nothing.
    """
    labelled = {
        _about(f)
        for f in findings
        if f.measurement.kind is Kind.REALIZED and f.verdict in VALID
    }
    return [
        f
        for f in findings
        if f.measurement.kind not in ADVISORY
        and not (_is_a_guess(f) and _about(f) in labelled)
        and not (f.measurement.kind is Kind.COMPARISON and f.verdict not in VALID)
    ]


def _is_a_guess(finding: Finding) -> bool:
    is_estimate = finding.measurement.kind is Kind.ESTIMATED
    return is_estimate and finding.verdict in VALID | {Verdict.INCONCLUSIVE}


def _about(finding: Finding) -> tuple[str, str, str]:
    number = finding.measurement
    return (number.metric, number.segment, number.version)


def _horizon_order(finding: Finding) -> tuple[str, ...]:
    """Sort by objective, then by horizon; padded, so that 7 days come before 28."""
    *objective, horizon = finding.measurement.key
    return (*map(str, objective), f"{horizon:09d}")


def _over_horizons(verdicts: Sequence[Verdict]) -> Verdict:
    """Return the verdict of one objective from those over its horizons, shortest first.

    Where the day cannot tell or has no number, the next horizon that can tell decides;
    `no_data` is left only where no horizon has a number. A day whose labels are to
    come is not made good by the days before it.
    """
    # A day that is fine does not excuse a week that is not; warnings of longer
    # horizons are old news where the day itself can tell.
    if Verdict.BREACH in verdicts or verdicts[0] not in UNDECIDED:
        return worst(v for v in verdicts if v is verdicts[0] or v is Verdict.BREACH)
    valid = next((v for v in verdicts if v in VALID), None)
    measured = next((v for v in verdicts if v is Verdict.INCONCLUSIVE), verdicts[0])
    return valid or measured


def day_verdict(
    performance: Verdict, findings: Sequence[Finding], *, is_corrupted: bool = False
) -> Verdict:
    """Return the verdict of the day: its performance, and what may only warn.

    Inputs that moved are news only while nobody knows whether they hurt: where mature
    labels say that an objective is met, drift stays in its finding. A forecast is made
    from such labels, so it is news even then, and so are rows that have looked damaged
    for days and overdue labels of other days. Drift that could not be measured does
    not hide what the performance says.

    Args:
        performance: Worst verdict of the objectives.
        findings: The judged numbers of the day.
        is_corrupted: Whether rows have looked damaged for days, or labels were lost.
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
    """Return the findings that the labels of several days are overdue."""
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
    """Return the count of the first rule that confirms a breach; else of the first.

    Args:
        today: The day being decided.
        history: Earlier days, oldest first.
        rules: How many of how many days confirm, the fast rule before the slow; one or
            more.
    """
    counted = [persistence_of(today, history, rule) for rule in rules]
    return next((count for count in counted if count.confirmed), counted[0])


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
    """Return the first day of the run of bad days of today's version, however long.

    Args:
        today: The day being decided.
        history: Earlier days, oldest first.
        rule: How many bad days of how many confirm a breach.
    """
    same = [past for past in history if past.version == today.version]
    valid = [past for past in [*same, today] if past.performance in VALID]
    return run_onset([(past.day, _is_bad(past)) for past in valid], rule)


def warns_for_long(
    today: PastDay, history: Sequence[PastDay], rule: PersistenceRule
) -> bool:
    """Whether today warns and enough of the last valid days did, or were worse.

    Days of other versions, and those without a valid verdict, are passed over.

    Args:
        today: The day being decided.
        history: Earlier days, oldest first.
        rule: How many of how many days are enough.
    """
    same = [past for past in history if past.version == today.version]
    valid = [past for past in [*same, today] if past.verdict in VALID]
    loud = [past for past in valid[-rule.of_days :] if past.verdict in LOUD]
    return today.verdict in LOUD and len(loud) >= rule.bad_days


def _is_bad(past: PastDay) -> bool:
    return past.performance is Verdict.BREACH
