"""Rows asked of the version they state, and of those that may be behind them."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import numpy as np
import pandas as pd
import pytest

from monitoring_tasks.compare.reproduction.check import ReproductionCheck
from monitoring_tasks.compare.reproduction.reproduced_rows import Reproducibility
from monitoring_tasks.compare.reproduction.reproducibility import learn_reproducibility
from monitoring_tasks.domain.findings import Finding, Verdict
from monitoring_tasks.domain.reproductions import ReproducedDay, is_proof
from tests.builders import DAY
from tests.compare.reproduction.reproducing import (
    BINARY,
    given,
    rounded,
    rows_of,
    score,
)

OWN = rows_of("2", rows=1000)
LEARNT = learn_reproducibility(OWN, given(OWN, "2"), BINARY)
BEFORE = [
    ReproducedDay(
        day=DAY - timedelta(days=1), version="2", verdict=Verdict.OK, rows=300
    )
]


def findings(
    rows: pd.DataFrame,
    *,
    version: str = "2",
    usual: Reproducibility | str | None = LEARNT,
    before: Sequence[ReproducedDay] = BEFORE,
    others: Sequence[str] = ("1", "3"),
) -> list[Finding]:
    """Return what is thought of rows that state a version; version 2's by default."""
    check = ReproductionCheck(
        contract=BINARY,
        before=before,
        usual_of=lambda _: usual,
        others=lambda _: others,
        score=score,
    )
    return check.findings({version: rows})


def mixed(*, where: "np.ndarray") -> pd.DataFrame:
    """Return rows of version 2 with the outputs of version 1 on some of them."""
    rows, other = rows_of("2"), rows_of("1")
    names = ["score", "prediction"]
    return rows.assign(**{name: rows[name].mask(where, other[name]) for name in names})


def test_rows_of_their_version_are_ok() -> None:
    """All of them have its outputs."""
    (finding,) = findings(rows_of("2"))
    assert (finding.verdict, finding.measurement.value) == (Verdict.OK, 0.0)


def test_version_behind_the_rows_is_named() -> None:
    """Its outputs are theirs to the last digit."""
    (finding,) = findings(rows_of("1"))
    assert is_proof(finding)
    assert "; 300 of them are what version 1 gives" in finding.reason


def test_versions_mixed_in_one_batch_are_told_apart() -> None:
    """A part of the rows is another version's, wherever it lies."""
    where = np.arange(300) % 3 == 0
    (finding,) = findings(mixed(where=where))
    assert is_proof(finding)
    assert finding.reason.startswith("100 of 300 sampled rows")
    assert "100 of them are what version 1 gives" in finding.reason


def test_segment_that_holds_most_of_them_is_named() -> None:
    """By the rule that names the segment of damaged rows."""
    north = (rows_of("2")["region"] == "north").to_numpy()
    (finding,) = findings(mixed(where=north), others=())
    assert (finding.verdict, is_proof(finding)) == (Verdict.WARN, False)
    assert "most of them where region=north" in finding.reason


def test_outputs_that_no_version_gives_name_none() -> None:
    """Nor do those of a version that cannot be asked."""
    rows = rows_of("2").assign(score=lambda r: r["score"].to_numpy()[::-1])
    (finding,) = findings(rows, others=("1", "9"))
    assert is_proof(finding)
    assert "is what version" not in finding.reason
    assert "are what version" not in finding.reason


def test_decisions_alone_are_named_as_such() -> None:
    """The scores are the version's own."""
    rows = rows_of("2")
    (finding,) = findings(rows.assign(prediction=1 - rows["prediction"]))
    assert "have another decision than" in finding.reason


def test_rounding_is_said_and_counts_for_nothing() -> None:
    """Scores are off, by too little to matter."""
    (finding,) = findings(rows_of("2").assign(score=lambda r: r["score"].round(2)))
    assert finding.verdict is Verdict.OK
    assert "others are off by too little to count" in finding.reason


@pytest.mark.parametrize(
    ("version", "usual", "reason"),
    [
        pytest.param("9", None, "it is not registered", id="gone"),
        pytest.param(
            "2", "its reference could not be scored: so", "so", id="reference fails"
        ),
    ],
)
def test_version_that_cannot_be_asked_is_no_alarm_and_not_ok(
    version: str, usual: str | None, reason: str
) -> None:
    """Whatever the rows are like."""
    (finding,) = findings(rows_of("1"), version=version, usual=usual)
    assert (finding.verdict, finding.measurement.value) == (Verdict.NO_DATA, None)
    assert finding.reason.endswith(reason)


def test_what_is_never_reproduced_is_said_once() -> None:
    """Neither reference nor day is a witness; a later day says nothing of it."""
    usual = learn_reproducibility(rows_of("2"), given(rows_of("2"), "1"), BINARY)
    assert isinstance(usual, Reproducibility)
    assert usual.rows == 0
    rows = rows_of("2").assign(x=lambda r: r["x"].to_numpy()[::-1])
    (finding,) = findings(rows, usual=usual, before=[])
    assert finding.verdict is Verdict.INCONCLUSIVE
    said = ReproducedDay(day=DAY, version="2", verdict=Verdict.INCONCLUSIVE, rows=300)
    assert findings(rows, usual=usual, before=[said]) == []


def test_reference_scored_out_of_fold_leaves_the_word_to_days() -> None:
    """The version gives its days' outputs, whoever scored its reference."""
    usual = learn_reproducibility(rows_of("1"), given(rows_of("1"), "2"), BINARY)
    (first,) = findings(rows_of("2"), usual=usual, before=[])
    (later,) = findings(rows_of("1"), usual=usual, others=())
    assert (first.verdict, is_proof(later)) == (Verdict.OK, True)


def test_rows_without_a_reference_stand_for_themselves() -> None:
    """Their own scores say how far apart is far."""
    (good,) = findings(rows_of("2"), usual=None)
    (bad,) = findings(rows_of("1"), usual=None)
    assert (good.verdict, is_proof(bad)) == (Verdict.OK, True)


def test_equal_versions_are_told_apart_by_their_last_digits() -> None:
    """However near another version is, rows that are its own to the digit are its."""
    rows = rows_of("2")
    near = rows.assign(x=rows["x"] * 0.99)
    rows = rows.assign(score=given(near, "2")["score"])

    def shrunk(
        frame: pd.DataFrame, versions: Sequence[str]
    ) -> dict[str, pd.DataFrame | str]:
        factor = {"2": 1.0, "1": 0.99}
        return {v: given(frame.assign(x=frame["x"] * factor[v]), "2") for v in versions}

    check = ReproductionCheck(
        contract=BINARY,
        before=BEFORE,
        usual_of=lambda _: LEARNT,
        others=lambda _: ["1"],
        score=shrunk,
    )
    (finding,) = check.findings({"2": rows})
    assert is_proof(finding)
    assert "are what version 1 gives" in finding.reason


def test_another_version_is_granted_no_more_than_the_stated_one() -> None:
    """Rounded rows are no other version's because that one was logged rounded."""
    rows = rounded(rows_of("2"))
    coarse = replace(LEARNT, precision={"score": 0.2})
    check = ReproductionCheck(
        contract=BINARY,
        before=BEFORE,
        usual_of=lambda version: LEARNT if version == "2" else coarse,
        others=lambda _: ["3"],
        score=score,
    )
    (finding,) = check.findings({"2": rows})
    assert (finding.verdict, finding.reason_code) == (Verdict.OK, None)
