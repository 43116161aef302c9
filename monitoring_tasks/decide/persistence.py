"""Whether trouble has lasted: bad days counted among the latest valid ones. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import takewhile

from monitoring_tasks.contract.persistence import PersistenceRule
from monitoring_tasks.contract.policy import Policy
from monitoring_tasks.domain.decisions import PastDay
from monitoring_tasks.domain.findings import LOUD, VALID, Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Persistence:
    """How long a breach has been going on.

    Attributes:
        bad_days: Days in breach among the counted valid days, today included.
        of_days: Valid days that were counted, today included.
        confirmed: Whether that is enough, and today is one of the bad ones.
        streak: Valid days in breach without a break up to today.
    """

    bad_days: int
    of_days: int
    confirmed: bool
    streak: int


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
    # Missing evidence neither confirms a breach nor ends one.
    valid = [past for past in [*same, today] if past.performance in VALID]
    counted = valid[-rule.of_days :]
    bad = [past for past in counted if _is_bad(past)]
    return Persistence(
        bad_days=len(bad),
        of_days=len(counted),
        confirmed=today.performance is Verdict.BREACH and len(bad) >= rule.bad_days,
        streak=len(list(takewhile(_is_bad, reversed(valid)))),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class BadRun:
    """How long what is bad today has been so.

    Attributes:
        days: On how many of the latest days it was bad, today included.
        onset: First day of its run, however long.
    """

    days: int
    onset: date


def bad_run(
    before: Sequence[tuple[date, bool]], rule: PersistenceRule, *, day: date
) -> BadRun:
    """Return how long what is bad today has been so.

    Args:
        before: Earlier days in order, and whether each was bad.
        rule: How many days are the latest ones, and how many good ones it lets pass.
        day: Today.
    """
    days = [*before, (day, True)]
    return BadRun(
        days=sum(is_bad for _, is_bad in days[-rule.of_days :]),
        onset=run_onset(days, rule) or day,
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
        # A good day that is let pass belongs to the run but does not begin it.
        onset = day if is_bad else onset
    return onset


def breach_onset(
    today: PastDay, history: Sequence[PastDay], rule: PersistenceRule
) -> date | None:
    """Return the first day of the run of bad days of today's version, however long.

    A run that began before the oldest day remembered has the onset that was kept then.

    Args:
        today: The day being decided.
        history: Earlier days, oldest first.
        rule: How many bad days of how many confirm a breach.
    """
    same = [past for past in history if past.version == today.version]
    valid = [past for past in [*same, today] if past.performance in VALID]
    onset = run_onset([(past.day, _is_bad(past)) for past in valid], rule)
    # Only where all that is remembered is one run may more of it have been forgotten.
    if onset is None or any(past.day < onset for past in valid):
        return onset
    return min([onset, *(past.onset for past in same if past.onset)])


def warns_for_long(today: PastDay, history: Sequence[PastDay], policy: Policy) -> bool:
    """Whether today warns and its run of days that warned, or worse, is long.

    Days of other versions, and those without a valid verdict, are passed over.

    Args:
        today: The day being decided.
        history: Earlier days, oldest first.
        policy: How many of how many days are enough, and how many of a run are long.
    """
    rule = policy.persistence
    same = [past for past in history if past.version == today.version]
    valid = [past for past in same if past.verdict in VALID]
    if today.verdict not in LOUD:
        return False
    before = [(past.day, past.verdict in LOUD) for past in valid]
    run = bad_run(before, rule, day=today.day)
    is_long = (today.day - run.onset).days + 1 >= policy.warnings.long_days
    return is_long and run.days >= rule.bad_days


def _is_bad(past: PastDay) -> bool:
    return past.performance is Verdict.BREACH
