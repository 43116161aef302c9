"""What a day says of an incident: labels answer labels, outputs answer outputs."""

from dataclasses import replace

import pytest

from monitoring_tasks.domain.decisions import Cause
from monitoring_tasks.domain.findings import Verdict
from monitoring_tasks.domain.incidents import Incident
from monitoring_tasks.domain.standing_warnings import DayWarnings
from monitoring_tasks.respond.recovery.day_answers import (
    NO_ANSWERS,
    Answer,
    Answers,
    DayAnswer,
    is_still_blamed,
    says_of,
)
from monitoring_tasks.respond.recovery.incident_basis import IncidentBasis
from tests.builders import DAY, make_incident, make_past

GOOD, BAD, NOTHING = Answer.GOOD, Answer.BAD, Answer.NOTHING
OK, WAITING, BROKEN = Verdict.OK, Verdict.IMMATURE, Verdict.BREACH
MOVED = IncidentBasis(moved=frozenset({"output/score_mean//all"}), has_more=False)
DRIFTED = replace(MOVED, moved=frozenset({"drift/psi/amount/all"}))
NULLS = replace(MOVED, moved=frozenset({"check/reference/no_more_nulls/amount"}))
UNLIKE = replace(MOVED, moved=frozenset({"reproduction/unreproduced_share//all"}))
BY_LABELS = replace(MOVED, is_told_by_labels=True)
MORE = replace(MOVED, has_more=True)
RELEASE = make_incident(cause=Cause.MODEL, version="2")
SCORING = make_incident(cause=Cause.INTEGRATION, version="2")
INPUTS = make_incident(cause=Cause.COVARIATE_DRIFT, version="2")
DATA = make_incident(cause=Cause.DATA, version="2")


def on(basis: IncidentBasis, **day: object) -> Answers:
    """Return what an incident rests on, and what one day measured of that."""
    return Answers(basis=basis, by_day={DAY: DayAnswer(**day)})  # type: ignore[arg-type]


@pytest.mark.parametrize("performance", [OK, WAITING, Verdict.NO_DATA])
@pytest.mark.parametrize("incident", [RELEASE, SCORING, INPUTS, DATA])
@pytest.mark.parametrize("moved", [GOOD, BAD, NOTHING])
def test_what_moved_is_answered_by_itself_where_labels_never_come(
    incident: Incident, performance: Verdict, moved: Answer
) -> None:
    """The blamed version serves; estimates of moved outputs say nothing of them."""
    answers = on(MOVED, moved=moved, is_blamed_serving=True)
    past = make_past(DAY, performance, version="2")
    assert says_of(incident, past, answers) is moved


@pytest.mark.parametrize("incident", [RELEASE, SCORING, INPUTS, DATA])
@pytest.mark.parametrize("basis", [MOVED, DRIFTED])
def test_what_is_still_past_its_limit_is_bad_however_well_the_model_does(
    incident: Incident, basis: IncidentBasis
) -> None:
    """With labels, and of the version that replaced a bad one; else it comes back."""
    past = make_past(DAY, version="1", sound=True)
    assert says_of(incident, past, on(basis, moved=BAD, is_labelled=True)) is BAD
    more = replace(basis, has_more=True)
    assert says_of(incident, past, on(more, moved=BAD, is_labelled=True)) is GOOD


@pytest.mark.parametrize(
    ("basis", "losses", "says"),
    [
        pytest.param(DRIFTED, [{100: 0.4}], GOOD, id="nothing was lost"),
        pytest.param(DRIFTED, [{700: 0.4}], BAD, id="only a week shows it"),
        pytest.param(DRIFTED, [], BAD, id="nothing is shown"),
        pytest.param(MOVED, [{100: 0.4}], BAD, id="outputs"),
    ],
)
def test_inputs_that_stay_moved_end_it_once_the_days_labels_show_no_loss(
    basis: IncidentBasis, losses: list[dict[int, float]], says: Answer
) -> None:
    """A season that came to stay; outputs have to come back, or be explained."""
    shown = DayWarnings(ratios={}, rows=100, losses=losses)
    past = replace(make_past(DAY), warnings=shown)
    assert says_of(INPUTS, past, on(basis, moved=BAD, is_labelled=True)) is says


@pytest.mark.parametrize("moved", [GOOD, NOTHING])
@pytest.mark.parametrize("incident", [SCORING, INPUTS, DATA])
def test_estimates_end_what_moved_inputs_opened(
    incident: Incident, moved: Answer
) -> None:
    """Until an input is measured past its limit again."""
    assert says_of(incident, make_past(DAY), on(DRIFTED, moved=moved)) is GOOD


@pytest.mark.parametrize("basis", [BY_LABELS, MORE])
@pytest.mark.parametrize("performance", [OK, WAITING])
def test_outputs_do_not_answer_what_something_else_told(
    basis: IncidentBasis, performance: Verdict
) -> None:
    """Labels said that the release is worse: only labels say that it is not."""
    answers = on(basis, moved=GOOD, is_blamed_serving=True)
    past = make_past(DAY, performance, version="2")
    assert says_of(RELEASE, past, answers) is NOTHING
    sound = replace(past, is_release_sound=True)
    assert says_of(RELEASE, sound, answers) is (GOOD if performance is OK else NOTHING)


@pytest.mark.parametrize("verdict", [BROKEN, Verdict.WARN])
def test_broken_promise_is_bad_whatever_the_outputs_do(verdict: Verdict) -> None:
    """A day in breach is no day of recovery."""
    past = make_past(DAY, verdict, version="2")
    assert says_of(RELEASE, past, on(MOVED, moved=GOOD)) is BAD


def test_day_whose_monitor_failed_says_nothing() -> None:
    """Nor does one that the contract excludes, however its numbers lie."""
    for verdict in (Verdict.ERROR, Verdict.EXCLUDED):
        past = make_past(DAY, verdict, version="2")
        for moved in (GOOD, BAD):
            assert says_of(RELEASE, past, on(MOVED, moved=moved)) is NOTHING
    damaged = replace(past, corrupted=frozenset({("no_more_nulls", "amount")}))
    assert says_of(DATA, damaged, NO_ANSWERS) is NOTHING


@pytest.mark.parametrize(
    ("performance", "moved", "expected"),
    [
        pytest.param(OK, NOTHING, GOOD, id="it keeps what is promised"),
        pytest.param(WAITING, GOOD, GOOD, id="its outputs lie as they should"),
        pytest.param(WAITING, BAD, BAD, id="its outputs moved as well"),
        pytest.param(WAITING, NOTHING, NOTHING, id="nothing was measured"),
    ],
)
def test_version_that_is_gone_is_answered_by_the_one_that_replaced_it(
    performance: Verdict, moved: Answer, expected: Answer
) -> None:
    """By its promises, or by what had moved; never by silence."""
    past = make_past(DAY, performance, version="1")
    assert says_of(RELEASE, past, on(MOVED, moved=moved)) is expected
    by_labels = says_of(RELEASE, past, on(BY_LABELS, moved=moved))
    assert by_labels is (GOOD if performance is OK else NOTHING)


def test_first_guess_at_a_version_ends_with_its_day() -> None:
    """Nobody confirmed that it is to blame; a good day shows that the day was odd."""
    past = make_past(DAY, version="2")
    guess = IncidentBasis(is_told_by_labels=True, is_guess=True)
    assert says_of(RELEASE, past, Answers(basis=guess)) is GOOD
    confirmed = Answers(basis=replace(guess, is_guess=False))
    assert says_of(RELEASE, past, confirmed) is NOTHING


def test_version_that_serves_a_part_of_the_rows_is_still_to_blame() -> None:
    """What most rows say of the other version does not end it."""
    past = make_past(DAY, version="1", sound=True)
    here, gone = (on(MOVED, is_blamed_serving=part) for part in (True, False))
    assert is_still_blamed(RELEASE, past, here)
    assert says_of(RELEASE, past, here) is NOTHING
    assert not is_still_blamed(RELEASE, past, gone)
    assert says_of(RELEASE, past, gone) is GOOD
    assert not is_still_blamed(SCORING, past, here)


@pytest.mark.parametrize("incident", [SCORING, INPUTS, DATA])
@pytest.mark.parametrize(
    ("basis", "labelled", "expected"),
    [
        pytest.param(MOVED, True, GOOD, id="labels show no harm"),
        pytest.param(MOVED, False, NOTHING, id="an estimate"),
        pytest.param(UNLIKE, True, NOTHING, id="whose they are labels do not show"),
        pytest.param(MORE, False, GOOD, id="more than outputs"),
    ],
)
def test_kept_promises_answer_outputs_only_by_labels(
    incident: Incident, basis: IncidentBasis, expected: Answer, *, labelled: bool
) -> None:
    """An estimate is made from the very outputs that moved, whatever the cause."""
    answers = on(basis, is_labelled=labelled)
    assert says_of(incident, make_past(DAY), answers) is expected


@pytest.mark.parametrize(
    ("incident", "basis", "column", "expected"),
    [
        pytest.param(DATA, MORE, "rate", BAD, id="any damage, about data"),
        pytest.param(INPUTS, NULLS, "amount", BAD, id="the same damage"),
        pytest.param(INPUTS, NULLS, "rate", GOOD, id="another column"),
        pytest.param(INPUTS, DRIFTED, "amount", GOOD, id="not by damage"),
        pytest.param(
            RELEASE, replace(NULLS, has_more=True), "amount", BAD, id="with more"
        ),
        pytest.param(
            INPUTS,
            replace(NULLS, moved=frozenset({"check/reference/new_values/amount"})),
            "amount",
            GOOD,
            id="another statement",
        ),
    ],
)
@pytest.mark.parametrize("performance", [OK, Verdict.NO_DATA])
def test_damaged_day_is_bad_for_what_is_about_that_damage(
    incident: Incident,
    basis: IncidentBasis,
    *,
    column: str,
    expected: Answer,
    performance: Verdict,
) -> None:
    """However well the model does on its rows, or where nobody knows."""
    about = frozenset({("no_more_nulls", column)})
    past = replace(make_past(DAY, performance, version="1"), corrupted=about)
    said = says_of(incident, past, Answers(basis=basis))
    is_silent = expected is GOOD and performance is not OK
    assert said is (NOTHING if is_silent else expected)


def test_day_that_nobody_asked_says_what_its_performance_says() -> None:
    """Other incidents need no numbers."""
    assert says_of(INPUTS, make_past(DAY), NO_ANSWERS) is GOOD
    assert says_of(INPUTS, make_past(DAY, WAITING), NO_ANSWERS) is NOTHING
