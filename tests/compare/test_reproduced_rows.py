"""Which rows are held to have other outputs, and what a reference teaches of that."""

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from monitoring_tasks.compare.reproduced_rows import (
    Reproducibility,
    learn_reproducibility,
    reference_reproducibility,
    reproducibility_key,
    row_errors,
    without_reference,
)
from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.rows.scored_outputs import contract_outputs
from tests.compare.reproducing import BINARY, NUMBER, given, rows_of, score


def learnt(rows: pd.DataFrame, contract: Contract = BINARY) -> Reproducibility:
    """Return what a reference of version 2 teaches."""
    answer = learn_reproducibility(rows, given(rows, "2", contract), contract)
    assert isinstance(answer, Reproducibility)
    return answer


def unlike(rows: pd.DataFrame, usual: Reproducibility) -> tuple[int, int]:
    """Count the rows that differ from what version 2 gives, and those that count."""
    outputs = contract_outputs(rows, given(rows, "2"), BINARY, usual.edges)
    assert not isinstance(outputs, str)
    errors = row_errors(rows, outputs, BINARY, usual)
    return int(errors.differs.sum()), int(errors.unlike.sum())


USUAL = learnt(rows_of("2"))


def rounded(rows: pd.DataFrame) -> pd.DataFrame:
    """Log scores with two decimals."""
    return rows.assign(score=rows["score"].round(2))


def shifted(rows: pd.DataFrame) -> pd.DataFrame:
    """Add a fifth to every score."""
    return rows.assign(score=(rows["score"] + 0.2).clip(0, 1))


def turned(rows: pd.DataFrame) -> pd.DataFrame:
    """Decide thirty rows for a class there is none of."""
    return rows.assign(prediction=rows["prediction"].where(rows["id"] >= 30, 2))


@pytest.mark.parametrize(
    ("change", "differing", "counting"),
    [
        pytest.param(lambda rows: rows, 0, 0, id="its own"),
        pytest.param(
            lambda rows: rows.assign(score=rows["score"].astype("float32")),
            0,
            0,
            id="float noise",
        ),
        pytest.param(rounded, 300, 0, id="rounding that does not matter"),
        pytest.param(shifted, 300, 300, id="shifted"),
        pytest.param(turned, 30, 30, id="decided otherwise"),
    ],
)
def test_rows_are_the_version_s_own_within_what_matters(
    change: Callable[[pd.DataFrame], pd.DataFrame], differing: int, counting: int
) -> None:
    """Noise is nothing, rounding differs and does not count, all else counts."""
    differs, counts = unlike(change(rows_of("2")), USUAL)
    assert differs == pytest.approx(differing, abs=10)
    assert counts == pytest.approx(counting, abs=10)


def test_score_that_is_not_given_at_all_is_another_one() -> None:
    """The version has no number where one was delivered."""
    rows = rows_of("2")
    outputs = contract_outputs(rows, given(rows, "2"), BINARY, USUAL.edges)
    assert not isinstance(outputs, str)
    without = {**outputs, "score": outputs["score"].mask(rows["id"] < 7)}
    assert int(row_errors(rows, without, BINARY, USUAL).unlike_number.sum()) == 7


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
    assert usual.share > 0.5


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


def test_numbers_of_any_size_are_compared_by_their_size() -> None:
    """A prediction in millions has the noise of millions."""
    rows = rows_of("2", NUMBER)
    outputs = {"prediction": rows["prediction"] * 1e6}
    near = rows.assign(prediction=outputs["prediction"] * (1 + 1e-8))
    usual = without_reference(rows, given(rows, "2", NUMBER), NUMBER)
    assert not row_errors(near, outputs, NUMBER, usual).differs.any()
    far = rows.assign(prediction=outputs["prediction"] * 1.01)
    assert row_errors(far, outputs, NUMBER, usual).differs.sum() > 290


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
