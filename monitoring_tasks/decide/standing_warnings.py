"""Warnings that stand: the same number past its limit for days. Pure.

One family for inputs, scores, decisions and labels. A number that moved is silenced
only by what is known: labels, on this day or on others of its run, whose interval
excludes the loss that matters.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.decide.column_roles import (
    is_input,
    is_output,
    unlike_inputs,
)
from monitoring_tasks.decide.drifted import limit_ratio
from monitoring_tasks.decide.known_good import labels_answer_for, losses_left, rows_of
from monitoring_tasks.decide.persistence import bad_run
from monitoring_tasks.decide.single_days import is_beyond_chance
from monitoring_tasks.domain.decisions import PastDay
from monitoring_tasks.domain.findings import ADVISORY, Check, Finding, Kind, Verdict
from monitoring_tasks.domain.reproductions import is_proof
from monitoring_tasks.domain.standing_warnings import DayWarnings, WarningKey

COUNTED_BY_THEMSELVES = frozenset({Kind.FORECAST, Kind.LABELS})
"""A forecast is about days to come, labels that stay away count their own days."""
STANDING_KINDS = ADVISORY - COUNTED_BY_THEMSELVES
"""Kinds that are held against how the number usually is."""
SHOWN_BY_LABELS = frozenset({Kind.TOO_GOOD, Kind.SEGMENT})
"""Kinds that labels themselves show: what they excuse otherwise, they accuse here."""
SIMILAR = 2.0
"""A move of up to so many times the size that labels showed harmless is harmless."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StandingWarning:
    """A number past its limit today, and how long that has been so.

    Attributes:
        finding: Today's.
        onset: First day of its run.
        ratio: How many times as far from the usual value as its limit it lies today.
        first_ratio: The same on the first day of its run.
        stands: Whether it has been past its limit on enough of the latest days.
        is_told: Whether it stands, or a single day is enough to be told.
        is_harmless: Whether labels show that the move loses nothing that matters.
        is_sudden: Whether it went far past its limit overnight, as faults do and
            seasons do not.
        is_grave: Whether it stands, may do harm, and lasts, or is of an output that
            surely moved while no input did.
        lasts: Whether it is far past its limit, or beyond all that a model can be, or
            has stood for long.
    """

    finding: Finding
    onset: date
    ratio: float
    first_ratio: float
    stands: bool
    is_told: bool
    is_harmless: bool
    is_sudden: bool
    is_grave: bool
    lasts: bool = False

    @property
    def is_news(self) -> bool:
        """Whether a person should hear of it: it may do harm, or it is no season's."""
        return not self.is_harmless or (self.is_told and self.is_sudden)


def warnings_of(findings: Sequence[Finding], contract: Contract) -> DayWarnings:
    """Return what a day warns of, to be kept for the days after it.

    Args:
        findings: The judged numbers of the day.
        contract: States which loss matters.
    """
    ratios: dict[WarningKey, float] = {}
    for finding in _warned(findings):
        key = warning_key(finding)
        ratios[key] = max(ratios.get(key, 0.0), limit_ratio(finding) or 1.0)
    return DayWarnings(
        ratios=ratios,
        rows=rows_of(findings),
        losses=losses_left(findings, contract),
    )


def standing_warnings(
    findings: Sequence[Finding],
    history: Sequence[PastDay],
    contract: Contract,
    *,
    day: date,
    checks: Sequence[Check] = (),
) -> tuple[StandingWarning, ...]:
    """Return every number past its limit today, with how long it has been so.

    Days without rows, and excluded ones, are passed over; whichever version served
    them, a move of the rows is the same. Where two versions show the same number past
    its limit the one further past it counts.

    Args:
        findings: The judged numbers of the day.
        history: Earlier days, oldest first.
        contract: Says how many days of how many, how far is far, and which loss
            matters.
        day: Today.
        checks: What was checked about today's rows: an input that fails has moved.
    """
    counted = [past for past in history if past.has_rows]
    today = warnings_of(findings, contract)
    furthest: dict[WarningKey, Finding] = {}
    for finding in sorted(_warned(findings), key=lambda f: limit_ratio(f) or 1.0):
        furthest[warning_key(finding)] = finding
    standing = [
        _standing(key, finding, counted, today=today, contract=contract, day=day)
        for key, finding in furthest.items()
    ]
    has_moved = any(is_input(warning.finding, contract) for warning in standing)
    has_moved = has_moved or unlike_inputs(checks, contract)
    return tuple(
        # No move of inputs explains outputs that are not the version's.
        warning
        if has_moved and warning.finding.measurement.kind is not Kind.REPRODUCTION
        else _alone(warning, contract)
        for warning in standing
    )


def _alone(warning: StandingWarning, contract: Contract) -> StandingWarning:
    """Return a warning about outputs as it counts where no input moved.

    Outputs follow from inputs: what moves them alone is no season, need not be far or
    long to be a fault of the scoring, but beyond the chance that outputs are granted,
    and only labels that would show it excuse it. Where it is far, a day is enough.
    """
    if not is_output(warning.finding, contract):
        return warning
    p_value = warning.finding.p_value
    is_sure = p_value is None or p_value <= contract.policy.outputs.false_alarm
    is_excused = warning.is_harmless and labels_answer_for(warning.finding, contract)
    is_far = warning.ratio >= contract.policy.warnings.far
    is_told = warning.is_told or (
        is_far and is_beyond_chance(warning.finding, contract)
    )
    is_grave = is_told and not is_excused and (is_sure or warning.lasts)
    return replace(warning, is_told=is_told, is_harmless=is_excused, is_grave=is_grave)


def _standing(
    key: WarningKey,
    finding: Finding,
    counted: Sequence[PastDay],
    *,
    today: DayWarnings,
    contract: Contract,
    day: date,
) -> StandingWarning:
    rule, policy = contract.policy.persistence, contract.policy.warnings
    past_limit = [(past.day, key in past.warnings.ratios) for past in counted]
    bad = bad_run(past_limit, rule, day=day)
    run = [past for past in counted if past.day >= bad.onset]
    ratio = today.ratios[key]
    ratios = (past.warnings.ratios.get(key) for past in run)
    first_ratio = next((past for past in ratios if past is not None), ratio)
    # No season makes a model better than it can be: beyond chance a day is enough.
    is_sure = finding.measurement.kind is Kind.TOO_GOOD and is_beyond_chance(
        finding, contract
    )
    stands = bad.days >= rule.bad_days
    is_told = is_sure or stands
    # That no harm shows yet does not make outputs those of the version.
    needs_no_harm = finding.measurement.kind in SHOWN_BY_LABELS or is_proof(finding)
    is_harmless = not needs_no_harm and _is_harmless(
        key, [*(past.warnings for past in run), today], rule.bad_days
    )
    run_days = (day - bad.onset).days + 1
    lasts = is_sure or ratio >= policy.far or run_days >= policy.long_days
    return StandingWarning(
        finding=finding,
        onset=bad.onset,
        ratio=ratio,
        first_ratio=first_ratio,
        is_told=is_told,
        is_harmless=is_harmless,
        is_sudden=first_ratio >= policy.far
        and _is_overnight(bad.onset, counted, version=finding.measurement.version),
        lasts=lasts,
        stands=stands,
        is_grave=is_told and lasts and not is_harmless,
    )


def _is_overnight(onset: date, counted: Sequence[PastDay], *, version: str) -> bool:
    """Whether the day before a run was well, held against the same reference.

    A run that reaches the oldest day remembered began nobody knows how; one that
    begins with another version may be its reference's.
    """
    before = [past.version for past in counted if past.day < onset]
    since = [past.version for past in counted if past.day >= onset]
    return bool(before) and (*since, version)[0] == before[-1]


def _is_harmless(key: WarningKey, run: Sequence[DayWarnings], enough: int) -> bool:
    """Whether labels of the run show a move of this size to be harmless.

    Today's own do by themselves; those of other days of the run do where there are
    enough of them and the move has not become much larger since.
    """
    rows, good = 0, []
    for day in run:
        rows += day.rows
        if key in day.ratios and day.is_good_for(rows):
            good.append(day.ratios[key])
    today = run[-1]
    if today.is_good_for(rows):
        return True
    return len(good) >= enough and today.ratios[key] <= SIMILAR * max(good)


def _warned(findings: Sequence[Finding]) -> list[Finding]:
    return [
        f
        for f in findings
        if f.measurement.kind in STANDING_KINDS and f.verdict is Verdict.WARN
    ]


def warning_key(finding: Finding) -> WarningKey:
    """Return what a number past its limit is remembered by, of whichever version."""
    number = finding.measurement
    return (number.kind.value, number.metric, number.column, number.segment)
