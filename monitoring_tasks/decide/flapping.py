"""An alarm that comes and goes is one incident, not many. Pure."""

from collections.abc import Sequence
from dataclasses import asdict, replace

from monitoring_tasks.contract.alarms import AlarmPolicy
from monitoring_tasks.decide.sentences import headline, reason
from monitoring_tasks.domain.decisions import Cause, Decision, PastDay, Severity
from monitoring_tasks.domain.findings import VALID, Verdict
from monitoring_tasks.domain.flapping import Flapping
from monitoring_tasks.domain.reasons import ReasonCode


def flapping(
    history: Sequence[PastDay], today: PastDay, policy: AlarmPolicy
) -> Flapping:
    """Return whether the alarm flaps on a day, from the days alone.

    The alarm is on after a confirmed breach and off after a good day; a warning and a
    breach that is not confirmed leave it as it was, and days that say nothing are not
    counted. It flaps from `flap_changes` changes within `flap_days` valid days on and
    is calm again at `calm_changes` (Nagios' flap detection: start above a high
    threshold, stop below a low one). Nothing is remembered but the days, so any order
    of judging them says the same.

    When it lies: changes of version count as well. Breaches that are never confirmed
    do not flap: on healthy days, q of which breach by chance, counting those would
    cry wolf about 365 * 12 * q**2 times a year (.4 at 1 %). Counting confirmed ones
    does 0, .01 and .3 times at q of 1, 2 and 5 % if days are independent, .1 and .3
    times at 1 and 2 % if they come in spells (latent AR(1) of .8): 400 years drawn.

    Args:
        history: Earlier days, oldest first.
        today: The day.
        policy: How many changes of how many days.
    """
    changed: list[bool] = []
    is_on = is_flapping = False
    for past in [*history, today]:
        # A day that says nothing neither switches the alarm nor ages the window.
        if past.performance not in VALID:
            continue
        was_on, is_on = is_on, _is_on(past, was_on=is_on)
        changed.append(was_on is not is_on)
        # Hysteresis: it takes more changes to start flapping than to go on.
        count = sum(changed[-policy.flap_days :])
        limit = policy.calm_changes + 1 if is_flapping else policy.flap_changes
        is_flapping = count >= limit
    recent = changed[-policy.flap_days :]
    return Flapping(is_flapping=is_flapping, changes=sum(recent), of_days=len(recent))


def _is_on(past: PastDay, *, was_on: bool) -> bool:
    if past.performance is Verdict.BREACH and past.confirmed:
        return True
    return was_on and past.performance is not Verdict.OK


def marked(decision: Decision, flaps: Flapping) -> Decision:
    """Return the decision with a mark that the alarm flaps; a bad day is then a P2.

    At least: a graver severity stays. So does the verdict, and whether a rollback is
    the remedy.
    """
    if not flaps.is_flapping:
        return decision
    flap_reason = reason(
        ReasonCode.FLAPPING, changes=flaps.changes, of_days=flaps.of_days
    )
    reasons = (*decision.reasons, flap_reason.text)
    codes = (*decision.reason_codes, flap_reason.code)
    severity, cause = decision.severity, decision.cause
    is_slight = severity in {None, Severity.P3}
    # What a person said of the day stands.
    is_said = "machine" in decision.evidence
    # A flapping alarm is trouble of its own, however slight each day is.
    if decision.performance is Verdict.BREACH and is_slight and not is_said:
        severity = Severity.P2
        cause = cause or Cause.UNDETERMINED
        first = headline(severity, cause, flap_reason)
        reasons = (first.text, *decision.reasons)
        codes = (first.code, *decision.reason_codes)
    return replace(
        decision,
        severity=severity,
        cause=cause,
        reasons=reasons,
        reason_codes=codes,
        evidence={**decision.evidence, "flapping": asdict(flaps)},
    )
