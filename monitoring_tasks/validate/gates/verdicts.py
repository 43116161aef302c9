"""From checks to one verdict and one sentence."""

from collections.abc import Sequence

from monitoring_tasks.domain.findings import GATES, Check, DataVerdict, Verdict


def judge_checks(checks: Sequence[Check]) -> DataVerdict:
    """Sum up the checks of a batch, sorted by gate.

    A failed critical check is a breach even when others could not be evaluated; a
    check that could not be evaluated is an error even when nothing else failed. A
    failed `info` check changes nothing. A gate of which nothing could be asked is a
    warning: what was not looked at is not `ok`. No check at all is `no_data`.
    """
    ordered = tuple(sorted(checks, key=lambda check: GATES.index(check.gate)))
    ranks = (
        (Verdict.BREACH, _with(ordered, status="failed", severity="critical")),
        (Verdict.ERROR, _with(ordered, status="errored")),
        (Verdict.WARN, _with(ordered, status="failed", severity="warning")),
    )
    for verdict, deciding in ranks:
        if deciding:
            reason = _sentence(deciding[0], others=len(deciding) - 1)
            return DataVerdict(verdict=verdict, reason=reason, checks=ordered)
    unasked = _unasked(ordered)
    if unasked:
        why = unasked[0].observed or "none of its checks could be evaluated"
        reason = f"gate {unasked[0].gate} was not checked: {why}"
        return DataVerdict(verdict=Verdict.WARN, reason=reason, checks=ordered)
    if not ordered:
        return DataVerdict(verdict=Verdict.NO_DATA, reason="nothing was checked")
    reason = (
        f"all {len(_with(ordered, status='passed'))} critical and warning checks passed"
    )
    return DataVerdict(verdict=Verdict.OK, reason=reason, checks=ordered)


def _unasked(checks: Sequence[Check]) -> list[Check]:
    """Return a check of every gate whose checks were all skipped."""
    evaluated = {check.gate for check in checks if check.status != "skipped"}
    return [check for check in checks if check.gate not in evaluated]


def _with(
    checks: Sequence[Check], *, status: str, severity: str | None = None
) -> list[Check]:
    return [
        check
        for check in checks
        if check.status == status and severity in {None, check.severity}
    ]


def _sentence(check: Check, *, others: int) -> str:
    """Name gate, column, what was expected, how many rows and what was seen."""
    where = f" on column '{check.column}'" if check.column else ""
    how = "failed" if check.status == "failed" else "could not be evaluated"
    rows = f" in {check.failing_rows} rows" if check.failing_rows else ""
    observed = f": observed {check.observed}" if check.observed else ""
    further = f" (and {others} more)" if others else ""
    return f"gate {check.gate}: {check.name}{where} {how}{rows}{observed}{further}"
