"""When rows with other outputs prove something, and when nothing can be proven."""

from datetime import timedelta

import pytest

from monitoring_tasks.compare.reproduction.judgement import (
    UnlikeRows,
    judge_unlike_rows,
)
from monitoring_tasks.compare.reproduction.reproduced_rows import Reproducibility
from monitoring_tasks.domain.findings import Verdict
from monitoring_tasks.domain.reproductions import ReproducedDay, is_proof
from tests.builders import DAY, make_contract

POLICY = make_contract().policy
REFERENCE = Reproducibility(rows=300, unlike=0)
NOTHING_LEARNT = Reproducibility(rows=0, unlike=0)
WARN, PROOF = (Verdict.WARN, False), (Verdict.WARN, True)
OK, UNCLEAR = (Verdict.OK, False), (Verdict.INCONCLUSIVE, False)


def past(verdict: Verdict, *, unlike: int = 0, version: str = "1") -> ReproducedDay:
    """Return what the day before said."""
    return ReproducedDay(
        day=DAY - timedelta(days=1),
        version=version,
        verdict=verdict,
        rows=300,
        unlike=unlike,
    )


def counted(unlike: int, *, rows: int = 300, explained: bool = False) -> UnlikeRows:
    """Return so many rows of version 2 with other outputs."""
    return UnlikeRows(
        version="2",
        rows=rows,
        unlike=unlike,
        is_explained=explained,
        what="another score",
    )


@pytest.mark.parametrize(
    ("rows", "usual", "before", "expected"),
    [
        pytest.param(counted(0), REFERENCE, [], OK, id="none"),
        pytest.param(counted(8), REFERENCE, [], OK, id="fewer than matter"),
        pytest.param(counted(1, rows=10), REFERENCE, [], OK, id="one row is chance"),
        pytest.param(counted(5, rows=10), REFERENCE, [past(Verdict.OK)], PROOF,
                     id="half of ten rows"),
        pytest.param(counted(30), REFERENCE, [past(Verdict.OK)], WARN, id="a tenth"),
        pytest.param(counted(100), REFERENCE, [past(Verdict.OK)], PROOF, id="a third"),
        pytest.param(counted(300), REFERENCE, [], WARN, id="the very first day"),
        pytest.param(counted(300, explained=True), REFERENCE, [], PROOF,
                     id="another version's, on the very first day"),
        pytest.param(counted(300), REFERENCE, [past(Verdict.WARN, unlike=300)],
                     UNCLEAR, id="never was otherwise"),
        pytest.param(counted(300), NOTHING_LEARNT, [], UNCLEAR, id="no reference"),
        pytest.param(counted(0), NOTHING_LEARNT, [], OK, id="it needs none"),
        pytest.param(counted(100), NOTHING_LEARNT, [past(Verdict.OK, version="2")],
                     PROOF, id="a day before stands in for it"),
        pytest.param(counted(100), NOTHING_LEARNT, [past(Verdict.OK)], UNCLEAR,
                     id="a day of another version does not"),
        pytest.param(counted(50), Reproducibility(rows=300, unlike=45),
                     [past(Verdict.OK, unlike=45)], OK, id="as many as usual"),
        pytest.param(counted(50), REFERENCE,
                     [past(Verdict.OK), past(Verdict.OK, unlike=42)], OK,
                     id="as many as on one good day"),
        pytest.param(counted(0), REFERENCE, [past(Verdict.NO_DATA)], OK,
                     id="a failure before says nothing"),
    ],
)  # fmt: skip
def test_rows_prove_something_where_such_rows_are_known_to_be_good(
    rows: UnlikeRows,
    usual: Reproducibility,
    before: list[ReproducedDay],
    expected: tuple[Verdict, bool],
) -> None:
    """Beyond the usual, beyond chance, large, and not as it always was."""
    finding = judge_unlike_rows(rows, usual, before, POLICY)
    assert (finding.verdict, is_proof(finding)) == expected


def test_finding_says_how_many_and_how_sure_that_is() -> None:
    """Rows, interval, what is usual, and what was said of where they lie."""
    rows = UnlikeRows(
        version="2",
        rows=300,
        unlike=90,
        is_explained=False,
        what="another score",
        remarks=("most of them where region=north",),
    )
    finding = judge_unlike_rows(rows, REFERENCE, [past(Verdict.OK)], POLICY)
    assert finding.reason == (
        "90 of 300 sampled rows (25% to 35% of all) have another score than version 2 "
        "gives for their inputs; most of them where region=north"
    )
    number, limit = finding.measurement, finding.limit
    assert (number.value, number.rows, number.version) == (0.3, 300, "2")
    assert limit is not None
    assert (limit.high, limit.reference, limit.advisory) == (0.03, 0.0, True)


def test_what_is_not_proven_says_what_to_do() -> None:
    """A person can make it provable, or switch it off."""
    finding = judge_unlike_rows(counted(300), NOTHING_LEARNT, [], POLICY)
    assert "policy.versions.rescore.rows to 0" in finding.reason
