"""The last gate, `reference`: is the batch like what the version was registered on?"""

import math
from collections.abc import Sequence
from dataclasses import replace

from monitoring_tasks.domain.contract import Contract
from monitoring_tasks.domain.findings import REFERENCE_GATE, Check
from monitoring_tasks.domain.likeness import Norms
from monitoring_tasks.validate.damage import find_damage
from monitoring_tasks.validate.levels import LEVELS
from monitoring_tasks.validate.likeness import Looks
from monitoring_tasks.validate.margins import season_over
from monitoring_tasks.validate.norms import as_steady_as, learn_norms
from monitoring_tasks.validate.trial import Trial

LIKE = "rows_look_like_the_reference"
FEWEST_RECENT_DAYS = 3
BUILT_BEFORE = (
    "the reference was built before Daywatch learnt norms; log it again "
    "(`log_reference`) to have this checked"
)
AS_BEFORE = "the fit days before it look the same, so it is the reference that differs"
NO_DAYS_BEFORE = "no fit days before it tell whether it came overnight"


def check_likeness(
    looks: Looks, norms: Norms | None, contract: Contract, *, recent: Sequence[Looks]
) -> list[Check]:
    """Say in what a day is so unlike the reference that its data must be damaged.

    What shows against the reference and not against the fit days just before did not
    break: a level is then a season's (`info`), all else the reference's (`warning`: the
    version learnt on other data than it is served). What shows against both is new, and
    as grave as against the days. Without such days a level has to be as far off as a
    season never is.

    Args:
        looks: What the day looks like; at least one row.
        norms: What the reference's days have in common; None if it knows of none.
        contract: Brings the policy.
        recent: Fit days just before that were not damaged, whichever version served.

    Returns:
        The checks of the gate, at least one; `skipped` where nothing can be said.
    """
    policy = contract.policy
    if norms is None:
        return [no_norms(BUILT_BEFORE)]
    if norms.days < policy.min_reference_days:
        few = f"{norms.days} reference days; {policy.min_reference_days} teach norms"
        return [no_norms(few)]
    found = find_suspects(looks, norms, contract)
    is_recent = len(recent) >= FEWEST_RECENT_DAYS
    again = (
        _against(recent, looks, norms, contract)
        if is_recent
        else _without_season(looks, norms, contract)
    )
    checks = [_weighed(check, again, is_recent=is_recent) for check in found]
    new = [
        _skipped(LIKE, name, "the reference does not know this column")
        for name in looks.nulls
        if f"nulls/{name}" not in norms.shares
    ]
    return [*checks, *new] or [_held()]


def find_suspects(looks: Looks, norms: Norms, contract: Contract) -> list[Check]:
    """Say in what a day is unlike the reference, seasons included."""
    policy = contract.policy.likeness
    trial = Trial(
        looks=looks,
        norms=norms,
        policy=policy,
        level_alarm=math.sqrt(policy.false_alarm),
    )
    return find_damage(trial, min_rows=contract.policy.min_rows)


def is_suspect(checks: Sequence[Check]) -> bool:
    """Whether the days just before have to be asked."""
    return bool(_failed(checks))


def _without_season(looks: Looks, norms: Norms, contract: Contract) -> list[Check]:
    """Find what lies further off than the seasons a short reference has not seen."""
    policy = contract.policy.likeness
    trial = Trial(
        looks=looks,
        norms=norms,
        policy=policy,
        level_alarm=policy.false_alarm,
        season=season_over(norms.days),
    )
    return find_damage(trial, min_rows=contract.policy.min_rows)


def _against(
    recent: Sequence[Looks], looks: Looks, norms: Norms, contract: Contract
) -> list[Check]:
    """Find what came overnight: damage against the days just before."""
    days = contract.policy.likeness.recent_days
    learnt = learn_norms(recent, recent_days=days, weekdays=norms.weekdays)
    if learnt is None:
        return []
    return find_suspects(looks, as_steady_as(learnt, norms), contract)


def _weighed(check: Check, again: Sequence[Check], *, is_recent: bool) -> Check:
    """Let a gross statement stand only if it stands again; say whether it is new."""
    is_level = check.name in LEVELS
    if not (is_recent or is_level):
        return check
    same = next((c for c in again if c.about == check.about), None)
    if same is None:
        severity = "info" if is_level else "warning"
        why = AS_BEFORE if is_recent else NO_DAYS_BEFORE
        return replace(check, severity=severity, observed=f"{check.observed}; {why}")
    is_gross = {check.severity, same.severity} == {"critical"}
    severity = "critical" if is_gross else "warning"
    return replace(check, severity=severity, is_new=is_recent)


def no_norms(why: str) -> Check:
    """Say why nothing can be said."""
    return _skipped(LIKE, "", why)


def _failed(checks: Sequence[Check]) -> list[Check]:
    return [c for c in checks if c.gate == REFERENCE_GATE and c.status == "failed"]


def _held() -> Check:
    return Check(gate=REFERENCE_GATE, name=LIKE, status="passed", severity="critical")


def _skipped(name: str, column: str, why: str) -> Check:
    return Check(
        gate=REFERENCE_GATE,
        name=name,
        status="skipped",
        severity="critical",
        column=column,
        observed=why,
    )
