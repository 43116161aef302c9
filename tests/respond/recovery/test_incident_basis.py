"""What the days of an incident were told by, read from their decisions."""

from typing import Any

import pytest

from monitoring_tasks.domain.findings import Kind
from monitoring_tasks.respond.recovery.incident_basis import (
    IncidentBasis,
    basis_of,
    name_of,
)
from tests.builders import make_measurement

MEAN = "output/score_mean//all"
NULLS = "check/reference/no_more_nulls/score"


def told_by(*keys: str, **evidence: object) -> dict[str, Any]:
    """Return the evidence of a decision that was chosen by some keys."""
    return {"from_labels": False, "onset": None, "chosen_by": list(keys)} | evidence


def read(days: list[dict[str, Any]]) -> IncidentBasis:
    """Return what an incident of a model rests on whose output is a score."""
    return basis_of(days, output_columns={"score"})


@pytest.mark.parametrize(
    ("days", "moved"),
    [
        pytest.param([told_by(f"{MEAN}/2/1")], {MEAN}, id="an output"),
        pytest.param([told_by(f"{MEAN}/2/1", f"{MEAN}/2/5")], {MEAN}, id="its pool"),
        pytest.param([told_by(NULLS)], {NULLS}, id="damage"),
        pytest.param(
            [told_by(f"{MEAN}/2/1"), told_by(NULLS)], {MEAN, NULLS}, id="two days"
        ),
        pytest.param(
            [told_by("drift/psi/score/region=a/b/2/1")],
            {"drift/psi/score/region=a/b"},
            id="a segment with a slash",
        ),
        pytest.param([{}, told_by(NULLS)], {NULLS}, id="a line without a decision"),
    ],
)
def test_incident_rests_on_what_moved(
    days: list[dict[str, Any]], moved: set[str]
) -> None:
    """Whichever version and however many days the numbers were of."""
    basis = read(days)
    assert (basis.moved, basis.is_moved_alone) == (moved, True)


@pytest.mark.parametrize(
    "days",
    [
        pytest.param([], id="no decision is kept"),
        pytest.param([{}], id="an empty one"),
        pytest.param([{"from_labels": False}], id="one without its grounds"),
        pytest.param([told_by()], id="chosen by nothing"),
        pytest.param([told_by(NULLS, from_labels=True)], id="labels told of it"),
        pytest.param([told_by(NULLS, onset="2013-09-01")], id="a promise is broken"),
        pytest.param([told_by(NULLS, "comparison/1")], id="a version is better"),
        pytest.param([told_by("realized/roc_auc//all/2/1")], id="a metric"),
        pytest.param([told_by("segment/roc_auc//region=a/2/1")], id="by labels"),
        pytest.param([told_by("check/labels/rate/region")], id="damaged labels"),
        pytest.param([told_by("alias")], id="a fact"),
        pytest.param([told_by(NULLS), told_by("alias")], id="one day of two"),
    ],
)
def test_incident_that_rests_on_more_is_not_of_moved_numbers_alone(
    days: list[dict[str, Any]],
) -> None:
    """What else told of it has to be answered as well."""
    assert not read(days).is_moved_alone


def test_cause_is_a_guess_until_one_day_confirms_it() -> None:
    """And of an incident of which nothing was kept nobody knows."""
    guess, confirmed = told_by("alias") | {"is_first_guess": True}, told_by("alias")
    assert read([guess, guess]).is_guess
    assert not read([guess, confirmed]).is_guess
    assert not read([]).is_guess


def test_labels_of_a_single_day_are_enough_to_have_told_of_it() -> None:
    """Whichever of its days they came on."""
    assert read([told_by(NULLS), told_by(from_labels=True)]).is_told_by_labels
    assert not read([told_by(NULLS)]).is_told_by_labels


def test_outputs_of_another_version_are_known_as_such() -> None:
    """Labels do not excuse them."""
    unlike = "reproduction/unreproduced_share//all/2/1"
    assert read([told_by(unlike)]).is_not_reproduced
    assert not read([told_by(NULLS, f"{MEAN}/2/1")]).is_not_reproduced


def test_number_has_one_name_for_all_versions_and_horizons() -> None:
    """As the keys of evidence begin."""
    numbers = [
        make_measurement(
            kind=Kind.OUTPUT, metric="score_mean", version=version, horizon=horizon
        )
        for version, horizon in (("1", 1), ("2", 5))
    ]
    assert {name_of(number) for number in numbers} == {MEAN}


@pytest.mark.parametrize(
    ("keys", "is_about_outputs"),
    [
        pytest.param([f"{MEAN}/2/1"], True, id="a level"),
        pytest.param(["reproduction/unreproduced_share//all/2/1"], True, id="not its"),
        pytest.param(["drift/psi/score/region=a/b/2/1"], True, id="drift of scores"),
        pytest.param([NULLS], True, id="damaged scores"),
        pytest.param(["drift/psi/amount/all/2/1"], False, id="drift of an input"),
        pytest.param(["check/reference/new_values/amount"], False, id="an input"),
        pytest.param(["check/volume/score/"], False, id="no column"),
        pytest.param(["drift/psi/amount/all/2/1", NULLS], True, id="some of it"),
    ],
)
def test_what_comes_out_of_the_model_is_told_from_what_goes_in(
    keys: list[str], *, is_about_outputs: bool
) -> None:
    """By the kind of number, or by the columns that the contract names."""
    basis = read([told_by(*keys)])
    assert basis.has_outputs is is_about_outputs


def test_statements_are_named_as_days_remember_them() -> None:
    """Whichever gate makes them; numbers are none."""
    basis = read([told_by(NULLS, f"{MEAN}/2/1", "check/rows/unique/a/b")])
    assert basis.statements == {("no_more_nulls", "score"), ("unique", "a/b")}
