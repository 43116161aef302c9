"""What a reference teaches of how well its version gives rows again."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from monitoring_tasks.compare.reproduction.reproduced_rows import Reproducibility
from monitoring_tasks.compare.reproduction.reproducibility import (
    ReferenceOutputs,
    reference_reproducibility,
    reproducibility_key,
)
from monitoring_tasks.errors import DataError, RegistryError
from monitoring_tasks.workspace.kept_answers import KeptAnswers
from tests.compare.reproduction.reproducing import (
    BINARY,
    NUMBER,
    USUAL,
    learnt,
    rounded,
    rows_of,
    score,
    shifted,
    unlike,
)


def test_reference_logged_rounded_teaches_how_finely() -> None:
    """Later rows may be rounded as well; the precision is that of the column."""
    usual = learnt(rounded(rows_of("2")))
    assert 0.005 <= usual.precision["score"] <= 0.01
    assert unlike(rounded(rows_of("2", rows=500)), usual)[0] == 0
    assert unlike(rows_of("1"), usual)[1] > 200


def test_reference_of_other_outputs_says_so() -> None:
    """What was logged is not what the version gives: no precision explains that."""
    usual = learnt(rows_of("1"))
    assert usual.precision == {"score": 0.0}
    assert (usual.rows, usual.share) == (0, 0.0)
    # A day's rows can be held against the version all the same.
    assert unlike(rows_of("2"), usual) == (0, 0)


def test_decisions_taken_elsewhere_are_not_asked_about() -> None:
    """Rules outside of the model decide: scores are held against it all the same."""
    random = np.random.default_rng(1)
    usual = learnt(rows_of("2", prediction=random.integers(0, 2, 300)))
    assert (usual.knows_decisions, usual.unlike) == (False, 0)
    rows = rows_of("2", prediction=random.integers(0, 2, 300))
    assert unlike(rows, usual) == (0, 0)
    assert unlike(shifted(rows), usual)[1] > 250


def test_decisions_follow_the_threshold_the_reference_shows() -> None:
    """Not the version's own default; between its two nearest scores nobody knows."""
    rows = rows_of("2")
    rows = rows.assign(prediction=rows["score"].ge(0.8).astype("int64"))
    usual = learnt(rows)
    assert usual.unlike == 0
    assert usual.edges is not None
    assert usual.edges.highest_negative < 0.8 <= usual.edges.lowest_positive
    assert unlike(rows_of("2"), usual)[1] > 50


def test_what_was_learnt_is_kept_as_json() -> None:
    """And read back as it was, edges or none."""
    for usual in (USUAL, learnt(rows_of("2", NUMBER), NUMBER)):
        assert Reproducibility.from_json(usual.to_json()) == usual


@pytest.mark.parametrize(
    "rows",
    [
        pytest.param(None, id="none kept"),
        pytest.param(rows_of("2").drop(columns="x"), id="an input lacks"),
        pytest.param(rows_of("2", score=np.nan), id="no row was scored"),
    ],
)
def test_reference_without_rows_teaches_nothing(rows: pd.DataFrame | None) -> None:
    """Nobody is asked."""
    assert reference_reproducibility(rows, "2", BINARY, score=score) is None


def test_reference_is_asked_by_its_version() -> None:
    """Or says why not; what is learnt hangs on reference, version and columns."""
    plain = reference_reproducibility(rows_of("2"), "2", BINARY, score=score)
    assert isinstance(plain, dict)
    assert Reproducibility.from_json(plain) == USUAL
    gone = reference_reproducibility(rows_of("2"), "9", BINARY, score=score)
    assert gone == "its reference could not be scored: it is not registered"
    keys = {
        reproducibility_key(contract, version, reference=reference)
        for contract in (BINARY, NUMBER)
        for version in ("1", "2")
        for reference in ("a", "b")
    }
    assert len(keys) == 8


@pytest.mark.parametrize("error", [DataError("old format"), RegistryError("changed")])
def test_reference_nobody_can_read_is_a_remark(
    error: Exception, tmp_path: Path
) -> None:
    """It may be that of a version that is merely tried: it stops no day."""

    def logged(_: str) -> str:
        raise error

    outputs = ReferenceOutputs(
        contract=BINARY,
        logged=logged,
        rows=lambda _: None,
        kept=KeptAnswers(folder=tmp_path),
        score=score,
    )
    answer = outputs.of("1")
    assert answer == f"its reference cannot be read ({type(error).__name__})"


def test_version_is_asked_for_its_reference_once(tmp_path: Path) -> None:
    """Another reference is asked about anew."""
    asked = []

    def rows(version: str) -> pd.DataFrame:
        asked.append(version)
        return rows_of(version)

    for logged in ("a", "a", "b"):
        outputs = ReferenceOutputs(
            contract=BINARY,
            logged=lambda _, name=logged: name,
            rows=rows,
            kept=KeptAnswers(folder=tmp_path),
            score=score,
        )
        assert outputs.of("2") == learnt(rows_of("2"))
    assert asked == ["2", "2"]
