"""Are there more rows with other outputs than usual? Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from scipy.special import bdtrc

from monitoring_tasks.compare.reproduced_rows import Reproducibility
from monitoring_tasks.contract.policy import Policy
from monitoring_tasks.domain.findings import Finding, Kind, Limit, Measurement, Verdict
from monitoring_tasks.domain.reasons import ReasonCode
from monitoring_tasks.domain.reproductions import UNREPRODUCED_SHARE, ReproducedDay
from monitoring_tasks.statistics.intervals import wilson

UNKNOWN_SHARE = 0.02
"""Share of rows with other outputs that is usual where nothing was learnt."""


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
        usual: What the reference taught; of 0 rows where there is none.
        before: What days before said, of all versions, oldest first.
        policy: `versions.rescore`, and the level of the interval.
    """
    own = policy.versions.rescore
    good = [day for day in before if day.verdict is Verdict.OK]
    usual_rows = usual.rows + sum(day.rows for day in good)
    usual_unlike = usual.unlike + sum(day.unlike for day in good)
    # One row more proves nothing, however few were ever unlike.
    chance = (usual_unlike + 1) / (usual_rows + 2) if usual_rows else UNKNOWN_SHARE
    expected = usual_unlike / usual_rows if usual_rows else 0.0
    share = counted.unlike / counted.rows
    lower, upper = wilson(counted.unlike, counted.rows, confidence=policy.confidence)
    p_value = float(bdtrc(counted.unlike - 1, counted.rows, chance))
    if counted.unlike == 0:
        p_value = 1.0
    excess = share - expected
    verdict, code = Verdict.OK, None
    if excess >= own.notable_share and p_value < own.false_alarm:
        measured = any(day.rows for day in before)
        is_proof = bool(good) or counted.is_explained
        verdict = Verdict.WARN
        if is_proof and excess >= own.gross_share:
            code = ReasonCode.OUTPUTS_NOT_REPRODUCED
        elif not is_proof and (measured or not usual.rows):
            verdict = Verdict.INCONCLUSIVE
    return Finding(
        measurement=Measurement(
            kind=Kind.REPRODUCTION,
            metric=UNREPRODUCED_SHARE,
            version=counted.version,
            value=share,
            lower=lower,
            upper=upper,
            rows=counted.rows,
        ),
        verdict=verdict,
        reason=_in_words(counted, verdict, (lower, upper)),
        limit=Limit(
            high=min(expected + own.notable_share, 1.0),
            reference=expected,
            origin=f"{expected:.1%} is usual, of {usual_rows:,} rows that are the "
            "version's own",
            advisory=True,
            false_alarm=own.false_alarm,
        ),
        p_value=p_value,
        reason_code=code,
    )


def unproven(version: str, verdict: Verdict, why: str) -> Finding:
    """Return the finding of rows that could not be held against their version.

    Args:
        version: The version they state.
        verdict: `no_data`, or `inconclusive` where nothing can be proven by its rows.
        why: One sentence.
    """
    return Finding(
        measurement=Measurement(
            kind=Kind.REPRODUCTION,
            metric=UNREPRODUCED_SHARE,
            version=version,
            reason=why,
        ),
        verdict=verdict,
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
            "no day before shows that its rows ever have what it gives, so nothing is "
            "proven: let the job log the inputs as they were scored, or set "
            "policy.versions.rescore.rows to 0"
        )
    return "; ".join([text, *remarks])
