"""Are there more rows with other outputs than usual? Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from scipy.special import bdtrc

from monitoring_tasks.compare.reproduction.reproduced_rows import Reproducibility
from monitoring_tasks.contract.policy import Policy
from monitoring_tasks.domain.findings import Finding, Kind, Limit, Measurement, Verdict
from monitoring_tasks.domain.reasons import ReasonCode
from monitoring_tasks.domain.reproductions import UNREPRODUCED_SHARE, ReproducedDay
from monitoring_tasks.statistics.intervals import wilson

UNKNOWN_SHARE = 0.02
"""Share of rows with other outputs that is usual where nothing was learnt."""
FEWEST_ROWS = 50
"""The share of a day with fewer rows tells of chance more than of what is usual."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UnlikeRows:
    """What came of the rows of one version that were scored again.

    Attributes:
        version: The version they state.
        rows: Rows that were scored again, at least one.
        unlike: Rows of these with other outputs.
        is_explained: Whether another registered version gives most of these outputs.
        what: What they have that is not the version's, such as `another score`.
        remarks: Where these rows lie, whose their outputs are.
    """

    version: str
    rows: int
    unlike: int
    is_explained: bool
    what: str
    remarks: tuple[str, ...] = ()

    @property
    def share(self) -> float:
        """Share of the rows with other outputs, 0..1."""
        return self.unlike / self.rows


def judge_unlike_rows(
    counted: UnlikeRows,
    usual: Reproducibility,
    before: Sequence[ReproducedDay],
    policy: Policy,
) -> Finding:
    """Hold the share of rows with other outputs against what is usual.

    What is usual are the reference's rows and those of days before that had the outputs
    their version gives. Rows prove something where such rows are known: where another
    version gives the outputs, or rows of a day before had those of theirs. On the very
    first day the reference alone can warn, and calls nobody.

    Args:
        counted: The day's rows.
        usual: What the reference taught; of 0 rows where there is none, or none that
            its version reproduces.
        before: What days before said, of all versions, oldest first.
        policy: `versions.rescore`, and the level of the interval.
    """
    own, good = policy.versions.rescore, _good(counted, usual, before)
    expected = _usual_share(usual, good)
    lower, upper = wilson(counted.unlike, counted.rows, confidence=policy.confidence)
    p_value = _p_value(counted, usual, good)
    excess, verdict = counted.share - expected, Verdict.OK
    # A reference alone does not show that the inputs of days are logged as scored.
    is_proven = counted.is_explained or bool(good)
    if excess >= own.notable_share and p_value < own.false_alarm:
        is_first = usual.rows > 0 and not any(day.rows for day in before)
        verdict = Verdict.WARN if is_first or is_proven else Verdict.INCONCLUSIVE
    is_gross = verdict is Verdict.WARN and excess >= own.gross_share
    return Finding(
        measurement=Measurement(
            kind=Kind.REPRODUCTION,
            metric=UNREPRODUCED_SHARE,
            version=counted.version,
            value=counted.share,
            lower=lower,
            upper=upper,
            rows=counted.rows,
        ),
        verdict=verdict,
        reason=_in_words(counted, verdict, (lower, upper)),
        limit=Limit(
            high=min(expected + own.notable_share, 1.0),
            reference=expected,
            origin=f"{expected:.1%} is the most that is usual",
            advisory=True,
            false_alarm=own.false_alarm,
        ),
        p_value=p_value,
        reason_code=ReasonCode.OUTPUTS_NOT_REPRODUCED
        if is_gross and is_proven
        else None,
    )


def _good(
    counted: UnlikeRows, usual: Reproducibility, before: Sequence[ReproducedDay]
) -> list[ReproducedDay]:
    """Return the days whose rows had the outputs of their version.

    What is logged of a version may be another matter: its reference has to show that
    its rows are scored as the others were, else its own days alone count.
    """
    return [
        day
        for day in before
        if day.verdict is Verdict.OK
        and day.rows
        and (usual.rows or day.version == counted.version)
    ]


def _usual_share(usual: Reproducibility, good: Sequence[ReproducedDay]) -> float:
    """Return the largest share that was usual: days differ by more than chance."""
    large = [day for day in good if day.rows >= FEWEST_ROWS]
    return max([usual.share, *(day.unlike / day.rows for day in large)])


def _p_value(
    counted: UnlikeRows, usual: Reproducibility, good: Sequence[ReproducedDay]
) -> float:
    """Return the chance of so many rows with other outputs among the usual ones."""
    rows = usual.rows + sum(day.rows for day in good)
    unlike = usual.unlike + sum(day.unlike for day in good)
    # One row more proves nothing, however few were ever unlike.
    share = (unlike + 1) / (rows + 2) if rows else UNKNOWN_SHARE
    if counted.unlike == 0:
        return 1.0
    return float(bdtrc(counted.unlike - 1, counted.rows, share))


def unproven(version: str, why: str) -> Finding:
    """Return the finding of rows that could not be held against their version.

    Args:
        version: The version they state.
        why: One sentence.
    """
    return Finding(
        measurement=Measurement(
            kind=Kind.REPRODUCTION,
            metric=UNREPRODUCED_SHARE,
            version=version,
            reason=why,
        ),
        verdict=Verdict.NO_DATA,
        reason=f"the outputs of version {version} were not checked: {why}",
    )


def _in_words(
    counted: UnlikeRows, verdict: Verdict, interval: tuple[float, float]
) -> str:
    lower, upper = interval
    text = (
        f"{counted.unlike} of {counted.rows} sampled rows ({lower:.0%} to {upper:.0%} "
        f"of all) have {counted.what} than version {counted.version} gives for their "
        "inputs"
    )
    remarks = list(counted.remarks)
    if verdict is Verdict.INCONCLUSIVE:
        remarks.append(
            "neither its reference nor a day before shows that its rows ever have what "
            "it gives, so nothing is proven: let the job log the inputs as they were "
            "scored, or set policy.versions.rescore.rows to 0"
        )
    return "; ".join([text, *remarks])
