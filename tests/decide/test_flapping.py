from datetime import timedelta

import pytest

from monitoring_tasks.contract.alarms import AlarmPolicy
from monitoring_tasks.decide.flapping import flapping, marked
from monitoring_tasks.domain.decisions import Cause, PastDay, Severity
from monitoring_tasks.domain.findings import Verdict
from monitoring_tasks.domain.flapping import Flapping
from tests.builders import DAY, make_decision

POLICY = AlarmPolicy()
LETTERS = {
    "B": (Verdict.BREACH, True),
    "b": (Verdict.BREACH, False),
    ".": (Verdict.OK, False),
    "w": (Verdict.WARN, False),
    "?": (Verdict.NO_DATA, False),
    "i": (Verdict.INCONCLUSIVE, False),
}
ON = Flapping(is_flapping=True, changes=5, of_days=14)


def seen(letters: str) -> Flapping:
    """Say whether the last of some days flaps."""
    days = [
        PastDay(
            day=DAY + timedelta(days=place),
            version="1",
            verdict=LETTERS[letter][0],
            performance=LETTERS[letter][0],
            confirmed=LETTERS[letter][1],
        )
        for place, letter in enumerate(letters)
    ]
    return flapping(days[:-1], days[-1], POLICY)


@pytest.mark.parametrize(
    ("letters", "changes", "is_flapping"),
    [
        pytest.param(".B.B", 3, False, id="one change too few"),
        pytest.param(".B.B.", 4, True, id="just enough"),
        pytest.param(".B.B.B", 5, True, id="more than enough"),
        pytest.param(".bb.b.b.b.", 0, False, id="never confirmed"),
        pytest.param(".BwBwB.", 2, False, id="a warning leaves it on"),
        pytest.param(".BbBb.", 2, False, id="so does a breach not confirmed"),
        pytest.param(".B?i.B?.", 4, True, id="days that say nothing do not count"),
        pytest.param("?", 0, False, id="nothing known"),
    ],
)
def test_changes_between_good_and_confirmed_bad_make_it_flap(
    letters: str, changes: int, *, is_flapping: bool
) -> None:
    """Four changes in fourteen valid days are too many, three are not."""
    found = seen(letters)
    assert (found.changes, found.is_flapping) == (changes, is_flapping)


@pytest.mark.parametrize(
    ("calm_days", "changes", "is_flapping"),
    [(11, 3, True), (12, 2, False), (13, 1, False)],
)
def test_flapping_ends_later_than_it_began(
    calm_days: int, changes: int, *, is_flapping: bool
) -> None:
    """Three changes left of four still flap; two are calm."""
    found = seen(".B.B." + "." * calm_days)
    assert (found.changes, found.is_flapping, found.of_days) == (
        changes,
        is_flapping,
        14,
    )


def test_change_fourteen_days_ago_still_counts_and_fifteen_does_not() -> None:
    """The window is of valid days, the day itself included."""
    assert seen("B" + "." * 13).changes == 2
    assert seen("B" + "." * 14).changes == 1
    assert seen("B" + "." * 15).changes == 0


def test_slight_bad_day_becomes_a_p2_while_it_flaps() -> None:
    """One bad day of an alarm that comes and goes is worth a look."""
    slight = make_decision(
        confirmed=False, severity=Severity.P3, cause=None, rollback_to=None
    )
    found = marked(slight, ON)
    assert (found.severity, found.cause) == (Severity.P2, Cause.UNDETERMINED)
    assert found.reasons[0].startswith("P2, undetermined: flapping: 5 changes in 14")
    assert found.verdict is slight.verdict
    assert found.evidence["flapping"]["changes"] == 5


def test_grave_day_keeps_severity_cause_and_remedy() -> None:
    """Flapping never lowers anything and takes no rollback away."""
    grave = make_decision(severity=Severity.P1)
    found = marked(grave, ON)
    assert (found.severity, found.cause, found.rollback_to) == (
        Severity.P1,
        Cause.MODEL,
        "1",
    )
    assert found.reasons[0] == grave.reasons[0]


def test_what_a_person_said_is_not_raised() -> None:
    """A person who called it a P3 knows better."""
    said = make_decision(severity=Severity.P3, evidence={"machine": {}})
    assert marked(said, ON).severity is Severity.P3


def test_good_day_is_marked_and_needs_nobody() -> None:
    """The mark keeps incidents from being resolved; the day stays good."""
    good = make_decision(
        verdict=Verdict.OK, performance=Verdict.OK, severity=None, cause=None
    )
    found = marked(good, ON)
    assert (found.severity, found.cause) == (None, None)
    assert "flapping" in found.evidence


def test_calm_day_is_left_as_it_is() -> None:
    """No mark, no sentence."""
    calm = Flapping(is_flapping=False, changes=3, of_days=14)
    assert marked(make_decision(), calm) == make_decision()
