"""Which rows candidates are tried on, and which of them are."""

from collections.abc import Sequence
from datetime import timedelta

import pandas as pd
import pytest

from monitoring_tasks.compare.versions.candidate_comparison import CandidateComparison
from monitoring_tasks.domain.candidates import Candidate
from monitoring_tasks.domain.comparisons import Basis, Comparison
from tests.builders import DAY, make_comparison, make_contract

OLD = Candidate(version="1", trained_until=DAY - timedelta(days=9))
OLDER = Candidate(version="2", trained_until=DAY - timedelta(days=99))
TOO_NEW = Candidate(version="3", trained_until=DAY)


def by_estimate(versions: Sequence[str]) -> list[Comparison]:
    """Stand for a comparison before labels."""
    return [make_comparison(version=v, basis=Basis.ESTIMATED) for v in versions]


def unscored(
    rows: pd.DataFrame, versions: Sequence[str]
) -> dict[str, pd.DataFrame | str]:
    """Stand for versions that do not load."""
    del rows
    return dict.fromkeys(versions, "it did not load")


def comparison(rows: pd.DataFrame) -> CandidateComparison:
    """Pool one day with these labelled rows."""
    return CandidateComparison(
        contract=make_contract(),
        first=DAY,
        labelled_rows=lambda: (rows, (DAY,)),
        by_estimate=by_estimate,
        score=unscored,
    )


@pytest.mark.parametrize(
    ("most", "tried"),
    [
        pytest.param(1, ["1", "3"], id="the most wanted one"),
        pytest.param(2, ["1", "2", "3"], id="both"),
    ],
)
def test_without_labelled_rows_estimates_compare(most: int, tried: list[str]) -> None:
    """As many as are asked for; a version that may know the rows says why it is not."""
    compared = comparison(pd.DataFrame()).compare([TOO_NEW, OLD, OLDER], most=most)
    assert [c.version for c in compared] == tried
    assert {c.basis for c in compared[:-1]} == {Basis.ESTIMATED}
    assert (compared[-1].gain, compared[-1].reason[:14]) == (None, "it was trained")


def test_labelled_rows_are_scored_by_each_version() -> None:
    """Estimates are not asked where labels are there."""
    columns = make_contract().columns
    names = [columns.id, *columns.features, columns.label]
    rows = pd.DataFrame({name: [0.0, 1.0] for name in names})
    (compared,) = comparison(rows).compare([OLD], most=1)
    assert (compared.basis, compared.reason) == (Basis.REALIZED, "it did not load")


def test_no_candidate_reads_no_rows() -> None:
    """Rows of many days are read only for somebody."""
    asked = CandidateComparison(
        contract=make_contract(),
        first=DAY,
        labelled_rows=lambda: pytest.fail("rows were read"),
        by_estimate=by_estimate,
        score=unscored,
    )
    assert asked.compare([], most=1) == []
