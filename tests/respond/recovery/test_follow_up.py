from dataclasses import replace
from datetime import timedelta

import pytest

from monitoring_tasks.domain.decisions import Cause, PastDay, Severity
from monitoring_tasks.domain.findings import Finding, Kind, Verdict
from monitoring_tasks.domain.incidents import Incident, IncidentState
from monitoring_tasks.respond.recovery.day_answers import Answer, Answers, DayAnswer
from monitoring_tasks.respond.recovery.follow_up import (
    FollowUp,
    follow_up,
    is_silent,
    telling_days,
)
from monitoring_tasks.respond.recovery.incident_basis import (
    UNKNOWN_BASIS,
    IncidentBasis,
)
from tests.builders import DAY, make_finding, make_incident, make_past

S = IncidentState
OUTPUTS = IncidentBasis(moved=frozenset({"output/score_mean//all"}), has_more=False)
LETTERS = {
    ".": Verdict.OK,
    "b": Verdict.BREACH,
    "?": Verdict.NO_DATA,
    "w": Verdict.WARN,
    "i": Verdict.INCONCLUSIVE,
    "m": Verdict.IMMATURE,
}


def after(
    incident: Incident,
    letters: str,
    *,
    version: str = "1",
    days: int | None = None,
    performance: Verdict = Verdict.OK,
    is_flapping: bool = False,
    sound: bool = False,
) -> FollowUp | None:
    """Say what a day means after days that began the day after the incident.

    Args:
        incident: The incident.
        letters: A verdict of performance a day.
        version: The version that served the day and those before it.
        days: How many days after the incident's last bad one it is; None for the next.
        performance: Of the day.
        is_flapping: Whether the alarm comes and goes.
        sound: Whether labels show on each day that the version is as good again.
    """
    history: list[PastDay] = [
        make_past(
            incident.last_day + timedelta(days=i),
            LETTERS[letter],
            version=version,
            sound=sound,
        )
        for i, letter in enumerate(letters, start=1)
    ]
    count = len(letters) + 1 if days is None else days
    return follow_up(
        incident,
        make_past(
            incident.last_day + timedelta(days=count),
            performance,
            version=version,
            sound=sound,
        ),
        history=history,
        recovery_days=3,
        is_flapping=is_flapping,
    )


@pytest.mark.parametrize(
    ("letters", "good", "states"),
    [
        pytest.param("", 1, (S.MONITORING,), id="first"),
        pytest.param(".", 2, (S.MONITORING,), id="second"),
        pytest.param("..", 3, (S.MONITORING, S.RESOLVED), id="third"),
        pytest.param("...", 4, (S.MONITORING, S.RESOLVED), id="fourth"),
        pytest.param("?.?.", 3, (S.MONITORING, S.RESOLVED), id="gaps do not count"),
        pytest.param("i.m", 2, (S.MONITORING,), id="nothing said is not good"),
        pytest.param(".im.", 3, (S.MONITORING, S.RESOLVED), id="nor does it reset"),
        pytest.param("..b", 1, (S.MONITORING,), id="a bad day begins again"),
        pytest.param("..w", 1, (S.MONITORING,), id="so does a warning"),
    ],
)
def test_good_days_in_a_row_end_an_incident(
    letters: str, good: int, states: tuple[IncidentState, ...]
) -> None:
    """Three good valid days after the last bad one, without a bad one between."""
    found = after(make_incident(), letters)
    assert found is not None
    assert f"{min(good, 3)} of 3 good days" in found.text
    assert found.states == states


def test_bad_days_before_the_end_do_not_count_as_good() -> None:
    """Good days before the last bad one are of another time."""
    incident = make_incident()
    earlier = [make_past(DAY - timedelta(days=i)) for i in (3, 2, 1)]
    found = follow_up(
        incident,
        make_past(DAY + timedelta(days=1), version="1"),
        history=earlier,
        recovery_days=3,
    )
    assert found is not None
    assert "1 of 3" in found.text


@pytest.mark.parametrize("days", [0, -3])
def test_day_no_later_than_the_last_bad_one_is_no_news(days: int) -> None:
    """A day looked at again does not end what came after it."""
    assert after(make_incident(), "", days=days) is None


def test_good_day_on_the_blamed_version_is_no_recovery() -> None:
    """A bad release is fixed by another version, not by a lucky day."""
    assert after(make_incident(version="2"), "", version="2") is None
    data = make_incident(cause=Cause.DATA, version="2")
    assert after(data, "", version="2") is not None


@pytest.mark.parametrize("severity", [Severity.P0, Severity.P1])
def test_grave_incidents_are_closed_by_people(severity: Severity) -> None:
    """Automation watches, a person ends it."""
    found = after(make_incident(severity=severity), "...")
    assert found is not None
    assert (found.states, "a person may resolve it" in found.text) == (
        (S.MONITORING,),
        True,
    )


def test_watched_incident_is_not_moved_to_where_it_is() -> None:
    """Only real moves are made."""
    watched = make_incident(state=S.MONITORING)
    first, third = after(watched, ""), after(watched, "..")
    assert first is not None
    assert third is not None
    assert (first.states, third.states) == ((), (S.RESOLVED,))


@pytest.mark.parametrize("performance", [Verdict.IMMATURE, Verdict.INCONCLUSIVE])
def test_day_that_says_nothing_only_verifies_that_the_other_version_serves(
    performance: Verdict,
) -> None:
    """After a rollback it is news that the version put back serves, no more."""
    found = after(make_incident(), "..", performance=performance)
    assert found is not None
    assert (found.states, "version 1 serves" in found.text) == ((), True)
    assert "2 of 3 good days" in found.text
    drift = make_incident(cause=Cause.CONCEPT_DRIFT)
    assert after(drift, "..", performance=performance) is None


def test_lucky_days_of_the_blamed_version_are_no_part_of_the_recovery() -> None:
    """Only days of another version are of after the change."""
    incident = make_incident(version="2")
    history = [
        make_past(DAY + timedelta(days=1), version="2"),
        make_past(DAY + timedelta(days=2), version="2"),
    ]
    found = follow_up(
        incident,
        make_past(DAY + timedelta(days=3), version="1"),
        history=history,
        recovery_days=3,
    )
    assert found is not None
    assert "1 of 3 good days" in found.text


@pytest.mark.parametrize(
    ("letters", "states"),
    [
        pytest.param("", (S.MONITORING,), id="first"),
        pytest.param("..", (S.MONITORING, S.RESOLVED), id="third"),
        pytest.param(".b", (S.MONITORING,), id="a bad day begins again"),
    ],
)
def test_release_that_labels_show_to_be_as_good_again_ends_its_incident(
    letters: str, states: tuple[IncidentState, ...]
) -> None:
    """The version still serves: what made it worse was mended around it."""
    found = after(make_incident(version="2"), letters, version="2", sound=True)
    assert found is not None
    assert found.states == states
    assert "version 2, which labels no longer show to be worse" in found.text


def test_good_day_after_a_guess_claims_nothing_of_labels() -> None:
    """Nobody had shown that the version is worse."""
    incident = make_incident(version="2")
    guess = Answers(basis=replace(UNKNOWN_BASIS, is_guess=True))
    today = make_past(DAY + timedelta(days=1), version="2")
    found = follow_up(incident, today, history=[], recovery_days=3, answers=guess)
    assert found is not None
    assert found.text.endswith("ok on version 2, 1 of 3 good days")


def test_days_that_say_nothing_of_a_release_do_not_count_towards_its_end() -> None:
    """They kept their promises; whether the version before would do better is open."""
    incident = make_incident(version="2")
    history = [
        make_past(DAY + timedelta(days=i), version="2", sound=i != 2) for i in (1, 2)
    ]
    third = make_past(DAY + timedelta(days=3), version="2", sound=True)
    found = follow_up(incident, third, history=history, recovery_days=3)
    assert found is not None
    assert "2 of 3 good days" in found.text


@pytest.mark.parametrize("version", ["2", "1"])
def test_outputs_that_lie_as_they_should_end_what_outputs_told(version: str) -> None:
    """Labels never come: of the version that is blamed, and of what replaced it."""
    incident = make_incident(version="2")
    days = [
        make_past(DAY + timedelta(days=n), Verdict.IMMATURE, version=version)
        for n in (1, 2, 3, 4, 5)
    ]
    said = [Answer.GOOD, Answer.NOTHING, Answer.GOOD, Answer.NOTHING, Answer.GOOD]
    found = ended_by(incident, days, said)
    assert found is not None
    assert found.states == (S.MONITORING, S.RESOLVED)
    where = f"what had moved is within its limits on version {version}"
    assert found.text == f"{days[-1].day}: {where}, 3 of 3 good days"
    again = ended_by(incident, days, [*said[:3], Answer.BAD, Answer.GOOD])
    assert again is not None
    assert again.states == (S.MONITORING,)
    assert "1 of 3 good days" in again.text


@pytest.mark.parametrize("last", [Answer.NOTHING, Answer.BAD])
def test_silence_ends_nothing(last: Answer) -> None:
    """However many days of it."""
    incident = make_incident(version="2")
    days = [
        make_past(DAY + timedelta(days=n), Verdict.IMMATURE, version="2")
        for n in (1, 2, 3, 4)
    ]
    assert ended_by(incident, days, [Answer.NOTHING] * 3 + [last]) is None
    told_by_labels = replace(OUTPUTS, is_told_by_labels=True)
    good = [Answer.GOOD] * 4
    assert ended_by(incident, days, good, basis=told_by_labels) is None


def test_day_without_a_number_of_performance_is_not_called_verified() -> None:
    """It may have had no rows at all."""
    day = make_past(DAY + timedelta(days=1), Verdict.NO_DATA, version="1")
    assert ended_by(make_incident(version="2"), [day], [Answer.NOTHING]) is None


def ended_by(
    incident: Incident,
    days: list[PastDay],
    said: list[Answer],
    *,
    basis: IncidentBasis = OUTPUTS,
) -> FollowUp | None:
    """Say what the last of some days means, by what each measured of the outputs."""
    by_day = {
        past.day: DayAnswer(moved=answer, is_blamed_serving=past.version == "2")
        for past, answer in zip(days, said, strict=True)
    }
    return follow_up(
        incident,
        days[-1],
        history=days[:-1],
        recovery_days=3,
        answers=Answers(basis=basis, by_day=by_day),
    )


def test_alarm_that_flaps_is_not_called_over() -> None:
    """Good days are told of; the incident stays as it is until it is calm."""
    found = after(make_incident(), "....", is_flapping=True)
    assert found is not None
    assert (found.states, "it is flapping" in found.text) == ((), True)


DAMAGED = frozenset({("no_more_nulls", "temp")})


def test_days_that_lack_labels_do_not_count_towards_the_end() -> None:
    """Of trouble that is about labels; of other causes they do."""
    plain = make_past(DAY)
    half = replace(plain, label_share=0.79)
    mature = replace(plain, label_share=0.8)
    days = [plain, half, mature]

    def told(cause: Cause) -> list[PastDay]:
        return telling_days(make_incident(cause=cause), days, label_coverage=0.8)

    assert told(Cause.LABEL_QUALITY) == [plain, mature]
    assert told(Cause.CONCEPT_DRIFT) == days


@pytest.mark.parametrize("performance", [Verdict.OK, Verdict.NO_DATA])
@pytest.mark.parametrize("label_share", [1.0, 0.0])
@pytest.mark.parametrize(
    "basis", [UNKNOWN_BASIS, replace(UNKNOWN_BASIS, is_told_by_labels=True)]
)
def test_damaged_day_begins_the_count_of_a_data_incident_anew(
    performance: Verdict, label_share: float, basis: IncidentBasis
) -> None:
    """Good, good, damaged, good is one good day; labels need not have come."""
    incident = make_incident(cause=Cause.DATA)
    good = [make_past(DAY + timedelta(days=n)) for n in (1, 2, 4)]
    damaged = replace(
        make_past(DAY + timedelta(days=3), performance),
        corrupted=DAMAGED,
        label_share=label_share,
    )
    history = telling_days(incident, [*good[:2], damaged], basis, label_coverage=0.8)
    answers = Answers(basis=basis)

    def on(today: PastDay, before: list[PastDay]) -> FollowUp | None:
        return follow_up(
            incident, today, history=before, recovery_days=3, answers=answers
        )

    assert on(damaged, good[:2]) is None
    found = on(good[2], history)
    assert found is not None
    assert (found.states, "1 of 3 good days" in found.text) == ((S.MONITORING,), True)


REALIZED = make_finding(Verdict.OK)
WAITING = make_finding(Verdict.IMMATURE)
ESTIMATED = make_finding(Verdict.OK, kind=Kind.ESTIMATED)


@pytest.mark.parametrize(
    ("cause", "findings", "silent"),
    [
        pytest.param(Cause.DATA, [REALIZED], False, id="other trouble"),
        pytest.param(Cause.LABEL_QUALITY, [WAITING, ESTIMATED], True, id="no labels"),
        pytest.param(
            Cause.LABEL_QUALITY, [REALIZED, ESTIMATED], False, id="labels came"
        ),
        pytest.param(Cause.LABEL_QUALITY, [ESTIMATED], False, id="none is realized"),
        pytest.param(
            Cause.CONCEPT_DRIFT, [WAITING, ESTIMATED], False, id="by estimate"
        ),
    ],
)
def test_good_numbers_do_not_end_what_they_do_not_speak_of(
    cause: Cause, findings: list[Finding], *, silent: bool
) -> None:
    """Labels that are still away."""
    assert is_silent(cause, findings) is silent


@pytest.mark.parametrize(
    ("cause", "findings", "silent"),
    [
        pytest.param(Cause.CONCEPT_DRIFT, [WAITING, ESTIMATED], True, id="waiting"),
        pytest.param(Cause.CONCEPT_DRIFT, [REALIZED, ESTIMATED], False, id="came"),
        pytest.param(Cause.MODEL, [WAITING, ESTIMATED], False, id="put back"),
    ],
)
def test_estimate_does_not_end_what_labels_told(
    cause: Cause, findings: list[Finding], *, silent: bool
) -> None:
    """Only labels say that it is over; a version put back need not wait for them."""
    assert is_silent(cause, findings, is_told_by_labels=True) is silent
    late = replace(make_past(DAY), label_share=0.1)
    basis = replace(UNKNOWN_BASIS, is_told_by_labels=True)
    days = telling_days(make_incident(cause=cause), [late], basis, label_coverage=0.8)
    assert days == ([late] if cause is Cause.MODEL else [])
