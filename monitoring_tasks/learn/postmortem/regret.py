"""Was an alias move right? The version put back beside the one withdrawn. Pure."""

from collections.abc import Sequence
from datetime import date
from statistics import fmean

from monitoring_tasks.domain.comparisons import Comparison
from monitoring_tasks.domain.direction import loss
from monitoring_tasks.domain.findings import Kind
from monitoring_tasks.domain.metrics import metric_of
from monitoring_tasks.domain.rollbacks import DONE, Rollback
from monitoring_tasks.learn.postmortem.facts import MoveJudged

Dated = Sequence[tuple[date, float]]


def judge_move(
    rollback: Rollback,
    metric: str,
    *,
    comparison: Comparison | None,
    withdrawn: Dated,
    put_back: Dated,
) -> MoveJudged:
    """Return whether an alias move was right, as far as labels tell.

    What both versions did on the same rows and what the one put back did since must
    agree; where they do not, or labels lack, nobody knows.

    Args:
        rollback: The move.
        metric: Name of a realized metric that versions are compared by.
        comparison: Both versions on the same rows, as known now; None without one.
        withdrawn: Realized values of the version withdrawn, by day.
        put_back: Realized values of the version put back since, by day.
    """
    regret = _regret(metric, withdrawn, put_back)
    judgement, text = _judged(rollback, comparison, regret)
    return MoveJudged(
        rollback=rollback,
        metric=metric,
        on_same_rows=_on_same_rows(comparison),
        withdrawn=tuple(withdrawn),
        put_back=tuple(put_back),
        judgement=judgement,
        text=text,
        regret=regret,
    )


def _regret(metric: str, withdrawn: Dated, put_back: Dated) -> float | None:
    if not withdrawn or not put_back:
        return None
    better = metric_of(Kind.REALIZED, metric).better
    means = [fmean(value for _, value in values) for values in (put_back, withdrawn)]
    return loss(better, *means) if better.worse_signs else None


def _judged(
    rollback: Rollback, comparison: Comparison | None, regret: float | None
) -> tuple[str, str]:
    if rollback.state not in DONE:
        return "unknown", f"it was not carried out: {rollback.state}"
    if regret is None:
        return (
            "unknown",
            "too few days have their labels to tell both apart",
        )
    since = (
        f"since then the version put back does {'better' if regret < 0 else 'worse'} "
        f"by {abs(regret):.3f} than the one withdrawn did on its days"
    )
    sign = _sign(comparison)
    if sign == 0:
        return "unknown", f"{since}; on the same rows nobody can tell them apart"
    if (sign > 0) == (regret < 0):
        judgement = "right" if sign > 0 else "wrong"
        return judgement, f"{since}, as on the same rows"
    return "unknown", f"{since}; on the same rows it is the other way round"


def _sign(comparison: Comparison | None) -> int:
    """Return 1 where the version put back is surely better, -1 where worse, else 0."""
    if comparison is None or comparison.lower is None or comparison.upper is None:
        return 0
    return int(comparison.lower > 0) - int(comparison.upper < 0)


def _on_same_rows(comparison: Comparison | None) -> str:
    c = comparison
    if c is None or c.gain is None or c.lower is None or c.upper is None:
        return ""
    return (
        f"{c.metric} on the same {c.rows:,} rows: gain {c.gain:.3f} "
        f"[{c.lower:.3f}, {c.upper:.3f}], {c.basis.value}"
    )
