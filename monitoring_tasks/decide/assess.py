"""The day as a whole: the verdict on its objectives, and on all of it. Pure."""

from collections.abc import Iterable, Sequence
from itertools import groupby

from monitoring_tasks.decide.standing_warnings import StandingWarning
from monitoring_tasks.domain.findings import (
    ADVISORY,
    VALID,
    Finding,
    Kind,
    Verdict,
    worst,
)

UNDECIDED = frozenset({Verdict.INCONCLUSIVE, Verdict.NO_DATA})
"""Verdicts over a horizon that leave the word to a longer one."""


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


def judged_as(
    findings: Iterable[Finding], kind: Kind, verdict: Verdict
) -> list[Finding]:
    """Return the findings of a kind that have a verdict, in their order."""
    about = (kind, verdict)
    return [f for f in findings if (f.measurement.kind, f.verdict) == about]


def is_release_sound(findings: Sequence[Finding]) -> bool:
    """Whether labels show that the version is not worse than what it replaced."""
    return bool(judged_as(findings, Kind.COMPARISON, Verdict.OK))


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
    performance: Verdict,
    findings: Sequence[Finding],
    warnings: Sequence[StandingWarning] = (),
    *,
    is_corrupted: bool = False,
) -> Verdict:
    """Return the verdict of the day: its performance, and what may only warn.

    A number that moved is news unless labels show that the move is harmless; one that
    went far past its limit overnight, and stays there, is news even then. A forecast
    is made from such labels, so it is always news, and so are rows that look damaged
    and overdue labels of other days. Drift that could not be measured
    does not hide what the performance says.

    Args:
        performance: Worst verdict of the objectives.
        findings: The judged numbers of the day.
        warnings: Numbers past their limits that break no promise.
        is_corrupted: Whether rows look damaged, or labels were lost.
    """
    are_met = bool(judged_as(findings, Kind.REALIZED, Verdict.OK))
    labels_met = performance is Verdict.OK and are_met
    warned = {f.measurement.kind for f in findings if f.verdict is Verdict.WARN}
    is_news = (
        is_corrupted
        or bool(overdue(findings))
        or Kind.FORECAST in warned
        or (Kind.LABELS in warned and not labels_met)
        or any(warning.is_news for warning in warnings)
    )
    return worst([performance, Verdict.WARN] if is_news else [performance])


def overdue(findings: Sequence[Finding]) -> list[Finding]:
    """Return the findings that the labels of several days are overdue."""
    late = judged_as(findings, Kind.LABELS, Verdict.WARN)
    return [f for f in late if f.measurement.metric == "label_overdue_days"]
