"""The last gate, `reference`: is the batch like what the version was registered on?"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.domain.batch_baseline import BatchBaseline
from monitoring_tasks.domain.batch_summary import BatchSummary
from monitoring_tasks.domain.findings import REFERENCE_GATE, Check
from monitoring_tasks.validate.baseline.batch_baseline import learn_baseline, widened_by
from monitoring_tasks.validate.corruption.grain_shifts import GRAIN
from monitoring_tasks.validate.corruption.patterns import LEVELS, NO_FAULTS
from monitoring_tasks.validate.corruption.suspects import find_suspects

LIKE = "rows_look_like_the_reference"
FEWEST_RECENT_DAYS = 3
UNSURE_DAYS = 2
"""Latest days on which a fault may have begun within what chance brings."""
Corruption = frozenset[tuple[str, str]]
"""Statements that failed and were new: name and column."""
NO_BASELINE = (
    "the reference has no baseline: fewer than two of its days hold policy.min_rows "
    "({min_rows}) rows; lower policy.min_rows or take more rows a day, then "
    "`daywatch reference {model} ... --replace`"
)
AS_BEFORE = "the last fit days look the same: the reference differs, not this day"
NO_DAYS_BEFORE = "too few fit days before this one show whether it is new"


@dataclass(frozen=True, slots=True, kw_only=True)
class DaysBefore:
    """What the days just before a day tell of what is new in it.

    Attributes:
        summaries: Of the fit days, oldest first, whichever version served them.
        corrupted: What was new about each of the days, unfit ones too.
        standing: What failed on each against the reference alone.
    """

    summaries: Sequence[BatchSummary] = ()
    corrupted: Mapping[date, Corruption] = field(default_factory=dict)
    standing: Mapping[date, Corruption] = field(default_factory=dict)


def check_batch(
    summary: BatchSummary,
    baseline: BatchBaseline | None,
    contract: Contract,
    before: DaysBefore | None = None,
) -> list[Check]:
    """Say in what a day is so unlike the reference that its data must be corrupted.

    What shows against the reference and not against the fit days just before did not
    break: a level is then a season's (`info`), all else the reference's (`warning`: the
    version learnt on other data than it is served). What shows against both is new, and
    as grave as against the days; and stays new while it goes on, for days on which the
    same statement failed say nothing of what is usual. Without such days a level has to
    be as far off as a season never is.

    Args:
        summary: What the day looks like; at least one row.
        baseline: What the reference's days have in common; None if it knows of none.
        contract: Brings the policy.
        before: The days just before; None where they are not asked.

    Returns:
        The checks of the gate, at least one; `skipped` where nothing can be said.
    """
    policy = contract.policy
    if baseline is None:
        why = NO_BASELINE.format(min_rows=policy.min_rows, model=contract.model)
        return [no_baseline(why)]
    if baseline.days < policy.min_reference_days:
        few = (
            f"the reference has {baseline.days} days of policy.min_rows "
            f"({policy.min_rows}) rows, policy.min_reference_days is "
            f"{policy.min_reference_days}; log a longer one "
            f"(`daywatch reference {contract.model} ... --replace`)"
        )
        return [no_baseline(few)]
    weighing = _Weighing(
        summary=summary,
        baseline=baseline,
        contract=contract,
        before=before or DaysBefore(),
    )
    suspects = find_suspects(summary, baseline, contract)
    checks = _each_column_once([weighing.weighed(check) for check in suspects])
    new = [
        _skipped(LIKE, name, "the reference does not know this column")
        for name in summary.nulls
        if f"nulls/{name}" not in baseline.shares
    ]
    # Where no column is known at all, nothing was held and nothing has passed.
    is_asked = not new or len(new) < len(summary.nulls)
    held = [] if checks or not is_asked else [Check.held(REFERENCE_GATE, LIKE)]
    return [*checks, *held, *new]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Weighing:
    """A day and the days just before it; see `check_batch`."""

    summary: BatchSummary
    baseline: BatchBaseline
    contract: Contract
    before: DaysBefore
    _found: dict[tuple[tuple[date, ...], bool], list[Check]] = field(
        default_factory=dict
    )

    def weighed(self, check: Check) -> Check:
        """Let a gross statement stand only if it stands again; say if it is new."""
        # A day with the same fault would make the fault what is usual.
        before = self.before
        sound = [day for day in before.summaries if not self._failed_on(day, check)]
        is_recent, is_level = len(sound) >= FEWEST_RECENT_DAYS, check.name in LEVELS
        was_corrupted = any(_is_among(check, day) for day in before.corrupted.values())
        if was_corrupted and not is_recent:
            stood = self._stood_before(check)
            return _as_before(check) if stood else self._going_on(check)
        if not (is_recent or is_level):
            return check
        again = (
            self._again(check, sound)
            if is_recent
            else find_suspects(
                self.summary, self.baseline, self.contract, out_of_season=True
            )
        )
        same = next((c for c in again if c.about == check.about), None)
        if same is None:
            return _as_before(check, AS_BEFORE if is_recent else NO_DAYS_BEFORE)
        return _weighed(check, same.severity, is_new=is_recent)

    def _going_on(self, check: Check) -> Check:
        """Let corruption stay as grave as it was, unless it is gross beside itself.

        Where no corrupted day was fit it was gross, and is as grave as it shows.
        """
        again: str | None = check.severity
        recent = self.before.summaries
        if any(self._failed_on(day, check) for day in recent):
            severities = {c.about: c.severity for c in self._against(recent)}
            again = severities.get(check.about)
        return _weighed(check, again, is_new=True)

    def _stood_before(self, check: Check) -> bool:
        """Whether a statement failed against the reference alone, and never newly.

        Another fault of its column takes the sound days away, not what they had said.
        """
        was_new = any(check.about in day for day in self.before.corrupted.values())
        stood = any(check.about in day for day in self.before.standing.values())
        return stood and not was_new

    def _again(self, check: Check, sound: Sequence[BatchSummary]) -> list[Check]:
        """Find what came overnight, against the days that say so of a statement.

        Days that were as the reference are witnesses, without the latest: a fault may
        have begun there and not have shown. Where some were unlike it as well only they
        say what is usual, all of them.
        """
        standing = self.before.standing
        unlike = [
            d for d in sound if _is_among(check, standing.get(d.day, frozenset()))
        ]
        if len(unlike) >= FEWEST_RECENT_DAYS:
            return self._against(sound)
        count = max(len(sound) - UNSURE_DAYS, FEWEST_RECENT_DAYS)
        return self._against(sound[:count], is_asked_twice=True)

    def _failed_on(self, day: BatchSummary, check: Check) -> bool:
        """Whether a day cannot say what is usual: its column was damaged as well."""
        return _is_among(check, self.before.corrupted.get(day.day, frozenset()))

    def _against(
        self, days: Sequence[BatchSummary], *, is_asked_twice: bool = False
    ) -> list[Check]:
        """Find what came overnight: corruption against the latest of some days."""
        span = self.contract.policy.reference_gate.recent_days
        latest = days[-span:]
        key = (tuple(day.day for day in latest), is_asked_twice)
        if key not in self._found:
            learnt = learn_baseline(latest, recent_days=span, like=self.baseline)
            baseline = widened_by(learnt, self.baseline) if learnt else None
            self._found[key] = (
                find_suspects(
                    self.summary,
                    baseline,
                    self.contract,
                    is_asked_twice=is_asked_twice,
                )
                if baseline
                else []
            )
        return self._found[key]


def _weighed(check: Check, again: str | None, *, is_new: bool) -> Check:
    """Return a statement that stands, gross where it is so both times it was asked."""
    is_gross = {check.severity, again} == {"critical"}
    return replace(
        check,
        severity="critical" if is_gross else "warning",
        is_new=is_new and check.name not in NO_FAULTS,
    )


def _each_column_once(checks: Sequence[Check]) -> list[Check]:
    """Return checks without what a column's decimals and its level say of one fault.

    The level speaks where it is as new; a season's, or what may be drift, does not.
    """
    levels = {c.column: c for c in checks if c.name in LEVELS}
    grains = {c.column: c for c in checks if c.name == GRAIN}
    hidden = {
        grains[column] if _is_fault(levels[column], grains[column]) else levels[column]
        for column in levels.keys() & grains.keys()
    }
    return [check for check in checks if check not in hidden]


def _is_fault(level: Check, grain: Check) -> bool:
    is_told = level.severity != "info" and level.name not in NO_FAULTS
    return is_told and level.is_new >= grain.is_new


def _as_before(check: Check, why: str = AS_BEFORE) -> Check:
    """Return a statement that says nothing new: a level is then a season's."""
    severity = "info" if check.name in LEVELS else "warning"
    return replace(check, severity=severity, observed=f"{check.observed}; {why}")


def _is_among(check: Check, failed: Corruption) -> bool:
    """Whether a statement failed, or another one about its column.

    A fault that grows is first one of a part of the values.
    """
    if not check.column:
        return check.about in failed
    return any(column == check.column for _, column in failed)


def no_baseline(why: str) -> Check:
    """Say why nothing can be said."""
    return _skipped(LIKE, "", why)


def _skipped(name: str, column: str, why: str) -> Check:
    return Check(
        gate=REFERENCE_GATE,
        name=name,
        status="skipped",
        severity="critical",
        column=column,
        observed=why,
    )
