"""What a decision says, in sentences a person understands. Pure."""

from collections.abc import Sequence

from monitoring_tasks.contract.policy import Policy
from monitoring_tasks.decide.assess import Persistence
from monitoring_tasks.decide.drifted import Effects, effect_of, rank_of, sentence_of
from monitoring_tasks.domain.decisions import Cause, Severity
from monitoring_tasks.domain.findings import ADVISORY, Finding, Kind, Verdict

MAX_REASONS = 8
"""A decision says no more than so many sentences."""
OVER_HORIZONS = frozenset({Kind.REALIZED, Kind.ESTIMATED, Kind.FAIRNESS})
"""Kinds of numbers that are held against limits over one day and over several."""


def waiting(persistence: Persistence, policy: Policy) -> list[str]:
    """Say what a breach that is not confirmed waits for; nothing where it is."""
    if not persistence.bad_days or persistence.confirmed:
        return []
    fast, slow = policy.persistence, policy.slow_persistence
    text = (
        f"not confirmed yet: {persistence.bad_days} of the last {persistence.of_days} "
        f"valid days are in breach; it takes {fast.bad_days} of {fast.of_days}, or "
        f"{slow.bad_days} of {slow.of_days}, this day among them"
    )
    return [text]


def spoken(findings: Sequence[Finding], effects: Effects = ()) -> list[str]:
    """Give what is not `ok` in words, the worst first; else the promises that are.

    Columns that moved come in the order of what their move alone would cost.
    """
    loud = [f for f in findings if f.verdict is not Verdict.OK]
    ranked = sorted(loud, key=lambda finding: _loudness(finding, effects))
    told = [_sentence(finding, effects) for finding in ranked]
    if not told:
        told = [_sentence(f) for f in findings if _is_objective(f)]
    if not any(_is_objective(finding) for finding in findings):
        what = "no objective" if findings else "nothing"
        told.append(f"{what} was measured: this day does not show that all is well")
    return told


def headline(severity: Severity | None, cause: Cause | None, text: str) -> str:
    """Begin the most important sentence of a day with severity and cause."""
    begin = ", ".join(str(part) for part in (severity, cause) if part)
    return f"{begin}: {text}" if begin else text


def _loudness(
    finding: Finding, effects: Effects
) -> tuple[bool, bool, bool, tuple[int, float, float, str]]:
    is_drift = finding.measurement.kind is Kind.DRIFT
    return (
        finding.verdict is not Verdict.BREACH,
        not _is_objective(finding),
        is_drift,
        rank_of(finding, effects)
        if is_drift
        else (0, 0.0, 0.0, finding.measurement.column),
    )


def _is_objective(finding: Finding) -> bool:
    return finding.measurement.kind not in ADVISORY


def _sentence(finding: Finding, effects: Effects = ()) -> str:
    number = finding.measurement
    about = f" of {number.column}" if number.column else ""
    where = f" ({number.segment})" if number.segment != "all" else ""
    span = ""
    if number.horizon > 1 or number.kind in OVER_HORIZONS:
        span = f" over {number.horizon} day{'s'[: number.horizon > 1]}"
    effect = effect_of(finding, effects)
    costs = f"; {sentence_of(effect)}" if effect else ""
    return f"{number.kind} {number.metric}{about}{where}{span}: {finding.reason}{costs}"
